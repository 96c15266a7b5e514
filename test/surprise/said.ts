/** What an operation of pulumi said of one resource. */
export interface Said {
  /** Pulumi's words for what it did, as they stand beside the resource: `created replacement`. */
  readonly words: readonly string[];
  /** Whether these are a preview's words, or there are none. */
  readonly isPreview: boolean;
  /** What stands under the resource in the diagnostics. */
  readonly lines: readonly string[];
}

const heading = /^(Previewing (?:update|destroy|refresh|import)|Updating|Destroying|Refreshing|Importing) \(.*\):$/;
const row = /^ {0,3}(?:[~+\-=@<>]{1,2}|) *pulumi-nodejs:dynamic\/tpns:PushTask (\S+) (.*)$/;
const blockHead = /^ {2}(\S+) \((.+)\):$/;

/** What an output says of some tasks; of a preview and its update, both. */
export function saidOf(output: string, isOf: (name: string) => boolean): Said {
  const sections = sectionsOf(output);
  const last = sections.findLast((section) => wordsIn(section, isOf).length > 0);
  return {
    words: last === undefined ? [] : wordsIn(last, isOf),
    isPreview: last === undefined || last[0]?.startsWith("Previewing") === true,
    lines: [...new Set(sections.flatMap((section) => linesIn(section, isOf)))],
  };
}

/** Errors that stand under no task. */
export const errorsIn = (output: string): readonly string[] => [
  ...new Set(output.split("\n").flatMap((line) => /^(?: {4})?(error: .*)$/.exec(line)?.[1] ?? [])),
];

type Section = readonly string[];

function sectionsOf(output: string): readonly Section[] {
  const sections: string[][] = [[]];
  for (const line of output.split("\n")) {
    if (heading.test(line)) sections.push([]);
    sections.at(-1)?.push(line);
  }
  return sections;
}

function wordsIn(section: Section, isOf: (name: string) => boolean): readonly string[] {
  const words = section.flatMap((line) => {
    const [, name = "", text = ""] = row.exec(line) ?? [];
    const [, word] = /^(?:\*\*)?([a-z]+(?: [a-z]+)?)(?:\*\*)?(?= |$)/.exec(text) ?? [];
    return isOf(name) && word !== undefined ? [word] : [];
  });
  return [...new Set(words)];
}

/** The blocks are indented by two, their lines by four; what follows is not indented. A line elsewhere may name the task. */
function linesIn(section: Section, isOf: (name: string) => boolean): readonly string[] {
  if (!section.includes("Diagnostics:")) return [];
  const lines: string[] = [];
  let isInside = false;
  for (const line of section.slice(section.indexOf("Diagnostics:") + 1)) {
    const [, type, name] = blockHead.exec(line) ?? [];
    if (name !== undefined) isInside = type === "pulumi-nodejs:dynamic/tpns:PushTask" && isOf(name);
    else if (/^\S/.test(line)) isInside = false;
    else if (line.trim() !== "" && (isInside || isOf(namedIn(line)))) lines.push(line.trim());
  }
  return lines;
}

const namedIn = (line: string): string => /^ {4}warning: task "([^"]+)"/.exec(line)?.[1] ?? "";
