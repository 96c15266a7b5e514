import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, extname, join } from "node:path";
import type { Document, LineCounter, Node } from "yaml";
import type * as zod from "zod";
import { createCampaignFile } from "./schema.ts";

/** What a campaign file holds. */
export type CampaignFile = zod.output<ReturnType<typeof createCampaignFile>>;

/** A campaign file, and the name that its own name gives it. */
export interface NamedCampaign {
  readonly name: string;
  readonly path: string;
  readonly campaign: CampaignFile;
}

const endings: readonly string[] = [".yaml", ".yml", ".json"];

/** A program without campaign files loads neither of them. */
const load = createRequire(import.meta.url);

/**
 * The campaigns of a folder, by their files' names.
 * @throws a line for each thing that is wrong, with file, line and column, and what to write.
 */
export function readCampaigns(folder: string): readonly NamedCampaign[] {
  const files = filesIn(folder);
  const readings = files.map((file) => ({ name: basename(file, extname(file)), ...readCampaign(join(folder, file)) }));
  const failures = readings.flatMap((reading) => reading.failures);
  const names = readings.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) failures.push(`${folder}: two files are called ${twice}; rename one`);
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return readings.flatMap(({ name, path, campaign }) => (campaign ? [{ name, path, campaign }] : []));
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((file) => endings.includes(extname(file)))
      .toSorted();
  } catch (error) {
    throw new Error(
      `${folder}: ${error instanceof Error ? error.message : error}; write the folder of the campaign files`,
    );
  }
}

/** One campaign file. @throws the same lines. */
export function readCampaignFile(path: string): CampaignFile {
  const { campaign, failures } = readCampaign(path);
  if (campaign === undefined) throw new Error(failures.join("\n"));
  return campaign;
}

/** A file, understood, or what is wrong with it. */
interface Reading {
  readonly path: string;
  readonly campaign?: CampaignFile;
  readonly failures: readonly string[];
}

function readCampaign(path: string): Reading {
  const text = textIn(path);
  if (text === undefined) return { path, failures: [`${path}: there is no such file, or it cannot be read`] };
  return parseCampaign(path, text);
}

/** What a file of that text would be; JSON is YAML too. */
export function parseCampaign(path: string, text: string): Reading {
  const yaml: typeof import("yaml") = load("yaml");
  const z: typeof zod = load("zod");
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => placeOf(path, lines, offset);
  const slips = [...document.errors.map(complaintOfYaml), ...danglingIn(document)];
  if (slips.length > 0) return { path, failures: slips.map(({ offset, text }) => `${at(offset)}: ${text}`) };
  const parsed = createCampaignFile(z).safeParse(document.toJS({ maxAliasCount: 100 }));
  if (parsed.success) return { path, campaign: parsed.data, failures: [] };
  return { path, failures: parsed.error.issues.flatMap((issue) => linesOf(issue, document, at)) };
}

function textIn(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** What is wrong with the form of a file. */
interface Slip {
  readonly offset: number;
  readonly text: string;
}

const complaintOfYaml = ({ code, pos, message }: Document["errors"][number]): Slip => ({
  offset: pos[0],
  text: yamlComplaints[code] ?? message,
});

const yamlComplaints: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: "the file has a second document; write one campaign a file",
  BLOCK_AS_IMPLICIT_KEY: "a text with a colon and a blank in it stands in quotes; write them",
};

/** Aliases of what is not there. */
function danglingIn(document: Document.Parsed): readonly Slip[] {
  const yaml: typeof import("yaml") = load("yaml");
  const slips: Slip[] = [];
  yaml.visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return;
      slips.push({
        offset: alias.range?.[0] ?? 0,
        text: `*${alias.source} stands for nothing; write &${alias.source} before it at what it is to stand for`,
      });
    },
  });
  return slips;
}

const placeOf = (path: string, lines: LineCounter, offset: number): string => {
  const { line, col } = lines.linePos(offset);
  return `${path}:${line}:${col}`;
};

/** One line for each thing: where, what, and what to write instead. */
function linesOf(
  issue: zod.core.$ZodIssue,
  document: Document.Parsed,
  at: (offset: number) => string,
): readonly string[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(
      (key) =>
        `${at(offsetOf(document, [...path, key]))}: ${nameOf([...path, key])} is not known; remove it, or correct its name`,
    );
  }
  if (issue.code === "invalid_key") {
    return [`${at(offsetOf(document, path))}: ${nameOf(path)} is no key; write letters, digits, - and _`];
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    // The kind that was meant is the one that misses the least, and of that what lies deepest.
    const [meant = []] = issue.errors
      .filter((slips) => slips.some((slip) => slip.path.length > 0))
      .toSorted((one, other) => one.length - other.length);
    const [deepest] = meant.toSorted((one, other) => other.path.length - one.path.length);
    if (deepest !== undefined) return linesOf({ ...deepest, path: [...path, ...deepest.path] }, document, at);
  }
  const where = at(offsetOf(document, path));
  const example = examples[String(path.at(-1) ?? "")];
  const hint = example === undefined ? "" : `; write for example ${example}`;
  return [`${where}: ${nameOf(path)} ${complaintOf(issue, valueAt(document, path))}${hint}`];
}

function complaintOf(issue: zod.core.$ZodIssue, value: unknown): string {
  if (value === undefined) return "is missing";
  if (value === null) return "is empty";
  const shown = JSON.stringify(value)?.slice(0, maxShownCharacters) ?? String(value);
  if (issue.code === "invalid_value") return `${shown} is none of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "invalid_type") return `${shown} is no ${typeNames[issue.expected] ?? issue.expected}`;
  const kinds: unknown = issue.code === "invalid_union" ? Reflect.get(issue, "options") : undefined;
  if (Array.isArray(kinds)) return `${shown} is none of ${kinds.join(", ")}`;
  if (issue.code === "too_small") return `${shown} is below ${issue.minimum}`;
  return `${shown} has the wrong form; see the schema`;
}

/** Of what is most often written otherwise; of the file itself, by an empty name. */
const examples: Readonly<Record<string, string>> = {
  "": "messages: and a message under it",
  audience: "{ type: all }",
  message: '{ title: "Spring sale", content: "20 % off today" }',
  sendTime: '"2027-03-01T10:00:00+08:00"',
};

const maxShownCharacters = 40;

const typeNames: Readonly<Record<string, string>> = {
  string: "text; write it in quotes",
  int: "whole number",
  record: "list of keys",
  array: "list",
};

/** Where a value stands; of a key its own place; of what is missing the nearest that holds it. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const offset = offsetIn(document, path.slice(0, length));
    if (offset !== undefined) return offset;
  }
  return 0;
}

function offsetIn(document: Document.Parsed, path: readonly PropertyKey[]): number | undefined {
  const yaml: typeof import("yaml") = load("yaml");
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const pair = yaml.isMap(parent) ? parent.items.find(({ key }) => textOf(key) === String(path.at(-1))) : undefined;
  const node: unknown = pair?.key ?? document.getIn(path, true);
  return yaml.isNode(node) ? node.range?.[0] : undefined;
}

const textOf = (key: unknown): string => {
  const yaml: typeof import("yaml") = load("yaml");
  return yaml.isScalar(key) ? String(key.value) : "";
};

const valueAt = (document: Document.Parsed, path: readonly PropertyKey[]): unknown => {
  const node: unknown = path.length === 0 ? document.toJS() : document.getIn(path);
  return isCollection(node) ? node.toJS(document) : node;
};

const isCollection = (node: unknown): node is Node => typeof node === "object" && node !== null && "toJS" in node;

const nameOf = (path: readonly PropertyKey[]): string =>
  path.map((part, at) => (typeof part === "number" ? `[${part}]` : `${at > 0 ? "." : ""}${String(part)}`)).join("") ||
  "the file";
