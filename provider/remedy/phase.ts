import type { PushStatus } from "../tpns/schema/status.ts";

/** Where a task stands; each decision is a function of it. DESIGN.md, "Phases". */
export type Phase =
  | "pending"
  | "live"
  | "sent"
  | "withdrawn"
  | "failed"
  | "archived"
  | "skipped"
  | "planned"
  | "unresolved";

/** The phases that the remedy table has a column for. */
export type KnownPhase = Exclude<Phase, "planned" | "unresolved">;

/** The service drops a record after one month; a day more, since which day counts is not documented. */
const recordDays = 31;
const dayMilliseconds = 24 * 60 * 60 * 1_000;

/** How a task travels in time. */
export interface Course {
  readonly sendAt: Date;
  /** Seconds that the service keeps it for offline phones. */
  readonly storageSeconds: number;
}

/** The instant from which nothing is kept for offline phones any more. */
export const expiresAt = ({ sendAt, storageSeconds }: Course): Date =>
  new Date(sendAt.getTime() + storageSeconds * 1_000);

/** A status of the service, or a word that is new to us. */
export type ReadStatus = PushStatus | (string & {});

/** Not handed to any channel yet, so that a cancel still reaches it. */
export const isPending = (status: ReadStatus): boolean => status === "PUSH_INIT" || status === "PUSH_WAIT";

/**
 * The phase of a task whose record reads `status`.
 * @throws on a word that is new to us: what it allows is not known.
 */
export function phaseOf(status: ReadStatus, course: Course, now: Date): KnownPhase {
  switch (status) {
    case "PUSH_INIT":
    case "PUSH_WAIT":
      return "pending";
    case "PUSH_STARTED":
      return "live";
    case "PUSH_FINISHED":
      return now < expiresAt(course) ? "live" : "sent";
    case "PUSH_FAILED":
      return "failed";
    case "PUSH_CANCELED":
    case "PUSH_REVOKED":
    case "PUSH_DELETED_PUSH_MSG":
    case "PUSH_COLLAPSED":
    case "PUSH_DELETED":
      return "withdrawn";
    default:
      throw new Error(
        `the service's record says ${status}, which this version does not know; run: npm install pulumi-tpns@latest`,
      );
  }
}

/** Whether the service must have dropped the record by now, so that its absence says nothing. */
export const isArchived = (course: Course, now: Date): boolean =>
  now.getTime() > expiresAt(course).getTime() + recordDays * dayMilliseconds;

/** Phases in which a task is history: it is never asked about, replaced or made again. */
export const isTerminal = (phase: Phase): boolean =>
  phase === "sent" || phase === "withdrawn" || phase === "archived" || phase === "skipped";
