import { isTerminal } from "../../remedy/phase.ts";
import type { Context } from "../context.ts";
import { isOnOtherApp, isSettled, nameIn, refuseOtherApp } from "./app.ts";
import { observe } from "./observe.ts";
import type { PushTaskState } from "./state.ts";

/** Looks and changes nothing. A task is never read as missing: the engine would make it again, and push it again. */
export async function read(context: Context, olds: PushTaskState): Promise<PushTaskState> {
  if (isTerminal(olds.phase) || olds.pushId === undefined) return olds;
  if (isSettled(olds) && isOnOtherApp(context, olds)) return olds;
  const name = nameIn(olds);
  refuseOtherApp(context, `read task "${name}"`, olds);
  const { phase, task } = await observe(context, name, olds);
  if (task === undefined) return { ...olds, phase };
  const { status, collapseId = olds.collapseId } = task;
  return { ...olds, phase, status, ...(collapseId !== undefined && { collapseId }) };
}
