import { canonicalText } from "../../canonical.ts";
import { type Identity, parseIdentity } from "../../once/marker.ts";
import { changesRequest } from "../../remedy/change.ts";
import { expiresAt } from "../../remedy/phase.ts";
import { finalNote, isRefusal, passedNote } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { Refused, refused } from "../refusal.ts";
import { type PushTaskInputs, type Task, taskFrom } from "../task.ts";
import { isUnknown } from "../translation.ts";
import { isOnOtherApp, isSettled, nameIn, refuseOtherApp } from "./app.ts";
import { decide } from "./decide.ts";
import { wouldDeliver } from "./deliver.ts";
import { describe } from "./describe.ts";
import { announcePush, guardLater, guardRules, pushProblem, repeatProblem } from "./guard.ts";
import { afterHalt, differenceUnderHalt } from "./halt.ts";
import { hasPassedHalted, hindrance, knowTheDay, plannedLine } from "./hand-over.ts";
import { changeOf } from "./situation.ts";
import { courseOf, isUnsettled, lastPushOf, type PushTaskState } from "./state.ts";
import { scheduledOf } from "./stray.ts";
import { entriesFor, openEntries, traceOf } from "./trace.ts";

/** What a handler answers to the engine's diff. */
export interface Difference {
  readonly changes: boolean;
  readonly replaces?: string[];
}

/** Says who asks and nothing of the task; a rename changes it. */
const identityName = "identity";

/** An unchanged task costs nothing; a changed one is held against the service, so that the preview refuses and explains. */
export async function diff(context: Context, olds: PushTaskState, news: PushTaskInputs): Promise<Difference> {
  if (olds.phase === "planned") return differenceOfPlanned(context, olds, news);
  const isElsewhere = isOnOtherApp(context, olds);
  if (isElsewhere && !isSettled(olds)) return replaced(context, olds);
  hold(context, olds, news);
  if (isSameDeclaration(olds.inputs, news)) return differenceOfSame(context, olds, news);
  if (isUnknown(news)) return { changes: true };
  const task = taskFrom(news, context.settings);
  if (isElsewhere) tellHistory(context, task, olds);
  if (needsService(context, task, olds)) await announce(context, task, olds);
  else if (changeOf(context, task, olds).remedy === "removed") context.log.warning(finalNote, task.urn);
  return { changes: true };
}

/** A halt, or what an earlier run has left, is work under an unchanged declaration too. */
async function differenceOfSame(context: Context, olds: PushTaskState, news: PushTaskInputs): Promise<Difference> {
  const underHalt = await differenceUnderHalt(context, olds, parseIdentity(String(news.identity)));
  if (underHalt?.changes === true) return underHalt;
  const isOpen = isLeftOpen(context, olds, parseIdentity(String(news.identity)), underHalt !== undefined);
  if (isOpen) return leftOpen(context, olds);
  return underHalt ?? unchanged(context, olds);
}

/** Nothing of it is at the service: it is handed over when it is due, under an unchanged declaration too. */
async function differenceOfPlanned(context: Context, olds: PushTaskState, news: PushTaskInputs): Promise<Difference> {
  hold(context, olds, news);
  const isSame = isSameDeclaration(olds.inputs, news);
  if (isSame && isLeftOpen(context, olds, parseIdentity(String(news.identity)))) return leftOpen(context, olds);
  if (isUnknown(news)) return { changes: true };
  const task = taskFrom(news, context.settings);
  if (!context.canAsk || task.remedy !== undefined) return { changes: !isSame };
  await knowTheDay(context);
  const why = hindrance(context, task);
  const scheduled = context.settings.halt === undefined ? [] : await scheduledOf(context, task, olds).catch(() => []);
  if (scheduled.length > 0) {
    const ids = scheduled.map(({ pushId }) => pushId).join(", ");
    context.log.warning(`planned: push ${ids} of it is scheduled, and cancelled under the halt`, task.urn);
    return { changes: true };
  }
  if (why !== undefined) {
    if (!isSame) guardLater(context, `update task "${task.name}"`, task);
    context.log.info(plannedLine(context, task, why), task.urn);
    return { changes: !isSame || (why === "halt" && olds.halted !== true) };
  }
  if (hasPassedHalted(context, olds, task)) {
    context.log.warning(`planned: ${passedNote}`, task.urn);
    return { changes: true };
  }
  context.log.info("planned: it is handed to the service now", task.urn);
  const problem = await pushProblem(context, task, olds);
  // A refresh asks this too, and is to succeed.
  if (problem !== undefined && !isSame) throw new Refused(problem);
  if (problem !== undefined) context.log.warning(problem, task.urn);
  return { changes: true };
}

/** A refresh asks diff as well, and of resources that the program no longer declares: those hold nothing. */
function hold({ run }: Context, { pushId }: PushTaskState, { identity }: PushTaskInputs): void {
  if (!run.declared.has(String(identity))) return;
  run.handled.add(String(identity));
  if (pushId !== undefined) run.held.set(pushId, parseIdentity(String(identity)).urn);
}

/** Another `tpns.Provider` leaves the old one to serve the delete; the default provider is reconfigured in place. */
function replaced(context: Context, olds: PushTaskState): Difference {
  const action = `update task "${nameIn(olds)}"`;
  const { settings, service } = context;
  if (!settings.explicit || olds.accessId === settings.accessId) refuseOtherApp(context, action, olds);
  if (context.canAsk && service.now() > expiresAt(courseOf(olds))) {
    throw new Refused(
      `${action}: its app has changed, and when it was last looked at it was ${olds.phase}; run pulumi refresh first, which tells whether it is over`,
    );
  }
  return { changes: true, replaces: ["accessId"] };
}

/** An earlier run has left something to settle; history on another app is left alone. */
function isLeftOpen(context: Context, olds: PushTaskState, identity: Identity, isHalted = false): boolean {
  const isOwing = isUnsettled(olds) && !isHalted;
  if (isOwing || isOnOtherApp(context, olds)) return isOwing;
  return entriesFor(context, identity, openEntries(context, olds)).length > 0;
}

/** A refresh asks this too, with what was recorded, and is to succeed: what must be refused is left to the update. */
async function leftOpen(context: Context, olds: PushTaskState): Promise<Difference> {
  const { log, settings } = context;
  const isEnded = olds.halted && olds.unresolved === undefined && settings.halt === undefined;
  log.warning(isEnded ? await afterHalt(context, olds) : whatIsLeft(context, olds), urnIn(olds));
  return { changes: true };
}

function whatIsLeft({ settings }: Context, { owed, unresolved, duplicatePushIds }: PushTaskState): string {
  if (unresolved) return "its push was not answered; pulumi up finds out whether the service took it, and settles it";
  if (owed && settings.halt) return "nothing is scheduled since its cancel; it is pushed when tpns:halt ends";
  if (owed) return "nothing is scheduled since its cancel; pulumi up pushes it anew";
  if (duplicatePushIds) {
    return `it is scheduled more than once (${duplicatePushIds.join(", ")} besides); pulumi up cancels all but one`;
  }
  return "an earlier run did not finish with it; pulumi up finds out what it did, and settles it";
}

/** Somebody may have acted in the service's console, which only a refresh shows. */
function unchanged({ log }: Context, olds: PushTaskState): Difference {
  const { inputs, phase, status, revisions } = olds;
  if (phase === "withdrawn" && inputs.remedy === undefined && revisions.at(-1) === lastPushOf(olds)) {
    log.warning(
      `it was withdrawn, and not by this stack (${status}); write remedy: "cancel" to acknowledge that, or use a new resource name to send it`,
      urnIn(olds),
    );
  }
  if (phase === "failed" && inputs.remedy === undefined) {
    log.warning(
      `the service failed to send it (${status}), and some phones may have got it; write a new sendTime to send it, or remedy: "cancel" to acknowledge that`,
      urnIn(olds),
    );
  }
  return { changes: false };
}

const urnIn = ({ inputs }: PushTaskState): string => String(inputs.identity).split("|").slice(2).join("|");

function tellHistory({ log }: Context, task: Task, { accessId, phase }: PushTaskState): void {
  log.warning(
    `it was ${phase} on app ${accessId}; the change is recorded and nothing is sent, to send it use a new resource name`,
    task.urn,
  );
}

/** Whether nothing of the task is changed; a rename is no change of it. */
export function isSameDeclaration(olds: PushTaskInputs, news: PushTaskInputs): boolean {
  const names = new Set([...Object.keys(olds), ...Object.keys(news)]);
  names.delete(identityName);
  return [...names].every((name) => canonicalText(olds[name]) === canonicalText(news[name]));
}

/** Settings of ours, and other words for the same request, are recorded without asking anybody. */
export function needsService(context: Context, task: Task, olds: PushTaskState): boolean {
  if (isOnOtherApp(context, olds)) return false;
  const change = changeOf(context, task, olds);
  const isHalting = context.settings.halt !== undefined && task.remedy === undefined;
  return isHalting || changesRequest(change) || change.remedy === "added" || isLeftOpen(context, olds, task.identity);
}

async function announce(context: Context, task: Task, olds: PushTaskState): Promise<void> {
  const { log, settings } = context;
  if (!context.canAsk) {
    log.warning("no secret key, so the service was not asked what this change will do", task.urn);
    return;
  }
  const action = `update task "${task.name}"`;
  const trace = traceOf(context, action, olds, task);
  const decision = await decide(context, { action, task, state: olds, trace, now: false });
  const { plan, standing } = decision;
  if (isRefusal(plan)) throw refused(context, action, plan);
  const pushes = plan.steps.includes("push");
  if (pushes)
    await wouldDeliver(context, { action: "update", task, state: standing.state, known: standing.known, trace });
  if (plan.steps.includes("override")) guardRules(context, action, task, undefined);
  if (plan.owes) guardLater(context, action, task);
  const tooMany = pushes || plan.steps.includes("override") ? announcePush(context) : undefined;
  if (tooMany !== undefined) throw new Refused(`${action}: ${tooMany}`);
  log.info(describe(settings, task, decision, plan), task.urn);
  if (plan.steps.includes("override")) await tellRepeat(context, task, standing.state);
}

/** No page says whether an override counts as a repetition: the service decides, and what it refuses it did not do. */
async function tellRepeat(context: Context, task: Task, state: PushTaskState): Promise<void> {
  const problem = await repeatProblem(context, task, state);
  if (problem !== undefined) context.log.warning(`it may be refused: ${problem}`, task.urn);
}
