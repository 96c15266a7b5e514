import { DateRange, GroupStatisticRequest, TaskStatisticRequest } from "../../tpns/schema/statistics.ts";
import type { Progress } from "../data/phones.ts";
import type { StoredTask } from "../data/store.ts";
import type { App } from "../fleet.ts";
import { dayMs } from "../service-time.ts";
import type { World } from "../world.ts";
import type { Answer } from "./endpoint.ts";
import { compactDayOf, type DayRange, dayRangeOf, daysOf, queryEndpoint, taskAskedFor } from "./query.ts";
import { checkBody, parseBody } from "./request-body.ts";

const toldDays = 30;
const toldDaysOfGroup = 7;

/** Tells of one task how many devices each channel reached. @see https://www.tencentcloud.com/document/product/1024/33774 */
export const taskStatistic = queryEndpoint("get_push_task_stat_channel", (world, { app, bytes, recordedMs }) => {
  const { pushId } = checkBody(TaskStatisticRequest, parseBody(bytes));
  const oldestMs = world.clock.nowMs() - toldDays * dayMs;
  const task = taskAskedFor(world, app, pushId, ({ createdMs }) => createdMs >= oldestMs, recordedMs);
  return { pushStatDataAll: task === undefined ? [] : channelsOf(world, app, [task]) };
});

/** The same of all tasks of a plan, or of a group. @see https://www.tencentcloud.com/document/product/1024/33775 */
export const groupStatistic = queryEndpoint("get_push_group_stat_channel", (world, { app, bytes }) => {
  const request = checkBody(GroupStatisticRequest, parseBody(bytes));
  const { planId, groupId } = request;
  const tasks = dispatched(world, app, dayRangeOf(world, request, toldDaysOfGroup)).filter((task) =>
    planId === undefined ? groupOf(task) === groupId : task.planId === planId,
  );
  return { pushStatDataAll: channelsOf(world, app, tasks) };
});

/** The same of all tasks, by day. @see https://www.tencentcloud.com/document/product/1024/33770 */
export const pushOverview = queryEndpoint("get_push_channel_stat_overview", (world, { app, bytes }) => {
  const range = dayRangeOf(world, checkBody(DateRange, parseBody(bytes)), toldDays);
  return {
    pushDateChannelStat: daysOf(range).map((fromMs) => ({
      date: compactDayOf(fromMs),
      channelDatas: channelsOf(world, app, dispatched(world, app, { fromMs, untilMs: fromMs + dayMs })),
    })),
  };
});

/** A push without a group belongs to that of its day. */
const groupOf = ({ groupId, createdMs }: StoredTask): string => groupId || `tpns_${compactDayOf(createdMs)}`;

const dispatched = ({ store }: World, app: App, { fromMs, untilMs }: DayRange): readonly StoredTask[] =>
  store
    .tasksOf(app.accessId)
    .filter(({ dispatchedMs = Number.NaN }) => fromMs <= dispatchedMs && dispatchedMs < untilMs);

/** Devices by stage. */
interface PushState {
  readonly pushActiveUv: number;
  readonly pushOnlineUv: number;
  readonly verifySvcUv: number;
  readonly callbackVerifySvcUv: number;
  readonly arrivalUv: number;
  readonly verifyUv: number;
  readonly clickUv: number;
  readonly cleanupUv: number;
}

interface ChannelStatistic {
  readonly channel: string;
  readonly pushState: PushState;
}

/** In the order of the page's sample; rog is a phone's maker that has no phone here. */
const androidChannels = ["xm", "mz", "vivo", "hw", "honor", "xg", "oppo", "fcm", "rog"];
const iosChannels = ["apns"];

/** Those whose arrivals the service sees itself. */
const ownChannels = ["xg", "fcm", "rog"];

const channelsOf = (world: World, app: App, tasks: readonly StoredTask[]): readonly Answer[] => {
  const progress = tasks.flatMap((task) => world.phones.progressOf(task));
  const channels = (app.platform === "ios" ? iosChannels : androidChannels).map((channel) => ({
    channel,
    pushState: stateOf(channel, progress),
  }));
  const all = [...channels, { channel: "all", pushState: totalOf(world, channels) }];
  return app.platform === "ios" ? all.map(iosStatistic) : all.map((statistic) => ({ ...statistic }));
};

const stateOf = (channel: string, progress: readonly Progress[]): PushState => {
  const own = progress.filter((part) => part.channel === channel);
  const count = (...states: readonly Progress["state"][]): number =>
    own.filter(({ state }) => states.includes(state)).reduce((sum, part) => sum + part.count, 0);
  const clicked = count("clicked");
  const displayed = clicked + count("shown", "withdrawn", "replaced");
  const arrived = displayed + count("received", "held");
  const planned = arrived + count("stored", "dropped");
  // A vendor takes what is for a phone that is off.
  const sent = channel === "xg" ? arrived : planned;
  return {
    pushActiveUv: planned,
    pushOnlineUv: sent,
    verifySvcUv: ownChannels.includes(channel) ? arrived : sent,
    callbackVerifySvcUv: ownChannels.includes(channel) ? 0 : arrived,
    arrivalUv: arrived,
    verifyUv: displayed,
    clickUv: clicked,
    cleanupUv: 0,
  };
};

const totalOf = ({ switches }: World, channels: readonly ChannelStatistic[]): PushState => {
  const sum = (counter: keyof PushState, some = channels): number =>
    some.reduce((total, { pushState }) => total + pushState[counter], 0);
  const own = channels.filter(({ channel }) => ownChannels.includes(channel));
  const sums = {
    pushActiveUv: sum("pushActiveUv"),
    pushOnlineUv: sum("pushOnlineUv"),
    verifySvcUv: sum("verifySvcUv"),
    callbackVerifySvcUv: sum("callbackVerifySvcUv"),
    arrivalUv: sum("arrivalUv"),
    verifyUv: sum("verifyUv"),
    clickUv: sum("clickUv"),
    cleanupUv: sum("cleanupUv"),
  };
  if (switches.statisticTotals === "sums") return sums;
  return {
    ...sums,
    verifySvcUv: sum("verifySvcUv", own),
    callbackVerifySvcUv: sums.callbackVerifySvcUv + sum("verifySvcUv", own),
    verifyUv: sum("verifyUv", own),
    clickUv: sum("clickUv", own),
    cleanupUv: sum("cleanupUv", own),
  };
};

/** iOS has four of the counters. */
const iosStatistic = ({ channel, pushState }: ChannelStatistic): Answer => {
  const { pushActiveUv, pushOnlineUv, verifySvcUv, clickUv } = pushState;
  return { channel, pushState: { pushActiveUv, pushOnlineUv, verifySvcUv, clickUv } };
};
