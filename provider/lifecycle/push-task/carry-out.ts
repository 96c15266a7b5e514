import { contentMark } from "../../once/marker.ts";
import { phaseOf } from "../../remedy/phase.ts";
import type { Step } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { Incomplete, Raced, Refused, Unanswered } from "../refusal.ts";
import { taskFrom } from "../task.ts";
import { actionOf, deliver, wouldDeliver } from "./deliver.ts";
import { takePush } from "./guard.ts";
import { announce, type Delivered, type Delivery } from "./push-once.ts";
import { courseOf, differing, keyIn, type PushTaskState, sentInputsOf, stateOf, writeState } from "./state.ts";
import { nearTurn } from "./turn.ts";
import { ask, confirm, withdrawalsIn } from "./withdraw.ts";
import { type Doing, declaredOf, owedBy, type Work } from "./work.ts";

/** Carries out the steps in their order, or none: what was asked must be confirmed, so its queries are set aside first. */
export async function carryOut(context: Context, work: Work, steps: readonly Step[]): Promise<PushTaskState> {
  const queries = queriesFor(work, steps);
  if (queries === 0) return stepByStep(context, work, steps);
  const action = `${work.action} task "${work.name}"`;
  const carry = () => context.service.withQueries(action, queries, () => stepByStep(context, work, steps));
  return isCorrection(steps) ? nearTurn(context, work.urn, carry) : carry();
}

/** What a later step needs of an earlier one stands in the work. */
async function stepByStep(context: Context, work: Work, steps: readonly Step[]): Promise<PushTaskState> {
  let reached = await prepared(context, work, steps);
  for (const step of steps) reached = await doing[step](context, reached);
  return reached.state;
}

/** A list and a single query confirm each withdrawal, an override asks for its message, and a lost answer for its push. */
function queriesFor({ seen, surplus }: Work, steps: readonly Step[]): number {
  const confirming = steps.includes("confirm") || surplus.length > 0 ? 2 * seen.alive.length : 0;
  const overriding = steps.includes("override") ? 2 : 0;
  return confirming + overriding + (steps.includes("push") ? 1 : 0);
}

/** A cancel reaches all that is scheduled; before any other step, and without one, what is scheduled twice goes first. */
async function prepared(context: Context, work: Work, steps: readonly Step[]): Promise<Work> {
  if (!steps.includes("cancel")) return work.surplus.length === 0 ? work : withoutSurplus(context, work);
  return isCorrection(steps) ? correcting(context, work) : work;
}

const isCorrection = (steps: readonly Step[]): boolean => steps.includes("cancel") && steps.includes("push");

/** Cancels what is scheduled beside the push that the task is; of that nothing changes. */
async function withoutSurplus(context: Context, work: Work): Promise<Work> {
  const { surplus, seen } = work;
  context.log.warning(
    `${surplus.join(", ")} of this task is scheduled besides ${work.state.pushId}; it is cancelled`,
    work.urn,
  );
  const alone = { ...work, seen: { ...seen, alive: surplus.map((pushId) => ({ pushId, phase: "pending" }) as const) } };
  await confirm(context, await doing.cancel(context, alone));
  return {
    ...work,
    surplus: [],
    seen: { ...seen, alive: seen.alive.filter(({ pushId }) => !surplus.includes(pushId)) },
  };
}

/** Before a cancel all is asked that could keep its push from following, and all is written down. */
async function correcting(context: Context, work: Work): Promise<Work> {
  const delivery = deliveryOf(work);
  await wouldDeliver(context, delivery);
  takePush(context, actionOf(delivery));
  const announced = await announce(context, delivery, withdrawalsIn(work, "cancel"));
  return { ...work, announced, writing: announced.writing };
}

const doing: Record<Step, Doing> = {
  cancel: ask("cancel", ({ service }) => service.cancelTimingTask),
  terminate: ask("terminate", ({ service }) => service.stopPushMsg),
  recall: ask("recall", ({ service }) => service.revokePushMsg),
  confirm,
  push: pushAnew,
  override,
};

async function pushAnew(context: Context, work: Work): Promise<Work> {
  const { inputs, task } = declaredOf(work);
  try {
    return after(context, work, { inputs, task }, await deliver(context, deliveryOf(work)));
  } catch (error) {
    throw work.cancelled ? nothingScheduled(context, work, error) : inDoubt(work, error);
  }
}

/** A push without an answer stays with the state until it is settled; any other error leaves the state as it was. */
function inDoubt(work: Work, error: unknown): unknown {
  if (!(error instanceof Unanswered)) return error;
  return new Incomplete(
    `${work.action} task "${work.name}": ${error.message}`,
    writeState({ ...work.state, phase: "unresolved", unresolved: error.attempt }),
  );
}

/** The task was cancelled and what should follow is missing; the next `up` goes on from here. */
function nothingScheduled(context: Context, work: Work, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  const what = error instanceof Unanswered ? "NOTHING IS SCHEDULED FOR SURE" : "NOTHING IS SCHEDULED";
  return new Incomplete(
    `${what}: task "${work.name}" was cancelled, and its push failed: ${reason}; run pulumi up again before its send time, or write a new one`,
    writeState({
      ...work.state,
      owed: owedBy(context, work),
      ...(error instanceof Unanswered && { phase: "unresolved", unresolved: error.attempt }),
    }),
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
  const made = await deliver(context, {
    action: "update",
    task,
    state,
    known: work.known,
    trace: work.trace,
    collapseId,
  }).catch((error) => {
    throw inDoubt(work, error);
  });
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
    identity: keyIn(work.state).identity,
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

const deliveryOf = (work: Work): Delivery => ({
  action: work.action === "create" ? "create" : "update",
  task: declaredOf(work).task,
  state: work.state,
  known: work.known,
  trace: work.trace,
  ...(work.announced && { announced: work.announced }),
});
