import { isSureRefusal, PushApiError, PushConnectionError, pushRepeated } from "../tpns/errors.ts";

/** What is known of a call that did not succeed; "ambiguous" is that it was perhaps carried out, or will be. */
export type Outcome = "notSent" | "refused" | "duplicate" | "ambiguous";

/** Whatever does not prove that nothing was done is ambiguous. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof PushConnectionError) return error.began ? "ambiguous" : "notSent";
  if (!(error instanceof PushApiError)) return "ambiguous";
  if (error.retCode === pushRepeated) return "duplicate";
  return isSureRefusal(error) ? "refused" : "ambiguous";
}
