import * as z from "zod";

const Text = z.string().nullish();
const Code = z
  .union([z.int(), z.string().regex(/^\d+$/)])
  .transform(Number)
  .optional();

/** What every answer says, whichever of the service's spellings it uses. Without a code it is no answer of the service. */
export const Reply = z
  .object({ ret_code: Code, retCode: Code, err_msg: Text, errMsg: Text, ErrMsg: Text })
  .transform(({ ret_code, retCode, err_msg, errMsg, ErrMsg }, context) => {
    const code = ret_code ?? retCode;
    if (code === undefined) {
      context.addIssue({ code: "custom", message: "the answer has neither ret_code nor retCode" });
      return z.NEVER;
    }
    return { retCode: code, errMsg: err_msg ?? errMsg ?? ErrMsg ?? "" };
  });

/** 0 is success; the text is for people and never for decisions. */
export type Reply = z.output<typeof Reply>;
