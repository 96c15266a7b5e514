import { cancelPath, pushPath, recordPath } from "../emulator/fixture.ts";
import { first, second } from "../engine/shop.ts";
import type { Place } from "./gate.ts";
import type { Program } from "./stage.ts";

/** What the run does that is killed. */
export type Operation = "create" | "correction" | "override" | "removal" | "replacement";

/** Where it stands when it is killed. */
export type Point =
  /** The journal has it, and the push waits for the slot of another one. */
  | "intent written"
  | "cancel out"
  | "cancel answered"
  | "confirmation asked"
  /** The removal has nothing more to ask, and its state is not written. */
  | "confirmation answered"
  /** The correction waits for the slot of another push. */
  | "cancel confirmed"
  | "push out"
  | "push answered"
  /** A forced replacement only looks. */
  | "look out"
  | "look answered";

/** How the run ends. */
export type Kill =
  /** `kill -9` of the CLI and of the provider, as when the machine is switched off. */
  | "all"
  /** `kill -9` of the CLI; then the service answers, and the provider goes on by itself. */
  | "cli"
  /** `kill -9` of the provider; the CLI lives on. */
  | "provider"
  /** Ctrl-C; then the service answers. */
  | "SIGINT"
  /** Ctrl-C, and again when the CLI says so. */
  | "SIGINT twice"
  /** `pulumi cancel` and a second `up` beside it; then the service answers the first. */
  | "second up";

/** Where the later runs are. */
export type Machine =
  /** Where the killed one was. */
  | "same machine"
  /** On one that has no journal of it. */
  | "fresh machine"
  /** Likewise, and each run is `pulumi up --refresh`. */
  | "fresh machine with refresh";

/** When a request that was out at the kill reaches the service, if it does. */
export type Arrival =
  | "never"
  /** Two minutes later, before the next run. */
  | "before"
  /** After the next run's look, while it is under way. */
  | "during"
  /** After the next run. */
  | "between"
  /** After the first later run that pushed. */
  | "after the push"
  /** When its signature is no longer valid. */
  | "too late";

/** What the program says in the later runs. */
export type Next = "the same" | "edited" | "reverted" | "removed";

/** One cell of the matrix. */
export interface Cell {
  readonly operation: Operation;
  readonly point: Point;
  readonly kill: Kill;
  readonly machine: Machine;
  readonly arrival: Arrival;
  readonly next: Next;
}

interface Course {
  /** Whether the stack holds the pending task before. */
  readonly isPending: boolean;
  readonly isLive?: boolean;
  readonly sale: string | undefined;
  /** A forced replacement. */
  readonly isForced?: boolean;
  readonly points: Readonly<Partial<Record<Point, Place | "paced">>>;
}

const push = (at: Place["at"]): Place => ({ path: pushPath, at });
const cancel = (at: Place["at"]): Place => ({ path: cancelPath, at });
const confirmation = (at: Place["at"]): Place => ({ path: recordPath, at, after: cancelPath });
const look = (at: Place["at"]): Place => ({ path: recordPath, at });

/** What each operation does at the service, in order. */
export const courses: Readonly<Record<Operation, Course>> = {
  create: {
    isPending: false,
    sale: first,
    points: { "intent written": "paced", "push out": push("request"), "push answered": push("answer") },
  },
  correction: {
    isPending: true,
    sale: second,
    points: {
      "cancel out": cancel("request"),
      "cancel answered": cancel("answer"),
      "confirmation asked": confirmation("request"),
      "cancel confirmed": "paced",
      "push out": push("request"),
      "push answered": push("answer"),
    },
  },
  override: {
    isPending: true,
    isLive: true,
    sale: second,
    points: { "intent written": "paced", "push out": push("request"), "push answered": push("answer") },
  },
  removal: {
    isPending: true,
    sale: undefined,
    points: {
      "cancel out": cancel("request"),
      "cancel answered": cancel("answer"),
      "confirmation asked": confirmation("request"),
      "confirmation answered": confirmation("answer"),
    },
  },
  replacement: {
    isPending: true,
    sale: first,
    isForced: true,
    points: { "look out": look("request"), "look answered": look("answer") },
  },
};

/** Where a cell's run is stopped. */
export function placeOf({ operation, point }: Cell): Place | "paced" {
  const place = courses[operation].points[point];
  if (place === undefined) throw new Error(`a ${operation} has no point "${point}"`);
  return place;
}

/** The text of the sale in the later runs. */
export function nextSale({ operation, next }: Cell): Program["sale"] {
  if (next === "removed") return undefined;
  if (next === "edited") return second;
  return next === "reverted" ? first : courses[operation].sale;
}

/** Whether another task is declared beside it in the end: one that waits has another before it, and a run tells of what is gone. */
export const hasOtherNext = (cell: Cell): boolean =>
  placeOf(cell) === "paced" || (cell.operation === "create" && cell.next === "removed");
