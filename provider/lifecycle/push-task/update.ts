import { changesRequest } from "../../remedy/change.ts";
import { isRefusal, type Step } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { refused } from "../refusal.ts";
import { type PushTaskInputs, taskFrom } from "../task.ts";
import { refuseOtherApp } from "./app.ts";
import { carryOut, Raced } from "./carry-out.ts";
import { type Decision, decide } from "./decide.ts";
import { isOnOtherApp, isSettled } from "./diff.ts";
import type { Seen } from "./observe.ts";
import { differing, type PushTaskState, sentInputsOf } from "./state.ts";

/** Dispatch can overtake a cancel once; more often, the record contradicts itself. */
const maxDecisions = 3;

/** Carries out what the remedy table says of the change, as things stand at the service now. */
export async function update(context: Context, olds: PushTaskState, inputs: PushTaskInputs): Promise<PushTaskState> {
  const task = taskFrom(inputs, context.settings);
  if (isOnOtherApp(context, olds) && isSettled(olds)) return { ...olds, inputs };
  refuseOtherApp(context, `update task "${task.name}"`, olds);
  for (let attempt = 1; ; attempt += 1) {
    const decision = await decide(context, task, olds, attempt > 1);
    if (isRefusal(decision.plan)) throw refused(context, `update task "${task.name}"`, decision.plan);
    const { plan, seen, state } = decision;
    const work = { action: "update", name: task.name, urn: task.urn, state, seen, declared: { inputs, task } } as const;
    try {
      return recorded(decision, inputs, await carryOut(context, work, plan.steps), plan.steps);
    } catch (error) {
      if (!(error instanceof Raced) || attempt === maxDecisions) throw error;
      context.log.warning(`${error.message}; what can still be done is decided anew`, task.urn);
    }
  }
}

/** A push has recorded what went out; without one the declaration is recorded beside it. */
function recorded(
  decision: Decision,
  inputs: PushTaskInputs,
  state: PushTaskState,
  steps: readonly Step[],
): PushTaskState {
  if (steps.includes("push") || steps.includes("override")) return state;
  const { sent: _, ...rest } = steps.length === 0 ? asSeen(state, decision.seen) : state;
  const sent = changesRequest(decision.change) ? differing(sentInputsOf(state), inputs) : state.sent;
  return { ...rest, inputs, ...(sent && { sent }) };
}

/** What was looked at is recorded as it was seen. */
const asSeen = (state: PushTaskState, { phase, task }: Seen): PushTaskState =>
  task === undefined
    ? { ...state, phase }
    : { ...state, phase, status: task.status, ...(task.collapseId !== undefined && { collapseId: task.collapseId }) };
