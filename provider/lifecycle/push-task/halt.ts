import type { Identity } from "../../once/marker.ts";
import { passedNote } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { nameOfHalt } from "../halt.ts";
import { taskFrom } from "../task.ts";
import { isOnOtherApp } from "./app.ts";
import { pushProblem } from "./guard.ts";
import { hasPassedHalted, knowTheDay } from "./hand-over.ts";
import { isCancelledByHalt } from "./situation.ts";
import type { PushTaskState } from "./state.ts";
import { scheduledOf } from "./stray.ts";

/** Undefined where none stands; under one the engine is told of what is still to be withdrawn, and of nothing else. */
export async function differenceUnderHalt(
  context: Context,
  olds: PushTaskState,
  identity: Identity,
): Promise<{ readonly changes: boolean } | undefined> {
  const { log, settings } = context;
  const { halt } = settings;
  const { inputs, phase, pushId, halted, unresolved } = olds;
  if (halt === undefined || inputs.remedy !== undefined || isOnOtherApp(context, olds)) return undefined;
  if (phase === "live")
    log.info(`${nameOfHalt(halt)}: it is out, and a halt cancels only what is pending`, identity.urn);
  // A refresh asks this too, and is to succeed where the service does not answer.
  const seen = context.canAsk ? await scheduledOf(context, identity, olds).catch(() => []) : [];
  const scheduled = seen.map((task) => task.pushId);
  // What is far ahead the service may not list.
  const pending = phase === "pending" && pushId !== undefined ? [pushId] : [];
  const ids = [...new Set([...pending, ...scheduled])];
  if (ids.length === 0 && halted && unresolved === undefined) return { changes: false };
  if (ids.length === 0 && (halted || !isCancelledByHalt(context, olds))) return undefined;
  const what = ids.length === 0 ? `push ${pushId} was cancelled, and is` : `push ${ids.join(", ")} is cancelled, and`;
  log.warning(`${nameOfHalt(halt)}: ${what} pushed anew when the halt ends`, identity.urn);
  return { changes: true };
}

/** What a halt took away is pushed anew, or left where its time has passed. */
export async function afterHalt(context: Context, olds: PushTaskState): Promise<string> {
  const ended = "the halt has ended; pulumi up pushes it anew";
  if (!context.canAsk) return ended;
  await knowTheDay(context);
  const task = taskFrom(olds.inputs, context.settings);
  return hasPassedHalted(context, olds, task) ? passedNote : ((await pushProblem(context, task, olds)) ?? ended);
}
