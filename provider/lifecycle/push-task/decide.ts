import { type Finding, isOut } from "../../once/look.ts";
import type { Change } from "../../remedy/change.ts";
import { isTerminal } from "../../remedy/phase.ts";
import { isRefusal, type Plan, plan, type Steps } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import type { Task } from "../task.ts";
import { find, standsInTheWay } from "./deliver.ts";
import { observe, type Seen, withOwedPush } from "./observe.ts";
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
export async function decide(context: Context, task: Task, olds: PushTaskState, now = false): Promise<Decision> {
  // Also the answer from which the service's time is known.
  const finding: Finding = isOver(task, olds) ? { kind: "nothing" } : await find(context, task, olds);
  const isTakenOver = finding.kind === "otherContent" && consentsOf(context, task).has(`adopt:${finding.task.pushId}`);
  const known = task.remedy === undefined ? olds : await withOwedPush(context, olds);
  const state = isTakenOver ? { ...known, pushId: finding.task.pushId, phase: finding.phase } : known;
  const seen = await observe(context, task.name, state, now);
  const situation = situationOf(context, task, state.pushId ?? "", seen.phase, state);
  const decision = { state, seen, change: situation.change };
  const planned = plan(situation);
  const pushes = isRefusal(planned) || planned.steps[0] === "push";
  if (!pushes || isTakenOver || task.remedy !== undefined) return { ...decision, plan: planned };
  // A run that died after its push left a task that the state does not know.
  if (finding.kind === "same" && isOut(finding.phase)) return { ...decision, plan: found };
  const unknown = finding.kind === "otherContent" ? standsInTheWay(context, task, finding) : undefined;
  return { ...decision, plan: unknown ?? planned };
}

/** A remedy for what is over asks nobody. */
const isOver = ({ remedy }: Task, { phase, owed }: PushTaskState): boolean =>
  remedy !== undefined && isTerminal(phase) && owed === undefined;

/** The look before the push finds it. */
export const found: Steps = {
  steps: ["push"],
  note: "an earlier run has pushed it already; it is taken over, and nothing is sent",
};
