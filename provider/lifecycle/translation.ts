import { canonicalText } from "../canonical.ts";
import { nameOf } from "../tpns/schema/wording.ts";

/**
 * Our words to the service's: camelCase to its field names, words to its numbers. Tables of fields say how; nothing is
 * judged here, since the service's schema does that on what comes out.
 */

/** The text that stands for a value which a preview does not know yet. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const isUnknown = (value: unknown): boolean => JSON.stringify(value)?.includes(unknownValue) ?? false;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Where a value stands in what the user wrote. */
export type Path = readonly (string | number)[];

export const root: Path = [];

export interface Field {
  /** The service's name. */
  readonly wire: string;
  /** What stands in it, if it is an object, or in each of its elements. */
  readonly inner?: Fields;
  /** The user's words for the service's numbers. */
  readonly words?: Readonly<Record<string, number>>;
  /** What is wrong with a value of another form, where the schema would speak of the service's form. */
  readonly complaint?: string;
  /** Undefined leaves the field out. */
  readonly encode?: (value: unknown, path: Path, translation: Translation) => unknown;
}

export type Fields = Readonly<Record<string, Field>>;

/** A translation under way: it remembers which names it did not know. */
export class Translation {
  /** Complaints about names that no table has. */
  readonly unknownNames: string[] = [];

  /** What is no object stays what it is, for the schema to judge. */
  object(fields: Fields, value: unknown, path: Path, defaults: object = {}): unknown {
    return isObject(value) ? this.record(fields, { ...defaults, ...value }, path) : value;
  }

  list(fields: Fields, value: unknown, path: Path, defaults?: object): unknown {
    if (!Array.isArray(value)) return value;
    return value.map((element, index) => this.object(fields, element, [...path, index], defaults));
  }

  record(fields: Fields, values: Readonly<Record<string, unknown>>, path: Path): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(values)
        .flatMap(([name, value]) => (value === undefined ? [] : this.#field(fields, name, value, path)))
        .filter(([, encoded]) => encoded !== undefined),
    );
  }

  #field(fields: Fields, name: string, value: unknown, path: Path): [string, unknown][] {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const inner = [...path, name];
    if (field) return [[field.wire, field.encode ? field.encode(value, inner, this) : value]];
    this.unknownNames.push(`${nameOf(inner)} is not known; write one of ${Object.keys(fields).join(", ")}`);
    return [];
  }
}

export const plain = (wire: string): Field => ({ wire });

/** An id, which a number would round. */
export const digits = (wire: string): Field => ({
  wire,
  encode: (value) => (typeof value === "number" ? String(value) : value),
});

const yesOrNo = { words: { false: 0, true: 1 }, complaint: "is neither true nor false" } as const;

/** true and false as the service's 1 and 0. */
export const flag = (wire: string): Field => ({
  wire,
  ...yesOrNo,
  encode: (value) => (typeof value === "boolean" ? Number(value) : value),
});

/** true as the service's 1; it knows no 0, and false is left out. */
export const presence = (wire: string): Field => ({
  wire,
  ...yesOrNo,
  encode: (value) => (typeof value === "boolean" ? Number(value) || undefined : value),
});

/** Words for the service's numbers; a number stays one. `besides` says what else may be written. */
export const words = (wire: string, numbers: Readonly<Record<string, number>>, ...besides: string[]): Field => ({
  wire,
  words: numbers,
  complaint: `is none of ${[...Object.keys(numbers), ...besides].join(", ")}`,
  encode: (value) => (typeof value === "string" && Object.hasOwn(numbers, value) ? numbers[value] : value),
});

/** An object as the JSON text that the service takes; text stays text. */
export const json = (wire: string): Field => ({
  wire,
  complaint: "is neither an object nor JSON as text",
  // The order in which keys were written is no change of the message.
  encode: (value) => (isObject(value) ? canonicalText(value) : value),
});

/** `13:00` as the service's hour and minute. */
export const timeOfDay = (wire: string): Field => ({
  wire,
  complaint: "has the wrong form; write HH:MM, 00:00 to 23:59",
  encode: (value) => {
    const [, hour, min] = (typeof value === "string" && /^(\d{2}):(\d{2})$/.exec(value)) || [];
    return hour === undefined || min === undefined ? value : { hour, min };
  },
});

export const object = (wire: string, inner: Fields): Field => ({
  wire,
  inner,
  encode: (value, path, translation) => translation.object(inner, value, path),
});

/** `defaults` fill what an element leaves out and the service demands. */
export const list = (wire: string, inner: Fields, defaults?: object): Field => ({
  wire,
  inner,
  encode: (value, path, translation) => translation.list(inner, value, path, defaults),
});
