import * as z from "zod";
import type { Reader } from "./reader.ts";

/**
 * What the documents leave open, or give in two ways: each switch names both readings, and its default is the likelier.
 * @see https://www.tencentcloud.com/document/product/1024/39003
 */
export interface Switches {
  /** Keys that cancel, stop and revoke answer with: retCode like their later neighbours (camel), or ret_code like push/app (snake). Default camel. */
  remedyAnswers: "camel" | "snake";
  /** A cancel of a task that does not wait: refused, or accepted without effect. Default refused. */
  cancelTooLate: "refused" | "accepted";
  /** A stop or revoke of a task that waits, has ended, or is past its offline storage: refused, or accepted without effect. Default refused. */
  stopTooLate: "refused" | "accepted";
  /** ret_code of what the two above refuse: the documents name none. Default 1008007, invalid parameter. */
  tooLateRetCode: number;
  /** Seconds before its send time from which on a task counts as dispatched for a cancel; no page says. Default 0. */
  cancelCutoffSeconds: number;
  /** Seconds from the answer of cancel, stop and revoke to their effect. Default 0, at once; until then a dispatch can win. */
  remedyDelaySeconds: number;
  /** stop_push_msg on an iOS app: refused (table of the recall page), or accepted. Default refused. */
  iosTermination: "refused" | "accepted";
  /** revoke_push_msg: taken offline (page of 2025), or available (pages before). Default offline. */
  recall: "offline" | "available";
  /** Stop, revoke and override for account_list: accepted (English recall page), or refused (Chinese and push page). Default accepted. */
  remediesOfAccountList: "accepted" | "refused";
  /** Stop, revoke and override for package_account_push: accepted (Chinese and push page), or refused (English recall page). Default accepted. */
  remediesOfAccountPackage: "accepted" | "refused";
  /** pushId in the answer to a single query: a number (the sample), or text (the table). Default number; lists give text. */
  pushIdOfSingleQuery: "number" | "text";
  /** Digits of a push id: 10 (most samples), up to 19 (Java sample). Default 10. */
  pushIdDigits: number;
  /** push_id in the answer to a recurrence: an array of all ids (since 2022-09), or one id as text, the first (before). Default array. */
  pushIdOfLoop: "array" | "text";
  /** What push answers with: full, all fields that any sample has, or short, those of the page's sample for accounts. Default full. */
  answerOfPush: "full" | "short";
  /** messageType of a notification in records: notify (samples, Chinese table), or notification (English table). Default notify. */
  messageTypeOfNotify: "notify" | "notification";
  /** Status of a task that waits: PUSH_WAIT (waits to be scheduled), or PUSH_INIT (created). Default PUSH_WAIT. */
  statusOfWaiting: "PUSH_WAIT" | "PUSH_INIT";
  /** Order of a list of records, which no page tells: newest first, or oldest. Default newest. */
  recordOrder: "newest" | "oldest";
  /** Records that tell the groupId: of lists alone (as the samples), all, or none. Default list. */
  groupIdIn: "list" | "everywhere" | "nowhere";
  /** Records that tell the collapseID: of single queries alone (as the samples), all, or none. Default single. */
  collapseIdIn: "single" | "everywhere" | "nowhere";
  /** collapseID of a task that overrides another: the one that it was pushed with, or 0. Default given. */
  collapseIdOfOverride: "given" | "zero";
  /** The date by which records are listed, and forgotten after a month: of creation, or of the push. Default creation. */
  recordsBy: "creation" | "push";
  /** Days ahead up to which a waiting task is listed: all (90), or those that are near. Default 90. */
  listedAheadDays: number;
  /** A single query for an unknown push id: ret_code 1008015, or an empty list. Default 1008015. */
  unknownPushId: "1008015" | "empty";
  /** Wrong credentials: ret_code 1008003 (1008035 for an unknown app), or HTTP status 403 without JSON. Default 1008003. */
  badCredentials: "1008003" | "403";
  /** HTTP status of a refusal: 200 (as the official clients expect), or another. Default 200. */
  refusalHttpStatus: number;
  /** Seconds by which the time of a signature may differ from the service's; no page of v3 says, v2 had 600. Default 600; 0 allows any. */
  signatureWindowSeconds: number;
  /** A send_time that is past: refused beyond 10 minutes (error code pages), or sent at once whatever it is (push page). Default refused-after-10-minutes. */
  pastSendTime: "refused-after-10-minutes" | "immediate";
  /** Rules of expire_time: default 86400, at most 259200 (since-2022-12), or default 259200, at most 2147483647 (before). Default since-2022-12. */
  expireTimeRules: "since-2022-12" | "before";
  /** Limit of a push's tags: 500 in a list (newer page), or 512 characters in all (older pages). Default 500-tags. */
  tagLimit: "500-tags" | "512-characters";
  /** push_speed for package_account_push: yes (push page), or no (page of the fixed speed), as unsupportedOptions says. Default yes. */
  pushSpeedOfAccountPackage: "yes" | "no";
  /** message.ios.custom, which the SDKs write for custom_content: accepted, or ignored like an unknown field. Default accepted. */
  iosCustom: "accepted" | "ignored";
  /** send_time and collapse_id for an audience without them: ignored (a sample has push_speed with an account), or refused. Default ignored. */
  unsupportedOptions: "ignored" | "refused";
  /** Tokens and accounts that no phone has: accepted (the samples use such), or refused with 1008029 and 10010005. Default accepted. */
  unknownTargets: "accepted" | "refused";
  /** A plan_id that the app was not given: accepted (a sample makes one up), or refused. Default accepted. */
  unknownPlanId: "accepted" | "refused";
  /** A row of a package that is no account and no token by its length, or has two columns: the upload is refused, or the row skipped. Default refused. */
  wrongPackageRows: "refused" | "skipped";
  /** Characters of a plan's name: 60 (table of the request), or 23 (table of the answer). Default 60. */
  planNameCharacters: 60 | 23;
  /** Key of the message that a new plan answers with: ErrMsg (the sample), or errMsg (the table). Default ErrMsg. */
  errMsgOfPlan: "ErrMsg" | "errMsg";
  /** retCode that a new plan answers with: a number (the sample), or text (the table). Default number. */
  retCodeOfPlan: "number" | "text";
  /** Plans in 24 hours and app. Default 200; 0 allows any number. */
  plansPerDay: number;
  /** Pairs of a tag and a token in one call: 20 (text of the operations), or 500 (row of the list). Default 20. */
  tagPairs: 20 | 500;
  /** Custom tags of an app; more by ticket. Default 10000; 0 allows any number. */
  tagsPerApp: number;
  /** Custom tags of a device; more by ticket. Default 100; 0 allows any number. */
  tagsPerDevice: number;
  /** Accounts of one type on a device: one, the last (the page's note), or many (its samples bind two). Default one. */
  accountsPerType: "one" | "many";
  /** Result of each binding of accounts that succeeds: 0 (the newer sample), or ok (the older). Default 0. */
  bindingResults: "0" | "ok";
  /** An attribute that no phone of the app has, and so nobody made in the console: accepted, or filtered out and told (the page). Default accepted. */
  unknownAttributes: "accepted" | "filtered";
  /** Counts of the channel "all": sums of all channels (the samples), or some of own channels alone (the note). Default sums. */
  statisticTotals: "sums" | "own";
  /** An override of a task that still waits: both are sent (independent), the old one never is (replaced), or refused. Default independent. */
  overrideOfPending: "independent" | "replaced" | "refused";
  /** A collapse_id that the app was not given: refused, or ignored, so that the push is one of its own. Default refused. */
  unknownCollapseId: "refused" | "ignored";
  /** Days from its task's creation in which a collapse_id is known; no page says. Default 0, for ever. */
  collapseIdDays: number;
  /** The moment at which a scheduled override ends the old task: its dispatch, or its acceptance. Default dispatch. */
  overrideTakesEffect: "dispatch" | "acceptance";
  /** Override on Honor and FCM, which no page mentions: no (like OPPO and vivo), or yes. Default no. */
  overrideOnHonorAndFcm: "no" | "yes";
  /** The day that 0 stands for in the weekly loopDayIndexs of loop_param: sunday (since 2022-04), or monday (before). Default sunday. */
  loopWeek: "sunday" | "monday";
  /** Seconds from PUSH_STARTED to PUSH_FINISHED; no page says. Default 3. */
  dispatchSeconds: number;
  /** Devices that an app has beside its phones: with push_speed a dispatch takes at least their number by that speed. Default 100000. */
  otherDevices: number;
  /** Pushes a second and app for all, tag and package_account_push. Default 1; 0 allows any number. */
  pushesPerSecond: number;
  /** Queries an hour, app and endpoint. Default 200; 0 allows any number. */
  queriesPerHour: number;
  /** Seconds in which the same title and content to all is refused. Default 3600; 0 allows any. */
  repeatSeconds: number;
}

const Given = z.strictObject({
  remedyAnswers: z.enum(["camel", "snake"]).default("camel"),
  cancelTooLate: z.enum(["refused", "accepted"]).default("refused"),
  stopTooLate: z.enum(["refused", "accepted"]).default("refused"),
  tooLateRetCode: z.int().positive().default(1008007),
  cancelCutoffSeconds: z.number().min(0).default(0),
  remedyDelaySeconds: z.number().min(0).default(0),
  iosTermination: z.enum(["refused", "accepted"]).default("refused"),
  recall: z.enum(["offline", "available"]).default("offline"),
  remediesOfAccountList: z.enum(["accepted", "refused"]).default("accepted"),
  remediesOfAccountPackage: z.enum(["accepted", "refused"]).default("accepted"),
  pushIdOfSingleQuery: z.enum(["number", "text"]).default("number"),
  pushIdDigits: z.int().min(10).max(19).default(10),
  pushIdOfLoop: z.enum(["array", "text"]).default("array"),
  answerOfPush: z.enum(["full", "short"]).default("full"),
  messageTypeOfNotify: z.enum(["notify", "notification"]).default("notify"),
  statusOfWaiting: z.enum(["PUSH_WAIT", "PUSH_INIT"]).default("PUSH_WAIT"),
  recordOrder: z.enum(["newest", "oldest"]).default("newest"),
  groupIdIn: z.enum(["list", "everywhere", "nowhere"]).default("list"),
  collapseIdIn: z.enum(["single", "everywhere", "nowhere"]).default("single"),
  collapseIdOfOverride: z.enum(["given", "zero"]).default("given"),
  recordsBy: z.enum(["creation", "push"]).default("creation"),
  listedAheadDays: z.number().min(0).default(90),
  unknownPushId: z.enum(["1008015", "empty"]).default("1008015"),
  badCredentials: z.enum(["1008003", "403"]).default("1008003"),
  refusalHttpStatus: z.int().min(200).max(599).default(200),
  signatureWindowSeconds: z.number().min(0).default(600),
  pastSendTime: z.enum(["refused-after-10-minutes", "immediate"]).default("refused-after-10-minutes"),
  expireTimeRules: z.enum(["since-2022-12", "before"]).default("since-2022-12"),
  tagLimit: z.enum(["500-tags", "512-characters"]).default("500-tags"),
  pushSpeedOfAccountPackage: z.enum(["yes", "no"]).default("yes"),
  iosCustom: z.enum(["accepted", "ignored"]).default("accepted"),
  unsupportedOptions: z.enum(["ignored", "refused"]).default("ignored"),
  unknownTargets: z.enum(["accepted", "refused"]).default("accepted"),
  unknownPlanId: z.enum(["accepted", "refused"]).default("accepted"),
  wrongPackageRows: z.enum(["refused", "skipped"]).default("refused"),
  planNameCharacters: z.literal([60, 23]).default(60),
  errMsgOfPlan: z.enum(["ErrMsg", "errMsg"]).default("ErrMsg"),
  retCodeOfPlan: z.enum(["number", "text"]).default("number"),
  plansPerDay: z.int().min(0).default(200),
  tagPairs: z.literal([20, 500]).default(20),
  tagsPerApp: z.int().min(0).default(10_000),
  tagsPerDevice: z.int().min(0).default(100),
  accountsPerType: z.enum(["one", "many"]).default("one"),
  bindingResults: z.enum(["0", "ok"]).default("0"),
  unknownAttributes: z.enum(["accepted", "filtered"]).default("accepted"),
  statisticTotals: z.enum(["sums", "own"]).default("sums"),
  overrideOfPending: z.enum(["independent", "replaced", "refused"]).default("independent"),
  unknownCollapseId: z.enum(["refused", "ignored"]).default("refused"),
  collapseIdDays: z.number().min(0).default(0),
  overrideTakesEffect: z.enum(["dispatch", "acceptance"]).default("dispatch"),
  overrideOnHonorAndFcm: z.enum(["no", "yes"]).default("no"),
  loopWeek: z.enum(["sunday", "monday"]).default("sunday"),
  dispatchSeconds: z.number().min(0).default(3),
  otherDevices: z.int().min(0).default(100_000),
  pushesPerSecond: z.int().min(0).default(1),
  queriesPerHour: z.int().min(0).default(200),
  repeatSeconds: z.number().min(0).default(3600),
});

export const Switches: Reader<Switches> = Given;

/** Switches as a command line gives them, `name=value`; the others keep their defaults. */
export const parseSwitches = (pairs: readonly string[]): Switches => {
  const parsed = Given.safeParse(Object.fromEntries(pairs.map(pairOf)));
  if (parsed.success) return parsed.data;
  throw new Error(`--switch: ${z.prettifyError(parsed.error).replaceAll("\n", " ")}`);
};

const pairOf = (pair: string): readonly [string, string | number] => {
  const [name = "", ...rest] = pair.split("=");
  const value = rest.join("=");
  const isNumber = typeof new Map<string, unknown>(Object.entries(Switches.parse({}))).get(name) === "number";
  return [name, isNumber && value !== "" ? Number(value) : value];
};
