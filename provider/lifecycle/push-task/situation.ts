import { overrideLimitOf } from "../../remedy/capability.ts";
import type { Change } from "../../remedy/change.ts";
import { changeBetween } from "../../remedy/change.ts";
import type { KnownPhase, Phase } from "../../remedy/phase.ts";
import type { Situation } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { instantOf } from "../send-time.ts";
import { hashedParts, recordedParts, type Task } from "../task.ts";
import type { Standing } from "./standing.ts";
import { lastPushOf, type PushTaskState } from "./state.ts";

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
  standing?: Pick<Standing, "state" | "said" | "owed" | "seen">,
): Situation {
  return {
    change: standing ? changeFrom(context, task, standing) : noChange,
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
    owed: standing !== undefined && (standing.owed || isCancelledByHalt(context, standing.state, phase)),
    halting: context.settings.halt !== undefined,
    halted: standing?.state.halted === true || (standing && isCancelledByHalt(context, standing.state, phase)) === true,
    anyPending: standing?.seen.alive.some((push) => push.phase === "pending") === true,
    skippedForTime: standing?.state.skippedFor === "time",
    consents: consentsOf(context, task),
  };
}

/** By the command, without the engine; a withdrawal of ours that came later is another thing. */
export const isCancelledByHalt = (
  { settings }: Pick<Context, "settings">,
  state: PushTaskState,
  phase: Phase = state.phase,
): boolean =>
  phase === "withdrawn" &&
  settings.halt?.cancelled.has(state.pushId ?? "") === true &&
  state.revisions.at(-1) === lastPushOf(state);

/** What the declaration changed; the state is not compared with what the service did. */
export function changeOf({ settings }: Pick<Context, "settings">, task: Task, state: PushTaskState): Change {
  const change = changeBetween(recordedParts(state.inputs, settings), task.parts);
  return isLaterLimit(task, state) ? { ...change, sendTime: false } : change;
}

/** What the declaration changes of the push that the task is now. */
function changeFrom(context: Context, task: Task, { state, said }: Pick<Standing, "state" | "said">): Change {
  if (said === undefined) return changeOf(context, task, state);
  const { remedy } = recordedParts(state.inputs, context.settings);
  return changeBetween({ ...said, remedy }, { ...hashedParts(task.parts), remedy: task.parts.remedy });
}

/** A later `notAfter` is no other time for what was pushed already. */
const isLaterLimit = (task: Task, state: PushTaskState): boolean =>
  task.sendTime.kind === "asap" && state.phase !== "skipped" && isAsap(state.inputs.sendTime);

const isAsap = (sendTime: unknown): boolean =>
  typeof sendTime === "object" && sendTime !== null && Reflect.get(sendTime, "asap") === true;

const isAhead = ({ service }: Context, { sendTime }: Task): boolean => instantOf(sendTime) > service.now();
