import { contentMark, identityMark, markerOf, parseIdentity } from "../../once/marker.ts";
import { isRefusal, planRemedy } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { refused } from "../refusal.ts";
import { inServiceTime } from "../send-time.ts";
import { type PushTaskInputs, type Task, taskFrom } from "../task.ts";
import { carryOut, type Work } from "./carry-out.ts";
import { type Delivered, deliver, find } from "./deliver.ts";
import { observe } from "./observe.ts";
import { consentsOf } from "./situation.ts";
import { type PushTaskState, skippedState, stateOf } from "./state.ts";

/** The resource's id: ours and stable, while the service's push id changes with each override. */
export const idOf = ({ identity }: PushTaskInputs): string => identityMark(parseIdentity(String(identity)));

/** Finds the task by its marker, or pushes it; the engine calls this again after a crash, a lost state, a taint. */
export async function create(context: Context, inputs: PushTaskInputs): Promise<PushTaskState> {
  const task = taskFrom(inputs, context.settings);
  const finding = await find(context, task, undefined);
  const isOut = finding.kind !== "nothing" && ["pending", "live", "sent"].includes(finding.phase);
  if (finding.kind === "otherContent" && consentsOf(context, task).has(`adopt:${finding.task.pushId}`)) {
    return takeOver(context, inputs, task, { sighting: finding.task, marker: finding.task.groupId ?? "", found: true });
  }
  if (task.remedy !== undefined && !(finding.kind === "same" && isOut)) return neverSent(context, inputs, task);
  if (finding.kind === "nothing" && isSkipped(context, task)) return neverSent(context, inputs, task);
  const made = await deliver(context, { action: "create", task, state: undefined });
  const state = recordOf(context, inputs, task, made);
  if (made.found) tellAdopted(context, task, made);
  return made.found && task.remedy !== undefined ? remedied(context, inputs, task, state, task.remedy) : state;
}

/** What was pushed now, or by an earlier run whose state is lost. */
function recordOf(context: Context, inputs: PushTaskInputs, task: Task, made: Delivered): PushTaskState {
  if (made.found) context.run.adopted.set(made.sighting.pushId, made.sighting);
  const state = stateOf({
    ...made,
    accessId: context.settings.accessId,
    inputs,
    revisions: [],
    now: context.service.now(),
    content: contentMark(task.canonical),
  });
  return made.found ? { ...state, adopted: true } : state;
}

const tellAdopted = ({ log }: Context, task: Task, { sighting }: Delivered): void =>
  log.info(
    `push ${sighting.pushId} is there already (${sighting.status}); it is taken over, and nothing is sent`,
    task.urn,
  );

/** By consent: what is pending is corrected; what is out stays as it is and is recorded. */
async function takeOver(context: Context, inputs: PushTaskInputs, task: Task, made: Delivered): Promise<PushTaskState> {
  const { title, content } = made.sighting;
  const state = { ...recordOf(context, inputs, task, made), sent: { message: { title, content } } };
  if (state.phase !== "pending") {
    context.log.warning(
      `${made.sighting.pushId} is out with other content; it is recorded, and nothing is sent`,
      task.urn,
    );
    return state;
  }
  return carryOut(context, await workOn(context, inputs, task, state), ["cancel", "confirm", "push"]);
}

/** Its state was lost and its declaration says that it is to be taken back. */
async function remedied(
  context: Context,
  inputs: PushTaskInputs,
  task: Task,
  state: PushTaskState,
  remedy: NonNullable<Task["remedy"]>,
): Promise<PushTaskState> {
  const row = planRemedy(remedy, context.settings)[(await observe(context, task.name, state)).phase];
  if (isRefusal(row)) throw refused(context, `create task "${task.name}"`, row);
  return carryOut(context, await workOn(context, inputs, task, state), row.steps);
}

const workOn = async (context: Context, inputs: PushTaskInputs, task: Task, state: PushTaskState): Promise<Work> => ({
  action: "create",
  name: task.name,
  urn: task.urn,
  state,
  seen: await observe(context, task.name, state),
  declared: { inputs, task },
});

/** First declared too late, and told to leave it at that. */
function isSkipped({ service }: Context, { sendTime, pastSendTime }: Task): boolean {
  if (pastSendTime === "refuse") return false;
  return (sendTime.kind === "at" ? sendTime.at : sendTime.notAfter) <= service.now();
}

function neverSent({ log, settings }: Context, inputs: PushTaskInputs, task: Task): PushTaskState {
  const { sendTime, remedy } = task;
  const sendAt = sendTime.kind === "at" ? sendTime.at : sendTime.notAfter;
  const why = remedy === undefined ? `its send time ${inServiceTime(sendAt)} is past` : `it has remedy: "${remedy}"`;
  log.info(`recorded as never sent: ${why}`, task.urn);
  const marker = markerOf(identityMark(task.identity), contentMark(task.canonical), 0);
  return skippedState(settings.accessId, inputs, marker, sendAt);
}
