import type { Change } from "../../remedy/change.ts";
import { isRefusal, type Plan, plan } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import type { Task } from "../task.ts";
import { find } from "./deliver.ts";
import { observe, type Seen } from "./observe.ts";
import { consentsOf, situationOf } from "./situation.ts";
import type { PushTaskState } from "./state.ts";

/** What the service shows and what is to be done about it. */
export interface Decision {
  /** What the state records, and what a consent made it take over. */
  readonly state: PushTaskState;
  readonly seen: Seen;
  readonly change: Change;
  readonly plan: Plan;
}

/** The one way from a changed declaration to steps, for the preview as for the update. */
export async function decide(context: Context, task: Task, state: PushTaskState, now = false): Promise<Decision> {
  const seen = await observe(context, task.name, state, now);
  const situation = situationOf(context, task, state.pushId ?? "", seen.phase, state);
  const decision = { state, seen, change: situation.change, plan: plan(situation) };
  return isRefusal(decision.plan) ? reconsider(context, task, decision) : decision;
}

/** A run that died after its push left a task that the state does not know. */
async function reconsider(context: Context, task: Task, refused: Decision): Promise<Decision> {
  const finding = await find(context, task, refused.state);
  if (finding.kind === "same" && ["pending", "live", "sent"].includes(finding.phase))
    return { ...refused, plan: adopt };
  const isTakenOver = finding.kind === "otherContent" && consentsOf(context, task).has(`adopt:${finding.task.pushId}`);
  return isTakenOver
    ? decide(context, task, { ...refused.state, pushId: finding.task.pushId, phase: finding.phase })
    : refused;
}

/** The look before a push finds it. */
const adopt: Plan = {
  steps: ["push"],
  note: "an earlier run has pushed it already; it is taken over, and nothing is sent",
};
