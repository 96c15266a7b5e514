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

/** JSON is YAML too. */
function readCampaign(path: string): Reading {
  const yaml: typeof import("yaml") = load("yaml");
  const z: typeof zod = load("zod");
  const lines = new yaml.LineCounter();
  const text = textIn(path);
  if (text === undefined) return { path, failures: [`${path}: there is no such file, or it cannot be read`] };
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => placeOf(path, lines, offset);
  if (document.errors.length > 0) {
    return { path, failures: document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message}`) };
  }
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
    // The kind that fits best is the one whose slip lies deepest.
    const deepest = issue.errors.flat().toSorted((one, other) => other.path.length - one.path.length)[0];
    if (deepest !== undefined && deepest.path.length > 0) {
      return linesOf({ ...deepest, path: [...path, ...deepest.path] }, document, at);
    }
  }
  const where = at(offsetOf(document, path));
  return [`${where}: ${nameOf(path)} ${complaintOf(issue, valueAt(document, path))}`];
}

function complaintOf(issue: zod.core.$ZodIssue, value: unknown): string {
  if (value === undefined) return "is missing";
  const shown = JSON.stringify(value)?.slice(0, maxShownCharacters) ?? String(value);
  if (issue.code === "invalid_value") return `${shown} is none of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "invalid_type") return `${shown} is no ${typeNames[issue.expected] ?? issue.expected}`;
  const kinds: unknown = issue.code === "invalid_union" ? Reflect.get(issue, "options") : undefined;
  if (Array.isArray(kinds)) return `${shown} is none of ${kinds.join(", ")}`;
  if (issue.code === "too_small") return `${shown} is below ${issue.minimum}`;
  return `${shown} has the wrong form; see the schema`;
}

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
