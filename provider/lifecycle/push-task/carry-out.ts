import { contentMark } from "../../once/marker.ts";
import { type KnownPhase, phaseOf, type ReadStatus } from "../../remedy/phase.ts";
import type { Step } from "../../remedy/plan.ts";
import { PushApiError } from "../../tpns/errors.ts";
import type { Context } from "../context.ts";
import { Incomplete, Refused } from "../refusal.ts";
import { type PushTaskInputs, type Task, taskFrom } from "../task.ts";
import { type Delivered, type Delivery, deliver, wouldDeliver } from "./deliver.ts";
import type { Seen } from "./observe.ts";
import { courseOf, differing, type PushTaskState, sentInputsOf, stateOf, writeState } from "./state.ts";

/** Service seconds between the looks that confirm a withdrawal. */
const confirmAfterSeconds = [0, 5, 15, 30] as const;

/** Dispatch won the race against a cancel: what is to be done must be decided anew. */
export class Raced extends Error {
  override readonly name = "Raced";
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
  /** A cancel was confirmed: from here on every failure leaves nothing scheduled. */
  readonly withdrawn?: boolean;
}

interface Asked {
  readonly withdrawal: Withdrawal;
  readonly pushIds: readonly string[];
  readonly refusals: ReadonlyMap<string, Error>;
}

/** Carries out the steps in their order; what a later one needs of an earlier one stands in the work. */
export async function carryOut(context: Context, work: Work, steps: readonly Step[]): Promise<PushTaskState> {
  if (steps.includes("cancel") && steps.includes("push")) await wouldDeliver(context, deliveryOf(work));
  let reached = work;
  for (const step of steps) reached = await doing[step](context, reached);
  return reached.state;
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

/** A withdrawal is asked of every revision that it can still reach; the record tells afterwards what came of it. */
function ask(withdrawal: Withdrawal, call: (context: Context, name: string, pushId: string) => Promise<void>): Doing {
  const phase = withdrawal === "cancel" ? "pending" : "live";
  return async (context, work) => {
    const pushIds = work.seen.alive.filter((revision) => revision.phase === phase).map(({ pushId }) => pushId);
    const refusals = new Map<string, Error>();
    for (const pushId of pushIds) {
      await call(context, work.name, pushId).catch((error: unknown) => {
        if (!(error instanceof PushApiError)) throw error;
        refusals.set(pushId, error);
      });
    }
    return { ...work, asked: { withdrawal, pushIds, refusals } };
  };
}

async function confirm(context: Context, work: Work): Promise<Work> {
  const { asked, state } = work;
  if (asked === undefined) throw new Error("please report this: nothing to confirm");
  let { status } = state;
  for (const pushId of asked.pushIds) {
    const confirmed = await confirmOne(context, work, asked, pushId);
    if (pushId === state.pushId) status = confirmed;
  }
  return { ...work, withdrawn: true, state: withdrawnState(context, state, asked.withdrawal, status) };
}

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
  const { withdrawal, refusals } = asked;
  const refusal = refusals.get(pushId);
  for (const seconds of confirmAfterSeconds) {
    await waitToConfirm(context, work, withdrawal, seconds);
    const task = await context.book.findNow(work.name, pushId);
    // What is not listed can only be confirmed by the answer itself.
    if (task === undefined && refusal === undefined) return confirmedStatus[withdrawal];
    const phase = task ? phaseOf(task.status, courseOf(work.state), context.service.now()) : "pending";
    if (task && isOver(withdrawal, phase)) return task.status;
    if (withdrawal === "cancel" && phase !== "pending") throw new Raced(`${work.name} went out before its cancel`);
    if (refusal !== undefined) throw new Refused(refusal.message);
  }
  throw new Incomplete(
    `${work.action} task "${work.name}": the service took the ${withdrawal} of ${pushId}, and its record does not say so yet; nothing was pushed; run pulumi up again`,
    writeState(work.state),
  );
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
  const { inputs } = declaredOf(work);
  try {
    return after(context, work, inputs, await deliver(context, deliveryOf(work)));
  } catch (error) {
    throw work.withdrawn ? nothingScheduled(work, error) : error;
  }
}

/** The task was cancelled and what should follow is missing; the next `up` goes on from here. */
function nothingScheduled(work: Work, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  const owed = { pushId: work.state.pushId ?? "", content: contentMark(declaredOf(work).task.canonical) };
  return new Incomplete(
    `NOTHING IS SCHEDULED: task "${work.name}" was cancelled, and its push failed: ${reason}; run pulumi up again before its send time, or write a new one`,
    writeState({ ...work.state, owed }),
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
  return after(context, work, inputs, made, collapseId);
}

/** Of the record, by the one query that tells it; else the one that it was itself pushed with. */
async function collapseIdOf({ book }: Context, { name, state }: Work): Promise<string | undefined> {
  if (state.pushId === undefined) return undefined;
  return (await book.query(name, state.pushId))?.collapseId ?? state.collapseId;
}

/** The state after a push of `went`: what is there is the task from now on. */
function after(context: Context, work: Work, went: PushTaskInputs, made: Delivered, collapseId?: string): Work {
  const { inputs, task } = declaredOf(work);
  const { settings, service } = context;
  const state = stateOf({
    ...made,
    accessId: settings.accessId,
    inputs,
    revisions: work.state.revisions,
    now: service.now(),
    content: contentMark(task.canonical),
    ...(collapseId !== undefined && { by: "override" }),
  });
  const sent = differing(went, inputs);
  return {
    ...work,
    withdrawn: false,
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
});
