import { parseIdentity } from "../../once/marker.ts";
import { expiresAt, isTerminal } from "../../remedy/phase.ts";
import { isRefusal, planRemoved, type Step } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { refused } from "../refusal.ts";
import { inServiceTime } from "../send-time.ts";
import { isOnOtherApp, isSettled, nameIn, refuseOtherApp } from "./app.ts";
import { carryOut } from "./carry-out.ts";
import { observe, type Seen, withOwedPush } from "./observe.ts";
import { courseOf, type PushTaskState } from "./state.ts";
import { untilDecided } from "./work.ts";

/** Cancels what is pending; what is being delivered needs `onDelete: "terminate"` or a consent. */
export async function remove(context: Context, olds: PushTaskState): Promise<void> {
  if (needsNothing(context, olds)) return;
  const name = nameIn(olds);
  const { urn } = parseIdentity(String(olds.inputs.identity));
  refuseOtherApp(context, `delete task "${name}"`, olds);
  await untilDecided(context, urn, async (now) => {
    const state = await withOwedPush(context, olds);
    const seen = await observe(context, name, state, now);
    await carryOut(context, { action: "delete", name, urn, state, seen }, stepsOf(context, name, state, seen));
  });
}

/** What is over, what was never sent, and what a declared resource holds: then this is the old half of a replacement. */
const needsNothing = (context: Context, olds: PushTaskState): boolean =>
  (isTerminal(olds.phase) && olds.owed === undefined) ||
  olds.pushId === undefined ||
  context.run.held.has(olds.pushId) ||
  (isSettled(olds) && isOnOtherApp(context, olds));

/** The current push decides, and an older revision that is not over is withdrawn as its own phase asks. */
function stepsOf(context: Context, name: string, olds: PushTaskState, { phase, alive }: Seen): readonly Step[] {
  const row = planRemoved({
    pushId: olds.pushId ?? "",
    platform: context.settings.platform,
    onDelete: olds.inputs.onDelete === "terminate" ? "terminate" : "cancel",
    liveUntil: inServiceTime(expiresAt(courseOf(olds))),
    consents: new Set(context.consents),
  });
  const phases = new Set([phase, ...alive.map((revision) => revision.phase)]);
  return [...phases].flatMap((each) => {
    const plan = row[each];
    if (isRefusal(plan)) throw refused(context, `delete task "${name}"`, plan);
    return plan.steps;
  });
}
