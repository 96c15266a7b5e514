import * as z from "zod";
import { CompactDay } from "./calendar.ts";
import { DecimalText, RequestId } from "./id.ts";
import { worded } from "./wording.ts";

const Count = z
  .int()
  .nullish()
  .transform((count) => count ?? 0);

const rows = <Row extends z.ZodType>(row: Row) =>
  z
    .array(row)
    .nullish()
    .transform((list) => list ?? []);

/** How many devices a push reached, by stage; each is a count of devices. */
const PushState = z.object({
  pushActiveUv: Count,
  pushOnlineUv: Count,
  verifySvcUv: Count,
  callbackVerifySvcUv: Count,
  arrivalUv: Count,
  verifyUv: Count,
  clickUv: Count,
  cleanupUv: Count,
});

/** One channel's counts; the channel "all" is their sum. */
const ChannelStatistic = z.object({ channel: z.string(), pushState: PushState });

/** Asks for one task's counts, of the last 30 days. @see https://www.tencentcloud.com/document/product/1024/33774 */
export const TaskStatisticRequest = z.strictObject({ pushId: RequestId }, worded);

export type TaskStatisticRequest = z.output<typeof TaskStatisticRequest>;

/** Asks for a plan's or a group's counts, of the last 7 days. @see https://www.tencentcloud.com/document/product/1024/33775 */
export const GroupStatisticRequest = z
  .strictObject(
    {
      /** The plan; either this or `groupId`, which this one wins over. */
      planId: z.string(worded).min(1, worded).optional(),
      /** The deprecated group; the page's sample writes `groupid`. */
      groupId: z.string(worded).min(1, worded).optional(),
      /** First day, yyyyMMdd in UTC+8. */
      startDate: CompactDay,
      /** Last day, yyyyMMdd in UTC+8. */
      endDate: CompactDay,
    },
    worded,
  )
  .refine(({ planId, groupId }) => planId !== undefined || groupId !== undefined, {
    error: "planId is missing; write it, or groupId",
  });

export type GroupStatisticRequest = z.output<typeof GroupStatisticRequest>;

/** The answer to both. */
export const ChannelStatisticReply = z.object({ pushStatDataAll: rows(ChannelStatistic) });

export type ChannelStatisticReply = z.output<typeof ChannelStatisticReply>;

/** A range of days: 30 for the channel overview, 3 months for devices. */
export const DateRange = z.strictObject({ startDate: CompactDay, endDate: CompactDay }, worded);

export type DateRange = z.output<typeof DateRange>;

/** Days come as text and as number. */
const AnyDay = z.union([z.string(), z.int()]).transform(String);

/** All pushes' counts by day and channel. */
export const ChannelOverviewReply = z.object({
  pushDateChannelStat: rows(z.object({ date: AnyDay, channelDatas: rows(ChannelStatistic) })),
});

export type ChannelOverviewReply = z.output<typeof ChannelOverviewReply>;

/** Devices by day: in all, new, active. */
export const DeviceOverviewReply = z.object({
  getDeviceStatOverviewData: rows(z.object({ date: AnyDay, accuUv: Count, newUv: Count, activeUv: Count })),
});

export type DeviceOverviewReply = z.output<typeof DeviceOverviewReply>;

/** Asks how the devices of a day are spread over the values of one property. */
export const DeviceDistributionRequest = z.strictObject(
  {
    /** The day, yyyyMMdd in UTC+8. */
    date: CompactDay,
    /** The property: city, province, app_version, sdk_version, system_version, device_brand or device_version. */
    type: z.string(worded),
  },
  worded,
);

export type DeviceDistributionRequest = z.output<typeof DeviceDistributionRequest>;

/** The rows as the service gives them: their fields are not in the documents at hand. */
export const DeviceDistributionReply = z.object({ data: rows(z.record(z.string(), z.unknown())) });

export type DeviceDistributionReply = z.output<typeof DeviceDistributionReply>;

/** Asks which tasks went to one device today. */
export const PushListByTokenRequest = z.strictObject({ token: z.string(worded).min(1, worded) }, worded);

export type PushListByTokenRequest = z.output<typeof PushListByTokenRequest>;

/** The answer: each task, when it was pushed (Unix time in seconds) and the kind of its audience. */
export const PushListByTokenReply = z.object({
  pushTaskList: rows(
    z.object({
      pushId: DecimalText,
      pushTime: z.int().nullish(),
      pushTargetType: z.string().nullish(),
    }),
  ),
});

export type PushListByTokenReply = z.output<typeof PushListByTokenReply>;
