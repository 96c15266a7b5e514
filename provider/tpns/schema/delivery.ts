import * as z from "zod";
import { Day, DayTime } from "./calendar.ts";
import { channels } from "./channel.ts";
import { show, worded } from "./wording.ts";

/** Five minutes: the SMS page's least delay. */
const minSmsDelaySeconds = 300;

/** Whether one channel is used. @see https://www.tencentcloud.com/document/product/1024/36151 */
export const ChannelRule = z.strictObject(
  {
    /** The channel. */
    channel: z.enum(channels, worded),
    /** True keeps the push off it; every channel is on by default. */
    disable: z.boolean(worded),
  },
  worded,
);

export type ChannelRule = z.output<typeof ChannelRule>;

/** By `loopType`: the day numbers that a recurrence takes, and how they are called. */
const loopDays = {
  1: { first: 0, last: 0, words: "a daily recurrence takes [0]" },
  2: { first: 0, last: 6, words: "a weekly recurrence takes 0 to 6" },
  3: { first: 1, last: 31, words: "a monthly recurrence takes 1 to 31" },
} as const;

/** A recurrence; it answers with an array of push ids. @see https://www.tencentcloud.com/document/product/1024/33764 */
export const LoopParam = z
  .strictObject(
    {
      /** First day, within the next 90 days. */
      startDate: Day,
      /** Last day, within the next 90 days. */
      endDate: Day,
      /** 1 daily, 2 weekly, 3 monthly. */
      loopType: z.literal([1, 2, 3], worded),
      /** Daily [0]; weekly 0 to 6, where 0 is Sunday since 2022-04 and was Monday before; monthly days of the month. */
      loopDayIndexs: z.array(z.int(worded), worded).min(1, worded),
      /** Times of day, HH:mm:ss in UTC+8. */
      dayTimes: z.array(DayTime, worded).min(1, worded),
    },
    worded,
  )
  .superRefine(({ startDate, endDate, loopType, loopDayIndexs }, context) => {
    const { first, last, words } = loopDays[loopType];
    const wrong = loopDayIndexs.find((day) => day < first || day > last);
    if (wrong !== undefined) {
      context.addIssue({ code: "custom", path: ["loopDayIndexs"], message: `loopDayIndexs ${wrong}: ${words}` });
    }
    if (endDate < startDate) {
      const message = `loop_param.endDate ${endDate} is before startDate ${startDate}; exchange them`;
      context.addIssue({ code: "custom", path: ["endDate"], message });
    }
  });

export type LoopParam = z.output<typeof LoopParam>;

/** The SMS to those whom the push does not reach. @see https://www.tencentcloud.com/document/product/1024/42968 */
export const SmsInfo = z.strictObject(
  {
    /** Seconds from the push to the SMS, 300 at least. */
    delay_trigger_time: z.int(worded).min(minSmsDelaySeconds, worded).optional(),
    /** Which push state asks for the SMS: 0, 1 or 2 as the page's table numbers them. */
    trigger_condition: z.literal([0, 1, 2], worded).optional(),
    /** The approved signature's name. */
    sms_sign_name: z.string(worded).min(1, worded),
    /** The approved template's id. */
    sms_template_id: z.string(worded).min(1, worded),
    /** The SMS app's id. */
    sms_app_id: z.string(worded).min(1, worded),
    /** The template's parameters, in order. */
    sms_template_params: z.array(z.string(worded), worded).optional(),
  },
  worded,
);

export type SmsInfo = z.output<typeof SmsInfo>;

const firstCustomType = 0;
const lastCustomType = 16;
const phoneNumberType = 989;
const namedTypes = [991, 999] as const;
const furtherTypes = [1000, 1015] as const;

const isAccountType = (type: number): boolean =>
  (type >= firstCustomType && type <= lastCustomType) ||
  type === phoneNumberType ||
  (type >= namedTypes[0] && type <= namedTypes[1]) ||
  (type >= furtherTypes[0] && type <= furtherTypes[1]);

/** What an account is. @see https://www.tencentcloud.com/document/product/1024/40598 */
export const AccountType = z.int(worded).refine(isAccountType, {
  error: ({ input }) => `account_type ${show(input)} is none of 0 to 16, 989, 991 to 999, 1000 to 1015`,
});

export type AccountType = z.output<typeof AccountType>;
