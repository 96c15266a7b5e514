import { overrideLimitOf } from "../../remedy/capability.ts";
import type { Change } from "../../remedy/change.ts";
import { changeBetween } from "../../remedy/change.ts";
import type { KnownPhase } from "../../remedy/phase.ts";
import type { Situation } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { instantOf } from "../send-time.ts";
import { recordedParts, type Task } from "../task.ts";
import type { PushTaskState } from "./state.ts";

const noChange: Change = {
  content: false,
  messageType: false,
  sendTime: false,
  audience: false,
  options: false,
  uploadId: false,
  remedy: "none",
};

/** The task's own consents and those of the environment. */
export const consentsOf = ({ consents }: Context, task: Pick<Task, "consent">): ReadonlySet<string> =>
  new Set([...consents, ...task.consent]);

/** What the remedy table is asked with. */
export function situationOf(
  context: Context,
  task: Task,
  pushId: string,
  phase: KnownPhase,
  state?: PushTaskState,
): Situation {
  return {
    change: state ? changeOf(context, task, state) : noChange,
    phase,
    platform: context.settings.platform,
    audience: task.request.audience_type,
    overrideLimit: overrideLimitOf({
      platform: context.settings.platform,
      hasCustomContent: task.request.message.android?.custom_content !== undefined,
      huaweiDisabled: (task.request.channel_rules ?? []).some(({ channel, disable }) => channel === "hw" && disable),
    }),
    pushId,
    remedy: task.remedy,
    ifSent: task.ifSent,
    sendTimeAhead: isAhead(context, task),
    owed: state?.owed !== undefined,
    skippedForTime: state?.skippedFor === "time",
    consents: consentsOf(context, task),
  };
}

/** What the declaration changed; the state is not compared with what the service did. */
export function changeOf({ settings }: Pick<Context, "settings">, task: Task, state: PushTaskState): Change {
  const change = changeBetween(recordedParts(state.inputs, settings), task.parts);
  return isLaterLimit(task, state) ? { ...change, sendTime: false } : change;
}

/** A later `notAfter` is no other time for what was pushed already. */
const isLaterLimit = (task: Task, state: PushTaskState): boolean =>
  task.sendTime.kind === "asap" && state.phase !== "skipped" && isAsap(state.inputs.sendTime);

const isAsap = (sendTime: unknown): boolean =>
  typeof sendTime === "object" && sendTime !== null && Reflect.get(sendTime, "asap") === true;

const isAhead = ({ service }: Context, { sendTime }: Task): boolean => instantOf(sendTime) > service.now();
