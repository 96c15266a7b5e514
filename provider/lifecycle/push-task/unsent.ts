import { contentMark, markerOf } from "../../once/marker.ts";
import { passedNote } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { inServiceTime, instantOf } from "../send-time.ts";
import type { PushTaskInputs, Task } from "../task.ts";
import { hasPassedHalted, plannedLine } from "./hand-over.ts";
import { keyIn, type PushTaskState, plannedState, skippedState } from "./state.ts";

/** Far ahead, or under a halt, and kept here for now. */
export function planned(
  context: Context,
  inputs: PushTaskInputs,
  task: Task,
  before: PushTaskState,
  why: "day" | "halt",
): PushTaskState {
  context.log.info(plannedLine(context, task, why), task.urn);
  const state = plannedState(context.settings, inputs, markerUnder(before, task), instantOf(task.sendTime));
  return why === "halt" ? { ...state, halted: true } : state;
}

/** It is history before it was ever pushed. */
export function neverSent(context: Context, inputs: PushTaskInputs, task: Task, before: PushTaskState): PushTaskState {
  const { log, settings } = context;
  const { sendTime, remedy, urn } = task;
  const sendAt = instantOf(sendTime);
  if (remedy === undefined && hasPassedHalted(context, before, task)) log.warning(passedNote, urn);
  else {
    const why = remedy === undefined ? `its send time ${inServiceTime(sendAt)} is past` : `it has remedy: "${remedy}"`;
    log.info(`recorded as never sent: ${why}`, urn);
  }
  return skippedState(settings, inputs, markerUnder(before, task), sendAt);
}

/** Who it is was fixed before; what it says may have changed. */
const markerUnder = (before: PushTaskState, { canonical }: Task): string =>
  markerOf(keyIn(before).identity, contentMark(canonical), 0);
