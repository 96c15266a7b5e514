import * as z from "zod";
import { worded } from "./wording.ts";

/** The request's table; the answer's says 23. */
const maxNameCharacters = 60;
const maxDescriptionCharacters = 300;

/** Makes a push plan, 200 a day at most; plans can only be made here. @see https://www.tencentcloud.com/document/product/1024/39025 */
export const AddPlanPushRequest = z.strictObject(
  {
    /** 1 to 60 characters. */
    planName: z.string(worded).min(1, worded).max(maxNameCharacters, worded),
    /** 1 to 300 characters. */
    planDescribe: z.string(worded).min(1, worded).max(maxDescriptionCharacters, worded),
  },
  worded,
);

export type AddPlanPushRequest = z.output<typeof AddPlanPushRequest>;

/** A push plan. */
export const PushPlan = z.object({
  /** What a push names as `plan_id`. */
  planId: z.union([z.string(), z.int()]).transform(String),
  planName: z.string().nullish(),
  planDescribe: z.string().nullish(),
  /** "api" for those made here. */
  planPushSource: z.string().nullish(),
  /** Unix time in seconds. */
  createdAt: z.int().nullish(),
  /** Unix time in seconds. */
  updateAt: z.int().nullish(),
});

export type PushPlan = z.output<typeof PushPlan>;

/** The answer to a new plan. */
export const AddPlanPushReply = z.object({ result: PushPlan });

export type AddPlanPushReply = z.output<typeof AddPlanPushReply>;
