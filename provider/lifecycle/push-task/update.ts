import type { Context } from "../context.ts";
import { type PushTaskInputs, type Task, taskFrom } from "../task.ts";
import { isOnOtherApp, isSettled, refuseOtherApp } from "./app.ts";
import { bringAbout, recorded } from "./bring-about.ts";
import { handOver } from "./create.ts";
import { isSameDeclaration, needsService } from "./diff.ts";
import { guardLater } from "./guard.ts";
import { hindrance, knowTheDay } from "./hand-over.ts";
import { changeOf } from "./situation.ts";
import type { PushTaskState } from "./state.ts";
import { scheduledOf } from "./stray.ts";
import { openEntries, traceOf, upToJournal } from "./trace.ts";
import { planned } from "./unsent.ts";
import { untilDecided } from "./work.ts";

/** Carries out what the remedy table says of the change, as things stand at the service now. */
export async function update(context: Context, olds: PushTaskState, inputs: PushTaskInputs): Promise<PushTaskState> {
  context.run.handled.add(String(inputs.identity));
  const task = taskFrom(inputs, context.settings);
  const action = `update task "${task.name}"`;
  if (!(isOnOtherApp(context, olds) && isSettled(olds))) refuseOtherApp(context, action, olds);
  if (olds.phase === "planned") return updatePlanned(context, olds, inputs, task);
  if (!needsService(context, task, olds)) return recorded(olds, changeOf(context, task, olds), inputs);
  return untilDecided(context, task.urn, async (now) => {
    const trace = traceOf(context, action, olds, task);
    const reached = await bringAbout(context, "update", { action, task, state: olds, trace, now }, inputs);
    if (reached.pushId !== undefined) context.run.held.set(reached.pushId, task.urn);
    return upToJournal(context, reached, trace);
  });
}

/** What is still ahead is recorded without a call, unless a killed run has handed it over. */
async function updatePlanned(
  context: Context,
  olds: PushTaskState,
  inputs: PushTaskInputs,
  task: Task,
): Promise<PushTaskState> {
  await knowTheDay(context);
  const isHandedOver = openEntries(context, olds).length > 0;
  const isScheduled = context.settings.halt !== undefined && (await scheduledOf(context, task, olds)).length > 0;
  const why = isHandedOver || isScheduled ? undefined : hindrance(context, task);
  if (why === undefined) return handOver(context, olds, inputs);
  if (!isSameDeclaration(olds.inputs, inputs)) guardLater(context, `update task "${task.name}"`, task);
  return planned(context, inputs, task, olds, why);
}
