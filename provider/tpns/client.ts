import { FormData } from "undici";
import type * as z from "zod";
import { answerFields } from "./answer.ts";
import { type BeforeSending, type Caller, type CallerOptions, createCaller } from "./caller.ts";
import { checked } from "./checked.ts";
import type { TakeSlot } from "./pacing.ts";
import { getPushRecord, listPushRecords, type PushRecordPage } from "./records.ts";
import { PackageFile, PackageReply } from "./schema/package.ts";
import { AddPlanPushReply, AddPlanPushRequest, type PushPlan } from "./schema/plan.ts";
import type { PushRequest } from "./schema/push-request.ts";
import type { ListPushRecordsRequest, PushRecord } from "./schema/record.ts";
import { RemedyRequest } from "./schema/remedy.ts";
import {
  ChannelOverviewReply,
  ChannelStatisticReply,
  DateRange,
  DeviceDistributionReply,
  DeviceDistributionRequest,
  DeviceOverviewReply,
  GroupStatisticRequest,
  PushListByTokenReply,
  PushListByTokenRequest,
  TaskStatisticRequest,
} from "./schema/statistics.ts";
import { createSender } from "./sender.ts";

export interface PushClientOptions extends CallerOptions {
  /** Told of each wait of 2 s and more: "waiting about 4 s: 1 push a second, 4 tasks before this one". */
  readonly onWait?: ((line: string) => void) | undefined;
  /** Takes the push slots of this machine's processes, so that they keep the pace together. */
  readonly takeSlot?: TakeSlot | undefined;
}

/** The service for one app: a method a call, named as its endpoint. A `name` is the task's, for errors. */
export interface PushClient {
  /** The service's time as its answers tell it; this machine's before the first. */
  now(): Date;
  /** Waits service seconds. */
  wait(seconds: number): Promise<void>;
  /** Does what takes up to so many queries, and nothing of it where so many of the hour's are not left. */
  withQueries<T>(action: string, queries: number, work: () => Promise<T>): Promise<T>;
  /** Sends once, 1 a second, and gives the push id. @see https://www.tencentcloud.com/document/product/1024/33764 */
  push(name: string, request: PushRequest, beforeSending?: BeforeSending): Promise<string>;
  /** Only asks: the record tells whether it worked. @see https://www.tencentcloud.com/document/product/1024/39003 */
  cancelTimingTask(name: string, pushId: string, beforeSending?: BeforeSending): Promise<void>;
  /** Ends the delivery of what is stored offline; Android. @see https://www.tencentcloud.com/document/product/1024/39003 */
  stopPushMsg(name: string, pushId: string, beforeSending?: BeforeSending): Promise<void>;
  /** Takes back what is not clicked; taken offline. @see https://www.tencentcloud.com/document/product/1024/39003 */
  revokePushMsg(name: string, pushId: string, beforeSending?: BeforeSending): Promise<void>;
  /** undefined only where the service says that there is none. @see https://www.tencentcloud.com/document/product/1024/33773 */
  getPushRecord(name: string, pushId: string): Promise<PushRecord | undefined>;
  /** One page of at most 200 rows. @see https://www.tencentcloud.com/document/product/1024/33772 */
  listPushRecords(query: ListPushRecordsRequest): Promise<PushRecordPage>;
  /** Gives the upload id; sent with Basic. @see https://www.tencentcloud.com/document/product/1024/33765 */
  uploadPackage(name: string, file: PackageFile): Promise<string>;
  /** 200 a day. @see https://www.tencentcloud.com/document/product/1024/39025 */
  addPlanPush(name: string, plan: AddPlanPushRequest): Promise<PushPlan>;
  /** One task's counts by channel, 30 days back. @see https://www.tencentcloud.com/document/product/1024/33774 */
  getPushTaskStatChannel(query: TaskStatisticRequest): Promise<ChannelStatisticReply>;
  /** A plan's counts by channel, 7 days back. @see https://www.tencentcloud.com/document/product/1024/33775 */
  getPushGroupStatChannel(query: GroupStatisticRequest): Promise<ChannelStatisticReply>;
  /** All pushes' counts by day and channel, 30 days back. */
  getPushChannelStatOverview(range: DateRange): Promise<ChannelOverviewReply>;
  /** Devices by day, 3 months back. */
  getDeviceStatOverview(range: DateRange): Promise<DeviceOverviewReply>;
  /** How one day's devices are spread. */
  getDeviceDistributeInfo(query: DeviceDistributionRequest): Promise<DeviceDistributionReply>;
  /** Which tasks went to one device today. */
  getPushListByToken(query: PushListByTokenRequest): Promise<PushListByTokenReply>;
  /** Closes the connections once what is under way is answered. */
  close(): Promise<void>;
}

const remedyOf =
  ({ change }: Caller, verb: string, path: string) =>
  async (name: string, pushId: string, beforeSending?: BeforeSending): Promise<void> => {
    const action = `${verb} task "${name}"`;
    await change(action, path, checked(action, RemedyRequest, { pushId }), beforeSending);
  };

const statisticOf =
  <Request extends z.ZodType<object>, Fields extends z.ZodType>(
    { query }: Caller,
    path: string,
    request: Request,
    reply: Fields,
  ) =>
  async (body: z.output<Request>): Promise<z.output<Fields>> => {
    const action = `query ${path.slice(path.lastIndexOf("/") + 1)}`;
    return query(action, path, checked(action, request, body), reply);
  };

async function uploadPackage({ upload }: Caller, name: string, file: PackageFile): Promise<string> {
  const action = `upload package "${name}"`;
  const { name: fileName, bytes } = checked(action, PackageFile, file);
  const form = new FormData();
  form.append("file", new File([new Uint8Array(bytes)], fileName));
  return answerFields(action, PackageReply, await upload(action, "/v3/push/package/upload", form)).uploadId;
}

async function addPlanPush({ change }: Caller, name: string, plan: AddPlanPushRequest): Promise<PushPlan> {
  const action = `add plan "${name}"`;
  const body = checked(action, AddPlanPushRequest, plan);
  return answerFields(action, AddPlanPushReply, await change(action, "/v3/push/plan/add_plan_push", body)).result;
}

const statisticsOf = (caller: Caller) => ({
  getPushTaskStatChannel: statisticOf(
    caller,
    "/v3/statistics/get_push_task_stat_channel",
    TaskStatisticRequest,
    ChannelStatisticReply,
  ),
  getPushGroupStatChannel: statisticOf(
    caller,
    "/v3/statistics/get_push_group_stat_channel",
    GroupStatisticRequest,
    ChannelStatisticReply,
  ),
  getPushChannelStatOverview: statisticOf(
    caller,
    "/v3/statistics/get_push_channel_stat_overview",
    DateRange,
    ChannelOverviewReply,
  ),
  getDeviceStatOverview: statisticOf(caller, "/v3/statistics/get_device_stat_overview", DateRange, DeviceOverviewReply),
  getDeviceDistributeInfo: statisticOf(
    caller,
    "/v3/statistics/get_device_distribute_info",
    DeviceDistributionRequest,
    DeviceDistributionReply,
  ),
  getPushListByToken: statisticOf(
    caller,
    "/v3/toolbox/getPushListByToken",
    PushListByTokenRequest,
    PushListByTokenReply,
  ),
});

/** The client for one app. */
export function createPushClient({ onWait, takeSlot, ...options }: PushClientOptions): PushClient {
  const caller = createCaller(options);
  return {
    now: () => new Date(caller.clock.stamp().at),
    wait: caller.clock.wait,
    withQueries: caller.limit.withQueries,
    push: createSender(caller, { onWait, takeSlot }),
    cancelTimingTask: remedyOf(caller, "cancel", "/v3/push/cancel_timing_task"),
    stopPushMsg: remedyOf(caller, "terminate", "/v3/push/stop_push_msg"),
    revokePushMsg: remedyOf(caller, "recall", "/v3/push/revoke_push_msg"),
    getPushRecord: (name, pushId) => getPushRecord(caller, name, pushId),
    listPushRecords: (query) => listPushRecords(caller, query),
    uploadPackage: (name, file) => uploadPackage(caller, name, file),
    addPlanPush: (name, plan) => addPlanPush(caller, name, plan),
    ...statisticsOf(caller),
    close: caller.close,
  };
}
