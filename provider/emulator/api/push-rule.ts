import { defaultExpireTimeSeconds, type PushRequest, raisedExpireTimeSeconds } from "../../tpns/schema/push-request.ts";
import type { TagRule } from "../../tpns/schema/tag.ts";
import type { Audience } from "../audience.ts";
import type { MinuteRange, PersonalText, Push, StoredTask } from "../data/store.ts";
import { hasRemedies, isPending } from "../dispatch.ts";
import type { App } from "../fleet.ts";
import { Refusal, retCodes } from "../refusal.ts";
import { dayMs, momentOfServiceText, secondMs, serviceTextOf } from "../service-time.ts";
import type { World } from "../world.ts";

/** The service keeps a schedule for 90 days. */
export const maxAheadDays = 90;

/** A send time that is past by no more is dispatched at once. */
const toleratedPastSeconds = 600;

/** The audiences that can be scheduled, and slowed down. */
export const scheduledAudiences: readonly string[] = ["all", "tag", "package_account_push"];

/** What a request asks of this app's phones; refuses what the documents refuse. */
export const pushOf = (world: World, app: App, request: PushRequest): Push => {
  checkPlatform(app, request);
  const { message } = request;
  return {
    audience: audienceOf(world, app, request),
    title: message.title ?? "",
    content: message.content ?? "",
    messageType: request.message_type,
    environment: request.environment ?? "product",
    sendAtMs: sendAtOf(world, request),
    expireTime: expireTimeOf(request),
    pushSpeed: pushSpeedOf(world, request),
    collapseId: collapseIdOf(world, app, request),
    forceCollapse: request.force_collapse ?? false,
    disabledChannels: (request.channel_rules ?? []).filter((rule) => rule.disable).map((rule) => rule.channel),
    prefersOwnChannel: request.tpns_online_push_type !== 1,
    acceptTime: (message.accept_time ?? []).map(
      ({ start, end }): MinuteRange => ({ from: minuteOf(start), until: minuteOf(end) }),
    ),
    personal: personalOf(request),
    groupId: request.group_id ?? "",
    planId: planOf(world, app, request),
    multiPkg: request.multi_pkg ?? false,
    uploadId: Number(request.upload_id ?? 0),
    mediaUrl: message.xg_media_resources ?? "",
    audioUrl: message.xg_media_audio_resources ?? "",
    android: message.android ?? {},
    ios: message.ios ?? {},
  };
};

const invalid = (reason: string): Refusal => new Refusal(retCodes.invalidParameter, reason);

const checkPlatform = (app: App, { environment, message }: PushRequest): void => {
  if (app.platform === "android") return;
  if (environment === undefined) throw new Refusal(retCodes.missingParameter, "environment is missing: the app is iOS");
  if (message.ios === undefined) throw new Refusal(retCodes.missingParameter, "message.ios is missing: the app is iOS");
};

const minuteOf = ({ hour, min }: { readonly hour: string; readonly min: string }): number =>
  Number(hour) * 60 + Number(min);

const personalOf = ({ ntf_wt_attrs, message }: PushRequest): PersonalText | undefined =>
  ntf_wt_attrs === true
    ? { defaultTitle: message.default_title ?? "", defaultContent: message.default_content ?? "" }
    : undefined;

const expireTimeOf = ({ expire_time = defaultExpireTimeSeconds }: PushRequest): number =>
  expire_time === 0 ? 0 : Math.max(expire_time, raisedExpireTimeSeconds);

/** Whether the audience has an option; one that it has not is ignored or refused. */
const takes = ({ switches }: World, option: string, type: string, suited: boolean): boolean => {
  if (suited) return true;
  if (switches.unsupportedOptions === "ignored") return false;
  throw invalid(`${option} is not supported for audience_type ${type}`);
};

const pushSpeedOf = (world: World, { audience_type, push_speed }: PushRequest): number | undefined => {
  if (push_speed === undefined) return undefined;
  const withPackage = world.switches.pushSpeedOfAccountPackage === "yes";
  const suited =
    scheduledAudiences.includes(audience_type) && (withPackage || audience_type !== "package_account_push");
  return takes(world, "push_speed", audience_type, suited) ? push_speed : undefined;
};

const sendAtOf = (world: World, { audience_type, send_time }: PushRequest): number | undefined => {
  if (send_time === undefined) return undefined;
  const suited = scheduledAudiences.includes(audience_type);
  return takes(world, "send_time", audience_type, suited) ? checkedSendTime(world, send_time) : undefined;
};

const checkedSendTime = ({ clock, switches }: World, sendTime: string): number => {
  const sendAtMs = momentOfServiceText(sendTime);
  const nowMs = clock.nowMs();
  const now = `the service's time is ${serviceTextOf(nowMs)}`;
  if (sendAtMs === undefined) throw illegalTime(`send_time ${sendTime} is no yyyy-MM-dd HH:mm:ss`);
  if (sendAtMs > nowMs + maxAheadDays * dayMs) {
    throw illegalTime(`send_time ${sendTime} is more than ${maxAheadDays} days ahead; ${now}`);
  }
  if (sendAtMs < nowMs - toleratedPastSeconds * secondMs && switches.pastSendTime !== "immediate") {
    throw illegalTime(`send_time ${sendTime} is more than ${toleratedPastSeconds} s past; ${now}`);
  }
  return sendAtMs;
};

const illegalTime = (reason: string): Refusal => new Refusal(retCodes.illegalPushTime, `illegal push time: ${reason}`);

const collapseIdOf = (world: World, app: App, request: PushRequest): number | undefined => {
  const { audience_type, collapse_id } = request;
  if (collapse_id === undefined) return undefined;
  if (!overridable(world, audience_type)) return undefined;
  const tasks = overriddenBy(world, app, Number(collapse_id));
  if (tasks.length === 0 && world.switches.unknownCollapseId === "ignored") return undefined;
  if (tasks.length === 0) throw invalid(`collapse_id ${collapse_id} was not generated by the service for this app`);
  if (world.switches.overrideOfPending === "refused" && tasks.every(isPending)) {
    throw invalid(`collapse_id ${collapse_id} is that of a task which is not dispatched`);
  }
  checkHuawei(app, request);
  return Number(collapse_id);
};

const overriddenBy = ({ clock, store, switches }: World, app: App, collapseId: number): readonly StoredTask[] => {
  const tasks = store.tasksWithCollapseId(app.accessId, collapseId);
  if (switches.collapseIdDays === 0) return tasks;
  const oldestMs = clock.nowMs() - switches.collapseIdDays * dayMs;
  return tasks.filter(({ createdMs }) => createdMs >= oldestMs);
};

const overridable = (world: World, type: PushRequest["audience_type"]): boolean => {
  const contested = type === "account_list" || type === "package_account_push";
  const suited = hasRemedies(type, world.switches);
  if (contested && !suited) throw invalid(`collapse_id is not supported for audience_type ${type}`);
  return takes(world, "collapse_id", type, suited);
};

/** The service itself blocks an override that would reach Huawei with custom parameters. */
const checkHuawei = (app: App, { channel_rules = [], message }: PushRequest): void => {
  const huawei = !channel_rules.some((rule) => rule.channel === "hw" && rule.disable);
  if (app.platform !== "android" || !huawei || !message.android?.custom_content) return;
  throw invalid("an override on Huawei takes no custom_content; write the parameters into intent");
};

const audienceOf = (world: World, app: App, request: PushRequest): Audience => {
  const { audience_type: type, token_list: tokens = [], account_list: accounts = [] } = request;
  const { account_type: accountType = 0 } = request;
  const allDevices = request.account_push_type === 1;
  switch (type) {
    case "all":
      return { type };
    case "tag":
      return { type, rules: checkedRules(world, rulesOf(request)) };
    case "token":
    case "token_list":
      checkTokens(world, app, request);
      return { type, tokens: type === "token" ? tokens.slice(0, 1) : tokens };
    case "account":
    case "account_list":
      checkAccounts(world, app, accounts);
      return { type, accounts: type === "account" ? accounts.slice(0, 1) : accounts, accountType, allDevices };
    case "package_account_push":
      return { type, uploadId: packageOf(world, app, request), accountType, allDevices };
    case "package_token_push":
      return { type, uploadId: packageOf(world, app, request) };
  }
};

/** The old `tag_list` as a rule; it is ignored beside `tag_rules`. */
const rulesOf = ({ tag_rules, tag_list }: PushRequest): readonly TagRule[] => {
  if (tag_rules !== undefined || tag_list === undefined) return tag_rules ?? [];
  const { tags, op } = tag_list;
  const item = { tags, tags_operator: op, items_operator: op, is_not: false, tag_type: "xg_user_define" } as const;
  return [{ tag_items: [item], operator: op, is_not: false }];
};

/** The older limit, and the newer one. */
const maxTagCharacters = 512;
const maxTags = 500;

const checkedRules = ({ switches }: World, rules: readonly TagRule[]): readonly TagRule[] => {
  const tags = rules.flatMap(({ tag_items }) => tag_items.flatMap((item) => item.tags));
  if (tags.length > maxTags) throw invalid(`the push has ${tags.length} tags, which exceeds ${maxTags}`);
  const characters = tags.join("").length;
  if (switches.tagLimit === "500-tags" || characters <= maxTagCharacters) return rules;
  throw invalid(`the tags have ${characters} characters, which exceeds ${maxTagCharacters}`);
};

const packageOf = ({ store }: World, app: App, { upload_id = "0" }: PushRequest): number => {
  const uploadId = Number(upload_id);
  if (!store.hasPackage(app.accessId, uploadId))
    throw invalid(`upload_id ${upload_id} is none that this app was given`);
  return uploadId;
};

const planOf = ({ store, switches }: World, app: App, { plan_id = "" }: PushRequest): string => {
  if (plan_id === "" || switches.unknownPlanId === "accepted" || store.hasPlan(app.accessId, plan_id)) return plan_id;
  throw invalid(`plan_id ${plan_id} is none that this app was given`);
};

/** The tokens of a request that no phone of the app has. */
export const unknownTokens = ({ phones }: World, app: App, { token_list = [] }: PushRequest): readonly string[] =>
  token_list.filter((token) => phones.withToken(app.accessId, token) === undefined);

const checkTokens = (world: World, app: App, request: PushRequest): void => {
  if (world.switches.unknownTargets === "accepted" || request.ignore_invalid_token === 1) return;
  const [unknown] = unknownTokens(world, app, request);
  if (unknown !== undefined) throw new Refusal(retCodes.invalidToken, `token is not valid: ${unknown}`);
};

const checkAccounts = ({ phones, switches }: World, app: App, accounts: readonly string[]): void => {
  if (switches.unknownTargets === "accepted") return;
  if (accounts.some((account) => phones.hasAccount(app.accessId, account))) return;
  throw new Refusal(retCodes.unknownTarget, "internal error: push target does not exist");
};
