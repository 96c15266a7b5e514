import { type Change, changesRequest } from "../../remedy/change.ts";
import { isRefusal } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { refused } from "../refusal.ts";
import { type PushTaskInputs, taskFrom } from "../task.ts";
import { isOnOtherApp, isSettled, refuseOtherApp } from "./app.ts";
import { carryOut } from "./carry-out.ts";
import { decide } from "./decide.ts";
import { needsService } from "./diff.ts";
import type { Seen } from "./observe.ts";
import { changeOf } from "./situation.ts";
import { differing, type PushTaskState, sentInputsOf } from "./state.ts";
import { untilDecided } from "./work.ts";

/** Carries out what the remedy table says of the change, as things stand at the service now. */
export async function update(context: Context, olds: PushTaskState, inputs: PushTaskInputs): Promise<PushTaskState> {
  const task = taskFrom(inputs, context.settings);
  const action = `update task "${task.name}"`;
  if (!(isOnOtherApp(context, olds) && isSettled(olds))) refuseOtherApp(context, action, olds);
  if (!needsService(context, task, olds)) return recorded(olds, changeOf(context, task, olds), inputs);
  return untilDecided(context, task.urn, async (now) => {
    const { plan, seen, state, change } = await decide(context, task, olds, now);
    if (isRefusal(plan)) throw refused(context, action, plan);
    const { steps } = plan;
    const work = { action: "update", name: task.name, urn: task.urn, state, seen, declared: { inputs, task } } as const;
    const reached = await carryOut(context, work, steps);
    if (steps.includes("push") || steps.includes("override")) return reached;
    return recorded(steps.length === 0 ? asSeen(reached, seen) : reached, change, inputs);
  });
}

/** Nothing was pushed: the declaration is recorded, and beside it what really went out. */
function recorded(state: PushTaskState, change: Change, inputs: PushTaskInputs): PushTaskState {
  const { sent: before, owed, ...rest } = state;
  const sent = changesRequest(change) ? differing(sentInputsOf(state), inputs) : before;
  // A remedy settles what was owed, and so does a task that is there after all.
  const isOwed = inputs.remedy === undefined && state.phase !== "pending" && state.phase !== "live";
  return { ...rest, inputs, ...(sent && { sent }), ...(owed && isOwed && { owed }) };
}

/** What was looked at is recorded as it was seen. */
const asSeen = (state: PushTaskState, { phase, task }: Seen): PushTaskState =>
  task === undefined
    ? { ...state, phase }
    : { ...state, phase, status: task.status, ...(task.collapseId !== undefined && { collapseId: task.collapseId }) };
