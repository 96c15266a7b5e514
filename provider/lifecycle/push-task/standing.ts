import { isOut, type Sighting } from "../../once/look.ts";
import { parseMarker } from "../../once/marker.ts";
import { decidableFrom, type KnownAttempt, settle, type Taken } from "../../once/observe.ts";
import { isSameRequest, type RequestParts } from "../../remedy/change.ts";
import { isArchived, type KnownPhase, phaseOf } from "../../remedy/phase.ts";
import type { Context } from "../context.ts";
import type { Listing } from "../record-book.ts";
import { Undecided } from "../refusal.ts";
import { hashedParts, recordedParts } from "../task.ts";
import { type Alive, observe, type Seen } from "./observe.ts";
import { courseOf, isUnsettled, type PushTaskState, pushIdsOf, settledState } from "./state.ts";
import type { Trace } from "./trace.ts";

/** Where a task stands at the service, whatever its state remembers of it. */
export interface Standing {
  /** The state, brought up to the push that is the task now. */
  readonly state: PushTaskState;
  /** What that push says, where the state's declaration says something else. */
  readonly said: RequestParts | undefined;
  readonly seen: Seen;
  /** Push ids of this task that are scheduled beside the one that it is. */
  readonly surplus: readonly string[];
  /** Nothing is out, and what is missing was begun, or undone, by a run of ours. */
  readonly owed: boolean;
  /** Push ids that are no surprise to the look before a push. */
  readonly known: ReadonlySet<string>;
}

/** Which task is inquiry about, and what would be right for it. */
export interface Inquiry {
  /** For lines: `update task "spring-sale"`. */
  readonly action: string;
  readonly name: string;
  /** The marker's part that says what is to be out; undefined where nothing is. */
  readonly content: string | undefined;
  /** Whether the lists of this run are too old. */
  readonly now: boolean;
}

/** A push of the task that may be what it is now. */
interface Candidate {
  readonly task: Sighting;
  readonly phase: KnownPhase;
  /** The marker's part that says what. */
  readonly content: string | undefined;
  /** Undefined where the state knows it. */
  readonly attempt: KnownAttempt | undefined;
}

/**
 * Settles what earlier runs left in doubt, and says which push the task is now.
 * @throws `Undecided` while a request of theirs may still arrive.
 */
export async function stand(context: Context, state: PushTaskState, trace: Trace, inquiry: Inquiry): Promise<Standing> {
  const own = await observe(context, inquiry.name, state, inquiry.now);
  if (isPlain(state, trace)) {
    return { state, said: undefined, seen: own, surplus: [], owed: false, known: pushIdsOf(state) };
  }
  const taken = await settled(context, trace, inquiry);
  const candidates = candidatesOf(context, state, own, taken, await context.book.all());
  const current = chosen(candidates, inquiry.content) ?? endedByOthers(candidates, trace);
  if (current === undefined) return fallen(state, trace, own);
  refuseBeforeLateWithdrawal(context, trace, inquiry, current);
  return standingOn(context, state, own, candidates, current, inquiry);
}

/** Nothing is in doubt: the state is all there is. */
const isPlain = (state: PushTaskState, { attempts, withdrawals }: Trace): boolean =>
  attempts.length === 0 && withdrawals.length === 0 && !isUnsettled(state);

/** The attempts that the service has; all others are proved not to be there. */
async function settled(context: Context, trace: Trace, inquiry: Inquiry): Promise<readonly Taken[]> {
  const { book, service } = context;
  const kept = await book.after(inquiry.now ? book.reads : trace.afterRead);
  const first = settle(trace.attempts, kept.tasks);
  if (first.missing.length === 0) return first.taken;
  const listing: Listing = await book.after(book.reads);
  const { taken, missing } = settle(trace.attempts, listing.tasks);
  const undecided = missing.find((attempt) => windowEnd(context, attempt.at) > service.now());
  if (undecided) throw new Undecided(inquiry.action, undecided, windowEnd(context, undecided.at));
  return taken;
}

const windowEnd = ({ settings }: Context, at: string): Date => decidableFrom(at, settings.signatureWindowSeconds);

/** Everything of this task that the state, the journal and the records show together. */
function candidatesOf(
  { service }: Context,
  state: PushTaskState,
  own: Seen,
  taken: readonly Taken[],
  listed: readonly Sighting[],
): readonly Candidate[] {
  const content = parseMarker(state.marker)?.content;
  const of = (task: Sighting, attempt?: KnownAttempt): Candidate => ({
    task,
    phase: isArchived(task, service.now()) ? "archived" : phaseOf(task.status, task, service.now()),
    content: attempt ? parseMarker(attempt.marker)?.content : content,
    attempt,
  });
  const known = ownSightings(state, own).map((task) => ({ ...of(task), phase: own.phase }));
  const twins = listed.filter(({ groupId }) => groupId === state.marker).map((task) => of(task));
  const others = taken.map(({ attempt, task }) => of(task, attempt));
  const all = [...known, ...others, ...twins];
  return all.filter(({ task }, at) => all.findIndex((other) => other.task.pushId === task.pushId) === at);
}

/** The state's push; what is not listed, far ahead or long ago, is what the state remembers. */
function ownSightings(state: PushTaskState, { task, phase }: Seen): readonly Sighting[] {
  const { pushId, status = "", marker, collapseId } = state;
  if (task) return [task];
  if (pushId === undefined || !isOut(phase)) return [];
  const unlisted = { audience: "", createdAt: undefined, title: "", content: "", isFromApi: true } as const;
  return [{ ...unlisted, pushId, status, groupId: marker, collapseId, ...courseOf(state) }];
}

const phaseOrder: readonly KnownPhase[] = ["pending", "live", "sent"];

/** What is right and still to go out; else what is right and out; else the newest that is out. */
function chosen(candidates: readonly Candidate[], content: string | undefined): Candidate | undefined {
  const out = candidates.filter(({ phase }) => isOut(phase)).sort(byNewest);
  const right = out
    .filter((candidate) => candidate.content === content)
    .sort((a, b) => phaseOrder.indexOf(a.phase) - phaseOrder.indexOf(b.phase));
  return right[0] ?? out[0];
}

const byNewest = (a: Candidate, b: Candidate): number => (BigInt(b.task.pushId) > BigInt(a.task.pushId) ? 1 : -1);

/** A push of an earlier run that somebody else withdrew, or that the service failed: history, and nothing to make up for. */
function endedByOthers(candidates: readonly Candidate[], trace: Trace): Candidate | undefined {
  const cancelled = cancelledIn(trace);
  return candidates
    .filter(({ attempt, task, phase }) => attempt && phase !== "archived" && !cancelled.includes(task.pushId))
    .sort(byNewest)[0];
}

const cancelledIn = ({ withdrawals }: Trace): readonly string[] =>
  withdrawals.filter(({ kind }) => kind === "cancel").map(({ pushId }) => pushId);

/** A withdrawal that was never answered may still arrive: what it would end is not yet there to stay. */
function refuseBeforeLateWithdrawal(
  context: Context,
  { withdrawals }: Trace,
  { action, content }: Inquiry,
  { task, content: said }: Candidate,
): void {
  if (said !== content) return;
  const ends = withdrawals
    .filter(({ pushId }) => pushId === task.pushId)
    .map(({ begunAt = "" }) => windowEnd(context, begunAt))
    .filter((end) => end > context.service.now());
  const [end] = ends;
  if (end) throw new Undecided(action, undefined, end);
}

function standingOn(
  context: Context,
  state: PushTaskState,
  own: Seen,
  candidates: readonly Candidate[],
  current: Candidate,
  { content }: Inquiry,
): Standing {
  const { pushId } = current.task;
  const isKnown = pushId === state.pushId;
  const alive = aliveOf(own, candidates);
  return {
    state: isKnown ? settledState(state) : broughtUp(context, state, current, current.content === content),
    said: isKnown ? undefined : current.attempt?.parts,
    seen: { phase: current.phase, task: isKnown ? own.task : current.task, alive },
    surplus: alive.filter((push) => push.phase === "pending" && push.pushId !== pushId).map((push) => push.pushId),
    owed: false,
    known: new Set([...pushIdsOf(state), ...candidates.map(({ task }) => task.pushId)]),
  };
}

function aliveOf(own: Seen, candidates: readonly Candidate[]): readonly Alive[] {
  const alive = candidates.flatMap(({ task, phase }) =>
    phase === "pending" || phase === "live" ? [{ pushId: task.pushId, phase }] : [],
  );
  const listed = new Set(alive.map(({ pushId }) => pushId));
  return [...alive, ...own.alive.filter(({ pushId }) => !listed.has(pushId))];
}

/** The state with a push that it did not know. */
function broughtUp(
  context: Context,
  state: PushTaskState,
  { task, phase, content, attempt }: Candidate,
  isRight: boolean,
): PushTaskState {
  const { pushId, status, sendAt, createdAt = sendAt, title } = task;
  const { collapseId: _, sent: __, skippedFor: ___, ...rest } = settledState(state);
  const isDeclared = isRight || attempt === undefined || says(context, state, attempt.parts);
  return {
    ...rest,
    marker: attempt?.marker ?? state.marker,
    pushId,
    ...(task.collapseId !== undefined && { collapseId: task.collapseId }),
    status,
    phase,
    sendAt: sendAt.toISOString(),
    revisions: [...state.revisions, { pushId, at: createdAt.toISOString(), content: content ?? "" }],
    adopted: true,
    ...(!isDeclared && { sent: { message: { title, content: task.content } } }),
  };
}

/** Whether a push says what the state's declaration says. */
export const says = ({ settings }: Context, { inputs }: PushTaskState, parts: RequestParts): boolean =>
  isSameRequest(parts, hashedParts(recordedParts(inputs, settings)));

/** Nothing is out: it is owed where a run of ours took it away, or could not bring it there. */
function fallen(state: PushTaskState, trace: Trace, own: Seen): Standing {
  const cancelled = cancelledIn(trace);
  return {
    state,
    said: undefined,
    seen: own,
    surplus: [],
    owed: state.owed !== undefined || state.unresolved !== undefined || cancelled.length > 0,
    known: new Set([...pushIdsOf(state), ...cancelled]),
  };
}
