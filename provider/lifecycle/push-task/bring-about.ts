import { contentMark } from "../../once/marker.ts";
import { type Change, changesRequest } from "../../remedy/change.ts";
import { isRefusal } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { refused } from "../refusal.ts";
import type { PushTaskInputs, Task } from "../task.ts";
import { carryOut } from "./carry-out.ts";
import { type Decision, decide, type Question } from "./decide.ts";
import { describe } from "./describe.ts";
import { isSameDeclaration } from "./diff.ts";
import type { Seen } from "./observe.ts";
import { isCancelledByHalt } from "./situation.ts";
import { differing, type PushTaskState, sentInputsOf, settledState } from "./state.ts";
import type { Work } from "./work.ts";

/** The one way from a declaration to what it asks for: when it is changed, and when its push is there already. */
export async function bringAbout(
  context: Context,
  action: Work["action"],
  question: Question,
  inputs: PushTaskInputs,
): Promise<PushTaskState> {
  const { task, trace } = question;
  const decision = await decide(context, question);
  const { plan, standing, change } = decision;
  if (isRefusal(plan)) throw refused(context, question.action, plan);
  // A preview says only that something is left: it must not fail for what the update finds.
  if (action === "update" && isSameDeclaration(question.state.inputs, inputs)) {
    context.log.info(describe(context.settings, task, decision, plan), task.urn);
  }
  const { steps } = plan;
  const { state, seen, surplus, known } = standing;
  const work = {
    action,
    name: task.name,
    urn: task.urn,
    state,
    seen,
    surplus,
    known,
    trace,
    declared: { inputs, task },
    ...(plan.owes && { owes: true as const }),
  };
  const reached = await carryOut(context, work, steps);
  if (plan.owes)
    return owing(context, steps.length === 0 ? asSeen(reached, seen, task) : reached, decision, question, inputs);
  if (steps.includes("push") || steps.includes("override")) return reached;
  const after = recorded(settledState(steps.length === 0 ? asSeen(reached, seen, task) : reached), change, inputs);
  return isAcknowledged(context, task, change, seen, after) ? acknowledged(context, task, after) : after;
}

/** What the halt's command cancelled, and a remedy makes final: no end of the halt brings it back. */
const isAcknowledged = (
  context: Context,
  { remedy }: Task,
  change: Change,
  { phase }: Seen,
  after: PushTaskState,
): boolean => remedy !== undefined && change.remedy === "added" && isCancelledByHalt(context, after, phase);

const acknowledged = ({ service }: Context, { remedy }: Task, state: PushTaskState): PushTaskState => ({
  ...state,
  revisions: [
    ...state.revisions,
    {
      pushId: state.pushId ?? "",
      at: service.now().toISOString(),
      content: state.revisions.at(-1)?.content ?? "",
      ...(remedy && { by: remedy }),
    },
  ],
});

/** Nothing was pushed: the declaration is recorded, and beside it what really went out. */
export function recorded(state: PushTaskState, change: Change, inputs: PushTaskInputs): PushTaskState {
  const { sent: before, ...rest } = state;
  const sent = changesRequest(change) ? differing(sentInputsOf(state), inputs) : before;
  return { ...rest, inputs, ...(sent && { sent }) };
}

/** Nothing of it is there, and the run that ends the halt pushes it. */
function owing(
  { service }: Context,
  { sent: _, ...reached }: PushTaskState,
  { standing: { state, seen } }: Decision,
  { task, trace }: Question,
  inputs: PushTaskInputs,
): PushTaskState {
  const pushId = state.owed?.pushId || state.pushId || trace.cancelled.at(-1) || "";
  const at = state.owed?.at ?? service.now().toISOString();
  return {
    ...settledState(reached),
    // What is cancelled may be another push than the state's own, which stays what it was.
    phase: seen.phase === "pending" ? "withdrawn" : seen.phase,
    inputs,
    owed: { pushId, content: contentMark(task.canonical), at },
    halted: true,
  };
}

/** What was looked at is recorded as it was seen; a push that never came to be, as skipped. */
const asSeen = (state: PushTaskState, { phase, task }: Seen, { remedy }: Task): PushTaskState => ({
  ...state,
  phase,
  ...(phase === "skipped" && { skippedFor: state.skippedFor ?? (remedy === undefined ? "time" : "remedy") }),
  ...(task && { status: task.status }),
  ...(task?.collapseId !== undefined && { collapseId: task.collapseId }),
});
