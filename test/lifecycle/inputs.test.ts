import { describe, expect, test } from "vitest";
import { audienceFields, messageFields, optionFields } from "../../provider/lifecycle/fields.ts";
import { requestProperties } from "../../provider/lifecycle/task.ts";
import { type Fields, root, Translation } from "../../provider/lifecycle/translation.ts";
import type { AudienceArgs, TagItemArgs, TagRuleArgs } from "../../provider/resources/audience.ts";
import type {
  AcceptTimeArgs,
  ActionArgs,
  AndroidMessageArgs,
  ApsArgs,
  IosMessageArgs,
  MessageArgs,
} from "../../provider/resources/message.ts";
import type { ChannelRuleArgs, PushTaskArgs, SmsInfoArgs } from "../../provider/resources/push-task.ts";

/** All property names of a type, of each member where it is a union: a name too few or too many does not compile. */
type Names<T> = Readonly<Record<T extends unknown ? keyof T : never, true>>;

/** Properties that decide what is done, and are no part of the request. */
const own = {
  remedy: true,
  ifSent: true,
  onDelete: true,
  pastSendTime: true,
  consent: true,
  forceCollapse: true,
  handOverDays: true,
  approvedBy: true,
} as const;

const pushTask: Names<PushTaskArgs> = {
  ...own,
  audience: true,
  sendTime: true,
  message: true,
  messageType: true,
  environment: true,
  expireTime: true,
  pushSpeed: true,
  multiPkg: true,
  planId: true,
  channelRules: true,
  tpnsOnlinePushType: true,
  ntfWtAttrs: true,
  supplyInappMsg: true,
  resendBySms: true,
  smsInfo: true,
};

const message: Names<MessageArgs> = {
  title: true,
  content: true,
  acceptTime: true,
  threadId: true,
  threadSumtext: true,
  xgMediaResources: true,
  xgMediaAudioResources: true,
  showType: true,
  defaultContent: true,
  defaultTitle: true,
  defaultSubtitle: true,
  android: true,
  ios: true,
};

const android: Names<AndroidMessageArgs> = {
  nChId: true,
  nChName: true,
  xmChId: true,
  fcmChId: true,
  hwChId: true,
  oppoChId: true,
  vivoChId: true,
  hwBizType: true,
  hwCategory: true,
  hwImportance: true,
  builderId: true,
  badgeType: true,
  ring: true,
  ringRaw: true,
  vibrate: true,
  lights: true,
  clearable: true,
  iconType: true,
  iconRes: true,
  smallIcon: true,
  styleId: true,
  iconColor: true,
  action: true,
  customContent: true,
  showType: true,
};

const action: Names<ActionArgs> = { actionType: true, activity: true, atyAttr: true, browser: true, intent: true };
const acceptTime: Names<AcceptTimeArgs> = { start: true, end: true };
const ios: Names<IosMessageArgs> = { aps: true, customContent: true };

const aps: Names<ApsArgs> = {
  alert: true,
  badgeType: true,
  category: true,
  mutableContent: true,
  sound: true,
  interruptionLevel: true,
  contentAvailable: true,
};

const audience: Names<AudienceArgs> = {
  type: true,
  tagRules: true,
  tokenList: true,
  ignoreInvalidToken: true,
  accountList: true,
  accountPushType: true,
  accountType: true,
  uploadId: true,
};

const tagRule: Names<TagRuleArgs> = { tagItems: true, operator: true, isNot: true };

const tagItem: Names<TagItemArgs> = {
  tags: true,
  tagsOperator: true,
  itemsOperator: true,
  isNot: true,
  tagType: true,
};

const channelRule: Names<ChannelRuleArgs> = { channel: true, disable: true };

const smsInfo: Names<SmsInfoArgs> = {
  delayTriggerTime: true,
  triggerCondition: true,
  smsSignName: true,
  smsTemplateId: true,
  smsAppId: true,
  smsTemplateParams: true,
};

const sorted = (names: object): string[] => Object.keys(names).sort();

const typo = { typo: true };

/** The names that a table has at some place, as it lists them to who misspells one there. */
function namesIn(fields: Fields, misspelt: object): string[] {
  const translation = new Translation();
  translation.object(fields, misspelt, root);
  const [line = ""] = translation.unknownNames;
  return line.replace(/^.*; write one of /, "").split(", ");
}

describe("the arguments and the tables of fields have the same names", () => {
  test("of a push task", () => {
    expect([...requestProperties, ...Object.keys(own)].sort()).toEqual(sorted(pushTask));
  });

  test.for<[string, object, Fields, object]>([
    ["audience", audience, audienceFields, typo],
    ["tag rule", tagRule, audienceFields, { tagRules: [typo] }],
    ["tag item", tagItem, audienceFields, { tagRules: [{ tagItems: [typo] }] }],
    ["message", message, messageFields, { message: typo }],
    ["time of day", acceptTime, messageFields, { message: { acceptTime: [typo] } }],
    ["message on Android", android, messageFields, { message: { android: typo } }],
    ["action", action, messageFields, { message: { android: { action: typo } } }],
    ["message on iOS", ios, messageFields, { message: { ios: typo } }],
    ["payload for Apple", aps, messageFields, { message: { ios: { aps: typo } } }],
    ["channel rule", channelRule, optionFields, { channelRules: [typo] }],
    ["text message", smsInfo, optionFields, { smsInfo: typo }],
  ])("of a %s", ([, names, fields, misspelt]) => {
    expect(namesIn(fields, misspelt).sort()).toEqual(sorted(names));
  });

  test("of what is made of objects in the arguments themselves", () => {
    const onAndroid = (part: object) => namesIn(messageFields, { message: { android: { action: part } } }).sort();

    expect([
      onAndroid({ atyAttr: typo }),
      onAndroid({ browser: typo }),
      namesIn(messageFields, { message: { ios: { aps: { alert: typo } } } }).sort(),
    ]).toEqual([
      ["if", "pf"],
      ["confirm", "url"],
      ["body", "subtitle", "title"],
    ]);
  });
});
