import { contentMark } from "../../once/marker.ts";
import { type KnownPhase, phaseOf, type ReadStatus } from "../../remedy/phase.ts";
import type { Step } from "../../remedy/plan.ts";
import { PushApiError, PushConnectionError, pushIdUnknown } from "../../tpns/errors.ts";
import type { Context } from "../context.ts";
import { Incomplete, Refused, Unanswered } from "../refusal.ts";
import { type PushTaskInputs, type Task, taskFrom } from "../task.ts";
import { actionOf, type Delivered, type Delivery, deliver, wouldDeliver } from "./deliver.ts";
import { takePush } from "./guard.ts";
import type { Seen } from "./observe.ts";
import { courseOf, differing, type PushTaskState, sentInputsOf, stateOf, writeState } from "./state.ts";

/** Service seconds between the looks that confirm a withdrawal. */
const confirmAfterSeconds = [0, 5, 15, 30] as const;

/** Dispatch won the race against a cancel, or somebody else was faster: what is to be done must be decided anew. */
class Raced extends Error {
  override readonly name = "Raced";
}

/** Dispatch can overtake a cancel once; more often, the record contradicts itself. */
const maxDecisions = 3;

/** Decides and acts, and does both anew on a fresh look where a race was lost. */
export async function untilDecided<T>(context: Context, urn: string, act: (now: boolean) => Promise<T>): Promise<T> {
  for (let decision = 1; ; decision += 1) {
    try {
      return await act(decision > 1);
    } catch (error) {
      if (!(error instanceof Raced)) throw error;
      if (decision === maxDecisions) throw new Refused(`${error.message}; run pulumi refresh, and then the same again`);
      context.log.warning(`${error.message}; what can still be done is decided anew`, urn);
    }
  }
}

type Withdrawal = "cancel" | "terminate" | "recall";

/** A task that is being changed, step by step. */
export interface Work {
  readonly action: "create" | "update" | "delete";
  readonly name: string;
  readonly urn: string;
  /** What the state records so far; its inputs are the old ones until all is done. */
  readonly state: PushTaskState;
  readonly seen: Seen;
  /** What is declared; undefined when it is removed. */
  readonly declared?: { readonly inputs: PushTaskInputs; readonly task: Task };
  /** The withdrawal whose confirmation is due, and what the service refused of it. */
  readonly asked?: Asked;
  /** A push is to follow the cancel, and its place among the run's pushes is taken. */
  readonly corrects?: boolean;
  /** A cancel was confirmed: from here on every failure leaves nothing scheduled. */
  readonly cancelled?: boolean;
}

interface Asked {
  readonly withdrawal: Withdrawal;
  readonly pushIds: readonly string[];
  /** Refused, or without an answer: the record tells what came of it. */
  readonly failures: ReadonlyMap<string, PushApiError | PushConnectionError>;
}

/** Carries out the steps in their order; what a later one needs of an earlier one stands in the work. */
export async function carryOut(context: Context, work: Work, steps: readonly Step[]): Promise<PushTaskState> {
  let reached = steps.includes("cancel") && steps.includes("push") ? await correcting(context, work) : work;
  for (const step of steps) reached = await doing[step](context, reached);
  return reached.state;
}

/** Before a cancel all is asked that could keep its push from following. */
async function correcting(context: Context, work: Work): Promise<Work> {
  const delivery = deliveryOf(work);
  await wouldDeliver(context, delivery);
  takePush(context, actionOf(delivery));
  return { ...work, corrects: true };
}

type Doing = (context: Context, work: Work) => Promise<Work>;

const doing: Record<Step, Doing> = {
  cancel: ask("cancel", ({ service }, name, pushId) => service.cancelTimingTask(name, pushId)),
  terminate: ask("terminate", ({ service }, name, pushId) => service.stopPushMsg(name, pushId)),
  recall: ask("recall", ({ service }, name, pushId) => service.revokePushMsg(name, pushId)),
  confirm,
  push: pushAnew,
  override,
};

/** A withdrawal is asked of every revision that it can still reach. */
function ask(withdrawal: Withdrawal, call: (context: Context, name: string, pushId: string) => Promise<void>): Doing {
  const phase = withdrawal === "cancel" ? "pending" : "live";
  return async (context, work) => {
    const pushIds = work.seen.alive.filter((revision) => revision.phase === phase).map(({ pushId }) => pushId);
    const failures = new Map<string, PushApiError | PushConnectionError>();
    for (const pushId of pushIds) {
      await call(context, work.name, pushId).catch((error: unknown) => {
        if (!isOfService(error)) throw error;
        failures.set(pushId, error);
      });
    }
    return { ...work, asked: { withdrawal, pushIds, failures } };
  };
}

const isOfService = (error: unknown): error is PushApiError | PushConnectionError =>
  error instanceof PushApiError || error instanceof PushConnectionError;

async function confirm(context: Context, work: Work): Promise<Work> {
  const { asked, state } = work;
  if (asked === undefined) throw new Error("please report this: nothing to confirm");
  let { status } = state;
  for (const pushId of asked.pushIds) {
    const confirmed = await confirmOne(context, work, asked, pushId).catch((error: unknown) => {
      throw isOfService(error) ? unconfirmed(work, asked, pushId, `it could not be asked: ${error.message}`) : error;
    });
    if (pushId === state.pushId) status = confirmed;
  }
  return {
    ...work,
    cancelled: asked.withdrawal === "cancel",
    state: withdrawnState(context, state, asked.withdrawal, status),
  };
}

/** Neither done nor undone, for all that is known: the next run looks again, and pushes what a correction still owes. */
function unconfirmed(work: Work, { withdrawal }: Asked, pushId: string, why: string): Incomplete {
  const { action, name, state, corrects } = work;
  return new Incomplete(
    `${action} task "${name}": the service was told to ${withdrawal} ${pushId}, and ${why}; nothing was pushed; run the same again`,
    writeState(corrects ? { ...state, owed: owedBy(work) } : state),
  );
}

const owedBy = (work: Work): NonNullable<PushTaskState["owed"]> => ({
  pushId: work.state.pushId ?? "",
  content: contentMark(declaredOf(work).task.canonical),
});

function withdrawnState(
  { service }: Context,
  state: PushTaskState,
  by: Withdrawal,
  status: ReadStatus | undefined,
): PushTaskState {
  const { owed: _, ...rest } = state;
  const now = service.now();
  const content = state.revisions.at(-1)?.content ?? "";
  return {
    ...rest,
    phase: status === undefined ? "withdrawn" : phaseOf(status, courseOf(state), now),
    ...(status !== undefined && { status }),
    revisions: [...state.revisions, { pushId: state.pushId ?? "", at: now.toISOString(), content, by }],
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
    const phase = task ? phaseOf(task.status, courseOf(work.state), context.service.now()) : "pending";
    if (task && isOver(withdrawal, phase)) return task.status;
    if (withdrawal === "cancel" && phase !== "pending")
      throw new Raced(`task "${work.name}" went out before its cancel`);
    if (failure instanceof PushApiError) throw new Refused(failure.message);
  }
  throw unconfirmed(work, asked, pushId, "its record does not say that it did");
}

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

async function pushAnew(context: Context, work: Work): Promise<Work> {
  const { inputs, task } = declaredOf(work);
  try {
    return after(context, work, { inputs, task }, await deliver(context, deliveryOf(work)));
  } catch (error) {
    throw work.cancelled ? nothingScheduled(work, error) : error;
  }
}

/** The task was cancelled and what should follow is missing; the next `up` goes on from here. */
function nothingScheduled(work: Work, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  const what = error instanceof Unanswered ? "NOTHING IS SCHEDULED FOR SURE" : "NOTHING IS SCHEDULED";
  return new Incomplete(
    `${what}: task "${work.name}" was cancelled, and its push failed: ${reason}; run pulumi up again before its send time, or write a new one`,
    writeState({ ...work.state, owed: owedBy(work) }),
  );
}

async function override(context: Context, work: Work): Promise<Work> {
  const { name, state } = work;
  const collapseId = await collapseIdOf(context, work);
  if (collapseId === undefined) {
    throw new Refused(
      `update task "${name}": the service gives no collapse_id for ${state.pushId}, so it cannot be overridden; take the change back, or send a new task`,
    );
  }
  // An override is for those who got the message: a package that was uploaded since then is another audience.
  const inputs = { ...declaredOf(work).inputs, audience: sentInputsOf(state).audience };
  const task = taskFrom(inputs, context.settings);
  const made = await deliver(context, { action: "update", task, state, collapseId });
  return after(context, work, { inputs, task }, made, collapseId);
}

/** Of the record, by the one query that tells it; else the one that it was itself pushed with. */
async function collapseIdOf({ book, service }: Context, { name, state, seen }: Work): Promise<string | undefined> {
  if (state.pushId === undefined) return undefined;
  const record = await book.query(name, state.pushId);
  if (record && phaseOf(record.status, courseOf(state), service.now()) !== seen.phase) {
    throw new Raced(`task "${name}" is no longer ${seen.phase}, the service says ${record.status}`);
  }
  return record?.collapseId ?? state.collapseId;
}

/** The state after a push of `went`: what is there is the task from now on. */
function after(
  context: Context,
  work: Work,
  went: NonNullable<Work["declared"]>,
  made: Delivered,
  collapseId?: string,
): Work {
  const { inputs } = declaredOf(work);
  const state = stateOf({
    ...made,
    app: context.settings,
    inputs,
    revisions: work.state.revisions,
    now: context.service.now(),
    content: contentMark(went.task.canonical),
    ...(collapseId !== undefined && { by: "override" }),
  });
  const sent = differing(went.inputs, inputs);
  return {
    ...work,
    cancelled: false,
    state: {
      ...state,
      ...(collapseId !== undefined && { collapseId }),
      ...(sent && { sent }),
      ...(made.found && { adopted: true }),
    },
  };
}

function declaredOf({ declared }: Work): NonNullable<Work["declared"]> {
  if (declared === undefined) throw new Error("please report this: a push of what was removed");
  return declared;
}

const deliveryOf = (work: Work): Delivery => ({
  action: work.action === "create" ? "create" : "update",
  task: declaredOf(work).task,
  state: work.state,
  placed: work.corrects ?? false,
});
