import type { Sighting } from "../once/look.ts";
import { parseMarker } from "../once/marker.ts";
import { isPending } from "../remedy/phase.ts";
import type { Context } from "./context.ts";

/** How often what is pending is looked at: a run that is under way may push meanwhile. */
const maxRounds = 3;

/** So far back the service lists, however many records that are. */
const listedMilliseconds = 29 * 24 * 60 * 60 * 1_000;

/** Cancels that are under way at once. */
const cancelsAtOnce = 8;

/** What a halt without the engine came to; each in the order of the send times. */
export interface HaltedNow {
  readonly cancelled: readonly Sighting[];
  /** Cancelled by earlier runs of the command, and still ahead. */
  readonly before: readonly Sighting[];
  /** Out before their cancels, or ended otherwise. */
  readonly gone: readonly Sighting[];
  /** Still pending, with what the service or the way to it said. */
  readonly left: readonly { readonly task: Sighting; readonly why: string }[];
  /** Pending, and pushed by no stack. */
  readonly unmarked: readonly Sighting[];
}

export interface HaltNowOptions {
  /** Also what no stack has pushed. */
  readonly unmarked: boolean;
  /** Only look. */
  readonly dryRun: boolean;
  /** Push ids that earlier runs have cancelled. */
  readonly earlier: ReadonlySet<string>;
}

/** Cancels all that is pending on an app, what goes out first before the others, and looks what came of it. */
export async function haltNow(
  { book, service }: Pick<Context, "book" | "service">,
  { unmarked, dryRun, earlier }: HaltNowOptions,
): Promise<HaltedNow> {
  const isMeant = ({ groupId }: Sighting): boolean => unmarked || parseMarker(groupId) !== undefined;
  const asked = new Map<string, string | undefined>();
  const fresh = async (): Promise<readonly Sighting[]> =>
    (await book.after(book.reads, new Date(service.now().getTime() - listedMilliseconds))).tasks.list;
  // The first answer tells the service's time.
  await book.all();
  let listed = await fresh();
  for (let round = 0; round < maxRounds && !dryRun; round += 1) {
    const pending = listed.filter((task) => isPending(task.status) && isMeant(task)).toSorted(bySendTime);
    if (pending.length === 0) break;
    await eachOf(pending, async ({ pushId, title }) => {
      asked.set(pushId, await failureOf(service.cancelTimingTask(title, pushId)));
    });
    listed = await fresh();
  }
  const pending = listed.filter(({ status }) => isPending(status)).toSorted(bySendTime);
  const wasAsked = listed.filter(({ pushId }) => asked.has(pushId)).toSorted(bySendTime);
  return {
    cancelled: wasAsked.filter(isCancelled),
    before: listed
      .filter((task) => earlier.has(task.pushId) && !asked.has(task.pushId))
      .filter((task) => isCancelled(task) && task.sendAt > service.now()),
    gone: wasAsked.filter((task) => !isCancelled(task) && !isPending(task.status)),
    left: pending.filter(isMeant).map((task) => ({ task, why: asked.get(task.pushId) ?? "" })),
    unmarked: pending.filter((task) => !isMeant(task)),
  };
}

const isCancelled = ({ status }: Sighting): boolean => status === "PUSH_CANCELED";

const bySendTime = (one: Sighting, other: Sighting): number => one.sendAt.getTime() - other.sendAt.getTime();

async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += cancelsAtOnce) await Promise.all(all.slice(at, at + cancelsAtOnce).map(work));
}

/** The record tells what came of it. */
async function failureOf(work: Promise<void>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
