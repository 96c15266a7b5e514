import { z } from "zod";
import { canonicalText } from "../canonical.ts";
import { approvalHash } from "../guard/approval.ts";
import { contentMark, type Identity, nameOf, parseIdentity } from "../once/marker.ts";
import { limitOf } from "../remedy/capability.ts";
import type { Parts, RequestParts } from "../remedy/change.ts";
import { defaultExpireTimeSeconds, PushRequest, raisedExpireTimeSeconds } from "../tpns/schema/push-request.ts";
import { show, worded } from "../tpns/schema/wording.ts";
import { sendTimeOf } from "../tpns/times.ts";
import { failuresOf } from "./failure.ts";
import { audienceFields, messageFields, optionFields } from "./fields.ts";
import { parseSendTime, type SendTime } from "./send-time.ts";
import type { Settings } from "./settings.ts";
import { isObject, isUnknown, root, Translation, unknownValue } from "./translation.ts";

/** The service takes send times within 90 days. @see https://www.tencentcloud.com/document/product/1024/33764 */
const maxHandOverDays = 90;

/** The properties that are ours and not the service's. */
const Own = z.object({
  identity: z.string(worded),
  remedy: z.enum(["cancel", "terminate", "recall"], worded).optional(),
  ifSent: z.enum(["override", "refuse"], worded).default("override"),
  onDelete: z.enum(["cancel", "terminate"], worded).default("cancel"),
  pastSendTime: z.enum(["refuse", "skip"], worded).default("refuse"),
  consent: z.array(z.string(worded), worded).default([]),
  approvedBy: z.array(z.string(worded), worded).default([]),
  forceCollapse: z.boolean(worded).default(false),
  handOverDays: z.int(worded).min(1, worded).max(maxHandOverDays, worded).optional(),
});

type Own = z.output<typeof Own>;

/** What stands at the top of a request as at the top of `PushTaskArgs`. */
const topFields = { ...messageFields, ...optionFields };

/** The properties that make the push request. */
export const requestProperties: readonly string[] = ["audience", "sendTime", ...Object.keys(topFields)];

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
  /** What an approval of it names. */
  readonly approvalHash: string;
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
    ...audienceFailures(inputs),
    ...translation.unknownNames,
    ...failuresOf(parsed.error, wire, inputs),
  );
  if (parsed.success && own && sendTime) {
    failures.push(...capabilityFailures(parsed.data, own, sendTime, inputs, settings));
  }
  if (failures.length > 0) return { kind: "wrong", failures: failures.map(inOneLine) };
  if (!parsed.success || !own || !sendTime || isUnknown(inputs)) return { kind: "partlyUnknown" };
  return {
    kind: "task",
    // Most checks want to know no more than that it is one.
    get task() {
      return taskOf(own, sendTime, parsed.data, inputs, partsOf(inputs, wire));
    },
  };
}

/** A failure repeats what the user wrote, which can have several. */
const inOneLine = (text: string): string => text.replace(/\s*\n\s*/g, " ");

/** @throws where the inputs have not passed `check`. */
export function taskFrom(inputs: PushTaskInputs, settings: Settings): Task {
  const reading = readTask(inputs, settings);
  if (reading.kind === "task") return reading.task;
  throw new Error(reading.kind === "wrong" ? reading.failures.join("; ") : "a value is not known yet");
}

function translate(inputs: PushTaskInputs, translation: Translation, settings: Settings): Record<string, unknown> {
  const { audience } = inputs;
  const top = Object.entries(inputs).filter(([name]) => Object.hasOwn(topFields, name));
  return {
    message_type: "notify",
    ...((settings.platform === "ios" || hasIosMessage(inputs)) && { environment: "product" }),
    ...translation.record(topFields, Object.fromEntries(top), root),
    // What is no object has no fields: `audienceFailures` judges it, and the schema takes it as not known.
    ...(isObject(audience)
      ? translation.record(audienceFields, audience, ["audience"])
      : { audience_type: unknownValue }),
  };
}

/** The service asks for its environment on every platform; capability says which platform takes it. */
const hasIosMessage = ({ message }: PushTaskInputs): boolean => isObject(message) && message.ios !== undefined;

function audienceFailures({ audience }: PushTaskInputs): string[] {
  if (isObject(audience) || isUnknown(audience)) return [];
  const wrong = audience === undefined ? "is missing" : `${show(audience)} is not an object`;
  return [`audience ${wrong}; write for example { type: "all" }`];
}

function readOwn(inputs: PushTaskInputs, failures: string[]): Own | undefined {
  const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => !isUnknown(value)));
  const parsed = Own.safeParse(known);
  if (parsed.success) return parsed.data;
  failures.push(...parsed.error.issues.map(({ message }) => message));
  return undefined;
}

function readSendTime(declared: unknown, failures: string[]): SendTime | undefined {
  if (isUnknown(declared)) return undefined;
  try {
    return parseSendTime(declared);
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

const unknownProperties = (inputs: PushTaskInputs): string[] =>
  Object.keys(inputs)
    .filter((name) => !(Object.hasOwn(Own.shape, name) || requestProperties.includes(name)))
    .map((name) => `${name} is not a property of PushTask; remove it, or correct its name`);

function capabilityFailures(
  request: PushRequest,
  own: Own,
  sendTime: SendTime,
  inputs: PushTaskInputs,
  settings: Settings,
): string[] {
  const limit = limitOf({
    platform: settings.platform,
    audience: request.audience_type,
    remedy: own.remedy,
    onDelete: own.onDelete,
    scheduled: sendTime.kind === "at",
    hasPushSpeed: request.push_speed !== undefined,
    hasIosMessage: request.message.ios !== undefined,
    hasAndroidMessage: request.message.android !== undefined,
    hasEnvironment: inputs.environment !== undefined,
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

function taskOf(
  { identity: text, ...own }: Own,
  sendTime: SendTime,
  request: PushRequest,
  declared: PushTaskInputs,
  parts: Parts,
): Task {
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
    approvalHash: approvalHash(declared),
    canonical: canonicalText([content, messageType, audience, options, when]),
  };
}

const storageOf = (expireTime = defaultExpireTimeSeconds): number => expireTime;

/** What a state recorded, taken apart without being judged: an older version of the package may have admitted more. */
export function recordedParts(inputs: PushTaskInputs, settings: Settings): Parts {
  return partsOf(inputs, translate(inputs, new Translation(), settings));
}

/** Parts that can be kept anywhere: equal where they were equal, and without a word of the message. */
export function hashedParts(parts: RequestParts): RequestParts {
  const { content, messageType, sendTime, audience, audienceWithoutUpload, options } = parts;
  return {
    content: contentMark(content),
    messageType: contentMark(messageType),
    // An asap task is the same one whenever it goes out.
    sendTime: contentMark(sendTime.startsWith("asap") ? "asap" : sendTime),
    audience: contentMark(audience),
    audienceWithoutUpload: contentMark(audienceWithoutUpload),
    options: contentMark(options),
  };
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
