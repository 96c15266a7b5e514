import * as z from "zod";

const maxPageLength = 200;
const maxSearchLength = 200;

/** Which part of a list, and what it is to hold. */
export const paging = {
  search: z.string().max(maxSearchLength).default(""),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(maxPageLength).default(25),
};

/** The parameters of a query as the schema has them. */
export const queryOf = <Output>(schema: z.ZodType<Output>, query: URLSearchParams): Output =>
  schema.parse(Object.fromEntries(query));
