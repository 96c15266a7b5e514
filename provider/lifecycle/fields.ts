import {
  digits,
  type Fields,
  flag,
  json,
  list,
  object,
  type Path,
  plain,
  presence,
  root,
  timeOfDay,
  words,
} from "./translation.ts";

/** Which of the service's fields each property of `PushTaskArgs` becomes. */

const showType = words("show_type", { hideInForeground: 1, show: 2 });
const badgeType = words("badge_type", { increment: -2, unchanged: -1 }, "a whole number");

const action: Fields = {
  actionType: words("action_type", { activity: 1, browser: 2, intent: 3 }),
  activity: plain("activity"),
  atyAttr: object("aty_attr", { if: plain("if"), pf: plain("pf") }),
  browser: object("browser", { url: plain("url"), confirm: flag("confirm") }),
  intent: plain("intent"),
};

const android: Fields = {
  nChId: plain("n_ch_id"),
  nChName: plain("n_ch_name"),
  xmChId: plain("xm_ch_id"),
  fcmChId: plain("fcm_ch_id"),
  hwChId: plain("hw_ch_id"),
  oppoChId: plain("oppo_ch_id"),
  vivoChId: plain("vivo_ch_id"),
  hwBizType: flag("hw_biz_type"),
  hwCategory: plain("hw_category"),
  hwImportance: plain("hw_importance"),
  builderId: plain("builder_id"),
  badgeType,
  ring: flag("ring"),
  ringRaw: plain("ring_raw"),
  vibrate: flag("vibrate"),
  lights: flag("lights"),
  clearable: flag("clearable"),
  iconType: words("icon_type", { inApp: 0, online: 1 }),
  iconRes: plain("icon_res"),
  smallIcon: plain("small_icon"),
  styleId: plain("style_id"),
  iconColor: plain("icon_color"),
  action: object("action", action),
  customContent: json("custom_content"),
  showType,
};

const aps: Fields = {
  alert: object("alert", { title: plain("title"), subtitle: plain("subtitle"), body: plain("body") }),
  badgeType,
  category: plain("category"),
  mutableContent: flag("mutable-content"),
  sound: plain("sound"),
  interruptionLevel: plain("interruption-level"),
  contentAvailable: presence("content-available"),
};

const message: Fields = {
  title: plain("title"),
  content: plain("content"),
  acceptTime: list("accept_time", { start: timeOfDay("start"), end: timeOfDay("end") }),
  threadId: plain("thread_id"),
  threadSumtext: plain("thread_sumtext"),
  xgMediaResources: plain("xg_media_resources"),
  xgMediaAudioResources: plain("xg_media_audio_resources"),
  showType,
  defaultTitle: plain("default_title"),
  defaultSubtitle: plain("default_subtitle"),
  defaultContent: plain("default_content"),
  android: object("android", android),
  ios: object("ios", { aps: object("aps", aps), customContent: json("custom_content") }),
};

const tagItem: Fields = {
  tags: plain("tags"),
  tagsOperator: plain("tags_operator"),
  itemsOperator: plain("items_operator"),
  isNot: plain("is_not"),
  tagType: plain("tag_type"),
};

/** The audience's fields stand at the top of a push request. */
export const audienceFields: Fields = {
  type: plain("audience_type"),
  tagRules: list(
    "tag_rules",
    {
      tagItems: list("tag_items", tagItem, { isNot: false, itemsOperator: "AND", tagType: "xg_user_define" }),
      operator: plain("operator"),
      isNot: plain("is_not"),
    },
    { isNot: false, operator: "OR" },
  ),
  tokenList: plain("token_list"),
  ignoreInvalidToken: flag("ignore_invalid_token"),
  accountList: plain("account_list"),
  accountPushType: words("account_push_type", { newest: 0, all: 1 }),
  accountType: plain("account_type"),
  uploadId: digits("upload_id"),
};

export const messageFields: Fields = { message: object("message", message), messageType: plain("message_type") };

export const optionFields: Fields = {
  environment: plain("environment"),
  expireTime: plain("expire_time"),
  pushSpeed: plain("push_speed"),
  multiPkg: plain("multi_pkg"),
  planId: plain("plan_id"),
  channelRules: list("channel_rules", { channel: plain("channel"), disable: plain("disable") }),
  tpnsOnlinePushType: words("tpns_online_push_type", { preferOwnChannel: 0, noPreference: 1 }),
  ntfWtAttrs: plain("ntf_wt_attrs"),
  supplyInappMsg: plain("supply_inapp_msg"),
  resendBySms: plain("resend_by_sms"),
  smsInfo: object("sms_info", {
    delayTriggerTime: plain("delay_trigger_time"),
    triggerCondition: plain("trigger_condition"),
    smsSignName: plain("sms_sign_name"),
    smsTemplateId: plain("sms_template_id"),
    smsAppId: plain("sms_app_id"),
    smsTemplateParams: plain("sms_template_params"),
  }),
};

/** All that becomes a part of the request, and where it stands in what the user wrote. */
export const requestFields: readonly { readonly fields: Fields; readonly path: Path }[] = [
  { fields: audienceFields, path: ["audience"] },
  { fields: messageFields, path: root },
  { fields: optionFields, path: root },
];
