import { type KnownAttempt, settle, type Taken } from "../../once/observe.ts";
import type { Context } from "../context.ts";
import type { Listing } from "../record-book.ts";
import { refused, Undecided } from "../refusal.ts";
import { inServiceTime, listedDaysAhead } from "../send-time.ts";
import { type Trace, windowEnd } from "./trace.ts";

/** Which task is asked about, and what would be right for it. */
export interface Inquiry {
  /** For lines: `update task "spring-sale"`. */
  readonly action: string;
  readonly name: string;
  /** The marker's part that says what is to be out; undefined where nothing is. */
  readonly content: string | undefined;
  /** Whether the lists of this run are too old. */
  readonly now: boolean;
  readonly consents: ReadonlySet<string>;
}

const dayMilliseconds = 24 * 60 * 60 * 1_000;

/** The attempts that the service has; all others are proved not to be there. */
export async function takenOf(context: Context, trace: Trace, inquiry: Inquiry): Promise<readonly Taken[]> {
  const { book } = context;
  const since = oldestOf(trace.attempts);
  const kept = await book.after(inquiry.now ? book.reads : trace.afterRead, since);
  const first = settle(trace.attempts, kept.tasks.list);
  if (first.missing.length === 0) return asked(context, inquiry, first.taken, kept);
  const listing = await book.after(book.reads, since);
  const { taken, missing } = settle(trace.attempts, listing.tasks.list);
  for (const attempt of missing) refuseUnproved(context, inquiry, attempt, listing);
  return asked(context, inquiry, taken, listing);
}

const oldestOf = (attempts: readonly KnownAttempt[]): Date | undefined => {
  const times = attempts.map(({ at }) => Date.parse(at));
  return times.length === 0 ? undefined : new Date(Math.min(...times));
};

/** What the list does not show was not carried out only where the list would show it, and nothing is on its way any more. */
function refuseUnproved(
  context: Context,
  { action, consents }: Inquiry,
  attempt: KnownAttempt,
  listing: Listing,
): void {
  const end = windowEnd(context, attempt.at);
  if (end > context.service.now()) throw new Undecided(action, attempt, end);
  const consent = `push-anew:${attempt.marker}` as const;
  if (isWithinReach(attempt, listing) || consents.has(consent)) return;
  throw refused(context, action, {
    refusal: `a push of ${inServiceTime(new Date(attempt.at))} was not answered, and the service's records do not reach it`,
    wayOn: `look for it in the console's task list, and cancel it there if it is scheduled`,
    consent,
  });
}

/** The list goes back a month, and does not show tasks that are far ahead. */
function isWithinReach({ at, sendAt }: KnownAttempt, { readAt, daysBack }: Listing): boolean {
  const back = readAt.getTime() - Date.parse(at);
  const ahead = Date.parse(sendAt) - readAt.getTime();
  return back <= daysBack * dayMilliseconds && ahead <= listedDaysAhead * dayMilliseconds;
}

/** What was answered and is not listed is asked for by itself; what the service should know, and does not, is not there. */
async function asked(
  context: Context,
  { name }: Inquiry,
  taken: readonly Taken[],
  listing: Listing,
): Promise<readonly Taken[]> {
  const found = await Promise.all(
    taken.map(async ({ attempt, task }) => {
      if (listing.tasks.find(task.pushId)) return [{ attempt, task }];
      const record = await context.book.query(name, task.pushId);
      if (record) return [{ attempt, task: record }];
      const isOld = windowEnd(context, attempt.at) <= context.service.now();
      return isOld && isWithinReach(attempt, listing) ? [] : [{ attempt, task }];
    }),
  );
  return found.flat();
}
