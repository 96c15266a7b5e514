import { exponentOf } from "./fit.ts";
import {
  type ArmName,
  type CallCost,
  type Measurement,
  type Operation,
  pushPath,
  type Results,
  recordPath,
  type Subject,
} from "./result.ts";

/** One of the targets, held against one run. */
export interface Judgement {
  readonly target: string;
  /** Not a number where the run has not measured it. */
  readonly value: number;
  readonly limit: number;
  /** Whether the value is to be at most or at least the limit. */
  readonly sense: "at most" | "at least" | "exactly";
  readonly unit: string;
}

/** The service's page. */
const pageRows = 200;

/** Beyond it the program waits for the pace, and the start of the engine counts for little. */
const fewestPaced = 100;

export const isMet = ({ value, limit, sense }: Judgement): boolean => {
  if (sense === "exactly") return value === limit;
  return sense === "at most" ? value <= limit : value >= limit;
};

/** Whether the run has it at all: what was not measured is neither met nor missed. */
export const isMeasured = ({ value }: Judgement): boolean => !Number.isNaN(value);

/** Every target of the issue. */
export function judge(results: Results): readonly Judgement[] {
  return [
    ...atTheLimit(results),
    ...callsMade(results),
    ...providerTime(results),
    ...stateSize(results),
    ...memory(results),
    ...coldStart(results),
    ...reached(results),
    {
      target: "operations of ours that failed",
      value: results.measurements.filter(({ arm, failure }) => arm === "ours" && failure !== undefined).length,
      limit: 0,
      sense: "exactly",
      unit: "",
    },
  ];
}

const ofArm = (results: Results, wanted: Partial<Subject>): readonly Measurement[] =>
  results.measurements.filter((measured) => fits(measured, wanted));

const fits = (measured: Subject, wanted: Partial<Subject>): boolean =>
  (wanted.level ?? measured.level) === measured.level &&
  (wanted.service ?? measured.service) === measured.service &&
  (wanted.arm ?? measured.arm) === measured.arm &&
  (wanted.n ?? measured.n) === measured.n &&
  (wanted.operation ?? measured.operation) === measured.operation;

const atMost = (target: string, value: number, limit: number, unit = ""): Judgement => ({
  target,
  value,
  limit,
  sense: "at most",
  unit,
});

const atLeast = (target: string, value: number, limit: number, unit = ""): Judgement => ({
  target,
  value,
  limit,
  sense: "at least",
  unit,
});

const exactly = (target: string, value: number, limit: number, unit = ""): Judgement => ({
  target,
  value,
  limit,
  sense: "exactly",
  unit,
});

/** 0 where there are no rows. */
const largest = (rows: readonly Pick<Subject, "n">[]): number => Math.max(0, ...rows.map(({ n }) => n));

/** 1 push a second and 200 queries an hour. */
function atTheLimit(results: Results): readonly Judgement[] {
  const ups = ofArm(results, { service: "limited", arm: "ours", operation: "up" }).filter(({ n }) => n >= fewestPaced);
  const all = ofArm(results, { service: "limited", arm: "ours" });
  return [
    ...ups.map(({ n, waitedSeconds }) =>
      atMost(`at the real limit, ${n} tasks: what the user waits`, waitedSeconds, 1.05 * n + 5, "s"),
    ),
    ...ups.map(({ n, leastGapSeconds }) =>
      atLeast(`at the real limit, ${n} tasks: shortest time between two pushes`, leastGapSeconds ?? Number.NaN, 1, "s"),
    ),
    exactly(
      "at the real limit: refusals with 1008028",
      all.length === 0 ? Number.NaN : all.reduce((sum, { tooFast }) => sum + tooFast, 0),
      0,
    ),
  ];
}

const callsTo = ({ calls }: Measurement, path: string): number => calls[path] ?? 0;
const sumOf = ({ calls }: Measurement): number => Object.values(calls).reduce((sum, count) => sum + count, 0);

function callsMade(results: Results): readonly Judgement[] {
  const of = (operation: Operation) => ofArm(results, { arm: "ours", operation });
  const where = ({ level, service, n }: Measurement): string => `${n} tasks, ${level}, ${service}`;
  // The list has the push that "change one" has cancelled, too.
  const pagesOf = (rows: number): number => Math.ceil(rows / pageRows);
  return [
    ...of("refresh").map((row) => exactly(`calls of a refresh: ${where(row)}`, sumOf(row), pagesOf(row.n + 1))),
    ...of("up again").map((row) => exactly(`calls of an up without a change: ${where(row)}`, sumOf(row), 0)),
    ...of("up").map((row) => exactly(`pushes of an up: ${where(row)}`, callsTo(row, pushPath), row.n)),
    ...of("up").map((row) => exactly(`list reads of an up: ${where(row)}`, callsTo(row, recordPath), 1)),
  ];
}

/** The largest row that was driven over the protocol tells most: what is done once counts for least there. */
function providerTime(results: Results): readonly Judgement[] {
  const { costs } = results;
  const n = largest(costs);
  const of = (arm: ArmName, call: CallCost["call"], operation: Operation): number =>
    costs.find((cost) => cost.arm === arm && cost.call === call && cost.n === n && cost.operation === operation)
      ?.milliseconds ?? Number.NaN;
  const own = (call: CallCost["call"], operation: Operation): number =>
    of("ours", call, operation) - of("empty", call, operation);
  const create = own("create", "up");
  const again = ofArm(results, { level: "provider", arm: "ours", operation: "up again", n });
  return [
    atMost(`a create beside the protocol and its call, of ${n}`, create - of("raw", "create", "up"), 1, "ms"),
    atMost("the same with its call, in raw calls", create / of("raw", "create", "up"), 1.5, "×"),
    atMost(
      `check and diff beside the protocol, of ${n}`,
      own("check", "up again") + own("diff", "up again"),
      0.2,
      "ms",
    ),
    ...again.map(({ use }) =>
      exactly(`bytes that check and diff write, of ${n}`, use?.writtenBytes ?? Number.NaN, 0, "bytes"),
    ),
  ];
}

/** In the engine's state of the rows that have more than a task or two. */
function stateSize(results: Results): readonly Judgement[] {
  const { contentBytes, emptyStateBytes } = results;
  const ups = ofArm(results, { level: "engine", service: "free", operation: "up" });
  const n = largest(ups);
  const find = (arm: ArmName): Measurement | undefined => ups.find((row) => row.arm === arm && row.n === n);
  const perTask = (arm: ArmName): number => ((find(arm)?.stateBytes ?? Number.NaN) - emptyStateBytes) / n;
  const written = (arm: ArmName): number => find(arm)?.use?.writtenBytes ?? Number.NaN;
  return [
    atMost(`state of a task beyond twice its content, of ${n}`, perTask("ours") - 2 * contentBytes, 1_700, "bytes"),
    atLeast(`state of the naive provider's task in ours, of ${n}`, perTask("naive") / perTask("ours"), 20, "×"),
    atLeast(`bytes written by the naive provider's up in ours, of ${n}`, written("naive") / written("ours"), 10, "×"),
  ];
}

/** Over the protocol, where nothing but the provider grows. */
function memory(results: Results): readonly Judgement[] {
  const ups = ofArm(results, { level: "provider", arm: "ours", operation: "up" });
  const points = ups.flatMap(({ n, use }) => (use === undefined ? [] : [[n, use.providerPeakMiB] as const]));
  const isEnough = new Set(points.map(([n]) => n)).size > 1;
  return [
    atMost(
      "memory of the provider's process: exponent of its growth in tasks",
      isEnough ? exponentOf(points) : Number.NaN,
      0.2,
    ),
    atMost(
      "memory of the provider's process",
      points.length > 0 ? Math.max(...points.map(([, peak]) => peak)) : Number.NaN,
      200,
      "MiB",
    ),
  ];
}

const coldStart = ({ coldStart }: Results): readonly Judgement[] => [
  atMost(
    "cold start of the program in an empty one",
    coldStart ? coldStart.ours / coldStart.empty : Number.NaN,
    1.1,
    "×",
  ),
];

function reached({ deliveries, lostAnswers }: Results): readonly Judgement[] {
  const all = [
    ...deliveries.map(({ service, ...one }) => ({ ...one, where: `${one.n} tasks, ${service}` })),
    ...lostAnswers.map((one) => ({ ...one, where: `${one.n} tasks, ${one.lostAnswers} answers lost` })),
  ];
  return all
    .filter(({ arm }) => arm === "ours")
    .flatMap(({ n, where, once, twice }) => [
      exactly(`tasks that reached phones: ${where}`, once, n),
      exactly(`tasks that reached a phone more than once: ${where}`, twice, 0),
    ]);
}
