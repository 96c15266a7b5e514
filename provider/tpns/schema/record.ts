import * as z from "zod";
import { Day } from "./calendar.ts";
import { DecimalText, RequestId } from "./id.ts";
import { MessageType } from "./push-request.ts";
import { pushStatuses } from "./status.ts";
import { worded } from "./wording.ts";

/** Rows that one list call gives at most. */
const maxRecordRows = 200;

/** Where a task stands. @see https://www.tencentcloud.com/document/product/1024/33773 */
export const PushStatus = z.enum(pushStatuses, worded);

export type PushStatus = z.output<typeof PushStatus>;

const TextOrEmpty = z
  .string()
  .nullish()
  .transform((text) => text ?? "");

/** The English page's table translates what the service itself writes as "notify". */
const RecordedMessageType = TextOrEmpty.transform((type) => (type === "notification" ? "notify" : type));

const TagSet = z.object({
  op: TextOrEmpty,
  tagWithType: z.array(z.object({ tagTypeName: TextOrEmpty, tagValue: TextOrEmpty })).nullish(),
});

/** The push message as the service repeats it, with the keys of the request. */
const PushConfig = z.object({
  android: z.record(z.string(), z.unknown()).nullish(),
  ios: z.record(z.string(), z.unknown()).nullish(),
  iot: z.unknown().optional(),
});

/**
 * What the service knows of a task. Its plan, send time, speed, channel rules and `force_collapse` are not in it.
 * @see https://www.tencentcloud.com/document/product/1024/33772
 */
export const PushRecord = z.object({
  /** The task's id. */
  pushId: DecimalText,
  /** Push time, yyyy-MM-dd HH:mm:ss in UTC+8; of a scheduled task presumably the send time. */
  date: TextOrEmpty,
  /** Unix time in seconds; newer answers only. */
  createTime: z.int().nullish(),
  /** Empty for a silent push. */
  title: TextOrEmpty,
  /** Empty for a silent push. */
  content: TextOrEmpty,
  /** Where it stands, a `PushStatus`; a word that is new to us must not make the others unreadable. */
  status: z.string(),
  /** The audience's kind: `all`, `tag`, `token_list`, `account_list`, `package_account_push`. */
  pushType: TextOrEmpty,
  /** `notify` or `message`. */
  messageType: RecordedMessageType,
  /** iOS: `product` or `dev`. */
  environment: z.string().nullish(),
  /** Seconds. */
  expireTime: z.int().nullish(),
  /** URL of the big image. */
  xgMediaResources: z.string().nullish(),
  /** URL of the sound. */
  xgMediaAudioResources: z.string().nullish(),
  /** Whether it reaches the app under all its package names. */
  multiPkg: z.boolean().nullish(),
  /** Tokens or accounts of a list audience. */
  targetList: z.array(z.string()).nullish(),
  /** What an override needs; 0 or absent where there is none. Audiences all, tag and account package. */
  collapseID: DecimalText.nullish(),
  /** The tags of a tag audience. */
  tagSet: TagSet.nullish(),
  /** The uploaded package; 0 where there is none. */
  uploadId: DecimalText.nullish(),
  /** The message's platform halves. */
  pushConfig: PushConfig.nullish(),
  /** The request's `group_id`. */
  groupId: z.string().nullish(),
  /** `api`, or the console's name. */
  source: z.string().nullish(),
});

export type PushRecord = z.output<typeof PushRecord>;

/** Asks for one task. @see https://www.tencentcloud.com/document/product/1024/33773 */
export const GetPushRecordRequest = z.strictObject({ pushId: RequestId }, worded);

export type GetPushRecordRequest = z.output<typeof GetPushRecordRequest>;

/** Asks for the tasks of some days, one page a call. @see https://www.tencentcloud.com/document/product/1024/33772 */
export const ListPushRecordsRequest = z.strictObject(
  {
    /** First day in UTC+8, within one month. */
    startDate: Day,
    /** Last day in UTC+8. */
    endDate: Day,
    /** Only this kind of message. */
    msgType: MessageType.optional(),
    /** Only this kind of audience; token and account mean single ones and lists; packages have no filter. */
    pushType: z.enum(["all", "tag", "token", "account"], worded).optional(),
    /** Rows to skip; 0 is the default. */
    offset: z.int(worded).min(0, worded).optional(),
    /** Rows a page, at most 200. */
    limit: z.int(worded).min(1, worded).max(maxRecordRows, worded).optional(),
  },
  worded,
);

export type ListPushRecordsRequest = z.output<typeof ListPushRecordsRequest>;

/** The answer to both; `count` is of all matching rows, and absent where one task was asked for. */
export const PushRecordReply = z.object({
  count: z.int().nullish(),
  pushRecordData: z
    .array(PushRecord)
    .nullish()
    .transform((records) => records ?? []),
});

export type PushRecordReply = z.output<typeof PushRecordReply>;
