import { type Attempt, courseOfAttempt, fingerprintOf } from "./attempt.ts";
import type { Entry, JournalStep, WithdrawalStep } from "./journal.ts";
import type { Sighting } from "./look.ts";
import { parseMarker } from "./marker.ts";

/** What a state holds of a task. */
export interface Held {
  /** The push id that the state has, and those before it. */
  readonly pushIds: ReadonlySet<string>;
  /** Of the push id; undefined where there is none. */
  readonly marker: string | undefined;
  /** Push ids whose withdrawal the state has recorded. */
  readonly withdrawn: ReadonlySet<string>;
  /** The entry up to which the state was brought, where nothing else in it shows that. */
  readonly settled: string | undefined;
}

/** Divides a task's entries into those that the state is at least as new as, and those that it is not. */
export function coveredBy(
  held: Held,
  entries: readonly Entry[],
  isUnderWay: (entry: Entry) => boolean = () => false,
): { covered: Entry[]; open: Entry[] } {
  // A push began only when all before it was decided: a state that knows the push is newer than all of that.
  const upTo = entries.findLastIndex(
    ({ id, steps }) => id === held.settled || steps.some((step) => isHeldPush(held, step)),
  );
  const isCovered = (entry: Entry, at: number): boolean =>
    at <= upTo ||
    (!isUnderWay(entry) && entry.steps.every((step) => !mayHaveActed(step) || isRecordedWithdrawal(held, step)));
  return {
    covered: entries.filter(isCovered),
    open: entries.filter((entry, at) => !isCovered(entry, at)),
  };
}

function isHeldPush({ pushIds, marker }: Held, step: JournalStep): boolean {
  if (step.kind !== "push" || !mayHaveActed(step)) return false;
  return step.pushId === undefined ? step.push.marker === marker : pushIds.has(step.pushId);
}

const isRecordedWithdrawal = ({ withdrawn }: Held, step: JournalStep): boolean =>
  step.kind !== "push" && withdrawn.has(step.pushId);

/** A step that never began was never sent. */
export const mayHaveActed = ({ begunAt, end }: JournalStep): boolean => begunAt !== undefined && end !== "void";

/** A push of which this machine or the state knows, with the id that was answered. */
export interface KnownAttempt extends Attempt {
  readonly pushId?: string;
}

/** The pushes of open entries that may have been taken, oldest first. */
export const attemptsOf = (entries: readonly Entry[]): readonly KnownAttempt[] =>
  entries
    .flatMap(({ steps }) => steps)
    .filter((step) => step.kind === "push")
    .filter(mayHaveActed)
    .map(({ push, begunAt = "", pushId }) => ({ ...push, at: begunAt, ...(pushId !== undefined && { pushId }) }));

/** The withdrawals of open entries, whether they began or not. */
export const withdrawalsOf = (entries: readonly Entry[]): readonly WithdrawalStep[] =>
  entries.flatMap(({ steps }) => steps).filter((step) => step.kind !== "push");

/** A push of ours that is known to be at the service. */
export interface Taken {
  readonly attempt: KnownAttempt;
  readonly task: Sighting;
}

/** What the records say of attempts. */
export interface Settlement {
  readonly taken: readonly Taken[];
  /** Attempts that the records do not show. */
  readonly missing: readonly KnownAttempt[];
}

/** Looks for attempts in the records; one that was answered is there, listed or not. */
export function settle(attempts: readonly KnownAttempt[], sightings: readonly Sighting[]): Settlement {
  const found = attempts.map((attempt) => ({ attempt, tasks: tasksOf(attempt, sightings) }));
  return {
    taken: found.flatMap(({ attempt, tasks }) => tasks.map((task) => ({ attempt, task }))),
    missing: found.filter(({ tasks }) => tasks.length === 0).map(({ attempt }) => attempt),
  };
}

function tasksOf(attempt: KnownAttempt, sightings: readonly Sighting[]): readonly Sighting[] {
  const { pushId } = attempt;
  const isLookedFor = pushId === undefined || attempt.marked;
  const listed = sightings.filter((task) => task.pushId === pushId || (isLookedFor && isOf(attempt, task)));
  if (pushId === undefined || listed.some((task) => task.pushId === pushId)) return listed;
  return [...listed, unlisted(attempt, pushId)];
}

/** The record's creation is told in whole seconds, and the clocks differ by as much. */
const toleratedMilliseconds = 2_000;

/** By the marker; where none is echoed, by all else that the record shows. */
function isOf(attempt: Attempt, task: Sighting): boolean {
  if (attempt.marked) return task.groupId === attempt.marker;
  const isLater = (task.createdAt?.getTime() ?? 0) >= Date.parse(attempt.at) - toleratedMilliseconds;
  return isLater && task.isFromApi && parseMarker(task.groupId) === undefined && looksLike(attempt, task);
}

const looksLike = ({ fingerprint, atOnce }: Attempt, task: Sighting): boolean =>
  fingerprintOf(task, atOnce) === fingerprint;

/** Far ahead it may not be listed yet: it is what the service first makes of a push. */
const unlisted = (attempt: Attempt, pushId: string): Sighting => ({
  pushId,
  status: attempt.atOnce ? "PUSH_STARTED" : "PUSH_WAIT",
  audience: "",
  createdAt: new Date(attempt.at),
  title: "",
  content: "",
  groupId: attempt.marker,
  collapseId: undefined,
  isFromApi: true,
  ...courseOfAttempt(attempt),
});

/** The records may lag behind the service by so much. */
const listLagSeconds = 30;

/** From when on what is not listed was not carried out: until then its signature may be valid, and it may arrive. */
export const decidableFrom = (at: string, signatureWindowSeconds: number): Date =>
  new Date(Date.parse(at) + (signatureWindowSeconds + listLagSeconds) * 1_000);
