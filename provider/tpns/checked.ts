import type * as z from "zod";

/** A body of ours, checked once more: nothing that the documents forbid leaves this machine. Throws the first slip. */
export function checked<Schema extends z.ZodType>(action: string, schema: Schema, value: unknown): z.output<Schema> {
  const { data, error } = schema.safeParse(value);
  if (error !== undefined) throw new Error(`${action}: ${error.issues[0]?.message}`);
  return data;
}
