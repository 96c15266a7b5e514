import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expand } from "../../provider/campaign/expand.ts";
import { readCampaignFile } from "../../provider/campaign/file.ts";
import type { Properties } from "../lifecycle/fixture.ts";
import type { Content } from "./program.ts";

/** What a team's campaign file says, in the parts that are edited. */
export interface Plan {
  readonly languages: readonly Language[];
  readonly handOverDays: number | undefined;
  readonly messages: readonly PlannedMessage[];
}

interface PlannedMessage {
  readonly key: string;
  readonly formerKeys: readonly string[];
  readonly content: Content;
  readonly time: string;
  readonly inWaves: boolean;
  readonly hold: Wave | undefined;
}

export const languages = ["en", "zh"] as const;
type Language = (typeof languages)[number];

export const waves = ["first", "second"] as const;
type Wave = (typeof waves)[number];

/** An edit of the file; `message` is the place of a message. */
export type PlanEdit =
  | { readonly what: "write"; readonly message: number; readonly content: Content }
  | { readonly what: "schedule"; readonly message: number; readonly time: string }
  | { readonly what: "waves"; readonly message: number }
  | { readonly what: "hold"; readonly message: number; readonly wave: Wave | undefined }
  | { readonly what: "rename"; readonly message: number; readonly isKept: boolean }
  | { readonly what: "remove"; readonly message: number }
  | { readonly what: "language"; readonly language: Language }
  | { readonly what: "handOver"; readonly days: number | undefined }
  | { readonly what: "reorder" };

export const emptyPlan: Plan = { languages: ["en"], handOverDays: undefined, messages: [] };

const keys = ["hello", "bye"] as const;

const keyAt = (message: number): string => keys[message % keys.length] ?? keys[0];

/** A key and those that it is renamed to. */
const baseOf = (key: string): string => key.split("-")[0] ?? key;

/** The file after an edit; one of a message that is not there is none, but for a text, which makes it. */
export function edited(plan: Plan, edit: PlanEdit): Plan {
  const { messages } = plan;
  switch (edit.what) {
    case "language":
      return {
        ...plan,
        languages: languages.filter((one) => plan.languages.includes(one) !== (one === edit.language)),
      };
    case "handOver":
      return { ...plan, handOverDays: edit.days };
    case "reorder":
      return { ...plan, messages: messages.toReversed() };
  }
  const base = keyAt(edit.message);
  const at = messages.findIndex(({ key }) => baseOf(key) === base);
  const old = messages[at];
  if (old !== undefined) return { ...plan, messages: messages.toSpliced(at, 1, ...changed(old, edit)) };
  if (edit.what !== "write") return plan;
  const time = "2027-02-04T10:00:00+08:00";
  const made = { key: base, formerKeys: [], content: edit.content, time, inWaves: false, hold: undefined };
  return { ...plan, messages: [...messages, made] };
}

function changed(
  old: PlannedMessage,
  edit: Extract<PlanEdit, { readonly message: number }>,
): readonly PlannedMessage[] {
  switch (edit.what) {
    case "write":
      return [{ ...old, content: edit.content }];
    case "schedule":
      return [{ ...old, time: edit.time }];
    case "waves":
      return [{ ...old, inWaves: !old.inWaves, hold: undefined }];
    case "hold":
      return [{ ...old, hold: old.inWaves ? edit.wave : undefined }];
    case "remove":
      return [];
    case "rename": {
      const [base = "", number = "1"] = old.key.split("-");
      const key = `${base}-${Number(number) + 1}`;
      return [{ ...old, key, formerKeys: edit.isKept ? [old.key, ...old.formerKeys] : [] }];
    }
  }
}

/** A task that the file declares. */
export interface Expanded {
  readonly name: string;
  readonly formerNames: readonly string[];
  readonly args: Properties;
}

export const campaignName = "launch";

/** Writes the file, reads it as a program does, and expands it. */
export function expandPlan(folder: string, plan: Plan): readonly Expanded[] {
  if (plan.messages.length === 0) return [];
  const path = join(folder, `${campaignName}.json`);
  writeFileSync(path, JSON.stringify(fileOf(plan)));
  const { defaults = {}, variants = {}, messages } = readCampaignFile(path);
  return expand({ name: campaignName, apps: ["android"], defaults, byApp: {}, variants, messages, guards: [] }).map(
    ({ name, formerNames, args }) => ({ name, formerNames, args: { ...args } }),
  );
}

const fileOf = ({ languages: spoken, handOverDays, messages }: Plan) => ({
  defaults: {
    audience: { type: "tag", tagRules: [{ tagItems: [{ tags: ["sale"], tagsOperator: "OR" }] }] },
    message: { title: "Sale" },
    ...(handOverDays !== undefined && { handOverDays }),
  },
  messages: Object.fromEntries(
    messages.map(({ key, formerKeys, content, time, inWaves, hold }) => [
      key,
      {
        formerKeys,
        sendTime: time,
        // Each language says it otherwise, so that a phone tells what it got.
        variants: Object.fromEntries(
          spoken.map((language) => [language, { message: { content: `${content} of ${baseOf(key)} in ${language}` } }]),
        ),
        message: { content: `${content} of ${baseOf(key)}` },
        ...(inWaves && { waves: { first: { afterMinutes: 0 }, second: { afterMinutes: 60 } } }),
        ...(hold !== undefined && { hold }),
      },
    ]),
  ),
});

/** An edit in words. */
export function tellEdit(edit: PlanEdit): string {
  switch (edit.what) {
    case "write":
      return `${keyAt(edit.message)} says ${edit.content}`;
    case "schedule":
      return `${keyAt(edit.message)} goes out at ${edit.time}`;
    case "waves":
      return `${keyAt(edit.message)} goes out in waves, or no longer`;
    case "hold":
      return `${keyAt(edit.message)} is held from wave ${edit.wave ?? "none"} on`;
    case "rename":
      return `${keyAt(edit.message)} has another key${edit.isKept ? ", and formerKeys" : ""}`;
    case "remove":
      return `${keyAt(edit.message)} is removed`;
    case "language":
      return `${edit.language} is added, or removed`;
    case "handOver":
      return `all are handed over ${edit.days ?? "no"} days before`;
    case "reorder":
      return "the messages are reordered";
  }
}
