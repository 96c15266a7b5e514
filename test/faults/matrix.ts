import { describe, expect, test } from "vitest";
import { cancelPath, pushPath, recordPath, stopPath } from "../emulator/fixture.ts";
import {
  type After,
  type Cell,
  changeCells,
  classCells,
  type Ending,
  type Played,
  play,
  playWell,
  readCells,
} from "./cell.ts";
import { Machine, type Scene } from "./scene.ts";

/** What a run asks of the service. */
export type Call = "push" | "cancel" | "stop" | "record list" | "single record";

const paths: Readonly<Record<Call, string>> = {
  push: pushPath,
  cancel: cancelPath,
  stop: stopPath,
  "record list": recordPath,
  "single record": recordPath,
};

const isRead = (call: Call): boolean => paths[call] === recordPath;

/** How much of the matrix a scene is for: the wire's every event, or one event of each outcome. */
export type Extent = "every event" | "every outcome";

/** The scene's cells. `calls` are all that the run makes without a mishap, in order. */
export function matrix(scene: Scene, calls: readonly Call[], extent: Extent): void {
  const well = baselines(scene);
  describe(scene.name, () => {
    test("makes these calls, none of them twice", async () => {
      await using machine = await Machine.start(scene);
      const before = machine.proxy.paths.length;
      await machine.run(scene.declared);
      expect(machine.proxy.paths.slice(before)).toEqual(calls.map((call) => paths[call]));
    });

    for (const [skip, call] of calls.entries()) {
      const cells = cellsOf(scene, call, skip, extent).map(
        (cell) => [verdictOf(scene, calls, call, cell), cell] as const,
      );
      describe.skipIf(cells.length === 0)(`call ${skip + 1}, the ${call}, meets`, () => {
        test.concurrent.for(titled(cells))("%s", async ([, [verdict, cell]]) => {
          const played = await play(scene, cell);
          expect(seenFor(verdict, played), played.lines.join("\n")).toEqual(await expectedFor(verdict, well, cell));
        });
      });
    }
  });
}

/** The world without a mishap: what comes after the run, or in its place. */
type Baselines = (after: After, isMade: boolean) => Promise<Played>;

/** Each is played once, for all cells of the scene. */
function baselines(scene: Scene): Baselines {
  const played = new Map<string, Promise<Played>>();
  return (after, isMade) => {
    const key = `${after} ${isMade}`;
    const known = played.get(key) ?? playWell(scene, after, isMade);
    played.set(key, known);
    return known;
  };
}

function cellsOf({ before, declared, command }: Scene, call: Call, skip: number, extent: Extent): readonly Cell[] {
  if (isRead(call)) return extent === "every event" ? readCells(skip) : [];
  const afters: readonly After[] = [
    "the same",
    "something else",
    ...(before ? (["what was before"] as const) : []),
    ...(declared && command === undefined ? (["nothing"] as const) : []),
  ];
  const ofOutcomes = classCells(skip, afters);
  return extent === "every outcome" ? ofOutcomes : [...changeCells(skip, call === "push"), ...ofOutcomes];
}

const carriedInWords: Readonly<Record<Cell["carried"], string>> = {
  never: "never executed",
  before: "executed before it",
  early: "executed before the next run looks",
  late: "executed after the next run has looked",
  tooLate: "arriving with a signature that is too old",
};

type Judged = readonly [Verdict, Cell];

function titleOf([verdict, { mishap, carried, lasting, journal, after }]: Judged): string {
  const circumstances = [
    `${mishap.name}, ${carriedInWords[carried]}`,
    ...(lasting === "on" ? ["the same with every call after it"] : []),
    ...(journal === "lost" ? ["the journal is lost"] : []),
    ...(after === "the same" ? [] : [`${after} is declared then`]),
  ];
  return `${circumstances.join("; ")}: ${typeof verdict === "string" ? verdict : verdict.join(", ")}`;
}

/** Two ways lead to some cells. */
const titled = (cells: readonly Judged[]): readonly (readonly [string, Judged])[] => [
  ...new Map(cells.map((cell) => [titleOf(cell), cell])),
];

/** What a cell comes to, after however many runs. */
type Verdict =
  | readonly Ending[]
  | "as if the run had been made"
  | "as if the run had not been made"
  /** It stays withdrawn, and nobody is left to believe that it is still to come. */
  | "withdrawn, and said so";

function verdictOf(scene: Scene, calls: readonly Call[], call: Call, cell: Cell): Verdict {
  const { carried, lasting, journal, after } = cell;
  // Where the run is made again, every step to its end is known.
  if (after === "the same") return storyOf(scene, call, cell);
  if (carried === "never" || carried === "tooLate") return "as if the run had not been made";
  const isReported = carried === "before" && lasting === "once";
  // A cancel before a push is a part of it; what is no longer declared is to be withdrawn in any case.
  if (isReported || calls.includes("push") || after === "nothing") return "as if the run had been made";
  // It comes too late for what the next run has replaced.
  if (carried === "late" && after === "something else") return "as if the run had not been made";
  // A cancel that no run has reported is undone: what is declared is scheduled anew.
  if (call === "cancel" && journal === "kept") return "as if the run had not been made";
  return "withdrawn, and said so";
}

function storyOf({ command }: Scene, call: Call, { mishap, carried, lasting }: Cell): readonly Ending[] {
  if (command === "refresh") return ["fails", "quiet"];
  if (carried === "before" && lasting === "once") return ["well", "quiet"];
  const isOpen = mishap.outcome === "ambiguous" && (carried === "never" || carried === "late");
  return call === "push" && isOpen ? ["fails", "waits", "well", "quiet"] : ["fails", "well", "quiet"];
}

/** What came of a cell, as the verdict is about it. */
function seenFor(verdict: Verdict, { story, alerts, phase, lines }: Played): unknown {
  if (typeof verdict === "object") return { story, alerts };
  if (verdict !== "withdrawn, and said so") return { ending: story.at(-1), alerts };
  const isRefused = story.at(-1) === "fails" && lines.some((line) => line.includes("push-anew:"));
  return { alerts, told: isRefused ? "withdrawn" : phase };
}

async function expectedFor(verdict: Verdict, well: Baselines, { after }: Cell): Promise<unknown> {
  if (typeof verdict === "object") return { story: verdict, alerts: (await well(after, true)).alerts };
  if (verdict === "withdrawn, and said so") {
    return { alerts: (await well("the same", true)).alerts, told: "withdrawn" };
  }
  const { story, alerts } = await well(after, verdict === "as if the run had been made");
  return { ending: story.at(-1), alerts };
}
