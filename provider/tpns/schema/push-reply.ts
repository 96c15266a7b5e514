import * as z from "zod";
import { DecimalText } from "./id.ts";

/** The answer to a push that was accepted. @see https://www.tencentcloud.com/document/product/1024/33764 */
export const PushReply = z
  .object({
    /** One id; a recurrence has several; some answers name it in camel case. */
    push_id: z.union([DecimalText, z.array(DecimalText)]).optional(),
    pushId: z.union([DecimalText, z.array(DecimalText)]).optional(),
    /** Tokens that were skipped; the service spells it so. */
    invalid_targe_list: z.array(z.string()).nullish().catch(undefined),
  })
  .transform(({ push_id, pushId, invalid_targe_list }, context) => {
    const [first, ...others] = [push_id ?? pushId ?? []].flat();
    if (first === undefined) {
      context.addIssue({ code: "custom", message: "the answer has no push_id" });
      return z.NEVER;
    }
    const pushIds: readonly [string, ...string[]] = [first, ...others];
    return { pushIds, invalidTokens: invalid_targe_list ?? [] };
  });

export type PushReply = z.output<typeof PushReply>;
