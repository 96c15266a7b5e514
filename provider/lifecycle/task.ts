import { z } from "zod";
import { type Identity, nameOf, parseIdentity } from "../once/marker.ts";
import { limitOf } from "../remedy/capability.ts";
import type { Parts } from "../remedy/change.ts";
import { defaultExpireTimeSeconds, PushRequest, raisedExpireTimeSeconds } from "../tpns/schema/push-request.ts";
import { sendTimeOf } from "../tpns/times.ts";
import { audienceFields, messageFields, optionFields } from "./fields.ts";
import { parseSendTime, type SendTime } from "./send-time.ts";
import type { Settings } from "./settings.ts";
import { type Fields, isUnknown, root, Translation } from "./translation.ts";

/** The properties that are ours and not the service's. */
const Own = z.object({
  identity: z.string(),
  remedy: z.enum(["cancel", "terminate", "recall"]).optional(),
  ifSent: z.enum(["override", "refuse"]).default("override"),
  onDelete: z.enum(["cancel", "terminate"]).default("cancel"),
  pastSendTime: z.enum(["refuse", "skip"]).default("refuse"),
  consent: z.array(z.string()).default([]),
  forceCollapse: z.boolean().default(false),
});

type Own = z.output<typeof Own>;

/** The properties that make the push request. */
export const requestProperties: readonly string[] = [
  "audience",
  "sendTime",
  ...Object.keys(messageFields),
  ...Object.keys(optionFields),
];

/** What the user declared, with unknown values where a preview does not know them yet. */
export type PushTaskInputs = Readonly<Record<string, unknown>>;

/** A declared task, understood. */
export interface Task extends Omit<Own, "identity"> {
  readonly name: string;
  readonly urn: string;
  readonly identity: Identity;
  readonly sendTime: SendTime;
  /** What would be pushed, without marker and `collapse_id`. */
  readonly request: PushRequest;
  readonly parts: Parts;
  /** Seconds that the service keeps it for offline phones. */
  readonly storageSeconds: number;
  /** Equal for equal pushes; what the marker's second half is made of. */
  readonly canonical: string;
}

/** A task, or the one line for each thing that is wrong with it. */
export type Reading =
  | { readonly kind: "task"; readonly task: Task }
  | { readonly kind: "partlyUnknown" }
  | { readonly kind: "wrong"; readonly failures: readonly string[] };

/** Judges form, limits and capability; never the clock, since a sent task whose state was lost comes here too. */
export function readTask(inputs: PushTaskInputs, settings: Settings): Reading {
  const translation = new Translation();
  const failures: string[] = [];
  const own = readOwn(inputs, failures);
  const sendTime = readSendTime(inputs.sendTime, failures);
  const wire = translate(inputs, translation, settings);
  const parsed = PushRequest.safeParse({
    ...wire,
    ...(sendTime?.kind === "at" && { send_time: sendTimeOf(sendTime.at) }),
  });
  failures.push(
    ...unknownProperties(inputs),
    ...translation.unknownNames,
    ...issuesOf(parsed.error, wire, translation),
  );
  if (parsed.success && own && sendTime) failures.push(...capabilityFailures(parsed.data, own, sendTime, settings));
  if (failures.length > 0) return { kind: "wrong", failures };
  if (!parsed.success || !own || !sendTime || isUnknown(inputs)) return { kind: "partlyUnknown" };
  return { kind: "task", task: taskOf(own, sendTime, parsed.data, partsOf(inputs, wire)) };
}

/** @throws where the inputs have not passed `check`. */
export function taskFrom(inputs: PushTaskInputs, settings: Settings): Task {
  const reading = readTask(inputs, settings);
  if (reading.kind === "task") return reading.task;
  throw new Error(reading.kind === "wrong" ? reading.failures.join("; ") : "a value is not known yet");
}

function translate(inputs: PushTaskInputs, translation: Translation, settings: Settings): Record<string, unknown> {
  const part = (fields: Fields): unknown =>
    translation.object(fields, Object.fromEntries(Object.entries(inputs).filter(([name]) => name in fields)), root);
  return Object.assign(
    { message_type: "notify", ...(settings.platform === "ios" && { environment: "product" }) },
    part(messageFields),
    part(optionFields),
    translation.object(audienceFields, inputs.audience, { ours: ["audience"], wire: [] }),
  );
}

function readOwn(inputs: PushTaskInputs, failures: string[]): Own | undefined {
  const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => !isUnknown(value)));
  const parsed = Own.safeParse(known);
  if (parsed.success) return parsed.data;
  failures.push(
    ...parsed.error.issues.map(
      ({ path, message }) => `${path.join(".")} ${JSON.stringify(inputs[String(path[0])])}: ${message}`,
    ),
  );
  return undefined;
}

function readSendTime(declared: unknown, failures: string[]): SendTime | undefined {
  if (isUnknown(declared)) return undefined;
  if (declared === undefined) failures.push('sendTime is missing; write for example "2027-03-01T10:00:00+08:00"');
  if (declared === undefined) return undefined;
  try {
    return parseSendTime(declared);
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

const unknownProperties = (inputs: PushTaskInputs): string[] =>
  Object.keys(inputs)
    .filter((name) => !(name in Own.shape || requestProperties.includes(name)))
    .map((name) => `${name} is not a property of PushTask; remove it, or correct its name`);

/** What the service's schema says, in the user's words; nothing of what a preview does not know yet. */
function issuesOf(error: z.ZodError | undefined, wire: unknown, translation: Translation): string[] {
  return (error?.issues ?? [])
    .filter(({ path }) => !isUnknown(valueAt(wire, path)))
    .map(({ path, message }) => {
      const wirePath = path.map((part) => (typeof part === "number" ? part : String(part)));
      return message.startsWith(dotted(wirePath))
        ? translation.nameOf(wirePath) + translation.reword(message.slice(dotted(wirePath).length))
        : translation.reword(message);
    });
}

/** As the schema's messages write a place. */
const dotted = (path: readonly (string | number)[]): string =>
  path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index > 0 ? "." : ""}${part}`)).join("");

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, name) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : inner),
    value,
  );

function capabilityFailures(request: PushRequest, own: Own, sendTime: SendTime, settings: Settings): string[] {
  const limit = limitOf({
    platform: settings.platform,
    audience: request.audience_type,
    remedy: own.remedy,
    onDelete: own.onDelete,
    scheduled: sendTime.kind === "at",
    hasPushSpeed: request.push_speed !== undefined,
    hasIosMessage: request.message.ios !== undefined,
    hasAndroidMessage: request.message.android !== undefined,
    hasEnvironment: request.environment !== undefined,
    recallAvailable: settings.recallAvailable,
  });
  return [...(limit ? [`${limit.refusal}; ${limit.wayOn}`] : []), ...expireTimeFailures(request.expire_time)];
}

/** What the service would silently raise would not be what is declared. */
function expireTimeFailures(expireTime = 0): string[] {
  if (expireTime === 0 || expireTime >= raisedExpireTimeSeconds) return [];
  return [
    `expireTime ${expireTime} is below ${raisedExpireTimeSeconds}, to which the service would raise it; write 0, or ${raisedExpireTimeSeconds} or more`,
  ];
}

function taskOf({ identity: text, ...own }: Own, sendTime: SendTime, request: PushRequest, parts: Parts): Task {
  const identity = parseIdentity(text);
  const { content, messageType, audience, options } = parts;
  // An asap task is the same one whenever it goes out.
  const when = sendTime.kind === "at" ? sendTime.at.toISOString() : sendTime.kind;
  return {
    ...own,
    name: nameOf(identity),
    urn: identity.urn,
    identity,
    sendTime,
    request,
    parts,
    storageSeconds: storageOf(request.expire_time),
    canonical: canonicalText([content, messageType, audience, options, when]),
  };
}

const storageOf = (expireTime = defaultExpireTimeSeconds): number => expireTime;

/** What a state recorded, taken apart without being judged: an older version of the package may have admitted more. */
export function recordedParts(inputs: PushTaskInputs, settings: Settings): Parts {
  return partsOf(inputs, translate(inputs, new Translation(), settings));
}

/** How long a state's task is kept for offline phones. */
export function recordedStorage(inputs: PushTaskInputs): number {
  const { expireTime } = inputs;
  return storageOf(typeof expireTime === "number" ? expireTime : undefined);
}

const audienceNames = Object.values(audienceFields).map(({ wire }) => wire);

function partsOf(inputs: PushTaskInputs, wire: Record<string, unknown>): Parts {
  const { message, message_type, ...rest } = wire;
  const entries = Object.entries(rest);
  const audience = Object.fromEntries(entries.filter(([name]) => audienceNames.includes(name)));
  const { sendTime, remedy } = inputs;
  return {
    content: canonicalText(message),
    messageType: String(message_type),
    sendTime: sendTimeText(sendTime),
    audience: canonicalText(audience),
    audienceWithoutUpload: canonicalText({ ...audience, upload_id: undefined }),
    options: canonicalText(Object.fromEntries(entries.filter(([name]) => !audienceNames.includes(name)))),
    remedy: typeof remedy === "string" ? remedy : undefined,
  };
}

/** Equal for equal instants, however they are written. */
function sendTimeText(declared: unknown): string {
  try {
    const sendTime = parseSendTime(declared);
    return sendTime.kind === "at" ? sendTime.at.toISOString() : `asap ${sendTime.notAfter.toISOString()}`;
  } catch {
    return canonicalText(declared);
  }
}

/** JSON with sorted keys. */
const canonicalText = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
