import { type Attempt, fingerprintOf, type PlannedPush, type Shown } from "../../once/attempt.ts";
import type { Entry, StepNote, WithdrawalStep, Writing } from "../../once/journal.ts";
import { isOut, type Sighting } from "../../once/look.ts";
import { contentMark, nextMarker, ordinalOf } from "../../once/marker.ts";
import { mayHaveActed, settle } from "../../once/observe.ts";
import { outcomeOf } from "../../once/outcome.ts";
import { phaseOf } from "../../remedy/phase.ts";
import type { PushRequest } from "../../tpns/schema/push-request.ts";
import type { Context } from "../context.ts";
import { Unanswered } from "../refusal.ts";
import { untilMinute } from "../send-time.ts";
import { hashedParts, type Task } from "../task.ts";
import { keyIn, type PushTaskState } from "./state.ts";
import { beginEntry, type Trace, windowEnd } from "./trace.ts";

/** A push that is to be made: first, anew, or over one that is out. */
export interface Delivery {
  readonly action: "create" | "update";
  readonly task: Task;
  /** What the state holds, or would hold if nothing was pushed yet. */
  readonly state: PushTaskState;
  /** Push ids that are no surprise to the look before it. */
  readonly known: ReadonlySet<string>;
  /** What earlier runs left, as it was when this was decided. */
  readonly trace: Trace;
  /** The id of the message to replace; an override goes out at once. */
  readonly collapseId?: string;
  /** It follows a cancel, before which its place among the run's pushes was taken and the journal written. */
  readonly announced?: Announced;
}

/** What is there afterwards. */
export interface Delivered {
  readonly marker: string;
  readonly sighting: Sighting;
  /** Pushed by an earlier run, and not now. */
  readonly found: boolean;
}

/** A push whose marker is chosen, and which the journal holds. */
export interface Announced {
  readonly planned: PlannedPush;
  readonly writing: Writing;
}

/** Writes down what is about to be done, the withdrawals before the push included. */
export async function announce(
  context: Context,
  delivery: Delivery,
  withdrawals: readonly WithdrawalStep[],
): Promise<Announced> {
  const { task, state, action, trace } = delivery;
  const planned = plannedPush(context, delivery, await unusedMarker(context, delivery));
  const steps = [...withdrawals, { kind: "push", push: planned } as const];
  const entry = { action, urn: task.urn, steps };
  const writing = beginEntry(context, `${action} task "${task.name}"`, keyIn(state), entry, trace);
  return { planned, writing };
}

function plannedPush(context: Context, delivery: Delivery, marker: string): PlannedPush {
  const { task } = delivery;
  const shown = shownOf(context, delivery);
  return {
    marker,
    marked: isMarked(context, task),
    atOnce: isAtOnce(delivery),
    parts: hashedParts(task.parts),
    fingerprint: fingerprintOf(shown, isAtOnce(delivery)),
    sendAt: shown.sendAt.toISOString(),
    storageSeconds: task.storageSeconds,
  };
}

/** What the records will show of it. */
function shownOf({ service }: Context, delivery: Delivery): Shown {
  const { request, sendTime } = delivery.task;
  const { title = "", content = "" } = request.message;
  const sendAt = sendTime.kind === "at" && !isAtOnce(delivery) ? sendTime.at : service.now();
  return { title, content, audience: request.audience_type, sendAt };
}

/** An override goes out at once, whenever its task was sent. */
const isAtOnce = ({ task, collapseId }: Delivery): boolean => task.sendTime.kind === "asap" || collapseId !== undefined;

/** The next ordinal that no push of the task carries, whether the state, the journal or the records know it. */
async function unusedMarker(context: Context, { task, state }: Delivery): Promise<string> {
  const key = keyIn(state);
  const used = new Set([
    ...(await context.book.all()).of(key.identity).flatMap(({ groupId }) => groupId ?? []),
    ...context.journal.entriesOf(key).flatMap(markersIn),
    ...(state.unresolved ? [state.unresolved.marker] : []),
  ]);
  const first = state.pushId === undefined ? 0 : ordinalOf(state.marker) + 1;
  return nextMarker(key.identity, contentMark(task.canonical), first, used);
}

const markersIn = ({ steps }: Entry): readonly string[] =>
  steps.flatMap((step) => (step.kind === "push" && mayHaveActed(step) ? [step.push.marker] : []));

/** A plan of the user's own takes the marker's place. */
const isMarked = ({ settings }: Context, { request }: Task): boolean =>
  settings.marker && request.plan_id === undefined;

function requestOf({ task, collapseId }: Delivery, { marker, marked }: PlannedPush): PushRequest {
  const mark = marked ? { group_id: marker } : {};
  if (collapseId === undefined) return { ...task.request, ...mark };
  const { send_time: _, ...atOnce } = task.request;
  return { ...atOnce, ...mark, collapse_id: collapseId, force_collapse: task.forceCollapse };
}

/** `mayGo` is asked after each wait, just before the call, and throws to prevent it. */
export async function push(
  context: Context,
  delivery: Delivery,
  announced: Announced,
  mayGo: () => void,
): Promise<Delivered> {
  const { planned } = announced;
  const pushed = await pushOnce(context, delivery, announced, mayGo);
  if (typeof pushed !== "string") return pushed;
  const sighting: Sighting = {
    pushId: pushed,
    // Not seen yet: what the service does first with what it accepts.
    status: isAtOnce(delivery) ? "PUSH_STARTED" : "PUSH_WAIT",
    ...shownOf(context, delivery),
    createdAt: context.service.now(),
    groupId: planned.marker,
    collapseId: undefined,
    isFromApi: true,
    storageSeconds: planned.storageSeconds,
  };
  context.book.add(sighting);
  return { marker: planned.marker, sighting, found: false };
}

/** Sends once, and writes down what came of it, unless nobody can tell: then the records are asked. */
async function pushOnce(
  context: Context,
  delivery: Delivery,
  { planned, writing }: Announced,
  mayGo: () => void,
): Promise<string | Delivered> {
  const note = writing.push();
  let attempt: Attempt | undefined;
  let prevented: unknown;
  const beforeSending = (at: Date): void => {
    try {
      mayGo();
      note.begun(at);
      attempt = { ...planned, at: at.toISOString() };
    } catch (error) {
      prevented = error;
      throw error;
    }
  };
  try {
    const pushId = await context.service.push(delivery.task.name, requestOf(delivery, planned), beforeSending);
    noteDone(context, note, pushId);
    return pushId;
  } catch (error) {
    // Only what was refused is sent again: where a second sending was prevented, the first did nothing.
    const isOpen = attempt !== undefined && error !== prevented && outcomeOf(error) === "ambiguous";
    if (!isOpen || attempt === undefined) {
      note.void();
      throw error;
    }
    const there = await lookFor(context, attempt);
    if (there === undefined) throw unanswered(context, attempt, error);
    noteDone(context, note, there.sighting.pushId);
    return there;
  }
}

/** The push is made: a disk that is full by now must not make it a failure. The state holds the marker, which is enough. */
function noteDone({ log }: Context, note: StepNote, pushId: string): void {
  try {
    note.done(pushId);
  } catch (error) {
    log.warning(`push ${pushId} is made, and could not be noted: ${error instanceof Error ? error.message : error}`);
  }
}

/** A lost answer is not repeated: the records are asked whether the service has it. */
async function lookFor({ book, service }: Context, attempt: Attempt): Promise<Delivered | undefined> {
  const records = await book.fresh().catch(() => undefined);
  const [there] = settle([attempt], records?.list ?? []).taken;
  if (there === undefined || !isOut(phaseOf(there.task.status, there.task, service.now()))) return undefined;
  return { marker: attempt.marker, sighting: there.task, found: true };
}

function unanswered(context: Context, attempt: Attempt, error: unknown): Unanswered {
  const line = error instanceof Error ? error.message : String(error);
  const from = untilMinute(windowEnd(context, attempt.at));
  return new Unanswered(
    `${line}; it is not known whether the service took it; run pulumi up again, which finds out, at the latest from ${from} on`,
    attempt,
  );
}

/** Whether the service refused it because the same went out within the hour. */
export const isRepeated = (error: unknown): boolean => outcomeOf(error) === "duplicate";
