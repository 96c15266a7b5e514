import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { cpus, type as systemName } from "node:os";
import { join, relative } from "node:path";
import process, { stderr, stdout, version } from "node:process";
import { parseArgs } from "node:util";
import { createProject, repository, succeed } from "../engine/run.ts";
import type { Arm } from "./arm.ts";
import { firstContent } from "./arm.ts";
import { measureColdStart } from "./cold-start.ts";
import { measureRow, omissionsAtTheLimit } from "./engine-row.ts";
import { figuresOf } from "./figure.ts";
import { median } from "./fit.ts";
import { measureLostAnswers } from "./lost-answer-row.ts";
import { isLine, plot } from "./plot.ts";
import { measureProviders, omissionsOf } from "./provider-row.ts";
import { naiveHandler, programOf, pulumiArm } from "./pulumi-arm.ts";
import { rawArm } from "./raw-arm.ts";
import type { CallCost, Delivery, Measurement, Results, ServiceKind } from "./result.ts";
import { sendTime } from "./service.ts";
import { costTableOf, deliveryTableOf, summaryOf, tableOf, targetsOf, verdictOf } from "./table.ts";
import { isMeasured, isMet, judge } from "./target.ts";
import { terraformArm } from "./terraform-arm.ts";

/**
 * What scheduling costs, beside what others would cost: one run, all arms, interleaved. Ends with 1 where a target is
 * missed, and names it.
 */

const resultFolder = join(import.meta.dirname, "results");

/** Numbers of tasks. */
const whole = { engine: "1,100,1000", limited: "100,1000", protocol: "100,1000,10000" } as const;

/** A quarter of an hour on two idle cores; a thousand at a push a second, in time that runs five times as fast, are another one. */
const defaults = { ...whole, limited: "100" } as const;

/** A row of one task is over in seconds, and its time varies the most. */
const repetitionsOf = (tasks: number): number => (tasks < 100 ? 3 : 1);

const { values } = parseArgs({
  options: {
    /** On the real engine, against a service without limits. */
    engine: { type: "string", default: defaults.engine },
    /** On the real engine, against the service's limits, in fast time. */
    limited: { type: "string", default: defaults.limited },
    /** Against the provider's process. */
    protocol: { type: "string", default: defaults.protocol },
    /** Writes results, figures and the README's table although rows were left out. */
    write: { type: "boolean", default: false },
  },
});

const numbersIn = (list: string): readonly number[] =>
  list === ""
    ? []
    : list.split(",").map((text) => {
        if (/^[1-9]\d*$/.test(text)) return Number(text);
        throw new Error(`${text} is no number of tasks; write 1,100,1000`);
      });

const say = (line: string): void => {
  stderr.write(`${line}\n`);
};

const tell = ({ level, service, arm, n, operation, seconds, failure }: Measurement): void =>
  say(
    `${level} ${service} ${n} ${arm} ${operation}: ${seconds.toFixed(2)} s${failure === undefined ? "" : `, failed: ${shortened(failure)}`}`,
  );

/** The line that tells why; the rest names folders of this machine. */
const shortened = (text: string): string =>
  (/error: .*/i.exec(text)?.[0] ?? text.split("\n", 1).join("")).slice(0, 300);

const askedFor = (name: string): string => String(Object.entries(values).find(([key]) => key === name)?.[1]);

const omissions = Object.entries(whole).flatMap(([name, rows]) => {
  const left = numbersIn(rows).filter((tasks) => !numbersIn(askedFor(name)).includes(tasks));
  return left.length === 0 ? [] : [`--${name} ${left.join(",")}`];
});
const isWhole = Object.entries(defaults).every(([name, rows]) =>
  numbersIn(rows).every((tasks) => numbersIn(askedFor(name)).includes(tasks)),
);

omissions.push(...omissionsAtTheLimit(numbersIn(values.limited)));
const why = await terraformArm.missing?.();
if (why !== undefined) omissions.push(why);
const armsFor = (kind: ServiceKind): readonly Arm[] => [
  pulumiArm("ours"),
  pulumiArm("naive"),
  ...(why === undefined ? [terraformArm] : []),
  rawArm(kind),
];

/** The state of a stack whose program declares our provider and no task. */
async function emptyState(): Promise<number> {
  const env = { BENCH_COUNT: "0", BENCH_URL: "http://127.0.0.1:1", BENCH_KEY: "none" };
  await using project = await createProject({ program: await programOf("ours"), env });
  await succeed(project.up());
  return (await stat(project.stateFile)).size;
}

/** A task as the program of ours declares it. */
const contentBytes = JSON.stringify({
  audience: { type: "all" },
  sendTime,
  message: { title: "Sale 100", content: firstContent },
}).length;

/** Of some runs of one row, for each operation of each arm the one in the middle. */
function middleOf(runs: readonly (readonly Measurement[])[]): readonly Measurement[] {
  const [first = [], ...others] = runs;
  return first.map((measured, position) => {
    const all = [measured, ...others.flatMap((run) => run.slice(position, position + 1))];
    const middle = median(all.map(({ seconds }) => seconds));
    return all.find(({ seconds }) => seconds === middle) ?? measured;
  });
}

const measurements: Measurement[] = [];
const deliveries: Delivery[] = [];
const costs: CallCost[] = [];

say("cold start");
const coldStart = await measureColdStart();
for (const kind of ["free", "limited"] as const) {
  for (const tasks of numbersIn(kind === "free" ? values.engine : values.limited)) {
    const runs: (readonly Measurement[])[] = [];
    for (let run = 0; run < repetitionsOf(tasks); run += 1) {
      const row = await measureRow(kind, tasks, armsFor(kind), tell);
      runs.push(row.measurements);
      if (run === 0) deliveries.push(...row.deliveries);
    }
    measurements.push(...middleOf(runs));
  }
}
say("lost answers");
const lostAnswers = await measureLostAnswers(armsFor("free").filter(({ name }) => name !== "raw"));
const handler = await naiveHandler();
for (const tasks of numbersIn(values.protocol)) {
  const row = await measureProviders(tasks, handler, tell);
  measurements.push(...row.measurements);
  costs.push(...row.costs);
  omissions.push(...omissionsOf(tasks));
}

const [processor] = cpus();
const results: Results = {
  machine: `${cpus().length} × ${processor?.model.trim() ?? "unknown processor"}, ${systemName()}, Node ${version.slice(1)}`,
  at: new Date().toISOString(),
  omissions,
  contentBytes,
  emptyStateBytes: await emptyState(),
  measurements: measurements.map((measured) =>
    measured.failure === undefined ? measured : { ...measured, failure: shortened(measured.failure) },
  ),
  deliveries,
  lostAnswers,
  costs,
  coldStart,
};
const judgements = judge(results);

stdout.write(
  `\n${tableOf(measurements)}\n${deliveryTableOf(results)}\n${costTableOf(costs)}\n${verdictOf(judgements)}`,
);
for (const omission of omissions) stdout.write(`left out: ${omission}\n`);

if (isWhole || values.write) await keep();

const missed = judgements.filter((judgement) => isMeasured(judgement) && !isMet(judgement));
for (const { target } of missed) stderr.write(`missed: ${target}\n`);
process.exitCode = missed.length === 0 ? 0 : 1;

/** What the README shows, and beside the benchmark how its targets are met. */
async function keep(): Promise<void> {
  await mkdir(resultFolder, { recursive: true });
  await writeFile(join(resultFolder, "results.json"), `${JSON.stringify({ ...results, judgements }, undefined, 2)}\n`);
  const figures = figuresOf(results).filter(({ figure }) => isLine(figure));
  for (const { name, figure } of figures) await writeFile(join(resultFolder, `${name}.svg`), plot(figure));
  const folder = relative(repository, resultFolder);
  const images = figures.map(({ name, figure }) => `![${figure.title}](${folder}/${name}.svg)\n`).join("");
  const source = `All figures: [results.json](${folder}/results.json).\n`;
  await fill(join(repository, "README.md"), "bench", `${summaryOf(results)}\n${images}\n${source}`);
  const left = omissions.map((omission) => `- left out: ${omission}\n`).join("");
  await fill(join(import.meta.dirname, "README.md"), "targets", `${targetsOf(judgements)}\n${left}`);
}

/** Writes between the two marks of a page. */
async function fill(page: string, mark: string, filling: string): Promise<void> {
  const [begin, end] = [`<!-- ${mark} -->\n`, `<!-- /${mark} -->\n`];
  const [before, rest] = (await readFile(page, "utf8")).split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${page} has no place for ${mark}`);
  await writeFile(page, `${before}${begin}${filling}${end}${after}`);
}
