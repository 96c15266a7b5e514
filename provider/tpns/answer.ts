import type * as z from "zod";
import { isRefusedStatus, PushApiError, PushConnectionError } from "./errors.ts";
import { parseJson } from "./json.ts";
import { Reply } from "./schema/reply.ts";
import { nameOf } from "./schema/wording.ts";
import type { Answer } from "./transport.ts";

const successStatus = 200;

const isRedirect = (httpStatus: number): boolean => httpStatus >= 300 && httpStatus < 400;

/** A proxy's page is no JSON. */
function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** Why an answer without a code of the service cannot be taken for one. */
const strange = (httpStatus: number): string =>
  isRedirect(httpStatus)
    ? `the answer is a redirect, which is not followed (HTTP ${httpStatus})`
    : `the answer is not the service's (HTTP ${httpStatus})`;

/** The body of an answer that says success; anything else throws. `hide` takes secrets out of the service's own text. */
export function readAnswer(action: string, { httpStatus, text }: Answer, hide: (text: string) => string): unknown {
  const body = parsed(text);
  const { data: reply } = Reply.safeParse(body);
  if (reply === undefined) {
    if (isRefusedStatus(httpStatus)) throw new PushApiError(action, { httpStatus, retCode: httpStatus, errMsg: "" });
    throw new PushConnectionError(action, strange(httpStatus));
  }
  if (reply.retCode !== 0)
    throw new PushApiError(action, { httpStatus, retCode: reply.retCode, errMsg: hide(reply.errMsg) });
  if (httpStatus !== successStatus) throw new PushConnectionError(action, strange(httpStatus));
  return body;
}

/** The fields of an answer; one that lacks what its endpoint documents is no answer. */
export function answerFields<Schema extends z.ZodType>(
  action: string,
  schema: Schema,
  body: unknown,
): z.output<Schema> {
  const { data, error } = schema.safeParse(body);
  if (error === undefined) return data;
  const [issue] = error.issues;
  const where = issue && issue.path.length > 0 ? `${nameOf(issue.path)}: ` : "";
  throw new PushConnectionError(action, `the answer has another form: ${where}${issue?.message}; please report this`);
}
