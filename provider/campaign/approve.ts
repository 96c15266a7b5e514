import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Node, YAMLMap } from "yaml";
import { approvalBy, approvalHash, parseApproval } from "../guard/approval.ts";
import type { PushTaskArgs } from "../resources/push-task.ts";
import { type ExpandedTask, expand } from "./expand.ts";
import { type CampaignFile, readCampaignFile } from "./file.ts";
import { merge } from "./layer.ts";

/** A text and an audience of a message, which somebody has approved. */
export interface Approved {
  /** Key of the message. */
  readonly message: string;
  /** A task that says it. */
  readonly task: string;
  readonly args: PushTaskArgs;
  readonly hash: string;
}

/** Stands for the apps where a file names none: what a message says depends on their keys alone. */
const someApp = "app";

const load = createRequire(import.meta.url);

/**
 * Writes into a campaign file that somebody approves its messages, or those of them that are named, as they are now. What
 * others have approved of the same text stays; what was approved of an older text goes.
 * @throws one line where the file is wrong, lacks a message, or leaves to its program what must be approved.
 */
export function approve(path: string, keys: readonly string[], by: string): readonly Approved[] {
  const campaign = readCampaignFile(path);
  const unknown = keys.find((key) => !Object.hasOwn(campaign.messages, key));
  if (unknown !== undefined) {
    throw new Error(
      `${path} has no message "${unknown}"; write ${keys.length === 1 ? "one" : "some"} of ${Object.keys(campaign.messages).join(", ")}`,
    );
  }
  const approved = approvedIn(tasksOf(path, campaign), keys);
  const lists = Object.entries(Object.groupBy(approved, ({ message }) => message)).map(([key, texts = []]) => {
    const hashes = texts.map(({ hash }) => hash);
    const others = (campaign.messages[key]?.approvedBy ?? []).filter((text) => {
      const one = parseApproval(text);
      return one !== undefined && one.name !== by && hashes.includes(one.hash);
    });
    return [key, [...others, ...hashes.map((hash) => approvalBy(by, hash))]] as const;
  });
  writeFileSync(path, withApprovals(path, lists));
  return approved;
}

function tasksOf(path: string, { defaults = {}, apps = {}, variants = {}, messages }: CampaignFile) {
  const named = [...Object.keys(apps), ...Object.values(messages).flatMap(({ only = [] }) => only)];
  const keys = named.length === 0 ? [someApp] : [...new Set(named)];
  try {
    return expand({ name: "it", apps: keys, defaults: merge([defaults]), byApp: apps, variants, messages, guards: [] });
  } catch (error) {
    throw new Error(
      `${path}: ${error instanceof Error ? error.message : error}; where the program says it, copy the line that its preview prints`,
    );
  }
}

/** Each text once, of each message. */
function approvedIn(tasks: readonly ExpandedTask[], keys: readonly string[]): readonly Approved[] {
  const all = tasks
    .filter(({ message, args }) => args.remedy === undefined && (keys.length === 0 || keys.includes(message)))
    .map(({ name, message, args }) => ({ message, task: name, args, hash: approvalHash(args) }));
  return all.filter(
    (one, at) => all.findIndex((other) => other.message === one.message && other.hash === one.hash) === at,
  );
}

/** The rest of the file stays as it is, to the letter. */
function withApprovals(path: string, lists: readonly (readonly [string, readonly string[]])[]): string {
  const yaml: typeof import("yaml") = load("yaml");
  const text = readFileSync(path, "utf8");
  const document = yaml.parseDocument(text);
  const edits = lists.map(([key, list]) => {
    const line = `[${list.map((one) => JSON.stringify(one)).join(", ")}]`;
    const message = document.getIn(["messages", key], true);
    const former = document.getIn(["messages", key, listName], true);
    const edit = yaml.isNode(former)
      ? replacing(text, former, line)
      : yaml.isMap(message) && adding(text, message, line);
    if (edit) return edit;
    throw new Error(`${path}: message "${key}" is not written out there; write ${listName}: ${line} where it is`);
  });
  return edits
    .toSorted((one, other) => other.from - one.from)
    .reduce((all, { from, until, by }) => all.slice(0, from) + by + all.slice(until), text);
}

const listName = "approvedBy";

/** A part of a text, and what stands there afterwards. */
interface Edit {
  readonly from: number;
  readonly until: number;
  readonly by: string;
}

function replacing(text: string, { range }: Node, by: string): Edit | undefined {
  if (!range) return undefined;
  const [from, end] = range;
  return { from, until: from + text.slice(from, end).trimEnd().length, by };
}

/** As the first of the message's parts. */
function adding(text: string, { items: [first], flow, range }: YAMLMap, list: string): Edit | undefined {
  const from = first && offsetOf(first.key);
  if (from === undefined || !range) return undefined;
  const before = text.slice(flow ? range[0] + 1 : text.lastIndexOf("\n", from) + 1, from);
  const name = text[from] === '"' ? JSON.stringify(listName) : listName;
  return { from, until: from, by: flow ? `${name}: ${list},${before || " "}` : `${name}: ${list}\n${before}` };
}

const offsetOf = (key: unknown): number | undefined =>
  typeof key === "object" && key !== null && "range" in key && Array.isArray(key.range) ? key.range[0] : undefined;
