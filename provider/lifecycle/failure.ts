import type { core, ZodError } from "zod";
import { nameOf, show } from "../tpns/schema/wording.ts";
import { requestFields } from "./fields.ts";
import { type Field, type Fields, isUnknown, type Path, root } from "./translation.ts";

/**
 * What the service's schema says of a request, in the words of who declared it. The tables know every name, also of
 * what was left out or came from a default.
 */

type Place = readonly PropertyKey[];

/** Where something of the request comes from. */
interface Origin {
  readonly path: Place;
  /** Undefined where no table has it. */
  readonly field?: Field;
}

/** One line for each thing that is wrong, but nothing of what a preview does not know yet. */
export function failuresOf(error: ZodError | undefined, request: unknown, declared: unknown): string[] {
  const known = (error?.issues ?? []).filter(({ path }) => !isUnknown(valueAt(request, path)));
  return [...new Set(known.map((issue) => lineOf(issue, declared)))];
}

function lineOf(issue: core.$ZodIssue, declared: unknown): string {
  const { path, field } = originOf(issue.path);
  const value = valueAt(declared, path);
  const ours = nameOf(path);
  if (field?.complaint && value !== undefined && concernsForm(issue))
    return `${ours} ${show(value)} ${field.complaint}`;
  const wire = nameOf(issue.path);
  return issue.message.startsWith(wire) ? ours + issue.message.slice(wire.length) : reword(issue.message);
}

/** A limit is the same in both forms, and a rule has words of its own. */
const concernsForm = ({ code }: core.$ZodIssue): boolean =>
  code !== "too_big" && code !== "too_small" && code !== "custom";

/** The place that the user knows: `message.android.badgeType` of `message`, `android`, `badge_type`. */
export function originOf(wire: Place): Origin {
  for (const { fields, path } of requestFields) {
    const origin = originIn(fields, wire, path);
    if (origin) return origin;
  }
  return { path: wire };
}

function originIn(fields: Fields, [wire, ...rest]: Place, path: Place): Origin | undefined {
  const [name, field] = Object.entries(fields).find(([, one]) => one.wire === wire) ?? [];
  if (name === undefined || field === undefined) return undefined;
  const index = rest.slice(0, typeof rest[0] === "number" ? 1 : 0);
  const place = [...path, name, ...index];
  const inner = rest.slice(index.length);
  if (inner.length === 0 || field.inner === undefined) return { path: place, field };
  return originIn(field.inner, inner, place) ?? { path: [...place, ...inner] };
}

const valueAt = (value: unknown, path: Place): unknown =>
  path.reduce<unknown>(
    (inner, name) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : inner),
    value,
  );

/** The service's names, each with ours, and with our words for its numbers. */
const vocabulary = new Map(requestFields.flatMap(({ fields, path }) => entriesOf(fields, path)));

function entriesOf(fields: Fields, path: Path): [string, Field & { readonly ours: string }][] {
  return Object.entries(fields).flatMap(([name, field]) => [
    [field.wire, { ...field, ours: nameOf([...path, name]) }],
    ...entriesOf(field.inner ?? {}, root),
  ]);
}

/** A name is followed by its value where there is one: `action_type 2`, `audience_type token_list`. */
const nameAndValue = /(?<![\w"])([a-z]+(?:[_-][a-z]+)+)(?: ([\w-]+))?/g;

function reword(message: string): string {
  return message.replace(nameAndValue, (said, name: string, value?: string) => {
    const known = vocabulary.get(name);
    if (known === undefined) return said;
    return value === undefined ? known.ours : `${known.ours} ${wordOf(known, value)}`;
  });
}

const wordOf = ({ words = {} }: Field, value: string): string =>
  Object.keys(words).find((word) => String(words[word]) === value) ?? value;
