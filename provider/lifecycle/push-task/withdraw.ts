import type { StepNote, WithdrawalStep, Writing } from "../../once/journal.ts";
import { mayHaveActed } from "../../once/observe.ts";
import { outcomeOf } from "../../once/outcome.ts";
import { type KnownPhase, phaseOf, type ReadStatus } from "../../remedy/phase.ts";
import { PushApiError, PushConnectionError, pushIdUnknown } from "../../tpns/errors.ts";
import type { Context } from "../context.ts";
import { Incomplete, Raced, Refused } from "../refusal.ts";
import { courseOf, keyIn, type PushTaskState, settledState, writeState } from "./state.ts";
import { beginEntry } from "./trace.ts";
import { type Asked, type Doing, owedBy, type Withdrawal, type Work } from "./work.ts";

/** Service seconds between the looks that confirm a withdrawal. */
const confirmAfterSeconds = [0, 5, 15, 30] as const;

type Call = (name: string, pushId: string, beforeSending: (at: Date) => void) => Promise<void>;

/** A withdrawal is asked of every push that it can still reach. */
export function ask(withdrawal: Withdrawal, callOf: (context: Context) => Call): Doing {
  return async (context, work) => {
    const steps = withdrawalsIn(work, withdrawal);
    if (steps.length === 0) throw new Error(`please report this: nothing to ${withdrawal}`);
    const writing = work.writing ?? begin(context, work, steps);
    const failures = new Map<string, PushApiError | PushConnectionError>();
    for (const { pushId } of steps) {
      const failure = await askOne(callOf(context), work.name, pushId, writing.withdrawal(withdrawal, pushId));
      // Not a byte went out, of this or of another: the line says why, and there is nothing to confirm.
      if (failure && pushId === steps[0]?.pushId && outcomeOf(failure) === "notSent") throw failure;
      if (failure) failures.set(pushId, failure);
    }
    return { ...work, asked: { withdrawal, pushIds: steps.map(({ pushId }) => pushId), failures } };
  };
}

/** What a withdrawal can still reach, as the journal has it. */
export function withdrawalsIn({ seen }: Work, kind: Withdrawal): readonly WithdrawalStep[] {
  const reached = kind === "cancel" ? "pending" : "live";
  return seen.alive.filter(({ phase }) => phase === reached).map(({ pushId }) => ({ kind, pushId }));
}

const begin = (
  context: Context,
  { action, name, urn, state, trace }: Work,
  steps: readonly WithdrawalStep[],
): Writing => beginEntry(context, `${action} task "${name}"`, keyIn(state), { action, urn, steps }, trace);

/** Sends it once; a failure of the service, or of the way to it, is judged by the record. */
async function askOne(
  call: Call,
  name: string,
  pushId: string,
  note: StepNote,
): Promise<PushApiError | PushConnectionError | undefined> {
  try {
    await call(name, pushId, note.begun);
    note.done();
    return undefined;
  } catch (error) {
    if (!isOfService(error)) throw error;
    if (outcomeOf(error) !== "ambiguous") note.void();
    return error;
  }
}

const isOfService = (error: unknown): error is PushApiError | PushConnectionError =>
  error instanceof PushApiError || error instanceof PushConnectionError;

/** Looks until the records of all that was asked say what came of it. */
export async function confirm(context: Context, work: Work): Promise<Work> {
  const { asked, state } = work;
  if (asked === undefined) throw new Error("please report this: nothing to confirm");
  let { status } = state;
  for (const pushId of asked.pushIds) {
    const confirmed = await confirmOne(context, work, asked, pushId).catch((error: unknown) => {
      throw isOfService(error)
        ? unconfirmed(context, work, asked, pushId, `it could not be asked: ${error.message}`)
        : error;
    });
    if (pushId === state.pushId) status = confirmed;
  }
  return {
    ...work,
    cancelled: asked.withdrawal === "cancel",
    state: withdrawnState(context, state, asked, status),
  };
}

/** Neither done nor undone, for all that is known: the next run looks again, and pushes what a correction still owes. */
function unconfirmed(context: Context, work: Work, { withdrawal }: Asked, pushId: string, why: string): Incomplete {
  const { action, name, state, announced, owes } = work;
  return new Incomplete(
    `${action} task "${name}": the service was told to ${withdrawal} ${pushId}, and ${why}; nothing was pushed; run the same again`,
    writeState(announced || owes ? { ...state, owed: owedBy(context, work) } : state),
  );
}

function withdrawnState(
  { service }: Context,
  state: PushTaskState,
  { withdrawal: by, pushIds }: Asked,
  status: ReadStatus | undefined,
): PushTaskState {
  const rest = settledState(state);
  const now = service.now();
  const at = now.toISOString();
  const content = state.revisions.at(-1)?.content ?? "";
  return {
    ...rest,
    phase: status === undefined ? "withdrawn" : phaseOf(status, courseOf(state), now),
    ...(status !== undefined && { status }),
    revisions: [...state.revisions, ...pushIds.map((pushId) => ({ pushId, at, content, by }))],
  };
}

const confirmedStatus: Record<Withdrawal, ReadStatus> = {
  cancel: "PUSH_CANCELED",
  terminate: "PUSH_DELETED_PUSH_MSG",
  recall: "PUSH_REVOKED",
};

/** Reads the record until it says that the withdrawal took. */
async function confirmOne(context: Context, work: Work, asked: Asked, pushId: string): Promise<ReadStatus> {
  const { withdrawal, failures } = asked;
  const failure = failures.get(pushId);
  if (work.action === "delete" && isUnknown(failure)) return gone(context, work, pushId);
  for (const seconds of confirmAfterSeconds) {
    await waitToConfirm(context, work, withdrawal, seconds);
    const task = await context.book.findNow(work.name, pushId);
    // What is not listed can only be confirmed by the answer itself.
    if (task === undefined && failure === undefined) return confirmedStatus[withdrawal];
    // The answer to an earlier cancel was lost, and the service refuses a second one: it is withdrawn already.
    if (task === undefined && failure instanceof PushApiError && wasAsked(work, pushId))
      return confirmedStatus[withdrawal];
    const phase = task ? phaseOf(task.status, courseOf(work.state), context.service.now()) : "pending";
    if (task && isOver(withdrawal, phase)) return task.status;
    if (withdrawal === "cancel" && phase !== "pending")
      throw new Raced(`task "${work.name}" went out before its cancel`);
    if (failure instanceof PushApiError) throw new Refused(failure.message);
  }
  throw unconfirmed(context, work, asked, pushId, "its record does not say that it did");
}

const wasAsked = ({ trace }: Work, pushId: string): boolean =>
  trace.withdrawals.some((step) => step.pushId === pushId && mayHaveActed(step));

const isUnknown = (failure: Error | undefined): boolean =>
  failure instanceof PushApiError && failure.retCode === pushIdUnknown;

/** The service has no such task, so nothing is left that a removal could leave behind. */
function gone({ log }: Context, { urn }: Work, pushId: string): ReadStatus {
  log.warning(`the service does not know push ${pushId}; it is forgotten`, urn);
  return "PUSH_DELETED";
}

/** A cancel must have withdrawn it; a termination may also find that nothing is left to deliver. */
const isOver = (withdrawal: Withdrawal, phase: KnownPhase): boolean =>
  phase === "withdrawn" || (withdrawal !== "cancel" && (phase === "sent" || phase === "failed"));

async function waitToConfirm(
  { log, service }: Context,
  { urn }: Work,
  step: Withdrawal,
  seconds: number,
): Promise<void> {
  if (seconds === 0) return;
  log.status(`waiting ${seconds} s for the service to confirm the ${step}`, urn);
  await service.wait(seconds);
}
