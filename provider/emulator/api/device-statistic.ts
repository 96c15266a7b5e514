import { DateRange, DeviceDistributionRequest, PushListByTokenRequest } from "../../tpns/schema/statistics.ts";
import type { StoredTask } from "../data/store.ts";
import { Refusal, retCodes } from "../refusal.ts";
import { secondMs, serviceDayOf } from "../service-time.ts";
import { compactDayOf, dayRangeOf, daysOf, queryEndpoint } from "./query.ts";
import { checkBody, parseBody } from "./request-body.ts";

/** Three months, and one. */
const toldDaysOfDevices = 92;
const toldDaysOfDistribution = 31;

/** Tells how many devices there are, by day: phones have no past here. @see https://www.tencentcloud.com/document/product/1024/33771 */
export const deviceOverview = queryEndpoint("get_device_stat_overview", (world, { app, bytes }) => {
  const range = dayRangeOf(world, checkBody(DateRange, parseBody(bytes)), toldDaysOfDevices);
  const { all, online } = world.phones.devicesOf(app.accessId);
  const counts = { accuUv: all, newUv: 0, activeUv: online, invalidUv: 0, availableUv: all };
  const notifications = { notificationOpen: all, notificationClose: 0, notificationUnknown: 0 };
  const rows = daysOf(range).map((ms) => ({ date: Number(compactDayOf(ms)), ...counts, ...notifications }));
  return { errMsg: "", getDeviceStatOverviewData: rows };
});

/** The automatic tag that tells a property; undefined: none does. */
const tagOfProperty: Readonly<Record<string, string | undefined>> = {
  city: undefined,
  province: "xg_auto_province",
  app_version: "xg_auto_version",
  sdk_version: "xg_auto_sdkversion",
  system_version: undefined,
  device_brand: "xg_auto_devicebrand",
  device_version: "xg_auto_deviceversion",
};

/** Tells how the devices spread over the values of a property. @see https://cloud.tencent.com/document/product/548/74193 */
export const deviceDistribution = queryEndpoint("get_device_distribute_info", (world, { app, bytes }) => {
  const { date, type } = checkBody(DeviceDistributionRequest, parseBody(bytes));
  dayRangeOf(world, { startDate: date, endDate: date }, toldDaysOfDistribution);
  if (!Object.hasOwn(tagOfProperty, type)) {
    throw new Refusal(retCodes.invalidParameter, `type ${type} is none of ${Object.keys(tagOfProperty).join(", ")}`);
  }
  const tag = tagOfProperty[type];
  const values = tag === undefined ? [] : world.phones.valuesOfAutomaticTag(app.accessId, tag);
  return { errMsg: "", data: values.map(({ value, count }) => ({ [type]: value, count })) };
});

/** Tells which tasks went to a device today. @see https://www.tencentcloud.com/document/product/1024/48715 */
export const pushListByToken = queryEndpoint("getPushListByToken", (world, { app, bytes }) => {
  const { clock, phones, store, switches } = world;
  const { token } = checkBody(PushListByTokenRequest, parseBody(bytes));
  const phone = phones.withToken(app.accessId, token);
  if (phone === undefined && switches.unknownTargets === "refused") {
    throw new Refusal(retCodes.invalidToken, `token is not valid: ${token}`);
  }
  const today = serviceDayOf(clock.nowMs());
  const tasks = (phone === undefined ? [] : phones.tasksTo(phone))
    .map((pushId) => store.taskOfAnyApp(pushId))
    .filter((task) => task !== undefined && serviceDayOf(task.dispatchedMs ?? task.sendAtMs) === today)
    .filter((task) => task !== undefined)
    .reverse();
  return { pushTaskList: tasks.map(listed) };
});

/** The sample has `TAG_PUSH` alone; the other names are made after it. */
const listed = ({ pushId, dispatchedMs, sendAtMs, audience }: StoredTask) => ({
  pushId: JSON.rawJSON(pushId),
  pushTime: Math.floor((dispatchedMs ?? sendAtMs) / secondMs),
  pushTargetType: `${audience.type.replace(/_push$/, "").toUpperCase()}_PUSH`,
});
