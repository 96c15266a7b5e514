import type { core } from "zod";

const maxShownCharacters = 40;

const typeNames: Record<string, string> = { int: "an integer", array: "an array", object: "an object" };

/** A value as a reader recognises it, cut to 40 characters. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > maxShownCharacters ? `${text.slice(0, maxShownCharacters)}...` : text;
}

/** Where a value stands: `message.android.badge_type`, `token_list[3]`. */
export const nameOf = (path: readonly PropertyKey[] = []): string =>
  path.map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`)).join("") ||
  "the body";

/** A value's size, for what counts characters or entries instead of the value itself. */
const sizeOf = (input: unknown): string => {
  if (typeof input === "string") return `has ${input.length} characters, which`;
  if (Array.isArray(input)) return `has ${input.length} entries, which`;
  return show(input);
};

const isEmpty = (input: unknown): boolean => input === "" || (Array.isArray(input) && input.length === 0);

const unknownKeys = (path: readonly PropertyKey[] | undefined, keys: readonly string[]): string =>
  `${keys.map((key) => nameOf([...(path ?? []), key])).join(", ")} is not documented; remove it, or correct its name`;

/** One line that reads well alone: the field, its value and the limit. */
const messageOf = (issue: core.$ZodRawIssue): string => {
  const name = nameOf(issue.path);
  const { input } = issue;
  if (issue.code === "unrecognized_keys") return unknownKeys(issue.path, issue.keys);
  if (input === undefined) return `${name} is missing`;
  if (isEmpty(input)) return `${name} is empty`;
  if (issue.code === "too_big") return `${name} ${sizeOf(input)} exceeds ${issue.maximum}`;
  if (issue.code === "too_small") return `${name} ${sizeOf(input)} is below ${issue.minimum}`;
  if (issue.code === "invalid_value") return `${name} ${show(input)} is none of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "invalid_type")
    return `${name} ${show(input)} is not ${typeNames[issue.expected] ?? `a ${issue.expected}`}`;
  return `${name} ${show(input)} has the wrong form`;
};

/** Given to each schema of what we send, so that its issues need no further words. */
export const worded = { error: messageOf } as const;

/** For a pattern: says the value and what to write instead. */
export const wordedAs = (form: string) =>
  ({
    error: (issue: core.$ZodRawIssue): string =>
      `${nameOf(issue.path)} ${show(issue.input)} has the wrong form; write ${form}`,
  }) as const;
