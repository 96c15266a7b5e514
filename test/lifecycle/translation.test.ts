import type { Unwrap } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { originOf } from "../../provider/lifecycle/failure.ts";
import { audienceFields, messageFields, optionFields } from "../../provider/lifecycle/fields.ts";
import { type Fields, root, Translation } from "../../provider/lifecycle/translation.ts";
import type { TagItemArgs, TagRuleArgs } from "../../provider/resources/audience.ts";
import type { ActionArgs, AndroidMessageArgs, ApsArgs, MessageArgs } from "../../provider/resources/message.ts";
import type { PushTaskArgs, SmsInfoArgs } from "../../provider/resources/push-task.ts";
import { PushRequest } from "../../provider/tpns/schema/push-request.ts";
import { nameOf } from "../../provider/tpns/schema/wording.ts";
import type { Properties } from "./fixture.ts";

/** Every property of the arguments, each given. */
type Whole<Args> = Required<Unwrap<Args>>;

const action: Whole<ActionArgs> = {
  actionType: "browser",
  activity: "com.example.Sale",
  atyAttr: { if: 1, pf: 2 },
  browser: { url: "https://example.com/sale", confirm: true },
  intent: "shop://sale",
};

const android: Whole<AndroidMessageArgs> = {
  nChId: "sale",
  nChName: "Sales",
  xmChId: "mi",
  fcmChId: "fcm",
  hwChId: "huawei",
  oppoChId: "oppo",
  vivoChId: "1",
  hwBizType: true,
  hwCategory: "IM",
  hwImportance: 2,
  builderId: 3,
  badgeType: "increment",
  ring: true,
  ringRaw: "bell",
  vibrate: false,
  lights: true,
  clearable: false,
  iconType: "online",
  iconRes: "https://example.com/icon.png",
  smallIcon: "small",
  styleId: 1,
  iconColor: 123_456,
  action,
  customContent: '{"order":7}',
  showType: "hideInForeground",
};

const aps: Whole<ApsArgs> = {
  alert: { title: "a", subtitle: "b", body: "c" },
  badgeType: 3,
  category: "sale",
  mutableContent: false,
  sound: "default",
  interruptionLevel: "time-sensitive",
  contentAvailable: true,
};

const message: Whole<MessageArgs> = {
  title: "Spring sale",
  content: "20 % off today",
  acceptTime: [{ start: "09:00", end: "22:30" }],
  threadId: "sales",
  threadSumtext: "2 sales",
  xgMediaResources: "https://example.com/sale.png",
  xgMediaAudioResources: "https://example.com/sale.mp3",
  showType: "show",
  defaultTitle: "Sale",
  defaultSubtitle: "Today",
  defaultContent: "Come in",
  android,
  ios: { aps, customContent: '{"order":7}' },
};

const tagItem: Whole<TagItemArgs> = {
  tags: ["guangdong"],
  tagsOperator: "OR",
  itemsOperator: "OR",
  isNot: true,
  tagType: "xg_auto_province",
};

const tagRule: Whole<TagRuleArgs> = { tagItems: [tagItem], operator: "AND", isNot: true };

/** Of every kind at once, as no push could have it. */
const audience = {
  type: "all",
  tagRules: [tagRule],
  tokenList: ["t1"],
  ignoreInvalidToken: true,
  accountList: ["a1"],
  accountPushType: "all",
  accountType: 989,
  uploadId: 123,
};

const smsInfo: Whole<SmsInfoArgs> = {
  delayTriggerTime: 300,
  triggerCondition: 2,
  smsSignName: "Shop",
  smsTemplateId: "123",
  smsAppId: "1400000000",
  smsTemplateParams: ["sale"],
};

/** What of the arguments becomes a part of the request besides audience and message. */
type OptionName = Exclude<
  keyof PushTaskArgs,
  | "audience"
  | "sendTime"
  | "message"
  | "messageType"
  | "forceCollapse"
  | "remedy"
  | "ifSent"
  | "onDelete"
  | "pastSendTime"
  | "consent"
  | "handOverDays"
  | "approvedBy"
>;

const options: Pick<Whole<PushTaskArgs>, OptionName> = {
  environment: "dev",
  expireTime: 3_600,
  pushSpeed: 1_000,
  multiPkg: true,
  planId: "48",
  channelRules: [{ channel: "hw", disable: true }],
  tpnsOnlinePushType: "noPreference",
  ntfWtAttrs: true,
  supplyInappMsg: true,
  resendBySms: true,
  smsInfo,
};

const wireMessage = {
  title: "Spring sale",
  content: "20 % off today",
  accept_time: [{ start: { hour: "09", min: "00" }, end: { hour: "22", min: "30" } }],
  thread_id: "sales",
  thread_sumtext: "2 sales",
  xg_media_resources: "https://example.com/sale.png",
  xg_media_audio_resources: "https://example.com/sale.mp3",
  show_type: 2,
  default_title: "Sale",
  default_subtitle: "Today",
  default_content: "Come in",
  android: {
    n_ch_id: "sale",
    n_ch_name: "Sales",
    xm_ch_id: "mi",
    fcm_ch_id: "fcm",
    hw_ch_id: "huawei",
    oppo_ch_id: "oppo",
    vivo_ch_id: "1",
    hw_biz_type: 1,
    hw_category: "IM",
    hw_importance: 2,
    builder_id: 3,
    badge_type: -2,
    ring: 1,
    ring_raw: "bell",
    vibrate: 0,
    lights: 1,
    clearable: 0,
    icon_type: 1,
    icon_res: "https://example.com/icon.png",
    small_icon: "small",
    style_id: 1,
    icon_color: 123_456,
    action: {
      action_type: 2,
      activity: "com.example.Sale",
      aty_attr: { if: 1, pf: 2 },
      browser: { url: "https://example.com/sale", confirm: 1 },
      intent: "shop://sale",
    },
    custom_content: '{"order":7}',
    show_type: 1,
  },
  ios: {
    aps: {
      alert: { title: "a", subtitle: "b", body: "c" },
      badge_type: 3,
      category: "sale",
      "mutable-content": 0,
      sound: "default",
      "interruption-level": "time-sensitive",
      "content-available": 1,
    },
    custom_content: '{"order":7}',
  },
};

const wireAudience = {
  audience_type: "all",
  tag_rules: [
    {
      tag_items: [
        {
          tags: ["guangdong"],
          tags_operator: "OR",
          items_operator: "OR",
          is_not: true,
          tag_type: "xg_auto_province",
        },
      ],
      operator: "AND",
      is_not: true,
    },
  ],
  token_list: ["t1"],
  ignore_invalid_token: 1,
  account_list: ["a1"],
  account_push_type: 1,
  account_type: 989,
  upload_id: "123",
};

const wireOptions = {
  environment: "dev",
  expire_time: 3_600,
  push_speed: 1_000,
  multi_pkg: true,
  plan_id: "48",
  channel_rules: [{ channel: "hw", disable: true }],
  tpns_online_push_type: 1,
  ntf_wt_attrs: true,
  supply_inapp_msg: true,
  resend_by_sms: true,
  sms_info: {
    delay_trigger_time: 300,
    trigger_condition: 2,
    sms_sign_name: "Shop",
    sms_template_id: "123",
    sms_app_id: "1400000000",
    sms_template_params: ["sale"],
  },
};

const wireOf = (fields: Fields, value: unknown): unknown => new Translation().object(fields, value, root);

describe("every property becomes the service's field", () => {
  test.for<[string, Fields, Properties, Properties]>([
    [
      "of the message",
      messageFields,
      { message, messageType: "message" },
      { message: wireMessage, message_type: "message" },
    ],
    ["of the audience", audienceFields, audience, wireAudience],
    ["of the options", optionFields, { ...options }, wireOptions],
  ])("%s", ([, fields, ours, wire]) => {
    expect(wireOf(fields, ours)).toEqual(wire);
  });
});

const onAndroid = (more: Properties): Properties => ({ message: { android: more } });
const onIos = (more: Properties): Properties => ({ message: { ios: { aps: more } } });
const withAction = (more: Properties): Properties => onAndroid({ action: more });
const shown = (more: Properties): Properties => ({ message: more });

describe("a word becomes the service's number", () => {
  test.for<[Fields, Properties, Properties]>([
    [messageFields, shown({ showType: "hideInForeground" }), shown({ show_type: 1 })],
    [messageFields, shown({ showType: "show" }), shown({ show_type: 2 })],
    [messageFields, onAndroid({ showType: "hideInForeground" }), onAndroid({ show_type: 1 })],
    [messageFields, onAndroid({ showType: "show" }), onAndroid({ show_type: 2 })],
    [messageFields, onAndroid({ badgeType: "increment" }), onAndroid({ badge_type: -2 })],
    [messageFields, onAndroid({ badgeType: "unchanged" }), onAndroid({ badge_type: -1 })],
    [messageFields, onAndroid({ badgeType: 99 }), onAndroid({ badge_type: 99 })],
    [messageFields, onIos({ badgeType: "increment" }), onIos({ badge_type: -2 })],
    [messageFields, onIos({ badgeType: "unchanged" }), onIos({ badge_type: -1 })],
    [messageFields, onAndroid({ iconType: "inApp" }), onAndroid({ icon_type: 0 })],
    [messageFields, onAndroid({ iconType: "online" }), onAndroid({ icon_type: 1 })],
    [messageFields, onAndroid({ hwBizType: false }), onAndroid({ hw_biz_type: 0 })],
    [messageFields, onAndroid({ ring: false }), onAndroid({ ring: 0 })],
    [messageFields, onAndroid({ vibrate: true }), onAndroid({ vibrate: 1 })],
    [messageFields, onAndroid({ lights: false }), onAndroid({ lights: 0 })],
    [messageFields, onAndroid({ clearable: true }), onAndroid({ clearable: 1 })],
    [messageFields, withAction({ actionType: "activity" }), withAction({ action_type: 1 })],
    [messageFields, withAction({ actionType: "browser" }), withAction({ action_type: 2 })],
    [messageFields, withAction({ actionType: "intent" }), withAction({ action_type: 3 })],
    [messageFields, withAction({ browser: { confirm: false } }), withAction({ browser: { confirm: 0 } })],
    [messageFields, onIos({ mutableContent: true }), onIos({ "mutable-content": 1 })],
    [messageFields, onIos({ contentAvailable: true }), onIos({ "content-available": 1 })],
    [audienceFields, { ignoreInvalidToken: false }, { ignore_invalid_token: 0 }],
    [audienceFields, { accountPushType: "newest" }, { account_push_type: 0 }],
    [audienceFields, { accountPushType: "all" }, { account_push_type: 1 }],
    [optionFields, { tpnsOnlinePushType: "preferOwnChannel" }, { tpns_online_push_type: 0 }],
    [optionFields, { tpnsOnlinePushType: "noPreference" }, { tpns_online_push_type: 1 }],
  ])("%#: %o", ([fields, ours, wire]) => {
    expect(wireOf(fields, ours)).toEqual(wire);
  });
});

describe("a value keeps its meaning", () => {
  test.for<[string, Fields, Properties, Properties]>([
    ["an id of 19 digits", audienceFields, { uploadId: "1328245138690125824" }, { upload_id: "1328245138690125824" }],
    [
      "custom data that is text",
      messageFields,
      onAndroid({ customContent: "{}" }),
      onAndroid({ custom_content: "{}" }),
    ],
    [
      "custom data that is an object, as text",
      messageFields,
      { message: { android: { customContent: { order: 7 } }, ios: { customContent: { order: [7] } } } },
      { message: { android: { custom_content: '{"order":7}' }, ios: { custom_content: '{"order":[7]}' } } },
    ],
    [
      "an empty object of custom data",
      messageFields,
      onAndroid({ customContent: {} }),
      onAndroid({ custom_content: "{}" }),
    ],
    ["a word that the table lacks", messageFields, shown({ showType: "toString" }), shown({ show_type: "toString" })],
    ["what is silent by its absence alone", messageFields, onIos({ contentAvailable: false }), onIos({})],
    ["what is not given", optionFields, { expireTime: undefined, planId: "48" }, { plan_id: "48" }],
    ["a value of the wrong form, for the schema to judge", messageFields, { message: "hello" }, { message: "hello" }],
    [
      "a list of the wrong form, for the schema to judge",
      audienceFields,
      { tagRules: "guangdong" },
      { tag_rules: "guangdong" },
    ],
  ])("%s", ([, fields, ours, wire]) => {
    expect(wireOf(fields, ours)).toEqual(wire);
  });

  test("tags get what the service demands and the user need not write", () => {
    const ours = { tagRules: [{ tagItems: [{ tags: ["guangdong"], tagsOperator: "AND" }] }] };

    expect(wireOf(audienceFields, ours)).toEqual({
      tag_rules: [
        {
          tag_items: [
            {
              tags: ["guangdong"],
              tags_operator: "AND",
              items_operator: "AND",
              is_not: false,
              tag_type: "xg_user_define",
            },
          ],
          operator: "OR",
          is_not: false,
        },
      ],
    });
  });
});

describe("a name that no table has", () => {
  test.for<[string, Fields, Properties]>([
    ["expiretime", optionFields, { expiretime: 1 }],
    ["toString", optionFields, { toString: 1 }],
    ["__proto__", optionFields, JSON.parse('{ "__proto__": 1 }')],
    ["message.android.action.browser.uri", messageFields, withAction({ browser: { uri: "https://example.com" } })],
    ["message.acceptTime[1].begin", messageFields, { message: { acceptTime: [{}, { begin: "09:00" }] } }],
  ])("%s is told, and is not sent", ([name, fields, ours]) => {
    const translation = new Translation();
    const wire = JSON.stringify(translation.object(fields, ours, root));

    expect(translation.unknownNames).toEqual([expect.stringContaining(`${name} is not known; write one of `)]);
    expect(wire).not.toContain(name.split(".").at(-1));
  });
});

describe("a place in what is sent", () => {
  test.for<[(string | number)[], string]>([
    [["message", "android", "badge_type"], "message.android.badgeType"],
    [["message", "ios", "aps", "content-available"], "message.ios.aps.contentAvailable"],
    [["message", "accept_time", 0, "end", "hour"], "message.acceptTime[0].end"],
    [["message", "accept_time", 0, "end"], "message.acceptTime[0].end"],
    [["tag_rules", 0, "tag_items", 0, "tags_operator"], "audience.tagRules[0].tagItems[0].tagsOperator"],
    [["tag_rules", 0, "tag_items", 0, "tags", 3], "audience.tagRules[0].tagItems[0].tags[3]"],
    [["audience_type"], "audience.type"],
    [["send_time"], "send_time"],
    [["message", "android", "n_id"], "message.android.n_id"],
    [[], "the body"],
  ])("%o is %s", ([wire, ours]) => {
    expect(nameOf(originOf(wire).path)).toBe(ours);
  });
});

/** The leaves of a schema, without the positions in lists. */
function fieldsOf(schema: unknown, place = ""): string[] {
  if (schema instanceof z.ZodOptional) return fieldsOf(schema.unwrap(), place);
  if (schema instanceof z.ZodArray) return fieldsOf(schema.element, place);
  if (!(schema instanceof z.ZodObject)) return [place];
  return Object.entries(schema.shape).flatMap(([name, inner]) => fieldsOf(inner, `${place}/${name}`));
}

/** The leaves of a value, the same way. */
function leavesOf(value: unknown, place = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => leavesOf(element, place));
  if (typeof value !== "object" || value === null) return [place];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, `${place}/${name}`));
}

describe("the tables and the service's schema", () => {
  const documented = fieldsOf(PushRequest);
  const reached = leavesOf({ ...wireAudience, ...wireOptions, message: wireMessage, message_type: "notify" });

  test("know no field that the service does not document", () => {
    expect(reached.filter((field) => !documented.includes(field))).toEqual([]);
  });

  test("leave out what the resource makes itself, what is deprecated and what it does not offer", () => {
    expect(documented.filter((field) => !reached.includes(field)).sort()).toEqual([
      // Made by the resource: an override's, the marker, the send time.
      "/collapse_id",
      "/force_collapse",
      "/group_id",
      // A recurrence can be neither cancelled nor overridden; a campaign expands it.
      "/loop_param/dayTimes",
      "/loop_param/endDate",
      "/loop_param/loopDayIndexs",
      "/loop_param/loopType",
      "/loop_param/startDate",
      "/message/android/n_id",
      "/platform",
      "/send_time",
      "/seq",
      "/tag_list/op",
      "/tag_list/tags",
      "/trace_id",
    ]);
  });
});
