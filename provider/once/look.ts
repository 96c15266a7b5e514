import { type Course, type KnownPhase, phaseOf, type ReadStatus } from "../remedy/phase.ts";
import { parseMarker } from "./marker.ts";

/** A task as the service's records show it. */
export interface Sighting extends Course {
  readonly pushId: string;
  readonly status: ReadStatus;
  /** The kind of audience, in the service's word. */
  readonly audience: string;
  /** When it was pushed; undefined where the record does not tell. */
  readonly createdAt: Date | undefined;
  readonly title: string;
  readonly content: string;
  /** What stands in `group_id`: a marker of ours, or somebody's own word. */
  readonly groupId: string | undefined;
  /** The id that an override names; undefined where the record gives none, or 0. */
  readonly collapseId: string | undefined;
  /** Pushed through the API, and not in the console. */
  readonly isFromApi: boolean;
}

/** What is about to be pushed, and by whom. */
export interface Intent {
  /** The half of the marker that says who. */
  readonly identity: string;
  /** The part of the marker that says what. */
  readonly content: string;
  /** Push ids that the state holds already; they are no surprise. */
  readonly known: ReadonlySet<string>;
  /** Whether another declared resource holds a push: it is that one's, whoever pushed it first. */
  held(pushId: string): boolean;
}

/** What the records say of a push that is about to be made. */
export type Finding =
  | { readonly kind: "nothing" }
  /** The same task, of the same resource. */
  | { readonly kind: "same"; readonly task: Sighting; readonly phase: KnownPhase }
  /** Another task of the same resource, which the state does not hold. */
  | { readonly kind: "otherContent"; readonly task: Sighting; readonly phase: KnownPhase }
  /** The same task, of another resource. */
  | { readonly kind: "duplicate"; readonly task: Sighting; readonly phase: KnownPhase };

interface Candidate {
  readonly kind: "same" | "otherContent" | "duplicate";
  readonly task: Sighting;
  readonly phase: KnownPhase;
}

/** What is out or will be wins over what was withdrawn. */
const order: readonly KnownPhase[] = ["pending", "live", "sent", "failed", "withdrawn", "archived", "skipped"];

/**
 * Reads nothing: the caller gives the records of the last month, in any order. A task of ours that is out comes before
 * one that was withdrawn, whatever its content: taking the withdrawn one for the whole would push beside the other.
 */
export function look(sightings: readonly Sighting[], intent: Intent, now: Date): Finding {
  const candidates = sightings.flatMap((task) => candidateOf(task, intent, now) ?? []).sort(byPhaseThenNewest);
  const first = (kind: Candidate["kind"]): Candidate | undefined =>
    candidates.find((candidate) => candidate.kind === kind);
  const same = first("same");
  if (same && isOut(same.phase)) return same;
  return first("otherContent") ?? first("duplicate") ?? same ?? { kind: "nothing" };
}

/** Somebody else's record is judged only where it concerns the push: one that we cannot read must not block the rest. */
function candidateOf(task: Sighting, intent: Intent, now: Date): Candidate | undefined {
  const marker = parseMarker(task.groupId);
  if (marker === undefined || intent.known.has(task.pushId)) return undefined;
  const isOurs = marker.identity === intent.identity;
  const isSame = marker.content === intent.content;
  if (!isOurs && !isSame) return undefined;
  const phase = phaseOf(task.status, task, now);
  const isHeld = intent.held(task.pushId);
  if (isOurs && isSame && !isHeld) return { kind: "same", task, phase };
  if (isOurs && !isSame && isHeld) return undefined;
  // What was withdrawn reaches nobody twice.
  return isOut(phase) ? { kind: isSame ? "duplicate" : "otherContent", task, phase } : undefined;
}

/** Pending, or on phones. */
export const isOut = (phase: KnownPhase): boolean => phase === "pending" || phase === "live" || phase === "sent";

const byPhaseThenNewest = (a: Candidate, b: Candidate): number =>
  order.indexOf(a.phase) - order.indexOf(b.phase) || (BigInt(b.task.pushId) > BigInt(a.task.pushId) ? 1 : -1);
