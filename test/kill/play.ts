import { openStore } from "../../provider/once/store.ts";
import { cancelPath, pushPath, recordPath } from "../emulator/fixture.ts";
import { succeed } from "../engine/run.ts";
import { alertsOf, whenLive } from "../engine/shop.ts";
import { finish } from "../lifecycle/push-task/world.ts";
import { type Cell, courses, hasOtherNext, type Kill, nextSale, placeOf } from "./cell.ts";
import type { Stopped } from "./gate.ts";
import { type Ending, type Run, startRun, until } from "./run.ts";
import { isQuiet, saidOf } from "./said.ts";
import type { Stage } from "./stage.ts";

/** What came of a cell. */
export interface Played {
  /** What the killed run said; undefined where it could say nothing. */
  readonly killed: Ending;
  /** What a second run said that ran beside it. */
  readonly beside: Ending | undefined;
  /** What the later runs said, until one had nothing to do, or had nothing new to say. */
  readonly ups: readonly Ending[];
  /** Texts of the sale, in the order in which a phone alerted. */
  readonly alerts: Readonly<Record<string, readonly string[]>>;
  /** The same of the task beside it. */
  readonly otherAlerts: Readonly<Record<string, readonly string[]>>;
}

const upArguments = ["up", "--yes", "--skip-preview", "--non-interactive", "--color=never"] as const;

/** Kills a run, lets later ones go on, and sends what is scheduled. */
export async function play(stage: Stage, cell: Cell): Promise<Played> {
  const { emulator, project } = stage;
  const course = courses[cell.operation];
  const hasOther = placeOf(cell) === "paced";
  if (course.isLive) emulator.clock.set(whenLive);
  await stage.declare({ sale: course.sale, hasOther });
  using run = startRun(project, ...upArguments, ...(course.isForced ? ["--replace", saleUrn] : []));
  const held = await standing(stage, cell, run);
  const { killed, beside } = await ends[cell.kill](stage, cell, run, held);

  if (await stage.isLocked()) await project.pulumi("cancel", "--yes");
  if (cell.machine !== "same machine") stage.loseJournal();
  await stage.declare({ sale: nextSale(cell), hasOther: hasOtherNext(cell) });
  const ups = await upUntilQuiet(stage, cell, held);
  finish(emulator);
  return { killed, beside, ups, alerts: alertsOf(emulator, "sale"), otherAlerts: alertsOf(emulator, "other") };
}

const saleUrn = "urn:pulumi:dev::test::pulumi-nodejs:dynamic/tpns:PushTask::sale";

/** A run that stands at its point, and goes on when it is released. */
type Held = Pick<Stopped, "release">;

/** Brings a run to its point. */
async function standing(stage: Stage, cell: Cell, run: Run): Promise<Held> {
  const place = placeOf(cell);
  if (place === "paced") return paced(stage, cell, run);
  const stop = stage.gate.stop(place);
  await run.until(stop.reached);
  return stop;
}

/** So slow a clock that no slot is over within a test. */
const standstill = 0.001;

/** From the run's first look on the service's clock nearly stands still: the sale waits for its slot behind the other task's. */
async function paced(stage: Stage, { operation }: Cell, run: Run): Promise<Held> {
  const { emulator, gate } = stage;
  const look = gate.stop({ path: recordPath, at: "request" });
  const isCorrection = operation === "correction";
  const confirmed = isCorrection ? gate.stop({ path: recordPath, at: "answer", after: cancelPath }) : undefined;
  await run.until(look.reached);
  emulator.clock.setPace(standstill);
  await look.release();
  if (confirmed) {
    await run.until(confirmed.reached);
    await confirmed.release();
  }
  await run.until(until("the journal has both pushes", () => entriesIn(stage) === 2));
  return { release: async () => emulator.clock.setPace(1) };
}

/** Open entries of the journal. */
function entriesIn({ journalFolder }: Stage): number {
  const store = openStore(journalFolder);
  const count = store.read((tables) => tables.prepare("select count(*) as entries from entry").get()?.entries);
  store.close();
  return Number(count ?? 0);
}

type End = (stage: Stage, cell: Cell, run: Run, held: Held) => Promise<Pick<Played, "killed" | "beside">>;

const ended = async (run: Run): Promise<Pick<Played, "killed" | "beside">> => ({
  killed: await run.ended,
  beside: undefined,
});

const ends: Readonly<Record<Kill, End>> = {
  async all(_stage, cell, run, held) {
    run.killAll();
    const result = await ended(run);
    await leave(cell, held);
    return result;
  },
  async cli(_stage, _cell, run, held) {
    run.killCli();
    const result = await ended(run);
    await held.release();
    await run.whenProviderEnds();
    return result;
  },
  async provider(_stage, cell, run, held) {
    run.killProvider();
    const result = await ended(run);
    await leave(cell, held);
    return result;
  },
  async SIGINT(_stage, _cell, run, held) {
    await run.interrupt();
    await held.release();
    return ended(run);
  },
  async "SIGINT twice"(_stage, cell, run, held) {
    await run.interrupt();
    await run.interrupt();
    const result = await ended(run);
    await run.whenProviderEnds();
    await leave(cell, held);
    return result;
  },
  async "second up"(stage, cell, run, held) {
    await succeed(stage.project.pulumi("cancel", "--yes"));
    if (cell.machine !== "same machine") stage.loseJournal();
    const beside = await stage.project.up();
    await held.release();
    return { killed: await run.ended, beside };
  },
};

/** What stands at the gate stays there; what only waited for its slot is dead, and the clock goes on. */
async function leave(cell: Cell, held: Held): Promise<void> {
  if (placeOf(cell) === "paced") await held.release();
}

/** More than any cell needs. */
const maxUps = 6;

/** What a request takes to come late: it is old, and its signature valid. */
const lateSeconds = 120;
/** After it no signature of before is valid. */
const windowSeconds = 700;

async function upUntilQuiet(stage: Stage, cell: Cell, held: Held): Promise<readonly Ending[]> {
  const { emulator } = stage;
  const arrive = async (seconds: number): Promise<void> => {
    emulator.clock.step(seconds);
    await held.release();
  };
  if (cell.arrival === "before") await arrive(lateSeconds);
  const ups = [cell.arrival === "during" ? await upDuring(stage, cell, arrive) : await up(stage, cell)];
  if (cell.arrival === "between") await arrive(lateSeconds);
  let isToCome = cell.arrival === "after the push";
  while (ups.length < maxUps && goesOn(ups)) {
    if (isToCome && ups.at(-1)?.code === 0) {
      await arrive(5);
      isToCome = false;
    }
    prepare(stage, ups.at(-1));
    ups.push(await up(stage, cell));
  }
  if (cell.arrival === "too late") await arrive(windowSeconds);
  return ups;
}

const refreshOf = ({ machine }: Cell): readonly string[] =>
  machine === "fresh machine with refresh" ? ["--refresh"] : [];

const up = ({ project }: Stage, cell: Cell): Promise<Ending> => project.up(...refreshOf(cell));

/** The request arrives when the run has looked: before its push, if it makes one without knowing of it. */
async function upDuring(stage: Stage, cell: Cell, arrive: (seconds: number) => Promise<void>): Promise<Ending> {
  const hasJournal = cell.machine === "same machine";
  const stop = stage.gate.stop(hasJournal ? { path: recordPath, at: "answer" } : { path: pushPath, at: "request" });
  using run = startRun(stage.project, ...upArguments, ...refreshOf(cell));
  await Promise.race([stop.reached, run.ended]);
  await arrive(hasJournal ? lateSeconds : 5);
  if (stop.isReached) await stop.release();
  return await run.ended;
}

/** Until one is quiet, or says for the second time the same: a further one would say nothing else. */
function goesOn(ups: readonly Ending[]): boolean {
  const [last, before] = [ups.at(-1), ups.at(-2)];
  if (last === undefined) return true;
  return !isQuiet(last) && (before === undefined || saidOf(before).join() !== saidOf(last).join());
}

/** Waits until what the last run named, and gives the consent that it asked for. */
function prepare({ emulator, project }: Stage, last: Ending | undefined): void {
  const [, date = "", time = ""] = /from (\d{4}-\d\d-\d\d) (\d\d:\d\d) \(UTC\+8\) on/.exec(last?.output ?? "") ?? [];
  if (date !== "") emulator.clock.set(`${date}T${time}:00+08:00`);
  const [, consents] = /TPNS_CONSENT=(\S+)/.exec(last?.output ?? "") ?? [];
  project.setEnv("TPNS_CONSENT", consents);
}
