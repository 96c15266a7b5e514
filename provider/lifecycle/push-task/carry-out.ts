import { contentMark } from "../../once/marker.ts";
import { phaseOf } from "../../remedy/phase.ts";
import type { Step } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { Incomplete, Refused, Unanswered } from "../refusal.ts";
import { taskFrom } from "../task.ts";
import { actionOf, type Delivered, type Delivery, deliver, wouldDeliver } from "./deliver.ts";
import { takePush } from "./guard.ts";
import { courseOf, differing, type PushTaskState, sentInputsOf, stateOf, writeState } from "./state.ts";
import { ask, confirm } from "./withdraw.ts";
import { type Doing, declaredOf, owedBy, Raced, type Work } from "./work.ts";

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

const doing: Record<Step, Doing> = {
  cancel: ask("cancel", ({ service }, name, pushId) => service.cancelTimingTask(name, pushId)),
  terminate: ask("terminate", ({ service }, name, pushId) => service.stopPushMsg(name, pushId)),
  recall: ask("recall", ({ service }, name, pushId) => service.revokePushMsg(name, pushId)),
  confirm,
  push: pushAnew,
  override,
};

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

const deliveryOf = (work: Work): Delivery => ({
  action: work.action === "create" ? "create" : "update",
  task: declaredOf(work).task,
  state: work.state,
  placed: work.corrects ?? false,
});
