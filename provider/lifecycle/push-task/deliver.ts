import { type Finding, isOut, look } from "../../once/look.ts";
import { contentMark, parseMarker } from "../../once/marker.ts";
import { attemptsOf } from "../../once/observe.ts";
import { isRefusal, type PlanRefusal, planCreated } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { refused, Undecided } from "../refusal.ts";
import type { Task } from "../task.ts";
import { guardPast, guardRepeat, guardRules, guardTime, takePush } from "./guard.ts";
import { type Announced, announce, type Delivered, type Delivery, isRepeated, push } from "./push-once.ts";
import { consentsOf, situationOf } from "./situation.ts";
import { keyIn, type PushTaskState } from "./state.ts";
import { windowEnd } from "./trace.ts";
import { inTurn } from "./turn.ts";

/** The look and the push of one task, in turn with those of the others. */
export function deliver(context: Context, delivery: Delivery): Promise<Delivered> {
  const { run, log } = context;
  const { urn } = delivery.task;
  return inTurn(context, urn, async () => {
    const found = await lookBefore(context, delivery);
    if (found) return found;
    guardDelivery(context, delivery);
    const announced = delivery.announced ?? (await begin(context, delivery));
    const made = await pushAnnounced(context, delivery, announced);
    // The engine shows the last line beside "created", where it is no longer waiting.
    if (run.toldToWait.delete(urn)) log.status(`push ${run.pushed} of this run`, urn);
    return made;
  });
}

/** What does not follow a cancel takes its place now, and is written down. */
function begin(context: Context, delivery: Delivery): Promise<Announced> {
  takePush(context, actionOf(delivery));
  return announce(context, delivery, []);
}

/** Refused because the same went out within the hour: it may be this task's own, which came late. */
async function pushAnnounced(context: Context, delivery: Delivery, announced: Announced): Promise<Delivered> {
  try {
    return await push(context, delivery, announced, () => guardDelivery(context, delivery));
  } catch (error) {
    if (!isRepeated(error)) throw error;
    await context.book.fresh();
    const own = await lookBefore(context, delivery);
    if (own === undefined) throw error;
    return own;
  }
}

/** An override goes out at once, whatever its task's send time was: a correction must not wait for the hours of the day. */
function guardDelivery(context: Context, delivery: Delivery): void {
  const action = actionOf(delivery);
  if (delivery.collapseId !== undefined) guardRules(context, action, delivery.task, undefined);
  else if (delivery.announced) guardPast(context, action, delivery.task);
  else guardTime(context, action, delivery.task);
}

/** Everything that `deliver` would refuse as things stand: asked before a cancel, so that nothing is lost by it. */
export async function wouldDeliver(context: Context, delivery: Delivery): Promise<void> {
  if (await lookBefore(context, delivery)) return;
  guardTime(context, actionOf(delivery), delivery.task);
  await guardRepeat(context, actionOf(delivery), delivery.task, delivery.state);
}

export const actionOf = ({ action, task }: Pick<Delivery, "action" | "task">): string =>
  `${action} task "${task.name}"`;

/** What the records say of a task, beside what is known of it. */
export async function find(
  context: Context,
  task: Task,
  state: PushTaskState,
  known: ReadonlySet<string>,
): Promise<Finding> {
  const held = (pushId: string): boolean => (context.run.held.get(pushId) ?? task.urn) !== task.urn;
  const intent = { identity: keyIn(state).identity, content: contentMark(task.canonical), known, held };
  const records = await context.book.all();
  const concerned = new Set([...records.of(intent.identity), ...records.saying(intent.content)]);
  return look([...concerned], intent, context.service.now());
}

/** What stands in the way, or is there already. */
async function lookBefore(context: Context, delivery: Delivery): Promise<Delivered | undefined> {
  const finding = await find(context, delivery.task, delivery.state, delivery.known);
  const stop = standsInTheWay(context, delivery.task, finding);
  if (stop) throw refused(context, actionOf(delivery), stop);
  if (finding.kind === "nothing") refuseBesideDoubt(context, delivery);
  if (finding.kind === "nothing" || !isOut(finding.phase)) return undefined;
  const isTakenOver = consentsOf(context, delivery.task).has(`adopt:${finding.task.pushId}`);
  if (finding.kind !== "same" && !(finding.kind === "duplicate" && isTakenOver)) return undefined;
  return { marker: finding.task.groupId ?? "", sighting: finding.task, found: true };
}

/** The same push of another resource, perhaps of this one under another name, may still arrive. */
function refuseBesideDoubt(context: Context, { action, task, state }: Delivery): void {
  const content = contentMark(task.canonical);
  const doubtful = attemptsOf(context.journal.entriesOfOthers(keyIn(state), content))
    .filter(({ pushId, marker }) => pushId === undefined && parseMarker(marker)?.content === content)
    .map(({ at }) => windowEnd(context, at))
    .find((end) => end > context.service.now());
  if (doubtful)
    throw new Undecided(`${action} task "${task.name}"`, undefined, doubtful, "the same push of another resource");
}

type Found = Exclude<Finding, { kind: "nothing" }>;

/** What no push may be made beside without the user's consent. */
export function standsInTheWay(context: Context, task: Task, finding: Finding): PlanRefusal | undefined {
  if (finding.kind === "nothing") return undefined;
  const refusal = refusalOf(context, task, finding);
  const consents = consentsOf(context, task);
  const { pushId } = finding.task;
  // Two resources with one marker would withdraw each other's pushes; what is over nobody can withdraw.
  const beside = finding.kind === "duplicate" || finding.phase === "sent" ? [`duplicate-of:${pushId}`] : [];
  const lifts = finding.kind === "same" ? [refusal?.consent ?? ""] : [`adopt:${pushId}`, ...beside];
  return lifts.some((consent) => consents.has(consent)) ? undefined : refusal;
}

function refusalOf(context: Context, task: Task, finding: Found): PlanRefusal | undefined {
  const { pushId, title } = finding.task;
  const found = `${pushId} "${title}", ${finding.phase}`;
  if (finding.kind === "otherContent") {
    return {
      refusal: `the service has another push of this resource, ${found}, which the state does not know`,
      wayOn: `restore the state, or declare what is there; if it is a resource's that was renamed or removed, ${
        finding.phase === "sent"
          ? `push beside it by consent: ["duplicate-of:${pushId}"]`
          : "give this one another name"
      }`,
      consent: `adopt:${pushId}`,
    };
  }
  if (finding.kind === "duplicate") {
    return {
      refusal: `another resource has pushed the same message to the same audience for the same time, ${found}`,
      wayOn: `if it was renamed or moved, write the option aliases, or consent: ["adopt:${pushId}"] where the state is lost; if not, change one of the two`,
      consent: `duplicate-of:${pushId}`,
    };
  }
  const row = planCreated(situationOf(context, task, pushId, finding.phase))[finding.phase];
  return isRefusal(row) ? row : undefined;
}
