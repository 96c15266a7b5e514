import { z } from "zod";
import { everybody, first } from "../engine/shop.ts";
import type { Cell, Row } from "./row.ts";
import { errorsIn, type Said, saidOf } from "./said.ts";
import { type Contents, finish, openStage, type Stage, type World } from "./stage.ts";
import { byPhase, type Phase, phases } from "./task.ts";

const Told = z.object({
  calls: z.string(),
  lines: z.array(z.string()).readonly(),
  alerts: z.record(z.string(), z.array(z.string()).readonly()),
  before: z.array(z.string()).readonly(),
  scheduled: z.array(z.string()).readonly(),
});
/** What a reader of the page is told of one cell. */
export type Told = z.output<typeof Told>;

const Played = z.object({ pending: Told, live: Told, sent: Told });
export type Played = z.output<typeof Played>;

/** What an earlier run has seen, by trigger. */
export const readPlayed = (text: string): Readonly<Record<string, Played>> =>
  z.record(z.string(), Played).parse(JSON.parse(text));

type Seen = Required<Omit<Cell, "says">> & { readonly says: string | readonly string[] };

/** One row from its beginning until all is sent. */
export interface Outcome {
  readonly seen: Readonly<Record<Phase, Seen>>;
  readonly expected: Readonly<Record<Phase, Seen>>;
  readonly told: Played;
}

/** Lets the surprise happen, the user go on as the row says, and everything be sent. */
export async function playRow(row: Row): Promise<Outcome> {
  const { tasks, shop, script, configure } = row;
  await using stage = await openStage({
    ...(tasks && { tasks }),
    ...(shop && { shop }),
    ...(script && { script }),
    ...(configure && { configure }),
  });
  const told = row.each ? await eachPhase(row, stage) : await surprise(row, stage, phases);
  await expectQuiet(stage);
  finish(stage.emulator);
  const toldBy = byPhase((name) => told[name] ?? nothingTold(row, name));
  return {
    told: toldBy,
    seen: byPhase((name) => seenOf(row.cells[name], toldBy[name], stage.world(name).alerts)),
    expected: byPhase((name) => expectedOf(row.cells[name], toldBy[name])),
  };
}

type Partly = Partial<Record<Phase, Told>>;

async function eachPhase(row: Row, stage: Stage): Promise<Partly> {
  let told: Partly = {};
  for (const name of phases) told = { ...told, ...(await surprise(row, stage, [name])) };
  return told;
}

async function surprise(row: Row, stage: Stage, names: readonly Phase[]): Promise<Partly> {
  await row.prepare?.(stage, names);
  const before = worldsOf(stage);
  stage.shown.length = 0;
  await row.play(stage, names);
  const output = masked(stage, stage.shown.join("\n"));
  const after = worldsOf(stage);
  for (const name of phases) if (!names.includes(name)) expectSame(row, name, before[name], after[name]);
  const told = names.map((name) => [name, toldOf(output, name, before[name], after[name])] as const);
  await row.settle?.(stage, names);
  return Object.fromEntries(told);
}

const worldsOf = (stage: Stage): Record<Phase, World> => byPhase((name) => stage.world(name));

function expectSame({ trigger }: Row, name: Phase, before: World, after: World): void {
  if (JSON.stringify(before) !== JSON.stringify(after)) throw new Error(`${trigger}: it has changed ${name} as well`);
}

/** An `up` that changes nothing is as good as a preview that shows nothing. */
const isUnchanged = (output: string): boolean => /^Resources:\n {4}\d+ unchanged$/m.test(output);

const nothingTold = ({ trigger }: Row, name: Phase): never => {
  throw new Error(`${trigger}: ${name} was not played`);
};

function toldOf(output: string, name: Phase, before: World, after: World): Told {
  const said = saidOf(output, (of) => of === name || of.endsWith(`-${name}`));
  return {
    calls: callsOf(said),
    lines: isAnythingSaid(output) ? said.lines : errorsIn(output),
    alerts: newAlerts(before.alerts, after.alerts),
    before: before.scheduled,
    scheduled: after.scheduled,
  };
}

const isAnythingSaid = (output: string): boolean => saidOf(output, () => true).lines.length > 0;

/** Pulumi's last words, without those for what is going on, and for a look. */
function callsOf({ words, lines, isPreview }: Said): string {
  const failed = lines.some((line) => line.startsWith("error: "));
  if (failed && (isPreview || words.includes("failed"))) return "refused";
  const last = words.filter((word) => !/^(\w+ing( replacement| original)?|refresh)$/.test(word));
  if (last.some((word) => word === "replaced")) return "replaced";
  if (last.length > 0) return last.join(", ");
  return failed ? "refused" : "unchanged";
}

const newAlerts = (before: Contents, after: Contents): Contents =>
  Object.fromEntries(
    Object.entries(after)
      .map(([phone, contents]) => [phone, contents.slice(before[phone]?.length ?? 0)] as const)
      .filter(([, contents]) => contents.length > 0),
  );

/** Push ids, the emulator's address and the time of day differ from run to run. */
const masked = ({ emulator }: Stage, output: string): string =>
  emulator.tasks
    .reduce((text, { pushId }) => text.replaceAll(pushId, "<id>"), output)
    .replaceAll(/\(\d+\/100\)/g, "(…/100)")
    .replaceAll(emulator.url, "<address>")
    .replaceAll(emulator.url.replace("127.0.0.1", "localhost"), "<other address>")
    .replaceAll(/2027-02-0[45] 1(?!0:00)\d:\d\d/g, "<time>")
    // Those that were refused before are listed, too, in whatever order they came.
    .replaceAll(/([a-z-]+:<id>)(?:, ?[a-z-]+:<id>)+/g, "$1");

const expectedOf = ({ calls, says, alerts = {}, scheduled, gets }: Cell, { before }: Told): Seen => ({
  calls,
  says: says ?? [],
  alerts,
  scheduled: scheduled ?? before,
  gets: gets ?? everybody("android", first),
});

const seenOf = ({ says }: Cell, { calls, lines, alerts, scheduled }: Told, gets: Contents): Seen => ({
  calls,
  says: says !== undefined && lines.some((line) => line.includes(says)) && !lines.some(isFalseAlarm) ? says : lines,
  alerts,
  scheduled,
  gets,
});

/** Every task that is played is declared, or was removed and withdrawn; who followed this line would cancel a push that is wanted. */
const isFalseAlarm = (line: string): boolean => line.includes("is not declared, and a run that ended early");

/** One more plain `up`, and then nothing is left to do. */
async function expectQuiet(stage: Stage): Promise<void> {
  if (!isUnchanged(await stage.up())) await stage.run("preview", "--expect-no-changes");
}
