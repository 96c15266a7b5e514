import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Node, YAMLMap } from "yaml";
import { canonicalText } from "../canonical.ts";
import { approvalBy, approvalHash, parseApproval } from "../guard/approval.ts";
import type { PushTaskArgs } from "../resources/push-task.ts";
import { type ExpandedTask, expand } from "./expand.ts";
import { type CampaignFile, parseCampaign, readCampaignFile } from "./file.ts";
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
 * @throws one line, and leaves the file as it was, where it is wrong, lacks a message, leaves to its program what must be
 * approved, or is written in a way that only people can edit.
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
  const lists = new Map(
    Object.entries(Object.groupBy(approved, ({ message }) => message)).map(([key, texts = []]) => [
      key,
      approvalsOf(texts, by),
    ]),
  );
  const text = readFileSync(path, "utf8");
  const written = [...lists].reduce((before, [key, list]) => withList(path, before, key, list), text);
  checkWritten(path, campaign, parseCampaign(path, written).campaign, lists);
  writeFileSync(path, written);
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

/** What others have approved of these texts, wherever the file says so, and what is approved now. */
function approvalsOf(texts: readonly Approved[], by: string): readonly string[] {
  const hashes = texts.map(({ hash }) => hash);
  const others = texts
    .flatMap(({ args }) => givenIn(args))
    .filter((text) => {
      const one = parseApproval(text);
      return one !== undefined && one.name !== by && hashes.includes(one.hash);
    });
  return [...new Set([...others, ...hashes.map((hash) => approvalBy(by, hash))])];
}

const givenIn = ({ approvedBy }: PushTaskArgs): readonly string[] =>
  Array.isArray(approvedBy) ? approvedBy.filter((text) => typeof text === "string") : [];

const listName = "approvedBy";

/** The file's text with a message's list; the rest stays as it is, to the letter. */
function withList(path: string, text: string, key: string, list: readonly string[]): string {
  const yaml: typeof import("yaml") = load("yaml");
  const document = yaml.parseDocument(text);
  const line = `[${list.map((one) => JSON.stringify(one)).join(", ")}]`;
  const message = document.getIn(["messages", key], true);
  const pair = yaml.isMap(message) ? message.items.find((item) => nameOf(item.key) === listName) : undefined;
  const edit = pair
    ? yaml.isSeq(pair.value) && pair.value.anchor === undefined && replacing(text, pair.key, pair.value, line)
    : yaml.isMap(message) && adding(text, message, line);
  if (!edit) throw byHand(path, key, line);
  return text.slice(0, edit.from) + edit.by + text.slice(edit.until);
}

const byHand = (path: string, key: string, line: string): Error =>
  new Error(`${path}: message "${key}" is written in a way that only you can edit; write into it ${listName}: ${line}`);

/** A part of a text, and what stands there afterwards. */
interface Edit {
  readonly from: number;
  readonly until: number;
  readonly by: string;
}

/** From the end of its name: a list may begin on the next line, no further in than the name. */
function replacing(text: string, key: unknown, { range }: Node, list: string): Edit | undefined {
  const [, from] = rangeOf(key) ?? [];
  if (from === undefined || !range) return undefined;
  const former = text.slice(from, range[1]).trimEnd();
  // What people have noted beside it is not ours to take away.
  return former.includes("#") ? undefined : { from, until: from + former.length, by: `: ${list}` };
}

/** As the first of the message's parts. */
function adding(text: string, { items: [first], flow, range }: YAMLMap, list: string): Edit | undefined {
  const [from] = rangeOf(first?.key) ?? [];
  if (from === undefined || !range) return undefined;
  const before = text.slice(flow ? range[0] + 1 : text.lastIndexOf("\n", from) + 1, from);
  if (!flow && before.trim() !== "") return undefined;
  const name = text[from] === '"' ? JSON.stringify(listName) : listName;
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  return { from, until: from, by: flow ? `${name}: ${list},${before || " "}` : `${name}: ${list}${end}${before}` };
}

const rangeOf = (key: unknown): readonly number[] | undefined =>
  typeof key === "object" && key !== null && "range" in key && Array.isArray(key.range) ? key.range : undefined;

const nameOf = (key: unknown): unknown =>
  typeof key === "object" && key !== null && "value" in key ? key.value : undefined;

/** @throws where the file would say anything else than before, or a task would not be taken for approved. */
function checkWritten(
  path: string,
  before: CampaignFile,
  after: CampaignFile | undefined,
  lists: ReadonlyMap<string, readonly string[]>,
): void {
  const meant = {
    ...before,
    messages: Object.fromEntries(
      Object.entries(before.messages).map(([key, message]) => {
        const list = lists.get(key);
        return [key, list === undefined ? message : { ...message, approvedBy: list }];
      }),
    ),
  };
  for (const [key, list] of lists) {
    const line = `[${list.map((one) => JSON.stringify(one)).join(", ")}]`;
    if (after === undefined || canonicalText(after) !== canonicalText(meant)) throw byHand(path, key, line);
    const shadowed = tasksOf(path, after).find(
      ({ message, args }) =>
        message === key &&
        args.remedy === undefined &&
        !givenIn(args).some((text) => parseApproval(text)?.hash === approvalHash(args)),
    );
    if (shadowed !== undefined) {
      throw new Error(
        `${path}: a variant or a wave of message "${key}" has an ${listName} of its own, which stands over the message's; take it out`,
      );
    }
  }
}
