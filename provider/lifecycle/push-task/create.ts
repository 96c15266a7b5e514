import { type Finding, isOut, type Sighting } from "../../once/look.ts";
import { contentMark, identityMark, markerOf, parseIdentity, parseMarker } from "../../once/marker.ts";
import { isRefusal, planRemedy } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { Incomplete, refused, Unanswered, Undecided } from "../refusal.ts";
import { inServiceTime, instantOf, listedDaysAhead } from "../send-time.ts";
import { type PushTaskInputs, type Task, taskFrom } from "../task.ts";
import { bringAbout } from "./bring-about.ts";
import { carryOut } from "./carry-out.ts";
import type { Question } from "./decide.ts";
import { deliver, find, standsInTheWay } from "./deliver.ts";
import { isAheadOfHandOver, plannedLine } from "./hand-over.ts";
import { observe } from "./observe.ts";
import { type Delivered, keyFor } from "./push-once.ts";
import { consentsOf } from "./situation.ts";
import { stand } from "./standing.ts";
import {
  keyIn,
  type PushTaskState,
  plannedState,
  pushIdsOf,
  skippedState,
  stateOf,
  unresolvedState,
  writeState,
} from "./state.ts";
import { type Trace, traceWithoutState, upToJournal } from "./trace.ts";
import { untilDecided, type Work } from "./work.ts";

const dayMilliseconds = 24 * 60 * 60 * 1_000;

/** The resource's id: ours and stable, while the service's push id changes with each override. */
export const idOf = ({ identity }: PushTaskInputs): string => identityMark(parseIdentity(String(identity)));

/** Finds the task by what earlier runs left, or pushes it; the engine calls this again after a crash, a lost state, a taint. */
export async function create(
  context: Context,
  inputs: PushTaskInputs,
  action: Action = "create",
): Promise<PushTaskState> {
  context.run.handled.add(String(inputs.identity));
  const task = taskFrom(inputs, context.settings);
  const state = await untilDecided(context, task.urn, async (now) => {
    const question = questionOf(context, inputs, task, action, now);
    return upToJournal(context, await created(context, inputs, question, action), question.trace);
  });
  if (state.pushId !== undefined) context.run.held.add(state.pushId);
  if (state.pushId !== undefined && state.adopted) context.journal.hold(keyIn(state).app, state.pushId);
  return state;
}

/** A planned task is handed over by an update, which its removal then knows to be its own. */
type Action = "create" | "update";

async function created(
  context: Context,
  inputs: PushTaskInputs,
  question: Question,
  action: Action,
): Promise<PushTaskState> {
  try {
    const left = await leftBy(context, question);
    const there = ofUse(left.finding);
    if (there === undefined) return await createAnew(context, inputs, question, left, action);
    return await goOn(context, inputs, question, there, action);
  } catch (error) {
    throw inDoubt(context, question.state.inputs, error);
  }
}

/** As if there were a state in which nothing was pushed yet, and no remedy declared. */
function questionOf(
  context: Context,
  { remedy: _, ...inputs }: PushTaskInputs,
  task: Task,
  as: Action,
  now: boolean,
): Question {
  const action = `${as} task "${task.name}"`;
  const key = keyFor(context, task, undefined);
  const marker = markerOf(key.identity, contentMark(task.canonical), 0);
  const state = skippedState(context.settings, inputs, marker, instantOf(task.sendTime));
  return { action, task, state, trace: traceWithoutState(context, action, key), now };
}

/** What runs of this machine have begun with a task, and died before the engine knew. */
interface Left {
  readonly finding: Finding;
  /** Push ids that are no surprise to the look before a push. */
  readonly known: ReadonlySet<string>;
}

async function leftBy(context: Context, { action, task, state, trace, now }: Question): Promise<Left> {
  const content = contentMark(task.canonical);
  const {
    seen,
    state: stood,
    known,
  } = await stand(context, state, trace, {
    action,
    name: task.name,
    content,
    now,
    consents: consentsOf(context, task),
  });
  if (seen.task === undefined) return { finding: { kind: "nothing" }, known };
  const kind = parseMarker(stood.marker)?.content === content ? "same" : "otherContent";
  return { finding: { kind, task: seen.task, phase: seen.phase }, known };
}

/** What is out with the right content, or was not seen by anybody yet. */
function ofUse(finding: Finding): Sighting | undefined {
  if (finding.kind === "nothing") return undefined;
  const { kind, phase, task } = finding;
  return phase === "pending" || (kind === "same" && isOut(phase)) ? task : undefined;
}

async function goOn(
  context: Context,
  inputs: PushTaskInputs,
  question: Question,
  there: Sighting,
  action: Action,
): Promise<PushTaskState> {
  const state = await bringAbout(context, action, question, inputs);
  const { urn } = question.task;
  if (state.pushId === there.pushId) tellAdopted(context, urn, there);
  else
    context.log.info(
      `${there.pushId}, which an earlier run had pushed, was cancelled; ${state.pushId} is there now`,
      urn,
    );
  return state;
}

/** No run of this machine is known to have pushed it; the records may still show one of another. */
async function createAnew(
  context: Context,
  inputs: PushTaskInputs,
  { task, trace }: Question,
  { finding: left, known }: Left,
  action: Action,
): Promise<PushTaskState> {
  const finding = left.kind === "nothing" ? await find(context, task, undefined, known) : left;
  if (finding.kind === "otherContent" && isOut(finding.phase)) refuseBeside(context, task, finding);
  if (finding.kind === "otherContent" && consentsOf(context, task).has(`adopt:${finding.task.pushId}`)) {
    return takeOver(context, inputs, task, finding.task, trace);
  }
  if (task.remedy !== undefined && !(finding.kind === "same" && isOut(finding.phase))) {
    return neverSent(context, inputs, task);
  }
  if (finding.kind === "nothing" && isSkipped(context, task)) return neverSent(context, inputs, task);
  if (finding.kind === "nothing" && isAheadOfHandOver(context, task)) return planned(context, inputs, task);
  if (left.kind === "same") refuseBeside(context, task, left);
  const made = await deliver(context, { action, task, state: undefined, known, trace });
  const state = recordOf(context, inputs, task, made);
  if (!made.found) tellFarAhead(context, task);
  else tellAdopted(context, task.urn, made.sighting);
  return made.found && task.remedy !== undefined ? remedied(context, inputs, task, state, task.remedy, trace) : state;
}

/** @throws where it stands in the way and no consent lifts it. */
function refuseBeside(context: Context, task: Task, finding: Finding): void {
  const stop = standsInTheWay(context, task, finding);
  if (stop) throw refused(context, `create task "${task.name}"`, stop);
}

/** A push that may have been taken is kept in the state, wherever the next run is. */
function inDoubt({ settings }: Context, inputs: PushTaskInputs, error: unknown): unknown {
  if (!(error instanceof Unanswered || error instanceof Undecided) || error.attempt === undefined) return error;
  return new Incomplete(error.message, writeState(unresolvedState(settings, inputs, error.attempt)));
}

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

const tellAdopted = ({ log }: Context, urn: string, { pushId, status }: Sighting): void =>
  log.info(`push ${pushId} is there already (${status}); it is taken over, and nothing is sent`, urn);

/** By consent: what is pending is corrected; what is out stays as it is and is recorded. */
async function takeOver(
  context: Context,
  inputs: PushTaskInputs,
  task: Task,
  sighting: Sighting,
  trace: Trace,
): Promise<PushTaskState> {
  const { pushId, title, content } = sighting;
  const found = recordOf(context, inputs, task, { marker: sighting.groupId ?? "", sighting, found: true });
  const state = { ...found, sent: { message: { title, content } } };
  if (task.remedy !== undefined) return remedied(context, inputs, task, state, task.remedy, trace);
  if (state.phase !== "pending") {
    context.log.warning(`${pushId} is out with other content; it is recorded, and nothing is sent`, task.urn);
    return state;
  }
  return carryOut(context, await workOn(context, inputs, task, state, trace), ["cancel", "confirm", "push"]);
}

/** Its state was lost and its declaration says that it is to be taken back. */
async function remedied(
  context: Context,
  inputs: PushTaskInputs,
  task: Task,
  state: PushTaskState,
  remedy: NonNullable<Task["remedy"]>,
  trace: Trace,
): Promise<PushTaskState> {
  const row = planRemedy(remedy, context.settings)[(await observe(context, task.name, state)).phase];
  if (isRefusal(row)) throw refused(context, `create task "${task.name}"`, row);
  const { remedy: _, ...before } = state.inputs;
  const reached = await carryOut(
    context,
    await workOn(context, inputs, task, { ...state, inputs: before }, trace),
    row.steps,
  );
  return { ...reached, inputs };
}

const workOn = async (
  context: Context,
  inputs: PushTaskInputs,
  task: Task,
  state: PushTaskState,
  trace: Trace,
): Promise<Work> => ({
  action: "create",
  name: task.name,
  urn: task.urn,
  state,
  seen: await observe(context, task.name, state),
  surplus: [],
  known: pushIdsOf(state),
  trace,
  declared: { inputs, task },
});

/** Far ahead, and kept here for now. */
export function planned(context: Context, inputs: PushTaskInputs, task: Task): PushTaskState {
  const marker = markerOf(keyFor(context, task, undefined).identity, contentMark(task.canonical), 0);
  context.log.info(plannedLine(task), task.urn);
  return plannedState(context.settings, inputs, marker, instantOf(task.sendTime));
}

/** First declared too late, and told to leave it at that. */
function isSkipped({ service }: Context, { sendTime, pastSendTime }: Task): boolean {
  if (pastSendTime === "refuse") return false;
  return instantOf(sendTime) <= service.now();
}

function neverSent(context: Context, inputs: PushTaskInputs, task: Task): PushTaskState {
  const { log, settings } = context;
  const { sendTime, remedy } = task;
  const sendAt = instantOf(sendTime);
  const why = remedy === undefined ? `its send time ${inServiceTime(sendAt)} is past` : `it has remedy: "${remedy}"`;
  log.info(`recorded as never sent: ${why}`, task.urn);
  const marker = markerOf(keyFor(context, task, undefined).identity, contentMark(task.canonical), 0);
  return skippedState(settings, inputs, marker, sendAt);
}
