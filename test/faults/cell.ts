import type { Ended } from "../sequences/engine.ts";
import { classes, doubtful, harmless, type Mishap, misdated, mishaps, repeat, withoutId } from "./mishap.ts";
import type { Execution } from "./proxy.ts";
import { type Declared, Machine, type Scene } from "./scene.ts";

/** When the service carries out a call whose connection meets a mishap. */
type Carried =
  | "never"
  /** Before the mishap. */
  | "before"
  /** After the run, and before the next one looks. */
  | "early"
  /** After the next run has looked. */
  | "late"
  /** After its signature is too old, so that the service refuses it. */
  | "tooLate";

/** What is declared in the runs after the one that met the mishap. */
export type After = "the same" | "what was before" | "something else" | "nothing";

/** A call that goes wrong, in one way. */
export interface Cell {
  readonly mishap: Mishap;
  /** Calls of the run that come through before. */
  readonly skip: number;
  /** Connections that the call tries. */
  readonly attempts: number;
  readonly carried: Carried;
  /** Whether the mishap is over with the call, or meets all that follows it in the run. */
  readonly lasting: "once" | "on";
  readonly journal: "kept" | "lost";
  readonly after: After;
}

/** How a run ended; "waits" names the instant from which it can go on. */
export type Ending = "well" | "quiet" | "waits" | "fails";

/** What is seen of a cell from outside. */
export interface Played {
  /** How one run after the other ended. */
  readonly story: readonly Ending[];
  /** What each phone alerted of. */
  readonly alerts: Readonly<Record<string, readonly string[]>>;
  /** The phase that `pulumi refresh` then finds; undefined: there is no such resource. */
  readonly phase: unknown;
  /** For the reader of a failed test. */
  readonly lines: readonly string[];
}

const executionOf: Readonly<Record<Carried, Execution>> = {
  never: "never",
  before: "before",
  early: "late",
  late: "late",
  tooLate: "late",
};

const earlySeconds = 60;
/** The signature's 600, and what the clocks may differ. */
const tooLateSeconds = 660;

/** Plays the run with the mishap, and those after it until all is quiet, or nothing changes any more. */
export async function play(scene: Scene, cell: Cell): Promise<Played> {
  await using machine = await Machine.start(scene);
  const { emulator, proxy } = machine;
  const { mishap, skip, attempts, carried, lasting, journal, after } = cell;
  const runs = new Runs(machine);
  await proxy.arm(mishap, executionOf[carried], skip, lasting === "on" ? undefined : attempts);
  await runs.next(scene.declared, mishap);
  await proxy.disarm();
  if (journal === "lost") await machine.loseJournal();
  if (carried === "early" || carried === "tooLate") {
    emulator.clock.step(carried === "early" ? earlySeconds : tooLateSeconds);
    const answers = await proxy.deliver();
    if (carried === "tooLate") refuseUnlessTooLate(answers);
  }
  const declared = declaredAfter(scene, after);
  await runs.next(declared);
  if (carried === "late") await proxy.deliver();
  return await runs.untilSettled(declared);
}

/** The service must refuse the old signature, or else the cell is another. */
function refuseUnlessTooLate(answers: readonly string[]): void {
  if (answers.length === 0 || answers.some((answer) => !answer.includes("1008003"))) {
    throw new Error(`too late, and yet not refused: ${answers.join(" ")}`);
  }
}

/** The same without a mishap; and where the run was not made at all. */
export async function playWell(scene: Scene, after: After, isRun: boolean): Promise<Played> {
  await using machine = await Machine.start(scene);
  const runs = new Runs(machine);
  if (isRun) await runs.next(scene.declared);
  const declared = declaredAfter(scene, after);
  await runs.next(declared);
  return await runs.untilSettled(declared);
}

function declaredAfter({ before, declared, other }: Scene, after: After): Declared {
  if (after === "the same") return declared;
  if (after === "nothing") return undefined;
  return after === "what was before" ? before : other;
}

const maxRuns = 6;

class Runs {
  readonly #machine: Machine;
  readonly #story: Ending[] = [];
  readonly #lines: string[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  async next(declared: Declared, { deadlines }: Partial<Mishap> = {}): Promise<void> {
    const { proxy, isReading } = this.#machine;
    const before = proxy.paths.length;
    const ended = await this.#machine.run(declared, deadlines);
    this.#story.push(endingOf(ended, isReading ? 0 : proxy.paths.length - before));
    this.#lines.push(ended.kind === "failed" ? ended.line : `${ended.changes} changes`);
  }

  /** A run that names an instant is followed by one at that instant. */
  async untilSettled(declared: Declared): Promise<Played> {
    while (!this.#isSettled() && this.#story.length < maxRuns) {
      const instant = instantIn(this.#lines.at(-1) ?? "");
      if (instant) this.#machine.emulator.clock.set(instant);
      await this.next(declared);
    }
    const phase = await this.#machine.phaseFound();
    return { story: this.#story, phase, alerts: this.#machine.alertsInTheEnd(), lines: this.#lines };
  }

  /** Quiet, or refused in the same words again. */
  #isSettled(): boolean {
    const isStuck = this.#story.at(-1) === "fails" && this.#lines.at(-1) === this.#lines.at(-2);
    return this.#story.at(-1) === "quiet" || isStuck;
  }
}

function endingOf(ended: Ended, calls: number): Ending {
  if (ended.kind === "failed") return instantIn(ended.line) ? "waits" : "fails";
  return ended.changes === 0 && calls === 0 ? "quiet" : "well";
}

/** From when on the tool says that it can tell. */
function instantIn(line: string): string | undefined {
  const [, day, time] = /can be told from (\S+) (\S+)/.exec(line) ?? [];
  return day && time ? `${day}T${time}:00+08:00` : undefined;
}

const everyCarried: readonly Carried[] = ["never", "before", "early", "late", "tooLate"];

/** Every event of the wire, with everything that the service can have carried out. */
export function changeCells(skip: number, isPush: boolean): readonly Cell[] {
  const sure = isPush ? [...harmless, repeat] : harmless;
  const unsure = [...doubtful, ...misdated, ...(isPush ? [withoutId] : [])];
  return [...sure.map((mishap) => [mishap, "never"] as const), ...timesOf(unsure)].map(([mishap, carried]) =>
    cellOf({ mishap, skip, carried }),
  );
}

/** Every event of the wire, at a call that only reads. */
export const readCells = (skip: number): readonly Cell[] =>
  mishaps.map((mishap) => cellOf({ mishap, skip, attempts: readAttemptsOf(mishap) }));

/** One event of each outcome, with all else that can be different. */
export function classCells(skip: number, afters: readonly After[]): readonly Cell[] {
  const { sure, unsure } = classes;
  const events = [...sure.map((mishap) => [mishap, "never"] as const), ...timesOf([unsure])];
  return events.flatMap(([mishap, carried]) =>
    (["once", "on"] as const).flatMap((lasting) =>
      (["kept", "lost"] as const).flatMap((journal) =>
        afters.map((after) => cellOf({ mishap, skip, carried, lasting, journal, after })),
      ),
    ),
  );
}

const timesOf = (some: readonly Mishap[]): readonly (readonly [Mishap, Carried])[] =>
  some.flatMap((mishap) => everyCarried.map((carried) => [mishap, carried] as const));

const cellOf = (cell: Pick<Cell, "mishap" | "skip"> & Partial<Cell>): Cell => ({
  attempts: 1,
  carried: "never",
  lasting: "once",
  journal: "kept",
  after: "the same",
  ...cell,
});

const maxReadAttempts = 4;

function readAttemptsOf({ repeated }: Mishap): number {
  if (repeated === "in vain") return 2;
  return repeated ? maxReadAttempts : 1;
}
