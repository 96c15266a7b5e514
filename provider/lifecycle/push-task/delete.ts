import { parseIdentity } from "../../once/marker.ts";
import { expiresAt, isTerminal } from "../../remedy/phase.ts";
import { isRefusal, planRemoved, type Step } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { refused } from "../refusal.ts";
import { inServiceTime } from "../send-time.ts";
import { isOnOtherApp, isSettled, nameIn, refuseOtherApp } from "./app.ts";
import { carryOut } from "./carry-out.ts";
import type { Seen } from "./observe.ts";
import { stand } from "./standing.ts";
import { courseOf, isUnsettled, keyIn, type PushTaskState } from "./state.ts";
import { openEntries, traceOfRemoval } from "./trace.ts";
import { untilDecided } from "./work.ts";

/** Cancels what is pending; what is being delivered needs `onDelete: "terminate"` or a consent. */
export async function remove(context: Context, olds: PushTaskState): Promise<void> {
  if (needsNothing(context, olds)) return;
  const name = nameIn(olds);
  const action = `delete task "${name}"`;
  const { urn } = parseIdentity(String(olds.inputs.identity));
  refuseOtherApp(context, action, olds);
  await untilDecided(context, urn, async (now) => {
    const inquiry = { action, name, content: undefined, now, consents: new Set(context.consents) };
    const trace = traceOfRemoval(context, action, olds);
    const { state, seen: all, known } = await stand(context, olds, trace, inquiry);
    const seen = { ...all, alive: all.alive.filter(({ pushId }) => !isHeld(context, olds, pushId)) };
    const work = { action: "delete", name, urn, state, seen, surplus: [], known, trace } as const;
    await carryOut(context, work, stepsOf(context, name, state, seen));
  });
  const { journal, run } = context;
  // Of an old half nobody takes the removal back: what was done to it is no work left over for the new one.
  if (run.declared.has(String(olds.inputs.identity))) {
    journal.closeNow(
      journal.entriesOf(keyIn(olds)).filter((entry) => entry.action === "delete" && journal.isOwn(entry)),
    );
  }
}

/** What a declared resource holds: this is the old half of a replacement. What is over, or was never sent, and not in doubt. */
function needsNothing(context: Context, olds: PushTaskState): boolean {
  if (isReplacedAfterwards(context, olds)) return true;
  if (olds.pushId !== undefined && isHeld(context, olds, olds.pushId)) return true;
  if (isUnsettled(olds) || openEntries(context, olds).length > 0) return false;
  return isTerminal(olds.phase) || olds.pushId === undefined || (isSettled(olds) && isOnOtherApp(context, olds));
}

/** Declared, and not even compared: with `deleteBeforeReplace` its create comes next, and finds what is there. */
function isReplacedAfterwards({ run }: Context, { inputs }: PushTaskState): boolean {
  const identity = String(inputs.identity);
  return run.declared.has(identity) && !run.handled.has(identity);
}

/** By a declared resource of this process, or one that another process of this run has just adopted it for. */
const isHeld = ({ run, journal }: Context, state: PushTaskState, pushId: string): boolean =>
  run.held.has(pushId) || journal.isHeldByOther(keyIn(state).app, pushId);

/** The current push decides, and an older revision that is not over is withdrawn as its own phase asks. */
function stepsOf(context: Context, name: string, olds: PushTaskState, { phase, alive }: Seen): readonly Step[] {
  const row = planRemoved({
    pushId: olds.pushId ?? "",
    platform: context.settings.platform,
    onDelete: olds.inputs.onDelete === "terminate" ? "terminate" : "cancel",
    liveUntil: inServiceTime(expiresAt(courseOf(olds))),
    consents: new Set(context.consents),
  });
  const phases = new Set([
    ...(context.run.held.has(olds.pushId ?? "") ? [] : [phase]),
    ...alive.map((revision) => revision.phase),
  ]);
  return [...phases].flatMap((each) => {
    const plan = row[each];
    if (isRefusal(plan)) throw refused(context, `delete task "${name}"`, plan);
    return plan.steps;
  });
}
