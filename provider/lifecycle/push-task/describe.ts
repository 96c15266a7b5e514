import { isRemedyDoubtful, overrideReach } from "../../remedy/capability.ts";
import type { Step, Steps } from "../../remedy/plan.ts";
import { inServiceTime } from "../send-time.ts";
import type { Settings } from "../settings.ts";
import type { Task } from "../task.ts";
import { type Decision, foundNote } from "./decide.ts";

/** The preview's line: which remedy it will be, whom it cannot reach, and what a late run would do. */
export function describe(settings: Settings, task: Task, { standing, change }: Decision, plan: Steps): string {
  const { state, seen, surplus } = standing;
  if (plan.note === foundNote) return `${seen.phase}: ${plan.note}`;
  const parts = [
    whatHappens(settings, task, state.pushId, plan.steps),
    plan.note,
    surplus.length > 0 ? `${surplus.join(", ")}, scheduled besides, is cancelled` : undefined,
    plan.steps.includes("cancel") && plan.steps.includes("push")
      ? whenLate(task, state.sendAt, change.content)
      : undefined,
    needsMoreThanCancel(plan.steps) && isRemedyDoubtful(task.request.audience_type)
      ? `the service's pages disagree on whether it can do that for ${task.request.audience_type}`
      : undefined,
  ].filter((part) => part !== undefined);
  return `${seen.phase}: ${parts.join("; ")}`;
}

function whatHappens(settings: Settings, task: Task, pushId: string | undefined, steps: readonly Step[]): string {
  const [first] = steps;
  if (first === undefined) return "nothing is sent or withdrawn";
  if (first === "cancel" && steps.includes("push"))
    return `push ${pushId} is cancelled and pushed anew for ${timeOf(task)}`;
  if (first === "cancel") return `push ${pushId} is cancelled`;
  if (first === "terminate")
    return `push ${pushId} is terminated: what is not delivered yet is stopped, what phones show stays`;
  if (first === "recall") return `push ${pushId} is recalled from the phones that did not open it`;
  if (first === "override") {
    return `push ${pushId} is overridden at once through its collapse_id; ${overrideReach(settings.platform, task.forceCollapse)}`;
  }
  return `pushed for ${timeOf(task)}`;
}

const timeOf = ({ sendTime }: Task): string => (sendTime.kind === "at" ? inServiceTime(sendTime.at) : "now");

function whenLate({ ifSent }: Task, sendAt: string, contentChanges: boolean): string {
  const overrides = contentChanges && ifSent === "override";
  return `if this runs after ${inServiceTime(new Date(sendAt))}, when it is out, it is ${
    overrides ? "overridden instead, unless more than the message changed" : "refused"
  }`;
}

const needsMoreThanCancel = (steps: readonly Step[]): boolean =>
  steps.includes("terminate") || steps.includes("recall") || steps.includes("override");
