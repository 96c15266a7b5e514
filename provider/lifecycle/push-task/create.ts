import { isOut, type Sighting } from "../../once/look.ts";
import { contentMark, identityMark, markerOf, parseIdentity } from "../../once/marker.ts";
import { isRefusal, planRemedy } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { refused } from "../refusal.ts";
import { inServiceTime, instantOf } from "../send-time.ts";
import { type PushTaskInputs, type Task, taskFrom } from "../task.ts";
import { carryOut } from "./carry-out.ts";
import { type Delivered, deliver, find, standsInTheWay } from "./deliver.ts";
import { observe } from "./observe.ts";
import { consentsOf } from "./situation.ts";
import { type PushTaskState, skippedState, stateOf } from "./state.ts";
import type { Work } from "./work.ts";

const dayMilliseconds = 24 * 60 * 60 * 1_000;

/** The resource's id: ours and stable, while the service's push id changes with each override. */
export const idOf = ({ identity }: PushTaskInputs): string => identityMark(parseIdentity(String(identity)));

/** Finds the task by its marker, or pushes it; the engine calls this again after a crash, a lost state, a taint. */
export async function create(context: Context, inputs: PushTaskInputs): Promise<PushTaskState> {
  const task = taskFrom(inputs, context.settings);
  const finding = await find(context, task, undefined);
  const stop = finding.kind === "otherContent" ? standsInTheWay(context, task, finding) : undefined;
  if (stop) throw refused(context, `create task "${task.name}"`, stop);
  if (finding.kind === "otherContent" && consentsOf(context, task).has(`adopt:${finding.task.pushId}`)) {
    return takeOver(context, inputs, task, finding.task);
  }
  if (task.remedy !== undefined && !(finding.kind === "same" && isOut(finding.phase))) {
    return neverSent(context, inputs, task);
  }
  if (finding.kind === "nothing" && isSkipped(context, task)) return neverSent(context, inputs, task);
  const made = await deliver(context, { action: "create", task, state: undefined });
  const state = recordOf(context, inputs, task, made);
  if (!made.found) tellFarAhead(context, task);
  else tellAdopted(context, task, made);
  return made.found && task.remedy !== undefined ? remedied(context, inputs, task, state, task.remedy) : state;
}

/** Records go back one month, so what is scheduled beyond it may not be listed yet. */
const listedDaysAhead = 28;

function tellFarAhead({ log, service }: Context, { sendTime, urn }: Task): void {
  const days = (instantOf(sendTime).getTime() - service.now().getTime()) / dayMilliseconds;
  if (days <= listedDaysAhead) return;
  log.warning(
    `its send time is more than ${listedDaysAhead} days ahead, so the service may not list it yet: keep the state, until then nothing else proves that it is there`,
    urn,
  );
}

/** What was pushed now, or by an earlier run whose state is lost. */
function recordOf(context: Context, inputs: PushTaskInputs, task: Task, made: Delivered): PushTaskState {
  if (made.found) context.run.held.add(made.sighting.pushId);
  const state = stateOf({
    ...made,
    app: context.settings,
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
async function takeOver(
  context: Context,
  inputs: PushTaskInputs,
  task: Task,
  sighting: Sighting,
): Promise<PushTaskState> {
  const { pushId, title, content } = sighting;
  const found = recordOf(context, inputs, task, { marker: sighting.groupId ?? "", sighting, found: true });
  const state = { ...found, sent: { message: { title, content } } };
  if (task.remedy !== undefined) return remedied(context, inputs, task, state, task.remedy);
  if (state.phase !== "pending") {
    context.log.warning(`${pushId} is out with other content; it is recorded, and nothing is sent`, task.urn);
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
  return instantOf(sendTime) <= service.now();
}

function neverSent({ log, settings }: Context, inputs: PushTaskInputs, task: Task): PushTaskState {
  const { sendTime, remedy } = task;
  const sendAt = instantOf(sendTime);
  const why = remedy === undefined ? `its send time ${inServiceTime(sendAt)} is past` : `it has remedy: "${remedy}"`;
  log.info(`recorded as never sent: ${why}`, task.urn);
  const marker = markerOf(identityMark(task.identity), contentMark(task.canonical), 0);
  return skippedState(settings, inputs, marker, sendAt);
}
