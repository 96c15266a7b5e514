import { ListPushRecordsRequest } from "../../tpns/schema/record.ts";
import type { StoredTask } from "../data/store.ts";
import type { App } from "../fleet.ts";
import { Refusal, retCodes } from "../refusal.ts";
import { dayMs, momentOfServiceDay, secondMs, serviceDayOf, serviceTextOf } from "../service-time.ts";
import type { World } from "../world.ts";
import type { Answer, Call } from "./endpoint.ts";
import { asOf } from "./past.ts";
import { queryEndpoint, taskAskedFor } from "./query.ts";
import { checkBody, fieldOf, parseBody, pushIdOf } from "./request-body.ts";

/** "Within one month": the longest that a month has. */
const recordedDays = 31;

/** What a list gives without a limit: the number of the page's sample. */
const defaultLimit = 50;

/** Tells of one task, or of those of some days. @see https://www.tencentcloud.com/document/product/1024/33773 */
export const getPushRecord = queryEndpoint("get_push_record", (world, call) => {
  const body = parseBody(call.bytes);
  const single = fieldOf(body, "pushId") !== undefined;
  return single ? one(world, call, pushIdOf(body)) : some(world, call, checkBody(ListPushRecordsRequest, body));
});

const one = (world: World, { app, recordedMs }: Call, pushId: string): Answer => {
  const task = taskAskedFor(world, app, pushId, (found) => isRecorded(world, found), recordedMs);
  return { pushRecordData: task === undefined ? [] : [singleRecord(world, app, task)] };
};

const some = (world: World, { app, recordedMs }: Call, query: ListPushRecordsRequest): Answer => {
  const fromMs = dayOf("startDate", query.startDate);
  const untilMs = dayOf("endDate", query.endDate) + dayMs;
  checkRange(world, query, fromMs, untilMs);
  const { offset = 0, limit = defaultLimit } = query;
  const tasks = world.store
    .tasksOf(app.accessId)
    .map((task) => asOf(world, task, recordedMs))
    .filter((task) => task !== undefined)
    .filter((task) => dateOf(world, task) >= fromMs && dateOf(world, task) < untilMs)
    .filter((task) => isRecorded(world, task) && isListed(world, task) && isAskedFor(query, task));
  if (world.switches.recordOrder === "newest") tasks.reverse();
  const rows = tasks.slice(offset, offset + limit).map((task) => listRecord(world, app, task));
  return { count: tasks.length, pushRecordData: rows };
};

const dayOf = (field: string, day: string): number => {
  const ms = momentOfServiceDay(day);
  if (ms === undefined) throw new Refusal(retCodes.dateFormat, `${field} ${day} is no yyyy-MM-dd`);
  return ms;
};

const checkRange = ({ clock }: World, query: ListPushRecordsRequest, fromMs: number, untilMs: number): void => {
  const { startDate, endDate } = query;
  const earliest = serviceDayOf(clock.nowMs() - recordedDays * dayMs);
  if (startDate < earliest) {
    throw new Refusal(retCodes.dateFormat, `startDate ${startDate} is not within one month: ${earliest} or later`);
  }
  if (untilMs <= fromMs) throw new Refusal(retCodes.dateFormat, `endDate ${endDate} is before startDate ${startDate}`);
};

const dateOf = ({ switches }: World, task: StoredTask): number =>
  switches.recordsBy === "creation" ? task.createdMs : task.sendAtMs;

const isRecorded = (world: World, task: StoredTask): boolean =>
  dateOf(world, task) >= world.clock.nowMs() - recordedDays * dayMs;

const isListed = ({ clock, switches }: World, task: StoredTask): boolean =>
  task.sendAtMs <= clock.nowMs() + switches.listedAheadDays * dayMs;

/** The filter's words are not those of the records: single ones are filed under the lists, packages under none. */
const isAskedFor = ({ msgType, pushType }: ListPushRecordsRequest, task: StoredTask): boolean => {
  if (msgType !== undefined && msgType !== task.messageType) return false;
  return pushType === undefined || [pushType, `${pushType}_list`].includes(task.audience.type);
};

const singleRecord = (world: World, app: App, task: StoredTask): Answer => ({
  ...recordOf(world, app, task),
  pushId: world.switches.pushIdOfSingleQuery === "number" ? JSON.rawJSON(task.pushId) : task.pushId,
  ...(world.switches.groupIdIn === "everywhere" ? { groupId: task.groupId } : {}),
  ...(world.switches.collapseIdIn === "nowhere" ? {} : { collapseID: collapseIdOf(world, task) }),
});

const listRecord = (world: World, app: App, task: StoredTask): Answer => ({
  ...recordOf(world, app, task),
  pushId: task.pushId,
  ...(world.switches.groupIdIn === "nowhere" ? {} : { groupId: task.groupId }),
  ...(world.switches.collapseIdIn === "everywhere" ? { collapseID: collapseIdOf(world, task) } : {}),
  source: "api",
});

const collapseIdOf = ({ switches }: World, task: StoredTask): number =>
  task.overrides && switches.collapseIdOfOverride === "zero" ? 0 : task.collapseId;

const recordOf = ({ switches }: World, app: App, task: StoredTask): Answer => ({
  date: serviceTextOf(task.sendAtMs),
  createTime: Math.floor(task.createdMs / secondMs),
  title: task.title,
  content: task.content,
  status: task.status,
  pushType: pushTypeOf(task),
  targetList: targetsOf(task),
  tagSet: tagSetOf(task),
  uploadId: task.uploadId,
  expireTime: task.expireTime,
  messageType: task.messageType === "notify" ? switches.messageTypeOfNotify : task.messageType,
  xgMediaResources: task.mediaUrl,
  xgMediaAudioResources: task.audioUrl,
  environment: task.environment,
  pushConfig: {
    android: app.platform === "android" ? { ...androidDefaults, ...task.android } : null,
    ios: app.platform === "ios" ? task.ios : null,
    iot: null,
  },
  multiPkg: task.multiPkg,
});

/** Records know lists alone: a single token or account is a list of one. */
export const pushTypeOf = ({ audience }: StoredTask): string =>
  audience.type === "token" || audience.type === "account" ? `${audience.type}_list` : audience.type;

const targetsOf = ({ audience }: StoredTask): readonly string[] | null => {
  if (audience.type === "token" || audience.type === "token_list") return audience.tokens;
  if (audience.type === "account" || audience.type === "account_list") return audience.accounts;
  return null;
};

const tagSetOf = ({ audience }: StoredTask): Answer | null => {
  if (audience.type !== "tag") return null;
  const items = audience.rules.flatMap((rule) => rule.tag_items);
  return {
    op: items[0]?.tags_operator ?? "OR",
    tagWithType: items.flatMap((item) => item.tags.map((tag) => ({ tagTypeName: item.tag_type, tagValue: tag }))),
  };
};

/** What the service shows of a push that left these out. */
const androidDefaults = {
  n_id: 0,
  builder_id: 0,
  ring: 1,
  ring_raw: "",
  vibrate: 1,
  lights: 1,
  clearable: 1,
  icon_type: 0,
  icon_res: "",
  style_id: 1,
  small_icon: "",
  action: { action_type: 1, activity: "", aty_attr: null, browser: null, intent: "" },
  custom_content: "",
};
