import { type Finding, isOut, look, type Sighting } from "../../once/look.ts";
import { contentMark, identityMark, markerOf, ordinalOf } from "../../once/marker.ts";
import { isRefusal, type PlanRefusal, planCreated } from "../../remedy/plan.ts";
import { mayHaveActed } from "../../tpns/errors.ts";
import type { PushRequest } from "../../tpns/schema/push-request.ts";
import type { Context } from "../context.ts";
import { refused, Unanswered } from "../refusal.ts";
import type { Task } from "../task.ts";
import { guardPast, guardRepeat, guardTime, takePush } from "./guard.ts";
import { consentsOf, situationOf } from "./situation.ts";
import { type PushTaskState, pushIdsOf } from "./state.ts";

/** A push that is to be made: first, anew, or over one that is out. */
export interface Delivery {
  readonly action: "create" | "update";
  readonly task: Task;
  /** What the state holds; undefined for a first create. */
  readonly state: PushTaskState | undefined;
  /** The id of the message to replace; an override goes out at once. */
  readonly collapseId?: string;
  /** Its place among the run's pushes was taken already, before a cancel. */
  readonly placed?: boolean;
}

/** What is there afterwards. */
export interface Delivered {
  readonly marker: string;
  readonly sighting: Sighting;
  /** Pushed by an earlier run, and not now. */
  readonly found: boolean;
}

/** The look and the push of one task, in turn with those of the others. */
export function deliver(context: Context, delivery: Delivery): Promise<Delivered> {
  const { run, log } = context;
  if (run.waiting > 1)
    log.status(`waiting for ${run.waiting} tasks before this one, 1 push a second`, delivery.task.urn);
  return run.inTurn(async () => {
    const found = await lookBefore(context, delivery);
    if (found) return found;
    guardDelivery(context, delivery);
    refuseBlindRepeat(context, delivery);
    if (!delivery.placed) takePush(context, actionOf(delivery));
    return push(context, delivery);
  });
}

/** An override goes out at once, whatever its task's send time was. */
function guardDelivery(context: Context, delivery: Delivery): void {
  if (delivery.collapseId !== undefined) return;
  const guard = delivery.placed ? guardPast : guardTime;
  guard(context, actionOf(delivery), delivery.task);
}

/** Everything that `deliver` would refuse as things stand: asked before a cancel, so that nothing is lost by it. */
export async function wouldDeliver(context: Context, delivery: Delivery): Promise<void> {
  if (await lookBefore(context, delivery)) return;
  guardTime(context, actionOf(delivery), delivery.task);
  await guardRepeat(context, actionOf(delivery), delivery.task, delivery.state);
}

export const actionOf = ({ action, task }: Pick<Delivery, "action" | "task">): string =>
  `${action} task "${task.name}"`;

/** The half that says who is fixed with the first push, through every later rename. */
const identityFor = ({ task, state }: Pick<Delivery, "task" | "state">): string =>
  state ? state.marker.slice(0, identityMark(task.identity).length) : identityMark(task.identity);

/** What the records say of a task, beside what its state knows. */
export async function find(context: Context, task: Task, state: PushTaskState | undefined): Promise<Finding> {
  const intent = {
    identity: identityFor({ task, state }),
    content: contentMark(task.canonical),
    known: state ? pushIdsOf(state) : new Set<string>(),
  };
  return look(await context.book.all(), intent, context.service.now());
}

/** What stands in the way, or is there already. */
async function lookBefore(context: Context, delivery: Delivery): Promise<Delivered | undefined> {
  const finding = await find(context, delivery.task, delivery.state);
  const stop = standsInTheWay(context, delivery.task, finding);
  if (stop) throw refused(context, actionOf(delivery), stop);
  if (finding.kind === "nothing" || !isOut(finding.phase)) return undefined;
  const isTakenOver = consentsOf(context, delivery.task).has(`adopt:${finding.task.pushId}`);
  if (finding.kind !== "same" && !(finding.kind === "duplicate" && isTakenOver)) return undefined;
  return { marker: finding.task.groupId ?? "", sighting: finding.task, found: true };
}

type Found = Exclude<Finding, { kind: "nothing" }>;

/** What no push may be made beside without the user's consent. */
export function standsInTheWay(context: Context, task: Task, finding: Finding): PlanRefusal | undefined {
  if (finding.kind === "nothing") return undefined;
  const refusal = refusalOf(context, task, finding);
  const consents = consentsOf(context, task);
  const { pushId } = finding.task;
  const lifts = finding.kind === "same" ? [refusal?.consent ?? ""] : [`adopt:${pushId}`, `duplicate-of:${pushId}`];
  return lifts.some((consent) => consents.has(consent)) ? undefined : refusal;
}

function refusalOf(context: Context, task: Task, finding: Found): PlanRefusal | undefined {
  const { pushId, title } = finding.task;
  const found = `${pushId} "${title}", ${finding.phase}`;
  if (finding.kind === "otherContent") {
    return {
      refusal: `the service has another push of this resource, ${found}, which the state does not know`,
      wayOn: `restore the state, or declare what is there; if it is a resource's that was renamed or removed, push beside it by consent: ["duplicate-of:${pushId}"]`,
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

async function push(context: Context, delivery: Delivery): Promise<Delivered> {
  const { task } = delivery;
  const { service, book } = context;
  const marker = markerFor(delivery);
  const pushId = await pushOnce(context, delivery, requestOf(context, delivery, marker));
  if (typeof pushId !== "string") return pushId;
  const sighting: Sighting = {
    pushId,
    // Not seen yet: what the service does first with what it accepts.
    status: isAtOnce(delivery) ? "PUSH_STARTED" : "PUSH_WAIT",
    audience: task.request.audience_type,
    createdAt: service.now(),
    title: task.request.message.title ?? "",
    content: task.request.message.content ?? "",
    groupId: marker,
    collapseId: undefined,
    sendAt: goesOutAt(context, delivery),
    storageSeconds: task.storageSeconds,
  };
  book.add(sighting);
  return { marker, sighting, found: false };
}

/** An override goes out at once, whenever its task was sent. */
const isAtOnce = ({ task, collapseId }: Delivery): boolean => task.sendTime.kind === "asap" || collapseId !== undefined;

/** When what is pushed now goes out. */
const goesOutAt = ({ service }: Context, delivery: Delivery): Date => {
  const { sendTime } = delivery.task;
  return sendTime.kind === "at" && !isAtOnce(delivery) ? sendTime.at : service.now();
};

/** A lost answer is not repeated: the records are asked whether the service has it. */
async function pushOnce(context: Context, delivery: Delivery, request: PushRequest): Promise<string | Delivered> {
  const mayGo = (): void => guardDelivery(context, delivery);
  try {
    return await context.service.push(delivery.task.name, request, mayGo);
  } catch (error) {
    if (!mayHaveActed(error)) throw error;
    return afterLostAnswer(context, delivery, request, error instanceof Error ? error.message : String(error));
  }
}

async function afterLostAnswer(
  context: Context,
  delivery: Delivery,
  { group_id }: PushRequest,
  line: string,
): Promise<Delivered> {
  context.run.unanswered.add(delivery.task.canonical);
  const found = await context.book.fresh().then(
    () => lookBefore(context, delivery),
    () => undefined,
  );
  if (found) return found;
  const wayOn =
    group_id === undefined
      ? "it carries no marker, so look for it in the console's task list before you run pulumi up again"
      : "run pulumi up again, which looks for it before it pushes";
  throw new Unanswered(`${line}; it is not known whether the service took it; ${wayOn}`);
}

/** The engine can call create again in one run, a hundred times: what cannot be found is not pushed blindly twice. */
function refuseBlindRepeat({ run }: Context, delivery: Delivery): void {
  if (!run.unanswered.has(delivery.task.canonical)) return;
  throw new Unanswered(
    `${actionOf(delivery)}: its push in this run was not answered, and it is not known whether the service took it; look for it before you run pulumi up again`,
  );
}

/** A plan of the user's own takes the marker's place. */
function requestOf({ settings }: Context, { task, collapseId }: Delivery, marker: string): PushRequest {
  const marked = settings.marker && task.request.plan_id === undefined ? { group_id: marker } : {};
  if (collapseId === undefined) return { ...task.request, ...marked };
  const { send_time: _, ...atOnce } = task.request;
  return { ...atOnce, ...marked, collapse_id: collapseId, force_collapse: task.forceCollapse };
}

/** Kept in the state even where it is not sent: its first half is the resource's identity for good. */
const markerFor = (delivery: Delivery): string =>
  markerOf(
    identityFor(delivery),
    contentMark(delivery.task.canonical),
    delivery.state ? ordinalOf(delivery.state.marker) + 1 : 0,
  );
