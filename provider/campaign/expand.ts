import { approvalHash } from "../guard/approval.ts";
import { brokenRules, checkGuards, type GuardArgs, type Guarded } from "../guard/rule.ts";
import type { AudienceArgs, TagRuleArgs } from "../resources/audience.ts";
import type { PushTaskArgs } from "../resources/push-task.ts";
import { among } from "./among.ts";
import { isKnown, type Layer, merge, textOf } from "./layer.ts";
import { occurrencesOf, type RecurrenceArgs } from "./recurrence.ts";
import { instantOf, later } from "./send-time.ts";

/** A part of a message's audience, and how long after the others it gets it. */
export interface WaveArgs extends Layer {
  /** Minutes after the message's send time; 0 for the first. */
  afterMinutes: number;
  /** Tags that the phones of this wave have besides: a part of the audience all, or of one by tags. */
  among?: TagRuleArgs[];
}

/** A message: what a task takes, and what makes several tasks of it. */
export interface CampaignMessageArgs extends Layer {
  /** The apps that it is for, by their keys. Default: all. */
  only?: string[];
  /** What it says in one variant, by the variant's key; a key that the campaign's variants lack is a variant of this message. */
  variants?: Record<string, Layer>;
  /** Its send times, instead of `sendTime`: each day is a task. */
  repeat?: RecurrenceArgs;
  /** Parts of the audience, by a key each; each is a task. */
  waves?: Record<string, WaveArgs>;
  /** The wave that is cancelled, and with it all that come later. What the remedy does is final. */
  hold?: string;
  /** Keys that it had before, so that its tasks are the same ones. */
  formerKeys?: string[];
}

/** A campaign as it is declared. */
export interface Definition {
  readonly name: string;
  /** Keys of the apps. */
  readonly apps: readonly string[];
  readonly defaults: Layer;
  /** What is said for one app, by its key. */
  readonly byApp: Readonly<Record<string, Layer>>;
  readonly variants: Readonly<Record<string, Layer>>;
  readonly messages: Readonly<Record<string, CampaignMessageArgs>>;
  /** What no message may do; all of them hold. */
  readonly guards: readonly GuardArgs[];
}

/** A task of a campaign. */
export interface ExpandedTask {
  /** Made of keys and days, never of positions: adding, removing or reordering touches no other. */
  readonly name: string;
  /** Key of its message. */
  readonly message: string;
  /** Names that it had under its message's former keys. */
  readonly formerNames: readonly string[];
  readonly app: string;
  readonly args: PushTaskArgs;
}

/** @throws one line that names the campaign and the message, and says what to write. */
export function expand(definition: Definition): readonly ExpandedTask[] {
  const { name, apps, byApp, variants, messages } = definition;
  for (const key of [name, ...apps, ...Object.keys(variants)]) checkKey(`campaign "${name}"`, key);
  const unknown = Object.keys(byApp).find((app) => !apps.includes(app));
  if (unknown !== undefined)
    throw new Error(`campaign "${name}": apps has "${unknown}", and providers has not; ${oneOf(apps)}`);
  checkFormerKeys(name, messages);
  const tasks = Object.entries(messages).flatMap(([key, message]) => {
    try {
      return tasksOf(definition, key, message);
    } catch (error) {
      throw new Error(`campaign "${name}", message "${key}": ${error instanceof Error ? error.message : error}`);
    }
  });
  refuseTwins(name, tasks);
  refuseBroken(definition, tasks);
  return tasks;
}

/** A task has one past: what is there under its own key, or was another's already, is not this message's. */
function checkFormerKeys(name: string, messages: Definition["messages"]): void {
  const taken = new Map(Object.keys(messages).map((key) => [key, key]));
  for (const [key, { formerKeys = [] }] of Object.entries(messages)) {
    for (const former of formerKeys) {
      const owner = taken.get(former);
      if (owner !== undefined) {
        throw new Error(
          `campaign "${name}", message "${key}": formerKeys has "${former}", which is message "${owner}"'s; leave it out`,
        );
      }
      taken.set(former, key);
    }
  }
}

/** What tells the tasks of one message apart: a part of the name, and what it says. */
interface Part {
  /** Undefined where there is but one. */
  readonly key: string | undefined;
  readonly layer: Layer;
}

function tasksOf(definition: Definition, key: string, message: CampaignMessageArgs): readonly ExpandedTask[] {
  const { only = definition.apps, variants = {}, repeat, waves = {}, hold, formerKeys = [], ...said } = message;
  for (const one of [key, ...formerKeys, ...Object.keys(variants), ...Object.keys(waves)]) checkKey("it", one);
  const unknown = only.find((app) => !definition.apps.includes(app));
  if (unknown !== undefined) throw new Error(`only has "${unknown}", and providers has not; ${oneOf(definition.apps)}`);
  if (only.length === 0) throw new Error("only names no app; leave it out, or remove the message");
  if (repeat !== undefined && said.sendTime !== undefined)
    throw new Error("it has sendTime and repeat; write one of the two");
  const timed = Object.entries({ ...definition.variants, ...variants }).find(
    ([, { sendTime }]) => sendTime !== undefined,
  );
  if (repeat !== undefined && timed !== undefined) {
    throw new Error(`it has repeat, and the variant "${timed[0]}" has sendTime; write one of the two`);
  }
  return only.flatMap((app) =>
    variantsOf(definition, variants).flatMap((variant) =>
      daysOf(repeat).flatMap((day) =>
        wavesOf(waves, hold).map((wave) => {
          const { afterMinutes = 0, among: rules, ...layer } = wave.layer;
          const under = merge([definition.defaults, definition.byApp[app] ?? {}, ...variant.layers(said), day.layer]);
          const sendTime = later(under.sendTime, afterMinutes);
          const parts = [app, variant.key, wave.key, day.key].filter((part) => part !== undefined);
          const nameUnder = (one: string): string => [definition.name, one, ...parts].join("/");
          const own = merge([under, ...(sendTime === undefined ? [] : [{ sendTime }]), layer]);
          const audience = rules === undefined ? own.audience : among(own.audience, rules);
          const args = merge([own, ...(audience === undefined ? [] : [{ audience }])]);
          return { name: nameUnder(key), message: key, formerNames: formerKeys.map(nameUnder), app, args: whole(args) };
        }),
      ),
    ),
  );
}

/** The campaign's variants and the message's own; what the message says of one stands over all else. */
function variantsOf({ variants }: Definition, own: Readonly<Record<string, Layer>>) {
  const keys = [...new Set([...Object.keys(variants), ...Object.keys(own)])];
  const of = (key: string | undefined) => ({
    key,
    layers: (said: Layer): readonly Layer[] =>
      key === undefined ? [said] : [variants[key] ?? {}, said, own[key] ?? {}],
  });
  return keys.length === 0 ? [of(undefined)] : keys.map(of);
}

const daysOf = (repeat: RecurrenceArgs | undefined): readonly Part[] =>
  repeat === undefined
    ? [{ key: undefined, layer: {} }]
    : occurrencesOf(repeat).map(({ date, sendTime }) => ({ key: date, layer: { sendTime } }));

interface Wave extends Part {
  readonly layer: Partial<WaveArgs>;
}

function wavesOf(waves: Readonly<Record<string, WaveArgs>>, hold: string | undefined): readonly Wave[] {
  const entries = Object.entries(waves);
  if (hold !== undefined && !Object.hasOwn(waves, hold))
    throw new Error(`hold names "${hold}", which is no wave; ${oneOf(Object.keys(waves))}`);
  const wrong = entries.find(([, { afterMinutes }]) => !Number.isInteger(afterMinutes) || afterMinutes < 0);
  if (wrong !== undefined)
    throw new Error(
      `wave "${wrong[0]}": afterMinutes ${wrong[1].afterMinutes} is no number of minutes; write 0 or more`,
    );
  const heldFrom = hold === undefined ? Number.POSITIVE_INFINITY : (waves[hold]?.afterMinutes ?? 0);
  const isHeld = (key: string, { afterMinutes }: WaveArgs): boolean => key === hold || afterMinutes > heldFrom;
  if (entries.length === 0) return [{ key: undefined, layer: {} }];
  return entries.map(([key, wave]) => ({ key, layer: isHeld(key, wave) ? { ...wave, remedy: "cancel" } : wave }));
}

function whole(args: Layer): PushTaskArgs {
  const { audience, sendTime, message } = args;
  const missing = Object.entries({ audience, sendTime, message }).find(([, value]) => value === undefined)?.[0];
  if (audience === undefined || sendTime === undefined || message === undefined) {
    throw new Error(`${missing} is missing; write it in the message, or in the campaign's defaults`);
  }
  return { ...args, audience, sendTime, message };
}

const key = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

/** It becomes part of the tasks' names. */
function checkKey(where: string, text: string): void {
  if (!key.test(text)) throw new Error(`${where} has the key "${text}"; write letters, digits, - and _`);
}

const oneOf = (names: readonly string[]): string =>
  names.length === 0 ? "leave it out" : `write one of ${names.join(", ")}`;

/** What is known only later the app's own guards judge. */
function refuseBroken({ name, guards }: Definition, tasks: readonly ExpandedTask[]): void {
  for (const one of guards) checkGuards(one);
  const lines = tasks.flatMap(({ name: task, args }) => {
    if (args.remedy !== undefined) return [];
    const guarded = guardedOf(args);
    return guards.flatMap((one) => brokenRules(one, guarded)).map((line) => `${task}: ${line}`);
  });
  if (lines.length > 0) throw new Error(`campaign "${name}": ${lines.join("; ")}`);
}

function guardedOf(args: PushTaskArgs): Guarded {
  const { sendTime, message, messageType, audience, resendBySms, smsInfo, approvedBy } = args;
  const isPlain = textOf({ message, messageType, audience, resendBySms, smsInfo }) !== undefined;
  return {
    sendAt: instantOf(sendTime),
    message: [message, smsInfo],
    audience: isKnown<AudienceArgs>(audience) && typeof audience.type === "string" ? audience.type : undefined,
    approvalHash: isPlain ? approvalHash(args) : undefined,
    approvedBy: Array.isArray(approvedBy) ? approvedBy.filter((text) => typeof text === "string") : [],
  };
}

/** Without what says how it is dealt with. */
function pushedPartOf(args: PushTaskArgs): object {
  const { remedy, ifSent, onDelete, pastSendTime, consent, handOverDays, approvedBy, ...pushed } = args;
  return pushed;
}

/** The service would send both; what is known only later each task compares with the service's records. */
function refuseTwins(campaign: string, tasks: readonly ExpandedTask[]): void {
  const seen = new Map<string, string>();
  for (const { name, app, args } of tasks) {
    const { remedy } = args;
    const text = textOf({ app, ...pushedPartOf(args) });
    const other = text === undefined || remedy !== undefined ? undefined : seen.get(text);
    if (other !== undefined) {
      throw new Error(
        `campaign "${campaign}": ${other} and ${name} are the same message to the same audience at the same time; change one of the two`,
      );
    }
    if (text !== undefined && remedy === undefined) seen.set(text, name);
  }
}
