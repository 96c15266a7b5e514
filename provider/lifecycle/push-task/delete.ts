import { nameOf, parseIdentity } from "../../once/marker.ts";
import { expiresAt, isTerminal } from "../../remedy/phase.ts";
import { isRefusal, planRemoved } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { refused } from "../refusal.ts";
import { inServiceTime } from "../send-time.ts";
import { refuseOtherApp } from "./app.ts";
import { carryOut, Raced } from "./carry-out.ts";
import { observe } from "./observe.ts";
import { courseOf, type PushTaskState } from "./state.ts";

const maxDecisions = 3;

/** Cancels what is pending; what is being delivered needs `onDelete: "terminate"` or a consent. */
export async function remove(context: Context, olds: PushTaskState): Promise<void> {
  const { urn, ...identity } = parseIdentity(String(olds.inputs.identity));
  const name = nameOf({ urn, ...identity });
  const action = `delete task "${name}"`;
  if (isHistory(context, olds)) return;
  refuseOtherApp(context, action, olds);
  for (let attempt = 1; ; attempt += 1) {
    const seen = await observe(context, name, olds, attempt > 1);
    const row = planRemoved({
      pushId: olds.pushId ?? "",
      platform: context.settings.platform,
      onDelete: olds.inputs.onDelete === "terminate" ? "terminate" : "cancel",
      liveUntil: inServiceTime(expiresAt(courseOf(olds))),
      consents: new Set(context.consents),
    })[seen.phase];
    if (isRefusal(row)) throw refused(context, action, row);
    try {
      await carryOut(context, { action: "delete", name, urn, state: olds, seen }, row.steps);
      return;
    } catch (error) {
      if (!(error instanceof Raced) || attempt === maxDecisions) throw error;
    }
  }
}

/** What is over, what was never sent, and what this run's create has taken over for the resource that replaces it. */
const isHistory = ({ run }: Context, { phase, pushId }: PushTaskState): boolean =>
  isTerminal(phase) || pushId === undefined || run.adopted.has(pushId);
