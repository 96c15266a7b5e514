import type { Entry, TaskKey, WithdrawalStep } from "../../once/journal.ts";
import { attemptsOf, coveredBy, type KnownAttempt, withdrawalsOf } from "../../once/observe.ts";
import type { Context } from "../context.ts";
import { Refused } from "../refusal.ts";
import { heldBy, keyIn, type PushTaskState } from "./state.ts";

/** What earlier runs have begun with a task and the state does not hold. */
export interface Trace {
  /** Pushes that may have been taken, oldest first. */
  readonly attempts: readonly KnownAttempt[];
  /** Withdrawals that may have been carried out. */
  readonly withdrawals: readonly WithdrawalStep[];
  /** Lists read up to this one may be older than what these runs did. */
  readonly afterRead: number;
}

const none: Trace = { attempts: [], withdrawals: [], afterRead: 0 };

/** Open entries of a task; those that its state is at least as new as are closed. */
export function openEntries({ journal }: Context, state: PushTaskState): readonly Entry[] {
  const key = keyIn(state);
  const { covered, open } = coveredBy(heldBy(state), journal.entriesOf(key));
  journal.close(covered);
  return open;
}

/** The trace of a task that has a state. @throws where another run of this machine is at work on it. */
export const traceOf = (context: Context, action: string, state: PushTaskState): Trace =>
  withUnresolved(traceIn(context, action, openEntries(context, state)), state);

/** A push in doubt stands in the state as well, which is where it is found on another machine. */
function withUnresolved(trace: Trace, { unresolved }: PushTaskState): Trace {
  const isNoted = trace.attempts.some(({ marker }) => marker === unresolved?.marker);
  return unresolved === undefined || isNoted ? trace : { ...trace, attempts: [unresolved, ...trace.attempts] };
}

/** The same for a task that is removed: what a create began beside this state is the new half of a replacement. */
export function traceOfRemoval(context: Context, action: string, state: PushTaskState): Trace {
  const entries = openEntries(context, state).filter((entry) => entry.action !== "create");
  return withUnresolved(traceIn(context, action, entries), state);
}

/**
 * The trace of a task that has none. What an update or a removal withdrew, it withdrew from a state that is gone, and is no
 * reason to push again.
 */
export function traceWithoutState(context: Context, action: string, key: TaskKey): Trace {
  const entries = context.journal.entriesOf(key);
  const trace = traceIn(
    context,
    action,
    entries.filter(({ steps }) => steps.some(({ kind }) => kind === "push")),
  );
  return { ...trace, withdrawals: withdrawalsOf(entries.filter((entry) => entry.action === "create")) };
}

function traceIn(context: Context, action: string, entries: readonly Entry[]): Trace {
  if (entries.length === 0) return none;
  const { journal } = context;
  if (entries.some((entry) => journal.isUnderWay(entry))) throw underWay(action);
  return {
    attempts: attemptsOf(entries),
    withdrawals: withdrawalsOf(entries),
    afterRead: Math.max(...entries.map((entry) => readsBefore(context, entry))),
  };
}

/** What a process did before it ended is in every list that is read from then on. */
function readsBefore({ book, run }: Context, { writer }: Entry): number {
  const before = run.endedBefore.get(writer) ?? book.reads;
  run.endedBefore.set(writer, before);
  return before;
}

/** A state that is as new as the journal; where nothing in it shows that, it names the last entry. Nothing is closed yet. */
export function upToJournal({ journal }: Context, state: PushTaskState): PushTaskState {
  const last = coveredBy(heldBy(state), journal.entriesOf(keyIn(state))).open.at(-1);
  return last === undefined ? state : { ...state, settled: last.id };
}

/** Two runs beside each other, one of which may know nothing of the other. */
export const underWay = (action: string): Refused =>
  new Refused(
    `${action}: another run on this machine is at work on it; wait until it has ended, and run the same again`,
  );
