import { type Finding, isOut, type Sighting } from "../../once/look.ts";
import { contentMark, identityMark, markerOf, parseIdentity, parseMarker } from "../../once/marker.ts";
import type { Context } from "../context.ts";
import { Incomplete, refused, Unanswered, Undecided } from "../refusal.ts";
import { instantOf, listedDaysAhead } from "../send-time.ts";
import { type PushTaskInputs, type Task, taskFrom } from "../task.ts";
import { bringAbout } from "./bring-about.ts";
import type { Question } from "./decide.ts";
import { deliver, find, standsInTheWay } from "./deliver.ts";
import { guardPast } from "./guard.ts";
import { hasPassedHalted, hindrance } from "./hand-over.ts";
import { identityFor } from "./identity.ts";
import type { Delivered } from "./push-once.ts";
import { consentsOf, isCancelledByHalt } from "./situation.ts";
import { stand } from "./standing.ts";
import { appName, keyIn, type PushTaskState, skippedState, stateOf, unresolvedState, writeState } from "./state.ts";
import { traceWithoutState, upToJournal } from "./trace.ts";
import { neverSent, planned } from "./unsent.ts";
import { untilDecided } from "./work.ts";

const dayMilliseconds = 24 * 60 * 60 * 1_000;

/** The resource's id: ours and stable, while the service's push id changes with each override. */
export const idOf = ({ identity }: PushTaskInputs): string => identityMark(parseIdentity(String(identity)));

/** Finds the task by what earlier runs left, or pushes it; the engine calls this again after a crash, a lost state, a taint. */
export const create = (context: Context, inputs: PushTaskInputs): Promise<PushTaskState> =>
  pushFirst(context, inputs, undefined);

/** The same for a task that was planned: an update, which its removal then knows to be its own. */
export const handOver = (context: Context, olds: PushTaskState, inputs: PushTaskInputs): Promise<PushTaskState> =>
  pushFirst(context, inputs, olds);

async function pushFirst(
  context: Context,
  inputs: PushTaskInputs,
  olds: PushTaskState | undefined,
): Promise<PushTaskState> {
  context.run.handled.add(String(inputs.identity));
  const task = taskFrom(inputs, context.settings);
  const state = await untilDecided(context, task.urn, async (now) => {
    const first = firstPush(context, inputs, task, await identityFor(context, task, olds), olds, now);
    return upToJournal(context, await pushed(context, first), first.question.trace);
  });
  if (state.pushId !== undefined) context.run.held.set(state.pushId, task.urn);
  if (state.pushId !== undefined && state.adopted) context.journal.hold(keyIn(state).app, state.pushId);
  return state;
}

/** A task of which no state knows a push. */
interface FirstPush {
  readonly as: "create" | "update";
  readonly inputs: PushTaskInputs;
  readonly question: Question;
}

/** As if there were a state in which nothing was pushed yet, and no remedy declared. */
function firstPush(
  context: Context,
  inputs: PushTaskInputs,
  task: Task,
  identity: string,
  olds: PushTaskState | undefined,
  now: boolean,
): FirstPush {
  const { settings } = context;
  const as = olds === undefined ? "create" : "update";
  const action = `${as} task "${task.name}"`;
  const { remedy: _, ...before } = inputs;
  const marker = markerOf(identity, contentMark(task.canonical), 0);
  const nothing = skippedState(settings, before, marker, instantOf(task.sendTime));
  const state: PushTaskState = olds?.halted ? { ...nothing, halted: true } : nothing;
  const trace = traceWithoutState(context, action, task, { app: appName(settings), identity });
  return { as, inputs, question: { action, task, state, trace, now } };
}

async function pushed(context: Context, first: FirstPush): Promise<PushTaskState> {
  try {
    const left = await leftBy(context, first.question);
    const there = ofUse(left.finding);
    if (there !== undefined) return await goOn(context, first, there);
    if (left.owed && isHalting(context, first))
      return await bringAbout(context, first.as, first.question, first.inputs);
    return await pushAnew(context, first, left);
  } catch (error) {
    throw inDoubt(context, first.question.state.inputs, error);
  }
}

/** What runs of this machine have begun with a task, and died before the engine knew. */
interface Left {
  readonly finding: Finding;
  /** Push ids that are no surprise to the look before a push. */
  readonly known: ReadonlySet<string>;
  /** They have cancelled it, and nothing followed. */
  readonly owed: boolean;
}

/** Nothing is pushed, and what is scheduled is cancelled. */
const isHalting = ({ settings }: Context, { question }: FirstPush): boolean =>
  settings.halt !== undefined && question.task.remedy === undefined;

async function leftBy(context: Context, { action, task, state, trace, now }: Question): Promise<Left> {
  const content = contentMark(task.canonical);
  const {
    seen,
    state: stood,
    known,
    owed,
  } = await stand(context, state, trace, {
    action,
    name: task.name,
    content,
    now,
    consents: consentsOf(context, task),
  });
  if (seen.task === undefined) return { finding: { kind: "nothing" }, known, owed };
  const kind = parseMarker(stood.marker)?.content === content ? "same" : "otherContent";
  return { finding: { kind, task: seen.task, phase: seen.phase }, known, owed };
}

/** What is out with the right content, or was not seen by anybody yet. */
function ofUse(finding: Finding): Sighting | undefined {
  if (finding.kind === "nothing") return undefined;
  const { kind, phase, task } = finding;
  return phase === "pending" || (kind === "same" && isOut(phase)) ? task : undefined;
}

async function goOn(context: Context, { as, inputs, question }: FirstPush, there: Sighting): Promise<PushTaskState> {
  const state = await bringAbout(context, as, question, inputs);
  const { urn } = question.task;
  // The line of what a halt did is said already.
  if (state.halted) return state;
  if (state.pushId === there.pushId) tellAdopted(context, urn, there);
  else
    context.log.info(
      `${there.pushId}, which an earlier run had pushed, was cancelled; ${state.pushId} is there now`,
      urn,
    );
  return state;
}

/** No run of this machine is known to have pushed it; the records may still show one of another. */
async function pushAnew(context: Context, first: FirstPush, { finding: left, known }: Left): Promise<PushTaskState> {
  const { as, inputs, question } = first;
  const { task, state: before, trace } = question;
  const finding = left.kind === "nothing" ? await find(context, task, before, known) : left;
  if (isHalting(context, first) && finding.kind !== "nothing" && finding.kind !== "duplicate") {
    if (finding.phase === "pending") return bringAbout(context, as, question, inputs);
    const found = recordOf(context, first, { marker: finding.task.groupId ?? "", sighting: finding.task, found: true });
    if (isCancelledByHalt(context, found)) return bringAbout(context, as, { ...question, state: found }, inputs);
  }
  if (finding.kind === "otherContent" && isOut(finding.phase)) refuseBeside(context, question, finding);
  if (finding.kind === "otherContent" && consentsOf(context, task).has(`adopt:${finding.task.pushId}`)) {
    return takeOver(context, first, finding.task);
  }
  if (task.remedy !== undefined && !(finding.kind === "same" && isOut(finding.phase))) {
    return neverSent(context, inputs, task, before);
  }
  refuseBeside(context, question, finding);
  const unsent = isThere(context, task, finding) ? undefined : notYet(context, first);
  if (unsent) return unsent;
  const made = await deliver(context, { action: as, task, state: before, known, trace });
  const state = recordOf(context, first, made);
  if (!made.found) tellFarAhead(context, task);
  else tellAdopted(context, task.urn, made.sighting);
  return made.found ? asDeclared(context, first, state) : state;
}

/** Whether `deliver` finds the push, and makes none. */
function isThere(context: Context, task: Task, finding: Finding): boolean {
  if (finding.kind === "nothing" || !isOut(finding.phase)) return false;
  return finding.kind === "same" || consentsOf(context, task).has(`adopt:${finding.task.pushId}`);
}

/** What is recorded without a push: too late, too early, or under a halt. */
function notYet(context: Context, { inputs, question }: FirstPush): PushTaskState | undefined {
  const { action, task, state } = question;
  const isTooLate = task.pastSendTime === "skip" && instantOf(task.sendTime) <= context.service.now();
  if (isTooLate || hasPassedHalted(context, state, task)) return neverSent(context, inputs, task, state);
  const why = hindrance(context, task);
  if (why === "halt") guardPast(context, action, task);
  return why && planned(context, inputs, task, state, why);
}

/** @throws where it stands in the way and no consent lifts it. */
function refuseBeside(context: Context, { action, task }: Question, finding: Finding): void {
  const stop = standsInTheWay(context, task, finding);
  if (stop) throw refused(context, action, stop);
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
function recordOf(context: Context, { inputs, question }: FirstPush, made: Delivered): PushTaskState {
  const state = stateOf({
    ...made,
    app: context.settings,
    inputs,
    revisions: [],
    now: context.service.now(),
    content: contentMark(question.task.canonical),
    identity: keyIn(question.state).identity,
  });
  return made.found ? { ...state, adopted: true } : state;
}

const tellAdopted = ({ log }: Context, urn: string, { pushId, status }: Sighting): void =>
  log.info(`push ${pushId} is there already (${status}); it is taken over, and nothing is sent`, urn);

/** By consent: what is pending is corrected; what is out stays as it is and is recorded. */
async function takeOver(context: Context, first: FirstPush, sighting: Sighting): Promise<PushTaskState> {
  const { as, inputs, question } = first;
  const { task } = question;
  const { pushId, title, content, groupId = "" } = sighting;
  const sent = { message: { title, content } };
  const state = { ...recordOf(context, first, { marker: groupId, sighting, found: true }), sent };
  if (task.remedy !== undefined) return asDeclared(context, first, state);
  if (state.phase === "pending") return bringAbout(context, as, { ...question, state, isOther: true }, inputs);
  context.log.warning(`${pushId} is out with other content; it is recorded, and nothing is sent`, task.urn);
  return state;
}

/** Its state was lost, and its declaration, or a halt, says that it is to be taken back. */
function asDeclared(
  context: Context,
  { as, inputs, question }: FirstPush,
  state: PushTaskState,
): PushTaskState | Promise<PushTaskState> {
  if (question.task.remedy === undefined && context.settings.halt === undefined) return state;
  const { remedy: _, ...before } = state.inputs;
  return bringAbout(context, as, { ...question, state: { ...state, inputs: before } }, inputs);
}
