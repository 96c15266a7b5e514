/** What `pulumi up` said, without its noise. */
export interface Said {
  readonly resources: readonly SaidOfResource[];
  /** Such as `1 updated, 5 unchanged`. */
  readonly summary: string;
}

interface SaidOfResource {
  /** Such as `~ tpns:PushTask sale-ios updated (0.04s) [diff: ~message]`. */
  readonly line: string;
  /** The provider's own lines, each once. */
  readonly details: readonly string[];
}

/** A resource's last line; those before it say that it has begun. */
const finished = /^ ([-+~]+) +(\S+) (\S+) ((?:created|updated|deleted) \([^)]*\)(?: \[diff: [^\]]*\])?)/;

/** Pulumi repeats a provider's line with each line of its resource, and once more under `Diagnostics`: there it is taken. */
export const readOutput = (output: string): Said => {
  const lines = output.split("\n");
  const details = detailsOf(section(lines, "Diagnostics:"));
  const resources = lines.flatMap((line) => {
    const [, mark, type = "", name = "", result] = finished.exec(line) ?? [];
    if (mark === undefined) return [];
    const shortType = type.replace("pulumi-nodejs:dynamic/", "");
    return [{ line: `${mark} ${shortType} ${name} ${result}`, details: [...(details.get(name) ?? [])] }];
  });
  return { resources, summary: summaryOf(section(lines, "Resources:")) };
};

/** The indented lines under a title. */
const section = (lines: readonly string[], title: string): readonly string[] => {
  const start = lines.indexOf(title);
  if (start === -1) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^\S/.test(line));
  return end === -1 ? rest : rest.slice(0, end);
};

/** By the resource's name. */
const detailsOf = (lines: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const details = new Map<string, Set<string>>();
  let current = new Set<string>();
  for (const line of lines) {
    const [, name] = /^ {2}\S+ \((.+)\):$/.exec(line) ?? [];
    if (name !== undefined) {
      current = details.get(name) ?? new Set();
      details.set(name, current);
    } else if (line.trim() !== "") current.add(line.trim());
  }
  return details;
};

const summaryOf = (lines: readonly string[]): string =>
  lines
    .map((line) => line.trim().replace(/^[-+~]+ /, ""))
    .filter((line) => line !== "")
    .join(", ");
