import type { core, ZodType } from "zod";
import { Refusal, retCodes } from "../refusal.ts";

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** The body as a JSON object; an integer that fits no number stays text. */
export const parseBody = (bytes: Buffer): Json => {
  const body = parseJson(textOf(bytes));
  if (isObject(body)) return body;
  throw new Refusal(retCodes.parseError, "parameter parse error: the body is no JSON object");
};

/** The service takes UTF-8 alone. */
const textOf = (bytes: Buffer): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(retCodes.parseError, "parameter parse error: the body is no UTF-8");
  }
};

/** Nothing documented nests deeper than ten; what does would exhaust the stack of whoever walks through it. */
const maxNesting = 100;

/** JSON; an integer that fits no number comes out as its digits. */
export const parseJson = (text: string): unknown => {
  if (nestingOf(text) > maxNesting) {
    throw new Refusal(retCodes.parseError, `parameter parse error: the body nests deeper than ${maxNesting}`);
  }
  try {
    return JSON.parse(text, keepDigits);
  } catch {
    throw new Refusal(retCodes.parseError, "parameter parse error: the body is no JSON");
  }
};

/** How deep brackets nest outside of texts. */
const nestingOf = (text: string): number => {
  let [depth, deepest, isText] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') isText = !isText;
    else if (isText && character === "\\") at += 1;
    else if (!isText && (character === "[" || character === "{")) depth += 1;
    else if (!isText && (character === "]" || character === "}")) depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
};

const keepDigits = (_key: string, value: unknown, { source }: { readonly source?: string }): unknown =>
  typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) ? source : value;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The first try may find keys in another case, the second keys that nobody knows. */
const parseTries = 3;

/**
 * The body as the schema has it. The documents' own samples write `Title` and `pushid`, so a key is found whatever its
 * case; one that the documents do not have is dropped.
 */
export const checkBody = <Output>(schema: ZodType<Output>, body: Json, tries = parseTries): Output => {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const unknown = parsed.error.issues.filter((issue) => issue.code === "unrecognized_keys");
  if (unknown.length === 0 || tries === 1) throw refusalOf(parsed.error.issues);
  const copy = structuredClone(body);
  for (const { path, keys } of unknown) for (const key of keys) mendKey(at(copy, path), key);
  return checkBody(schema, copy, tries - 1);
};

const at = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (isIndexed(value) ? Reflect.get(value, key) : undefined), root);

const mendKey = (parent: unknown, key: string): void => {
  if (!isIndexed(parent)) return;
  const known = documentedKey(key);
  if (!Object.hasOwn(parent, known)) Reflect.set(parent, known, Reflect.get(parent, key));
  Reflect.deleteProperty(parent, key);
};

/** The keys that are documented with capitals; all others have none. */
const capitalKeys = [
  ...["pushId", "planId", "groupId", "startDate", "endDate", "msgType", "pushType"],
  ...["loopType", "loopDayIndexs", "dayTimes", "planName", "planDescribe", "attributeInfo", "attributeMap"],
];

const documentedKey = (key: string): string =>
  capitalKeys.find((known) => known.toLowerCase() === key.toLowerCase()) ?? key.toLowerCase();

const isIndexed = (value: unknown): value is object => typeof value === "object" && value !== null;

const refusalOf = (issues: readonly core.$ZodIssue[]): Refusal => {
  const issue = issues.find((candidate) => candidate.code !== "unrecognized_keys") ?? issues[0];
  if (issue === undefined) return new Refusal(retCodes.invalidParameter, "invalid parameter");
  return new Refusal(codeOf(issue), issue.message);
};

const codeOf = (issue: core.$ZodIssue): number => {
  // An issue does not hold what was given, but its wording tells what is absent.
  if (/ is missing| needs /.test(issue.message)) return retCodes.missingParameter;
  return codeOfField[String(issue.path[0])] ?? retCodes.invalidParameter;
};

const codeOfField: Readonly<Record<string, number>> = {
  send_time: retCodes.illegalPushTime,
  startDate: retCodes.dateFormat,
  endDate: retCodes.dateFormat,
};

/** The value of a key whatever its case: the tables write `pushId`, the samples `pushid`. */
export const fieldOf = (body: Json, key: string): unknown =>
  Object.entries(body).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];

/** The push id of a request, as text: the documents write text, numbers are tolerated. */
export const pushIdOf = (body: Json): string => {
  const pushId = fieldOf(body, "pushId");
  if (pushId === undefined || pushId === "") throw new Refusal(retCodes.missingParameter, "pushId is missing");
  const text = typeof pushId === "number" ? String(pushId) : pushId;
  if (typeof text === "string" && /^\d{1,20}$/.test(text)) return text;
  throw new Refusal(retCodes.invalidParameter, `pushId ${JSON.stringify(pushId)} is no decimal number`);
};
