import type { Entry, TaskKey, WithdrawalStep, Writing } from "../../once/journal.ts";
import { type Identity, parseIdentity, stackOf } from "../../once/marker.ts";
import {
  attemptsOf,
  coveredBy,
  decidableFrom,
  type KnownAttempt,
  mayHaveActed,
  withdrawalsOf,
} from "../../once/observe.ts";
import type { Context } from "../context.ts";
import { Raced, Refused } from "../refusal.ts";
import type { Task } from "../task.ts";
import { heldBy, keyIn, type PushTaskState } from "./state.ts";

/** What earlier runs have begun with a task and the state does not hold. */
export interface Trace {
  /** The journal, as it was when all that follows was taken from it. */
  readonly entries: readonly Entry[];
  /** Pushes that may have been taken, oldest first. */
  readonly attempts: readonly KnownAttempt[];
  /** Withdrawals that were to be made; some may never have begun. */
  readonly withdrawals: readonly WithdrawalStep[];
  /** Push ids that runs of ours have cancelled, or may have, and for which something is owed. */
  readonly cancelled: readonly string[];
  /** Lists read up to this one may be older than what these runs did. */
  readonly afterRead: number;
}

export const noTrace: Trace = { entries: [], attempts: [], withdrawals: [], cancelled: [], afterRead: 0 };

/** Open entries of a task; those that its state is at least as new as are closed. */
export function openEntries({ journal }: Context, state: PushTaskState): readonly Entry[] {
  const { covered, open } = coveredBy(heldBy(state), journal.entriesOf(keyIn(state)), (entry) =>
    journal.isUnderWay(entry),
  );
  journal.close(covered);
  return open;
}

/**
 * Those of one task: a state that was copied to another stack has there a life of its own, and what this run does under
 * another name it does for another resource.
 */
export const entriesFor = (
  { journal }: Pick<Context, "journal">,
  task: Pick<Identity, "urn">,
  entries: readonly Entry[],
): readonly Entry[] =>
  entries.filter((entry) => stackOf(entry) === stackOf(task) && (entry.urn === task.urn || !journal.isOwn(entry)));

/** The trace of a task that has a state. @throws where another run of this machine is at work on it. */
export function traceOf(context: Context, action: string, state: PushTaskState, task: Pick<Task, "identity">): Trace {
  const entries = openEntries(context, state);
  const own = entriesFor(context, task.identity, entries);
  return withDoubts({ ...traceIn(context, action, own, own), entries }, state);
}

/** The same for a task that is removed: what a create began beside this state is the new half of a replacement. */
export function traceOfRemoval(context: Context, action: string, state: PushTaskState): Trace {
  const entries = openEntries(context, state);
  const task = parseIdentity(String(state.inputs.identity));
  const own = entriesFor(context, task, entries).filter((entry) => entry.action !== "create");
  return withDoubts({ ...traceIn(context, action, own, own), entries }, state);
}

/**
 * The trace of a task that has none. What an update or a removal withdrew, it withdrew from a state that is gone: that is no
 * reason to push again.
 */
export function traceWithoutState(context: Context, action: string, task: Pick<Task, "urn">, key: TaskKey): Trace {
  const entries = context.journal.entriesOf(key);
  const own = entriesFor(context, task, entries);
  const created = own.filter((entry) => entry.action === "create");
  return { ...traceIn(context, action, own, created), entries };
}

function traceIn(context: Context, action: string, entries: readonly Entry[], owing: readonly Entry[]): Trace {
  if (entries.length === 0) return noTrace;
  const { journal } = context;
  if (entries.some((entry) => journal.isUnderWay(entry))) throw underWay(action);
  return {
    entries,
    attempts: attemptsOf(entries),
    withdrawals: withdrawalsOf(entries),
    cancelled: withdrawalsOf(owing)
      .filter((step) => step.kind === "cancel" && mayHaveActed(step))
      .map(({ pushId }) => pushId),
    afterRead: Math.max(...entries.map((entry) => readsBefore(context, entry))),
  };
}

/** What a process did before it ended is in every list that is read from then on. */
function readsBefore({ book, run }: Context, { writer }: Entry): number {
  const before = run.endedBefore.get(writer) ?? book.reads;
  run.endedBefore.set(writer, before);
  return before;
}

/** What is in doubt stands in the state as well, which is where it is found on another machine. */
function withDoubts(trace: Trace, { unresolved, owed }: PushTaskState): Trace {
  const isNoted = trace.attempts.some(({ marker }) => marker === unresolved?.marker);
  return {
    ...trace,
    attempts: unresolved && !isNoted ? [unresolved, ...trace.attempts] : trace.attempts,
    withdrawals: owed
      ? [{ kind: "cancel", pushId: owed.pushId, begunAt: owed.at }, ...trace.withdrawals]
      : trace.withdrawals,
  };
}

/** From when on a call that was signed at that time can no longer arrive. */
export const windowEnd = ({ settings }: Context, at: string): Date =>
  decidableFrom(at, settings.signatureWindowSeconds);

/** Writes down what is about to be done. @throws where another run does, or did, something with the task meanwhile. */
export function beginEntry(
  context: Context,
  action: string,
  key: TaskKey,
  entry: Pick<Entry, "action" | "urn" | "steps">,
  { entries }: Trace,
): Writing {
  if (context.isAbandoned()) throw new Refused(`${action}: pulumi has ended, and nothing was done`);
  const begun = context.journal.begin(key, entry, entries);
  if (begun === "underWay") throw underWay(action);
  if (begun === "changed") throw new Raced(`${action}: another run has been at work on it`);
  return begun;
}

/** A state that is as new as what was decided on; where nothing else in it shows that, it names the last entry of it. */
export function upToJournal({ journal }: Context, state: PushTaskState, { entries }: Trace): PushTaskState {
  const ids = new Set(entries.map(({ id }) => id));
  const last = coveredBy(heldBy(state), journal.entriesOf(keyIn(state)))
    .open.filter((entry) => ids.has(entry.id) || journal.isOwn(entry))
    .at(-1);
  return last === undefined ? state : { ...state, settled: last.id };
}

/** Two runs beside each other, one of which may know nothing of the other. */
const underWay = (action: string): Refused =>
  new Refused(
    `${action}: another run on this machine is at work on it; wait until it has ended, and run the same again`,
  );
