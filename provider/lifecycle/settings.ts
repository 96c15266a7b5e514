import { z } from "zod";
import { checkGuards, type GuardArgs } from "../guard/rule.ts";
import type { Platform } from "../remedy/capability.ts";
import { baseUrlOf } from "../tpns/access-point.ts";
import { type Halt, readHalt } from "./halt.ts";

/** The app, its key and its guards, as `tpns.Provider`, the stack's configuration or the environment give them. */
export interface Settings {
  readonly accessId: string;
  readonly platform: Platform;
  readonly baseUrl: string;
  /** Undefined where none is to be found: previews work without it. */
  readonly secretKey: string | undefined;
  /** Names of the places where the key was looked for. */
  readonly secretKeyPlaces: readonly string[];
  /** Given by a `tpns.Provider`, which another app replaces; the default provider is reconfigured in place. */
  readonly explicit: boolean;
  readonly authentication: "signature" | "basic";
  readonly maxPushesPerRun: number;
  readonly onlyStacks: readonly string[] | undefined;
  readonly minimumLeadSeconds: number;
  /** How long the service accepts a signature, and so how late a request can arrive. */
  readonly signatureWindowSeconds: number;
  readonly recallAvailable: boolean;
  /** Stands while everything pending is to be cancelled, and nothing pushed. */
  readonly halt: Halt | undefined;
  readonly marker: boolean;
  /** What no message may do. */
  readonly rules: GuardArgs;
}

export type Config = (key: string) => string | undefined;
export type Environment = Readonly<Record<string, string | undefined>>;

const defaultMaxPushesPerRun = 20;
const defaultMinimumLeadSeconds = 60;
/** The longest that the service's older interface documents; for this one nothing is said. */
const defaultSignatureWindowSeconds = 600;

const wholeNumber = (fallback: number) =>
  z
    .string()
    .regex(/^\d+$/, { error: ({ input }) => `${input} is not a whole number` })
    .transform(Number)
    .default(fallback);

const yesOrNo = (fallback: boolean) =>
  z
    .enum(["true", "false"], { error: ({ input }) => `${input} is neither true nor false` })
    .transform((text) => text === "true")
    .default(fallback);

const Guards = z.object({
  maxPushesPerRun: wholeNumber(defaultMaxPushesPerRun),
  minimumLeadSeconds: wholeNumber(defaultMinimumLeadSeconds),
  signatureWindowSeconds: wholeNumber(defaultSignatureWindowSeconds),
  recallAvailable: yesOrNo(false),
  marker: yesOrNo(true),
  explicit: yesOrNo(false),
  authentication: z
    .enum(["signature", "basic"], { error: ({ input }) => `${input} is neither signature nor basic` })
    .default("signature"),
});

const guardNames = [
  "maxPushesPerRun",
  "minimumLeadSeconds",
  "signatureWindowSeconds",
  "recallAvailable",
  "marker",
  "explicit",
  "authentication",
] as const;

/** @throws one line that names what is missing or wrong, and where to write it. */
export function readSettings(config: Config, env: Environment): Settings {
  const need = (key: string, variable: string): string => {
    const value = config(`tpns:${key}`) ?? env[variable];
    if (value) return value;
    throw new Error(
      `no ${key}; give the task a tpns.Provider, or run: pulumi config set tpns:${key} ..., or set ${variable}`,
    );
  };
  const accessId = need("accessId", "TPNS_ACCESS_ID");
  if (!/^\d+$/.test(accessId)) throw new Error(`accessId ${accessId} is not a decimal number`);
  return {
    accessId,
    platform: platformOf(need("platform", "TPNS_PLATFORM")),
    baseUrl: baseUrlOf(need("accessPoint", "TPNS_ACCESS_POINT")),
    ...readSecretKey(accessId, config, env),
    ...readGuards(config),
    onlyStacks: stacksOf(config("tpns:onlyStacks")),
    rules: rulesOf(config("tpns:guards")),
    // Of the environment nobody could review the end, at which all is pushed anew.
    halt: readHalt(config("tpns:halt")),
  };
}

function platformOf(text: string): Platform {
  if (text === "android" || text === "ios") return text;
  throw new Error(`platform ${text} is neither android nor ios`);
}

/** The environment comes first: destroy and refresh configure from the state, and a rotated key must work at once. */
function readSecretKey(accessId: string, config: Config, env: Environment) {
  const ofApp = `TPNS_SECRET_KEY_${accessId}`;
  const named = config("tpns:secretKeyEnv");
  return {
    secretKey: env[ofApp] || (named && env[named]) || config("tpns:secretKey") || env.TPNS_SECRET_KEY || undefined,
    secretKeyPlaces: [ofApp, ...(named ? [named] : []), "TPNS_SECRET_KEY"],
  };
}

function readGuards(config: Config) {
  const parsed = Guards.safeParse(Object.fromEntries(guardNames.map((name) => [name, config(`tpns:${name}`)])));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`tpns:${issue?.path.join(".")}: ${issue?.message}`);
}

const Rules = z.strictObject({
  freezeDays: z.strictObject({ days: z.array(z.string()), timeZone: z.string() }).exactOptional(),
  allowedHours: z.strictObject({ from: z.string(), until: z.string(), timeZone: z.string() }).exactOptional(),
  linkHosts: z.array(z.string()).exactOptional(),
  bannedWords: z.array(z.string()).exactOptional(),
  approval: z.array(z.string()).exactOptional(),
});

/** JSON, as the provider and `pulumi config set --path` write it. */
function rulesOf(text: string | undefined): GuardArgs {
  if (text === undefined) return {};
  const rules = parseRules(text);
  checkGuards(rules);
  return rules;
}

function parseRules(text: string): GuardArgs {
  try {
    return Rules.parse(JSON.parse(text));
  } catch {
    throw new Error(
      "tpns:guards has the wrong form; write freezeDays, allowedHours, linkHosts, bannedWords and approval as tpns.Provider takes them",
    );
  }
}

/** As the provider writes it, or as `pulumi config set --path` does. None given allows all stacks, an empty list none. */
function stacksOf(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  const names = text.startsWith("[") ? parseStacks(text) : text.split(",");
  return names.map((name) => name.trim()).filter((name) => name !== "");
}

function parseStacks(text: string): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    throw new Error(`tpns:onlyStacks: ${text} is not a list of stacks; write dev,prod or ["dev","prod"]`);
  }
}
