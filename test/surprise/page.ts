import type { Played, Told } from "./play.ts";
import type { Group, Row } from "./row.ts";
import { type Phase, phases } from "./task.ts";

/** The page of what a run has seen; stable from run to run. */
export const pageOf = (groups: readonly Group[], played: ReadonlyMap<string, Played>): string =>
  [head, ...groups.map((group) => tableOf(group, played)), linesOf(groups, played)].join("\n");

const head = `# Surprises

What the tool does when something other than a reviewed diff makes Pulumi act: a forced replacement, a lost state, a new
name, somebody in the service's console. Each row is a run of the real engine against the emulator, on three tasks side by
side: one *pending* (not dispatched), one *live* (on phones, and still kept for those that are offline), one *sent*
(delivered, nothing left to stop). What was sent is what the phones of the emulator got. After each row one more
\`pulumi up\`, or the way on that the row names, leaves a stack without a change.

The run that made this page is \`npm run test:surprise\`; it fails where the page says something else than what happened.
\`SURPRISE_PAGE=write npm run test:surprise\` writes it anew.
`;

const tableOf = ({ heading, rows }: Group, played: ReadonlyMap<string, Played>): string =>
  [
    `## ${heading}`,
    "",
    "| trigger | task | Pulumi calls it | what was sent | the line you see | the way on |",
    "|---|---|---|---|---|---|",
    ...rows.flatMap((row) => rowLines(row, played.get(row.trigger))),
    "",
  ].join("\n");

function rowLines({ trigger, wayOn = "" }: Row, played: Played | undefined): readonly string[] {
  if (played === undefined) return [];
  const cells = new Map<string, string[]>();
  for (const name of phases) {
    const text = cellOf(unnamed(played[name], name));
    cells.set(text, [...(cells.get(text) ?? []), name]);
  }
  return [...cells].map(([text, names], index) =>
    index === 0 ? `| ${trigger} | ${names.join(", ")} | ${text} | ${wayOn} |` : `| | ${names.join(", ")} | ${text} | |`,
  );
}

/** The lines of the three tasks differ by their names alone. */
const unnamed = (told: Told, name: Phase): Told => ({
  ...told,
  lines: told.lines.map((line) => line.replaceAll(new RegExp(`(["':](?:renamed-)?)${name}(?=["'])`, "g"), "$1<task>")),
});

const cellOf = (told: Told): string =>
  [
    told.calls,
    sentOf(told),
    inOrder(told.lines)
      .map((line) => code(shortened(line)))
      .join("<br>"),
  ].join(" | ");

/** The engine prints what a refresh and what a diff say in either order. */
const inOrder = (lines: readonly string[]): readonly string[] => {
  const isWarning = (line: string): boolean => line.startsWith("warning: ");
  return [...lines.filter(isWarning).toSorted(), ...lines.filter((line) => !isWarning(line))];
};

/** Longer lines are cut after their first clause, which says what is the matter; the rest stands at the page's end. */
const maxLineLength = 120;

function shortened(line: string): string {
  const end = line.indexOf("; ");
  return end < 0 || line.length <= maxLineLength ? line : `${line.slice(0, end)} …`;
}

/** A line with backticks in it needs two around it. */
function code(line: string): string {
  const text = line.replaceAll("|", "\\|");
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** Every line that the tables cut, once. */
function linesOf(groups: readonly Group[], played: ReadonlyMap<string, Played>): string {
  const told = groups.flatMap(({ rows }) => rows.flatMap(({ trigger }) => played.get(trigger) ?? []));
  const lines = told.flatMap((cells) => phases.flatMap((name) => unnamed(cells[name], name).lines));
  const cut = [...new Set(lines)].filter((line) => shortened(line) !== line).sort();
  return ["## The lines in full", "", ...cut.map((line) => `- ${code(line)}`), ""].join("\n");
}

function sentOf({ alerts, before, scheduled }: Told): string {
  const phones = Object.entries(alerts).map(([phone, contents]) => `${phone}: ${contents.join(", ")}`);
  const sent = phones.length === 0 ? "nothing" : phones.join("; ");
  if (before.length === 0 && scheduled.length === 0) return sent;
  if (before.join() === scheduled.join()) return `${sent}; it stays scheduled`;
  return scheduled.length === 0 ? `${sent}; it is cancelled` : `${sent}; now scheduled: ${scheduled.join(", ")}`;
}
