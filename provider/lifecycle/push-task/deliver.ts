import { type Finding, look, type Sighting } from "../../once/look.ts";
import { contentMark, identityMark, markerOf, ordinalOf } from "../../once/marker.ts";
import { isRefusal, planCreated } from "../../remedy/plan.ts";
import { PushConnectionError } from "../../tpns/errors.ts";
import type { PushRequest } from "../../tpns/schema/push-request.ts";
import type { Context } from "../context.ts";
import { Refused, refused } from "../refusal.ts";
import { inServiceTime } from "../send-time.ts";
import type { Task } from "../task.ts";
import { consentsOf, situationOf } from "./situation.ts";
import { lastPushOf, type PushTaskState, pushIdsOf, sentInputsOf } from "./state.ts";

const hourMilliseconds = 60 * 60 * 1_000;
const dayMilliseconds = 24 * hourMilliseconds;

/** The service takes send times within 90 days. @see https://www.tencentcloud.com/document/product/1024/33764 */
const maxDaysAhead = 90;

/** Longer, and a state lost and found could send what everybody has forgotten. */
const maxAsapDays = 7;

/** A push that is to be made: first, anew, or over one that is out. */
export interface Delivery {
  readonly action: "create" | "update";
  readonly task: Task;
  /** What the state holds; undefined for a first create. */
  readonly state: PushTaskState | undefined;
  /** The id of the message to replace; an override goes out at once. */
  readonly collapseId?: string;
}

/** What is there afterwards. */
export interface Delivered {
  readonly marker: string;
  readonly sighting: Sighting;
  /** Pushed by an earlier run, and not now. */
  readonly found: boolean;
}

/** The look and the push of one task, in turn with those of the others. */
export const deliver = (context: Context, delivery: Delivery): Promise<Delivered> =>
  context.run.inTurn(async () => {
    const found = await lookBefore(context, delivery);
    if (found) return found;
    mayPush(context, delivery);
    return push(context, delivery);
  });

/** Everything that `deliver` would refuse as things stand: asked before a cancel, so that nothing is lost by it. */
export async function wouldDeliver(context: Context, delivery: Delivery): Promise<void> {
  await lookBefore(context, delivery);
  mayPush(context, delivery);
  refuseRepeatWithinHour(context, delivery);
}

const actionOf = ({ action, task }: Delivery): string => `${action} task "${task.name}"`;

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
  switch (finding.kind) {
    case "nothing":
      return undefined;
    case "same":
      return takeSame(context, delivery, finding);
    case "otherContent":
      throw otherContent(context, delivery, finding);
    case "duplicate":
      return passDuplicate(context, delivery, finding);
  }
}

type Found = Exclude<Finding, { kind: "nothing" }>;

function takeSame(context: Context, delivery: Delivery, { task: sighting, phase }: Found): Delivered | undefined {
  const row = planCreated(situationOf(context, delivery.task, sighting.pushId, phase))[phase];
  if (isRefusal(row)) throw refused(context, actionOf(delivery), row);
  if (row.steps.length > 0) return undefined;
  return { marker: sighting.groupId ?? "", sighting, found: true };
}

function otherContent(context: Context, delivery: Delivery, { task: sighting, phase }: Found): Error {
  return refused(context, actionOf(delivery), {
    refusal: `the service has another push of this resource, ${describe(sighting)}, ${phase}, which the state does not know`,
    wayOn: "restore the state, or declare what is there",
    consent: `adopt:${sighting.pushId}`,
  });
}

function passDuplicate(context: Context, delivery: Delivery, { task: sighting, phase }: Found): undefined {
  const consent = `duplicate-of:${sighting.pushId}` as const;
  if (consentsOf(context, delivery.task).has(consent)) return undefined;
  throw refused(context, actionOf(delivery), {
    refusal: `another resource has pushed the same message to the same audience for the same time, ${describe(sighting)}, ${phase}`,
    wayOn: "if it was renamed or moved, write the option aliases; if not, change one of the two",
    consent,
  });
}

const describe = ({ pushId, title }: Sighting): string => `${pushId} "${title}"`;

/** Guards of clock and number, just before the call. */
function mayPush(context: Context, delivery: Delivery): void {
  const { run, settings } = context;
  if (delivery.collapseId === undefined) mayPushNow(context, delivery);
  if (run.pushed < settings.maxPushesPerRun) return;
  throw new Refused(
    `${actionOf(delivery)}: this run has made ${run.pushed} pushes, and maxPushesPerRun is ${settings.maxPushesPerRun}; raise it on the provider, or run again`,
  );
}

/** The service sends past times at once, so they are refused here. */
function mayPushNow(context: Context, delivery: Delivery): void {
  const { service, settings } = context;
  const { sendTime } = delivery.task;
  const now = service.now().getTime();
  const refuse = (line: string): never => {
    throw new Refused(`${actionOf(delivery)}: ${line}`);
  };
  if (sendTime.kind === "asap") {
    const at = inServiceTime(sendTime.notAfter);
    if (now > sendTime.notAfter.getTime()) refuse(`its notAfter ${at} is past; write a later one to send it`);
    if (sendTime.notAfter.getTime() - now > maxAsapDays * dayMilliseconds) {
      refuse(`its notAfter ${at} is more than ${maxAsapDays} days ahead; write an earlier one`);
    }
    return;
  }
  const at = inServiceTime(sendTime.at);
  const leadSeconds = Math.floor((sendTime.at.getTime() - now) / 1_000);
  if (leadSeconds <= 0) refuse(`its send time ${at} is past; write a later one, or pastSendTime: "skip" on a new task`);
  if (leadSeconds < settings.minimumLeadSeconds) {
    refuse(
      `its send time ${at} is ${leadSeconds} seconds ahead, and minimumLeadSeconds is ${settings.minimumLeadSeconds}; write a later one`,
    );
  }
  if (leadSeconds * 1_000 > maxDaysAhead * dayMilliseconds) {
    refuse(
      `its send time ${at} is more than ${maxDaysAhead} days ahead, which the service refuses; write an earlier one`,
    );
  }
}

/** To all, the service takes the same title and content once an hour: after a cancel the push would be refused. */
function refuseRepeatWithinHour(context: Context, { action, task, state, collapseId }: Delivery): void {
  const last = state && lastPushOf(state);
  if (task.request.audience_type !== "all" || last === undefined || collapseId !== undefined) return;
  const { title, content } = task.request.message;
  const works = new Date(new Date(last.at).getTime() + hourMilliseconds);
  const message = state && sentInputsOf(state).message;
  const before = typeof message === "object" && message !== null ? message : {};
  const repeats = Reflect.get(before, "title") === title && Reflect.get(before, "content") === content;
  if (!repeats || context.service.now() >= works) return;
  throw new Refused(
    `${action} task "${task.name}": the service takes the same title and content to all only once an hour, and it was pushed ${inServiceTime(new Date(last.at))}; change one of them, or wait until ${inServiceTime(works)}`,
  );
}

async function push(context: Context, delivery: Delivery): Promise<Delivered> {
  const { task } = delivery;
  const { run, book } = context;
  const marker = markerFor(delivery);
  run.pushed += 1;
  const pushId = await pushOnce(context, delivery, requestOf(context, delivery, marker));
  if (typeof pushId !== "string") return pushId;
  const sighting: Sighting = {
    pushId,
    // Not seen yet: what the service does first with what it accepts.
    status: isAtOnce(delivery) ? "PUSH_STARTED" : "PUSH_WAIT",
    title: task.request.message.title ?? "",
    content: task.request.message.content ?? "",
    groupId: marker,
    collapseId: undefined,
    sendAt: goesOutAt(context, delivery),
    storageSeconds: task.storageSeconds,
  };
  await book.add(sighting);
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
  try {
    return await context.service.push(delivery.task.name, request);
  } catch (error) {
    if (!(error instanceof PushConnectionError)) throw error;
    await context.book.fresh();
    const found = await lookBefore(context, delivery);
    if (found) return found;
    throw new Refused(
      `${error.message}; it is not known whether the service took it; run pulumi up again, which looks for it before it pushes`,
    );
  }
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
