import { isOut, type Sighting } from "../../once/look.ts";
import { identityHalf, parseMarker } from "../../once/marker.ts";
import { mayHaveActed, type Taken } from "../../once/observe.ts";
import type { Records } from "../../once/records.ts";
import { isSameRequest, type RequestParts } from "../../remedy/change.ts";
import { isArchived, type KnownPhase, phaseOf } from "../../remedy/phase.ts";
import type { Context } from "../context.ts";
import { Undecided } from "../refusal.ts";
import { hashedParts, recordedParts } from "../task.ts";
import { type Alive, observe, type Seen } from "./observe.ts";
import { courseOf, isUnsettled, type PushTaskState, pushIdsOf, sentInputsOf, settledState } from "./state.ts";
import { type Inquiry, takenOf } from "./taken.ts";
import { type Trace, windowEnd } from "./trace.ts";

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

/** A push of the task that may be what it is now. */
interface Candidate {
  readonly task: Sighting;
  readonly phase: KnownPhase;
  readonly marker: string;
  /** What it says; undefined where that is what the state's declaration says. */
  readonly parts: RequestParts | undefined;
  /** A push of which the state does not know that it was taken. */
  readonly isNew: boolean;
}

/**
 * Settles what earlier runs left in doubt, and says which push the task is now.
 * @throws `Undecided` while a request of theirs may still arrive.
 */
export async function stand(context: Context, state: PushTaskState, trace: Trace, inquiry: Inquiry): Promise<Standing> {
  const own = await observe(context, inquiry.name, state, inquiry.now);
  if (isPlain(state, trace) && !(own.phase === "pending" && (await hasTwin(context, state)))) {
    return { state, said: undefined, seen: own, surplus: [], owed: false, known: pushIdsOf(state) };
  }
  const taken = await takenOf(context, trace, inquiry);
  const candidates = candidatesOf(context, state, own, trace, taken, await context.book.all());
  const current = chosen(candidates, inquiry.content) ?? endedByOthers(candidates, trace);
  if (current === undefined) return fallen(state, trace, own, inquiry);
  refuseBeforeLateWithdrawal(context, trace, inquiry, current);
  return standingOn(context, state, own, candidates, current, trace, inquiry);
}

const hasTwin = async ({ book, service }: Context, state: PushTaskState): Promise<boolean> =>
  (await book.all()).of(identityHalf(state.marker)).some((task) => isTwin(state, task, service.now()));

/** Scheduled besides, and says the same. */
export const isTwin = ({ marker, pushId }: PushTaskState, task: Sighting, now: Date): boolean => {
  const [ours, theirs] = [parseMarker(marker), parseMarker(task.groupId)];
  const isSame = ours !== undefined && ours.identity === theirs?.identity && ours.content === theirs.content;
  return isSame && task.pushId !== pushId && phaseOf(task.status, task, now) === "pending";
};

/** Nothing is in doubt: the state is all there is. */
const isPlain = (state: PushTaskState, { attempts, withdrawals }: Trace): boolean =>
  attempts.length === 0 && withdrawals.length === 0 && !isUnsettled(state);

/** Everything of this task that the state, the journal and the records show together. */
function candidatesOf(
  { service }: Context,
  state: PushTaskState,
  own: Seen,
  { withdrawals }: Trace,
  taken: readonly Taken[],
  records: Records,
): readonly Candidate[] {
  const { marker } = state;
  const now = service.now();
  const of = (task: Sighting): Candidate => {
    const phase = isArchived(task, now) ? "archived" : phaseOf(task.status, task, now);
    return { task, phase, marker, parts: undefined, isNew: false };
  };
  const ids = [...new Set(withdrawals.map(({ pushId }) => pushId))];
  const known = ownSightings(state, own).map((task) => ({ ...of(task), phase: own.phase }));
  const attempted = taken.map(({ attempt, task }) => {
    return { ...of(task), marker: attempt.marker, parts: attempt.parts, isNew: true };
  });
  const twins = records
    .of(identityHalf(marker))
    .filter((task) => task.groupId === marker || isTwin(state, task, now))
    .map((task) => ({ ...of(task), marker: task.groupId ?? "" }));
  const named = ids
    .flatMap((id) => records.find(id) ?? [])
    .map((task) => ({ ...of(task), marker: task.groupId ?? "", parts: unknownParts }));
  const all = [...known, ...attempted, ...twins, ...named];
  return all.filter(({ task }, at) => all.findIndex((other) => other.task.pushId === task.pushId) === at);
}

/** Differs from every declaration in everything. */
export const unknownParts: RequestParts = {
  content: "",
  messageType: "",
  sendTime: "",
  audience: "",
  audienceWithoutUpload: "",
  options: "",
};

/** The marker's part that says what; undefined where it carries somebody else's word. */
const contentOf = ({ marker }: Candidate): string | undefined => parseMarker(marker)?.content;

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
    .filter((candidate) => contentOf(candidate) === content)
    .sort((a, b) => phaseOrder.indexOf(a.phase) - phaseOrder.indexOf(b.phase));
  return right[0] ?? out[0];
}

const byNewest = (a: Candidate, b: Candidate): number => (BigInt(b.task.pushId) > BigInt(a.task.pushId) ? 1 : -1);

/** A push of an earlier run that somebody else withdrew, or that the service failed: history, and nothing to make up for. */
function endedByOthers(candidates: readonly Candidate[], { withdrawals }: Trace): Candidate | undefined {
  const byUs = withdrawals.filter((step) => step.kind === "cancel" && mayHaveActed(step)).map(({ pushId }) => pushId);
  return candidates
    .filter(({ isNew, task, phase }) => isNew && phase !== "archived" && !byUs.includes(task.pushId))
    .sort(byNewest)[0];
}

/** A withdrawal that was never answered may still arrive: what it would end is not yet there to stay. */
function refuseBeforeLateWithdrawal(
  context: Context,
  { withdrawals }: Trace,
  { action, content }: Inquiry,
  current: Candidate,
): void {
  if (contentOf(current) !== content) return;
  const [end] = withdrawals
    .filter((step) => step.pushId === current.task.pushId && mayHaveActed(step))
    .map(({ begunAt = "" }) => windowEnd(context, begunAt))
    .filter((last) => last > context.service.now());
  if (end) throw new Undecided(action, undefined, end);
}

function standingOn(
  context: Context,
  state: PushTaskState,
  own: Seen,
  candidates: readonly Candidate[],
  current: Candidate,
  trace: Trace,
  { content }: Inquiry,
): Standing {
  const { pushId } = current.task;
  const isKnown = pushId === state.pushId;
  const alive = aliveOf(own, candidates);
  return {
    state: isKnown ? settledState(state) : broughtUp(context, state, current, contentOf(current) === content),
    said: isKnown ? saidByKnown(context, state, own, trace, current, content) : current.parts,
    seen: { phase: current.phase, task: isKnown ? own.task : current.task, alive },
    surplus: alive.filter((push) => push.phase === "pending" && push.pushId !== pushId).map((push) => push.pushId),
    owed: false,
    known: new Set([...pushIdsOf(state), ...candidates.map(({ task }) => task.pushId)]),
  };
}

/** A state can hold a push beside a declaration that it does not say, where a run ended between the two. */
function saidByKnown(
  { settings }: Context,
  state: PushTaskState,
  own: Seen,
  { withdrawals }: Trace,
  current: Candidate,
  content: string | undefined,
): RequestParts | undefined {
  // A correction was begun, and dispatch was faster.
  if (current.phase !== "pending") {
    return state.owed && state.sent ? hashedParts(recordedParts(sentInputsOf(state), settings)) : undefined;
  }
  // Not listed, and told to be withdrawn: whether it is still there only a second cancel tells.
  const isUncertain =
    own.task === undefined && withdrawals.some((step) => step.pushId === current.task.pushId && mayHaveActed(step));
  return contentOf(current) !== content || isUncertain ? unknownParts : undefined;
}

function aliveOf(own: Seen, candidates: readonly Candidate[]): readonly Alive[] {
  const alive = candidates.flatMap(({ task, phase }) =>
    phase === "pending" || phase === "live" ? [{ pushId: task.pushId, phase }] : [],
  );
  const listed = new Set(alive.map(({ pushId }) => pushId));
  return [...alive, ...own.alive.filter(({ pushId }) => !listed.has(pushId))];
}

/** The state with a push that it did not know. */
function broughtUp(context: Context, state: PushTaskState, current: Candidate, isRight: boolean): PushTaskState {
  const { task, phase, marker, parts } = current;
  const { pushId, status, sendAt, createdAt = sendAt, title } = task;
  const { collapseId: _, sent: __, skippedFor: ___, ...rest } = settledState(state);
  const isDeclared = isRight || parts === undefined || says(context, state, parts);
  return {
    ...rest,
    marker,
    pushId,
    ...(task.collapseId !== undefined && { collapseId: task.collapseId }),
    status,
    phase,
    sendAt: sendAt.toISOString(),
    revisions: [...state.revisions, { pushId, at: createdAt.toISOString(), content: contentOf(current) ?? "" }],
    adopted: true,
    ...(!isDeclared && { sent: { message: { title, content: task.content } } }),
  };
}

/** Whether a push says what the state's declaration says. */
export const says = ({ settings }: Context, { inputs }: PushTaskState, parts: RequestParts): boolean =>
  isSameRequest(parts, hashedParts(recordedParts(inputs, settings)));

/** Nothing is out: it is owed where a run of ours took it away, or could not bring it there. */
function fallen(state: PushTaskState, { cancelled }: Trace, own: Seen, { content }: Inquiry): Standing {
  const { owed, unresolved, pushId } = state;
  // What failed to follow a push that others had withdrawn is owed no longer when the declaration is taken back.
  const isMissed = unresolved && (pushId === undefined || parseMarker(unresolved.marker)?.content === content);
  return {
    state,
    said: undefined,
    seen: own,
    surplus: [],
    owed: owed !== undefined || isMissed === true || cancelled.length > 0,
    known: new Set([...pushIdsOf(state), ...cancelled]),
  };
}
