/** JSON text that `JSON.stringify` copies out as it stands. */
interface RawJson {
  readonly rawJSON: string;
}

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

declare global {
  interface JSON {
    rawJSON(text: string): RawJson;
    parse(text: string, reviver: Reviver): unknown;
  }
}

const integer = /^-?\d+$/;

/** The service takes these as JSON integers; we hold them as text, since 19 digits fit no number. */
const integerFields = ["collapse_id", "upload_id"] as const;

const keepDigits: Reviver = (_key, value, { source }) =>
  typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined && integer.test(source)
    ? source
    : value;

/** Reads JSON; an integer that fits no number without loss comes out as its decimal text. Throws on what is no JSON. */
export const parseJson = (text: string): unknown => JSON.parse(text, keepDigits);

/** The exact text of a request's body: ids that the service takes as integers are written as such, digit for digit. */
export function stringifyJson(body: object): string {
  const fields: Record<string, unknown> = { ...body };
  for (const name of integerFields) {
    const value = fields[name];
    if (typeof value === "string" && integer.test(value)) fields[name] = JSON.rawJSON(value);
  }
  return JSON.stringify(fields);
}
