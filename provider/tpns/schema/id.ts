import * as z from "zod";
import { worded, wordedAs } from "./wording.ts";

/** uint64 has 20 digits; the longest id in the documents has 19. */
const decimal = /^\d{1,20}$/;
const positiveDecimal = /^[1-9]\d{0,19}$/;

/** An id in an answer: a number or text there, decimal text here. 0 stands for none. */
export const DecimalText = z.union([z.string().regex(decimal), z.int().nonnegative()]).transform(String);

export type DecimalText = z.output<typeof DecimalText>;

/** An id that we send, as decimal text of at most 20 digits; a whole number is taken as well. */
export const RequestId = z
  .union([z.string(), z.int()], worded)
  .transform(String)
  .pipe(z.string().regex(positiveDecimal, wordedAs("the decimal digits that the service gave")));

export type RequestId = z.output<typeof RequestId>;
