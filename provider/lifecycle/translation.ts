/**
 * Our words to the service's: camelCase to its field names, words to its numbers. Tables of fields say how; nothing is
 * judged here, since the service's schema does that on what comes out.
 */

/** The text that stands for a value which a preview does not know yet. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const isUnknown = (value: unknown): boolean => JSON.stringify(value)?.includes(unknownValue) ?? false;

export interface Field {
  /** The service's name. */
  readonly wire: string;
  readonly encode?: (value: unknown, place: Place, translation: Translation) => unknown;
}

export type Fields = Readonly<Record<string, Field>>;

/** Where a value stands: in what the user wrote, and in what is sent. */
export interface Place {
  readonly ours: readonly (string | number)[];
  readonly wire: readonly (string | number)[];
}

export const root: Place = { ours: [], wire: [] };

const key = (path: readonly (string | number)[]): string => path.join("\u0000");

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A translation under way: it remembers where each value came from, and which names it did not know. */
export class Translation {
  /** Complaints about names that no table has. */
  readonly unknownNames: string[] = [];
  readonly #ours = new Map<string, readonly (string | number)[]>();
  readonly #words = new Map<string, string>();

  object(fields: Fields, value: unknown, place: Place, defaults: object = {}): unknown {
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries({ ...defaults, ...value }).flatMap(([name, part]) =>
        part === undefined ? [] : this.#field(fields, name, part, place),
      ),
    );
  }

  list(fields: Fields, value: unknown, place: Place, defaults?: object): unknown {
    if (!Array.isArray(value)) return value;
    return value.map((element, index) =>
      this.object(fields, element, { ours: [...place.ours, index], wire: [...place.wire, index] }, defaults),
    );
  }

  /** Our name of a place in what is sent, such as `message.android.badgeType`. */
  nameOf(wire: readonly (string | number)[]): string {
    for (let length = wire.length; length > 0; length -= 1) {
      const ours = this.#ours.get(key(wire.slice(0, length)));
      if (ours) return [...ours, ...wire.slice(length)].join(".");
    }
    return wire.join(".");
  }

  /** A message of the service's schema in our words. */
  reword(message: string): string {
    return message.replace(/[a-z]+(?:[_-][a-z]+)+/g, (word) => this.#words.get(word) ?? word);
  }

  #field(fields: Fields, name: string, value: unknown, place: Place): [string, unknown][] {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) {
      const path = [...place.ours, name].join(".");
      this.unknownNames.push(`${path} is not known; write one of ${Object.keys(fields).join(", ")}`);
      return [];
    }
    const inner: Place = { ours: [...place.ours, name], wire: [...place.wire, field.wire] };
    this.#ours.set(key(inner.wire), inner.ours);
    this.#words.set(field.wire, name);
    return [[field.wire, field.encode ? field.encode(value, inner, this) : value]];
  }
}

export const plain = (wire: string): Field => ({ wire });

/** An id, which a number would round. */
export const digits = (wire: string): Field => ({
  wire,
  encode: (value) => (typeof value === "number" ? String(value) : value),
});

/** true and false as the service's 1 and 0. */
export const flag = (wire: string): Field => ({
  wire,
  encode: (value) => (typeof value === "boolean" ? Number(value) : value),
});

/** Words for the service's numbers; a number stays one. */
export const words = (wire: string, numbers: Readonly<Record<string, number>>): Field => ({
  wire,
  encode: (value) => (typeof value === "string" && Object.hasOwn(numbers, value) ? numbers[value] : value),
});

/** An object as the JSON text that the service takes; text stays text. */
export const json = (wire: string): Field => ({
  wire,
  encode: (value) => (isObject(value) ? JSON.stringify(value) : value),
});

/** `13:00` as the service's hour and minute. */
export const timeOfDay = (wire: string): Field => ({
  wire,
  encode: (value) => {
    const [, hour, min] = (typeof value === "string" && /^(\d{2}):(\d{2})$/.exec(value)) || [];
    return hour === undefined || min === undefined ? value : { hour, min };
  },
});

export const object = (wire: string, fields: Fields): Field => ({
  wire,
  encode: (value, place, translation) => translation.object(fields, value, place),
});

/** `defaults` fill what an element leaves out and the service demands. */
export const list = (wire: string, fields: Fields, defaults?: object): Field => ({
  wire,
  encode: (value, place, translation) => translation.list(fields, value, place, defaults),
});
