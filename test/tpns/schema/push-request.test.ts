import { describe, expect, test } from "vitest";
import { PushRequest } from "../../../provider/tpns/schema/push-request.ts";

const message = { title: "Spring sale", content: "20 % off today" };
const all = { audience_type: "all", message_type: "notify", message };
const ios = { aps: { alert: {} } };
const appleAll = { ...all, environment: "product", message: { ...message, ios } };

const slips = (request: object): string[] =>
  PushRequest.safeParse(request).error?.issues.map(({ message }) => message) ?? [];

const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `name-${index}`);

const rule = {
  tag_items: [
    { tags: ["guangdong"], is_not: false, tags_operator: "OR", items_operator: "OR", tag_type: "xg_auto_province" },
  ],
  operator: "OR",
  is_not: false,
};

const loop = {
  startDate: "2027-03-01",
  endDate: "2027-03-31",
  loopType: 2,
  loopDayIndexs: [0, 6],
  dayTimes: ["19:00:00"],
};

const sms = { sms_sign_name: "Shop", sms_template_id: "123", sms_app_id: "1400000000" };

describe("a push request is taken", () => {
  test.for<[string, object]>([
    ["for all", all],
    ["for tags by rules", { ...all, audience_type: "tag", tag_rules: [rule] }],
    ["for tags by the old list", { ...all, audience_type: "tag", tag_list: { tags: ["a"], op: "AND" } }],
    [
      "for tags by both, of which the rules win",
      { ...all, audience_type: "tag", tag_rules: [rule], tag_list: { tags: ["a"], op: "OR" } },
    ],
    ["for a token", { ...all, audience_type: "token", token_list: ["t".repeat(36)] }],
    ["for 1000 tokens", { ...all, audience_type: "token_list", token_list: many(1_000) }],
    [
      "for an account of a type",
      { ...all, audience_type: "account", account_list: ["a"], account_type: 1_015, account_push_type: 1 },
    ],
    ["for 1000 accounts", { ...all, audience_type: "account_list", account_list: many(1_000) }],
    ["with real-time delivery", { ...all, expire_time: 0 }],
    ["with a storage that the service raises", { ...all, expire_time: 1 }],
    ["with the longest storage", { ...all, expire_time: 259_200 }],
    ["at the slowest", { ...all, push_speed: 1_000 }],
    ["at the fastest", { ...all, push_speed: 50_000 }],
    ["at a time", { ...all, send_time: "2028-02-29 23:59:59" }],
    ["by some channels", { ...all, channel_rules: [{ channel: "honor", disable: true }], tpns_online_push_type: 1 }],
    ["as a recurrence", { ...all, loop_param: loop }],
    ["in a group", { ...all, group_id: "pt:testGroup", plan_id: "48", seq: 7, trace_id: "t", multi_pkg: true }],
    [
      "with an SMS",
      { ...all, resend_by_sms: true, sms_info: { ...sms, delay_trigger_time: 300, trigger_condition: 0 } },
    ],
    ["in the app as well", { ...all, supply_inapp_msg: true }],
    ["on iOS", appleAll],
    [
      "on iOS with the badge one up",
      { ...appleAll, message: { ...message, ios: { aps: { alert: {}, badge_type: -2 } } } },
    ],
    ["on iOS, silent", { ...appleAll, message_type: "message", message: { ios: { aps: { "content-available": 1 } } } }],
    ["in an Android app", { ...all, message_type: "message" }],
    [
      "with attributes",
      {
        ...all,
        ntf_wt_attrs: true,
        message: { title: "{{a}}", content: "{{a}} {{b}}", default_title: "t", default_content: "c" },
      },
    ],
    ["with attributes on iOS", { ...appleAll, ntf_wt_attrs: true, message: { ...message, default_content: "c", ios } }],
    ["with 4096 bytes", { ...all, message: { title: "t", content: "x".repeat(4_096 - 26) } }],
    ["with a deprecated platform", { ...all, platform: "android" }],
  ])("%s", ([, request]) => {
    expect(PushRequest.parse(request)).toEqual(request);
  });

  test("with ids as text and as numbers, which come out as text", () => {
    expect(PushRequest.parse({ ...all, collapse_id: 4_294_967_295, force_collapse: true }).collapse_id).toBe(
      "4294967295",
    );
    expect(
      PushRequest.parse({ ...all, audience_type: "package_token_push", upload_id: "9007199254740993" }).upload_id,
    ).toBe("9007199254740993");
  });
});

describe("a push request is refused in one line", () => {
  test.for<[string, object]>([
    ["expire_time 300000 exceeds 259200", { ...all, expire_time: 300_000 }],
    ["expire_time -1 is below 0", { ...all, expire_time: -1 }],
    ["expire_time 1.5 is not an integer", { ...all, expire_time: 1.5 }],
    ["push_speed 999 is below 1000", { ...all, push_speed: 999 }],
    ["push_speed 50001 exceeds 50000", { ...all, push_speed: 50_001 }],
    [
      'send_time "2027-02-30 10:00:00" has the wrong form; write yyyy-MM-dd HH:mm:ss',
      { ...all, send_time: "2027-02-30 10:00:00" },
    ],
    [
      'send_time "2027-03-01T10:00:00+08:00" has the wrong form; write yyyy-MM-dd HH:mm:ss',
      { ...all, send_time: "2027-03-01T10:00:00+08:00" },
    ],
    [
      'audience_type "everyone" is none of all, tag, token, token_list, account, account_list, package_account_push, package_token_push',
      { ...all, audience_type: "everyone" },
    ],
    ["message_type is missing", { audience_type: "all", message }],
    ['message_type "popup" is none of notify, message', { ...all, message_type: "popup" }],
    ["audience_type token_list needs token_list", { ...all, audience_type: "token_list" }],
    ["audience_type account needs account_list", { ...all, audience_type: "account" }],
    ["audience_type tag needs tag_rules", { ...all, audience_type: "tag" }],
    ["audience_type package_account_push needs upload_id", { ...all, audience_type: "package_account_push" }],
    [
      "audience_type all takes no token_list; remove it, or write the audience_type that it is for",
      { ...all, token_list: ["a"] },
    ],
    [
      "token_list has 1001 entries, which exceeds 1000",
      { ...all, audience_type: "token_list", token_list: many(1_001) },
    ],
    [
      "account_list has 1001 entries, which exceeds 1000",
      { ...all, audience_type: "account_list", account_list: many(1_001) },
    ],
    ["account_list is empty", { ...all, audience_type: "account_list", account_list: [] }],
    [
      "token_list[1] has 37 characters, which exceeds 36",
      { ...all, audience_type: "token_list", token_list: ["a", "t".repeat(37)] },
    ],
    ["account_type 17 is none of 0 to 16, 989, 991 to 999, 1000 to 1015", { ...all, account_type: 17 }],
    ["ignore_invalid_token true is none of 0, 1", { ...all, ignore_invalid_token: true }],
    [
      'collapse_id "0001" has the wrong form; write the decimal digits that the service gave',
      { ...all, collapse_id: "0001" },
    ],
    ["collapse_id true has the wrong form", { ...all, collapse_id: true }],
    ["message null is not an object", { ...all, message: null }],
    ["group_id has 26 characters, which exceeds 25", { ...all, group_id: "g".repeat(26) }],
    ['group_id "a b" has the wrong form; write it without blanks', { ...all, group_id: "a b" }],
    [
      'channel_rules[0].channel "rog" is none of xg, hw, xm, mz, vivo, oppo, apns, honor, fcm',
      { ...all, channel_rules: [{ channel: "rog", disable: true }] },
    ],
    ["stat_tag is not documented; remove it, or correct its name", { ...all, stat_tag: "x" }],
    ["message.title is missing", { ...all, message: { content: "c" } }],
    ["message.title is empty", { ...all, message: { title: "", content: "c" } }],
    [
      "message has 4097 bytes, which exceeds 4096; shorten its content or its custom parameters",
      { ...all, message: { title: "t", content: "x".repeat(4_096 - 25) } },
    ],
    [
      "message has 4100 bytes, which exceeds 4096; shorten its content or its custom parameters",
      { ...all, message: { title: "t", content: "今".repeat(1_358) } },
    ],
    [
      'message.accept_time[0].start.hour "24" has the wrong form; write a text from "00" to "23"',
      {
        ...all,
        message: { ...message, accept_time: [{ start: { hour: "24", min: "00" }, end: { hour: "09", min: "00" } }] },
      },
    ],
    [
      "message.accept_time[0].end.min 60 is not a string",
      {
        ...all,
        message: { ...message, accept_time: [{ start: { hour: "0", min: "0" }, end: { hour: "09", min: 60 } }] },
      },
    ],
    ["message.android.badge_type 100 exceeds 99", { ...all, message: { ...message, android: { badge_type: 100 } } }],
    ["message.android.badge_type -3 is below -2", { ...all, message: { ...message, android: { badge_type: -3 } } }],
    [
      'message.android.custom_content "{" has the wrong form; write JSON as one string',
      { ...all, message: { ...message, android: { custom_content: "{" } } },
    ],
    [
      "action_type 2 opens a browser; write browser.url with http:// or https://",
      { ...all, message: { ...message, android: { action: { action_type: 2, browser: { url: "market://x" } } } } },
    ],
    [
      'action_type 3 opens an Intent; write intent, for example "xgscheme://com.tpns.push/detail"',
      { ...all, message: { ...message, android: { action: { action_type: 3 } } } },
    ],
    ["environment is missing; on iOS write product or dev", { ...all, message: { ...message, ios } }],
    [
      "message.ios.aps.alert is missing; write {}, and the message's title and content fill it",
      { ...appleAll, message: { ...message, ios: { aps: {} } } },
    ],
    [
      "message_type notify excludes content-available 1; write message_type message",
      { ...appleAll, message: { ...message, ios: { aps: { "content-available": 1 } } } },
    ],
    [
      "content-available 1 is a silent push, which takes no sound; remove one of the two",
      { ...appleAll, message_type: "message", message: { ios: { aps: { "content-available": 1, sound: "default" } } } },
    ],
    [
      "message_type message on iOS is silent; write content-available 1 instead of alert",
      { ...appleAll, message_type: "message" },
    ],
    [
      "ntf_wt_attrs needs message.default_title",
      { ...all, ntf_wt_attrs: true, message: { ...message, default_content: "c" } },
    ],
    [
      "message has 6 attributes, which exceeds 5",
      {
        ...all,
        ntf_wt_attrs: true,
        message: { title: "{{a}}", content: "{{b}}{{c}}{{d}}{{e}}{{f}}", default_title: "t", default_content: "c" },
      },
    ],
    ["resend_by_sms needs sms_info", { ...all, resend_by_sms: true }],
    ["sms_info.delay_trigger_time 299 is below 300", { ...all, sms_info: { ...sms, delay_trigger_time: 299 } }],
    ["loopDayIndexs 7: a weekly recurrence takes 0 to 6", { ...all, loop_param: { ...loop, loopDayIndexs: [1, 7] } }],
    [
      "loop_param.endDate 2027-02-01 is before startDate 2027-03-01; exchange them",
      { ...all, loop_param: { ...loop, endDate: "2027-02-01" } },
    ],
    [
      'loop_param.dayTimes[0] "7 pm" has the wrong form; write a time as HH:mm:ss',
      { ...all, loop_param: { ...loop, dayTimes: ["7 pm"] } },
    ],
    [
      'xg_auto_active "2020-04-08" is not a day; write yyyyMMdd',
      {
        ...all,
        audience_type: "tag",
        tag_rules: [
          { ...rule, tag_items: [{ ...rule.tag_items[0], tag_type: "xg_auto_active", tags: ["2020-04-08"] }] },
        ],
      },
    ],
    [
      "tag_rules[0].is_not is missing",
      { ...all, audience_type: "tag", tag_rules: [{ tag_items: rule.tag_items, operator: "OR" }] },
    ],
  ])("%s", ([words, request]) => {
    expect(slips(request)).toEqual([words]);
  });

  test("naming the field's path, so that another layer can rename it", () => {
    const { error } = PushRequest.safeParse({
      ...all,
      message: { ...message, android: { action: { action_type: 3 } } },
    });
    expect(error?.issues.map(({ path }) => path)).toEqual([["message", "android", "action", "intent"]]);
  });
});
