import { type CallCost, type Measurement, operations, type Results } from "./result.ts";
import { isMeasured, isMet, type Judgement } from "./target.ts";

const mebibyte = 1_024 * 1_024;
const kibibyte = 1_024;

const secondsText = (seconds: number | undefined): string => (seconds === undefined ? "" : seconds.toFixed(2));
const wholeText = (value: number | undefined): string => (value === undefined ? "" : value.toFixed(0));
const sizeText = (bytes: number | undefined): string => {
  if (bytes === undefined) return "";
  return bytes < mebibyte ? `${(bytes / kibibyte).toFixed(0)} KiB` : `${(bytes / mebibyte).toFixed(1)} MiB`;
};

/** A column: its head, and what it says of a measurement. */
type Column = readonly [head: string, cell: (measured: Measurement) => string];

/** What a call is for, by the end of its path. */
const callNames: readonly (readonly [ending: string, name: string])[] = [
  ["push/app", "push"],
  ["cancel_timing_task", "cancel"],
  ["get_push_record", "query"],
];

const callsText = ({ calls }: Measurement): string =>
  Object.entries(calls)
    .map(([path, count]) => `${count} ${callNames.find(([ending]) => path.endsWith(ending))?.[1] ?? path}`)
    .join(", ");

const serviceText = { free: "unthrottled", limited: "real limit" } as const;

const columns: readonly Column[] = [
  ["service", ({ service, level }) => (level === "engine" ? serviceText[service] : "protocol")],
  ["tasks", ({ n }) => n.toLocaleString("en")],
  ["operation", ({ operation }) => operation],
  ["arm", ({ arm }) => arm],
  ["wall s", ({ seconds }) => secondsText(seconds)],
  ["program", ({ use, level }) => (level === "engine" ? secondsText(use?.split.program) : "")],
  ["engine", ({ use, level }) => (level === "engine" ? secondsText(use?.split.engine) : "")],
  ["provider", ({ use, level }) => (level === "engine" ? secondsText(use?.split.provider) : "")],
  ["waiting", ({ use, level }) => (level === "engine" ? secondsText(use?.split.waiting) : "")],
  ["CPU s", ({ use }) => secondsText(use?.cpuSeconds)],
  ["memory MiB", ({ use }) => wholeText(use?.peakMiB)],
  ["state", ({ stateBytes }) => sizeText(stateBytes)],
  ["written", ({ use }) => sizeText(use?.writtenBytes)],
  ["calls", callsText],
  ["refused", ({ refusals }) => (refusals === 0 ? "" : String(refusals))],
  ["user waits s", ({ service, waitedSeconds }) => (service === "limited" ? waitedSeconds.toFixed(1) : "")],
  ["", ({ failure }) => (failure === undefined ? "" : "failed")],
];

/** In the order of rows, then operations, so that arms stand below each other. */
export const tableOf = (measurements: readonly Measurement[]): string => {
  const order = ({ operation }: Measurement): number => operations.indexOf(operation);
  const rows = measurements.toSorted(
    (left, right) =>
      left.level.localeCompare(right.level) ||
      left.service.localeCompare(right.service) ||
      left.n - right.n ||
      order(left) - order(right),
  );
  return linesOf([columns.map(([head]) => head), ...rows.map((row) => columns.map(([, cell]) => cell(row)))]);
};

/** What one call costs over the protocol. */
export const costTableOf = (costs: readonly CallCost[]): string =>
  linesOf([
    ["tasks", "operation", "call", "arm", "ms", "provider's CPU ms"],
    ...costs.map(({ n, operation, call, arm, milliseconds, cpuMilliseconds }) => [
      n.toLocaleString("en"),
      operation,
      call,
      arm,
      milliseconds.toFixed(3),
      cpuMilliseconds?.toFixed(3) ?? "",
    ]),
  ]);

/** What phones showed. */
export const deliveryTableOf = ({ deliveries, lostAnswers }: Results): string =>
  linesOf([
    ["service", "tasks", "arm", "reached phones", "more than once", "runs"],
    ...deliveries.map(({ service, n, arm, once, twice }) => [
      serviceText[service],
      n.toLocaleString("en"),
      arm,
      String(once),
      String(twice),
      "",
    ]),
    ...lostAnswers.map(({ lostAnswers: lost, n, arm, once, twice, runs, succeeded }) => [
      `${lost} answers lost`,
      n.toLocaleString("en"),
      arm,
      String(once),
      String(twice),
      succeeded ? String(runs) : `${runs}, given up`,
    ]),
  ]);

const numberText = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(4));

/** Every target, and whether it is met. */
const verdicts = (judgements: readonly Judgement[]): readonly (readonly string[])[] =>
  judgements.map((judgement) => [
    isMeasured(judgement) ? (isMet(judgement) ? "met" : "MISSED") : "not measured",
    judgement.target,
    isMeasured(judgement) ? `${numberText(judgement.value)} ${judgement.unit}`.trim() : "",
    `${judgement.sense} ${numberText(judgement.limit)} ${judgement.unit}`.trim(),
  ]);

export const verdictOf = (judgements: readonly Judgement[]): string => linesOf(verdicts(judgements));

/** The same for a page. */
export const targetsOf = (judgements: readonly Judgement[]): string =>
  markdownOf(["", "target", "measured", "wanted"], verdicts(judgements));

/** Columns as wide as they need to be. */
function linesOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

function markdownOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |\n`;
  return `${line(heads)}${line(heads.map(() => "---"))}${rows.map(line).join("")}`;
}

/** For the README: what an `up` and an `up` without a change cost, by arm. */
export function summaryOf({ measurements, lostAnswers, machine, at }: Results): string {
  const rows = measurements.filter(
    ({ level, operation }) => level === "engine" && (operation === "up" || operation === "up again"),
  );
  const heads = [
    "service",
    "tasks",
    "",
    "arm",
    "seconds",
    "program / engine / provider / waiting",
    "state",
    "written",
    "calls",
    "refused",
  ];
  const cells = rows.map((row) => [
    serviceText[row.service],
    row.n.toLocaleString("en"),
    row.operation,
    row.arm,
    row.service === "limited" ? row.waitedSeconds.toFixed(0) : row.seconds.toFixed(1),
    row.use === undefined
      ? ""
      : Object.values(row.use.split)
          .map((seconds) => seconds.toFixed(1))
          .join(" / "),
    sizeText(row.stateBytes),
    sizeText(row.use?.writtenBytes),
    callsText(row) || "none",
    [...(row.refusals === 0 ? [] : [String(row.refusals)]), ...(row.failure === undefined ? [] : ["failed"])].join(
      ", ",
    ),
  ]);
  const lost = lostAnswers.map((one) => `${one.arm} ${one.twice} of ${one.n}`).join(", ");
  return [
    markdownOf(heads, cells),
    `At the real limit the seconds are what a user waits. Measured ${at.slice(0, 10)} on ${machine}.\n`,
    `Tasks that reached a phone twice where the answers to ${lostAnswers[0]?.lostAnswers} pushes were lost and \`up\` was run again: ${lost}.\n`,
  ].join("\n");
}
