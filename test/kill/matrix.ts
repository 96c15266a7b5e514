import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everybody, first, second } from "../engine/shop.ts";
import { alertsFor, androidApp } from "../lifecycle/push-task/world.ts";
import {
  type Arrival,
  type Cell,
  courses,
  hasOtherNext,
  type Kill,
  type Machine,
  type Next,
  type Operation,
  type Point,
  placeOf,
} from "./cell.ts";
import { type Played, play } from "./play.ts";
import { lastWordOf, wordOf } from "./said.ts";
import { emptyStack, otherText, pendingStack, type Template } from "./stage.ts";

/** Who got what, in the end. */
const alerts = {
  nobody: {},
  "everybody got the first text": everybody("android", first),
  "everybody got the second text": everybody("android", second),
  /** Phones that cannot replace keep the first. */
  "everybody got the override": alertsFor(androidApp, {
    replacing: [first, second],
    keeping: [first],
    offline: [second],
  }),
  /** What the program said first, once more. */
  "everybody got the override, and one back": alertsFor(androidApp, {
    replacing: [first, second, first],
    keeping: [first],
    offline: [first],
  }),
  /** Not caused by us alone: the journal was lost, and the request came after the next run's. */
  "everybody got the override twice": alertsFor(androidApp, {
    replacing: [first, second, second],
    keeping: [first],
    offline: [second],
  }),
} as const satisfies Record<string, Played["alerts"]>;

type Got = keyof typeof alerts;

type Some<T> = T | readonly T[];

/** Cells that come out alike: each point with each kill, machine, arrival and program. */
export interface Row {
  readonly at: Some<Point>;
  /** Default: of everything. */
  readonly kill?: Some<Kill>;
  /** Default: the same. */
  readonly on?: Some<Machine>;
  /** Default: never. */
  readonly arrival?: Some<Arrival>;
  /** Default: the same. */
  readonly next?: Some<Next>;
  /** What the second run says that runs beside the first. */
  readonly beside?: string;
  /** What the killed run says, where it is not what its operation does. */
  readonly killed?: string;
  /** What the later runs do, each in a word. */
  readonly ups: readonly string[];
  readonly got: Got;
}

/** One cell, and what comes of it. */
interface Case {
  readonly name: string;
  readonly cell: Cell;
  readonly row: Row;
}

/** Tests every cell of the rows. */
export function testKills(operation: Operation, rows: readonly Row[]): void {
  describe(`a killed ${operation}`, () => {
    let stack: Template | undefined;
    beforeAll(async () => {
      stack = await (courses[operation].isPending ? pendingStack() : emptyStack());
    });
    afterAll(() => stack?.[Symbol.asyncDispose]());

    // `test.for` would cut the names short.
    for (const { name, cell, row } of casesOf(operation, rows)) {
      test(name, async () => {
        if (stack === undefined) throw new Error("there is no stack to copy");
        await using stage = await stack.open();
        const played = await play(stage, cell);
        expect(outcomeOf(cell, played)).toEqual(expectedOf(cell, row));
      });
    }
  });
}

/** After a SIGINT in a run's last step the CLI fails or does not, as it happens. */
const exitOf = ({ operation, kill }: Cell): RegExp =>
  operation === "removal" && kill === "SIGINT" ? /, exit [01]$/ : /^$/;

const outcomeOf = (cell: Cell, { killed, beside, ups, alerts, otherAlerts }: Played) => ({
  killed: lastWordOf(killed).replace(exitOf(cell), ""),
  beside: beside && wordOf(beside),
  ups: ups.map(wordOf),
  alerts,
  otherAlerts,
});

const expectedOf = (cell: Cell, { killed = lastOf(cell), beside, ups, got }: Row): ReturnType<typeof outcomeOf> => ({
  killed,
  beside,
  ups: [...ups],
  alerts: alerts[got],
  otherAlerts: hasOtherNext(cell) ? everybody("android", otherText) : {},
});

/** What the state holds of an operation that was finished. */
const finished: Readonly<Record<Operation, string>> = {
  create: "+ 3 created",
  correction: "~ 1 updated",
  override: "~ 1 updated",
  removal: "- 1 deleted",
  replacement: "+-1 replaced",
};

/** What the killed run says: of itself, and of what it had done before. */
function lastOf(cell: Cell): string {
  const { kill, operation } = cell;
  if (kill === "all" || kill === "cli") return "killed";
  if (kill === "SIGINT") return `${finished[operation]}${operation === "removal" ? "" : ", exit 1"}`;
  if (kill === "second up") return `${finished[operation]}, exit 0`;
  const created = (operation === "create" ? 2 : 0) + (placeOf(cell) === "paced" ? 1 : 0);
  const before = created === 0 ? "" : `+ ${created} created, `;
  return kill === "provider" ? `the provider is gone, ${before}exit 1` : `${before}exit 8`;
}

const some = <T>(value: Some<T> | undefined, otherwise: T): readonly T[] =>
  value === undefined ? [otherwise] : isMany(value) ? value : [value];

const isMany = <T>(value: Some<T>): value is readonly T[] => Array.isArray(value);

const casesOf = (operation: Operation, rows: readonly Row[]): readonly Case[] =>
  rows.flatMap((row) => cellsOf(operation, row).map((cell) => ({ name: nameOf(cell, row), cell, row })));

const cellsOf = (operation: Operation, row: Row): readonly Cell[] =>
  some<Point>(row.at, "push out").flatMap((point) =>
    some<Kill>(row.kill, "all").flatMap((kill) =>
      some<Machine>(row.on, "same machine").flatMap((machine) =>
        some<Arrival>(row.arrival, "never").flatMap((arrival) =>
          some<Next>(row.next, "the same").map((next) => ({ operation, point, kill, machine, arrival, next })),
        ),
      ),
    ),
  );

const killWords: Readonly<Record<Kill, string>> = {
  all: "by kill -9 of CLI and provider",
  cli: "by kill -9 of the CLI, and answered after it",
  provider: "by kill -9 of the provider",
  SIGINT: "by SIGINT",
  "SIGINT twice": "by SIGINT twice",
  "second up": "by pulumi cancel and a second up beside it",
};

const arrivalWords: Readonly<Record<Arrival, string>> = {
  never: "",
  before: ", the request arrives before the next run",
  during: ", the request arrives after the next run's look",
  between: ", the request arrives after the next run",
  "after the push": ", the request arrives after the next run's push",
  "too late": ", the request arrives when its signature is over",
};

const machineWords: Readonly<Record<Machine, string>> = {
  "same machine": "",
  "fresh machine": ", the journal is lost",
  "fresh machine with refresh": ", the journal is lost, each run refreshes",
};

const nextWords: Readonly<Record<Next, string>> = {
  "the same": "",
  edited: ", the text is edited",
  reverted: ", the program is reverted",
  removed: ", the task is removed",
};

const nameOf = ({ point, kill, machine, arrival, next }: Cell, { ups, got }: Row): string =>
  `with its ${point}, ${killWords[kill]}${arrivalWords[arrival]}${machineWords[machine]}${nextWords[next]}: the next run ${ups.join(", then ")}; ${got}`;
