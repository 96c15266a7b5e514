import * as z from "zod";
import { RequestId } from "./id.ts";
import { worded } from "./wording.ts";

/**
 * The body of cancel_timing_task, stop_push_msg and revoke_push_msg. The tables say `pushId`, the samples `pushid`.
 * Their answers are not documented: the common reply is all that is read.
 * @see https://www.tencentcloud.com/document/product/1024/39003
 */
export const RemedyRequest = z.strictObject({ pushId: RequestId }, worded);

export type RemedyRequest = z.output<typeof RemedyRequest>;
