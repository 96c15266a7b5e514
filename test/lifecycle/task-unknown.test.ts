import { describe, expect, test } from "vitest";
import { readSettings, type Settings } from "../../provider/lifecycle/settings.ts";
import { readTask, taskFrom } from "../../provider/lifecycle/task.ts";
import { isUnknown, unknownValue } from "../../provider/lifecycle/translation.ts";
import { iosSale, type Properties, springSale } from "./fixture.ts";

const settingsOf = (platform: string): Settings => {
  const config: Readonly<Record<string, string>> = {
    "tpns:accessId": "1500001234",
    "tpns:platform": platform,
    "tpns:accessPoint": "guangzhou",
  };
  return readSettings((key) => config[key], {});
};

const android = settingsOf("android");
const ios = settingsOf("ios");

const message = { title: "Spring sale", content: "20 % off today" };
const asap = { asap: true, notAfter: "2027-02-02T10:00:00+08:00" };

const sale = (more: Properties): Properties => ({ ...springSale, ...more });
const saleOnAndroid = (more: Properties): Properties => sale({ message: { ...message, android: more } });
const saleOnIos = (aps: unknown, more: Properties = {}): Properties =>
  sale({ message: { ...message, ios: { aps } }, ...more });
const saleTo = (audience: unknown): Properties => sale({ audience, sendTime: asap });
const saleToTags = (tagRules: unknown): Properties => sale({ audience: { type: "tag", tagRules } });

const item = { tags: ["guangdong"], tagsOperator: "OR" };

type Row = readonly [place: string, inputs: Properties, settings?: Settings];

const rows: readonly Row[] = [
  ["an option", sale({ expireTime: unknownValue })],
  ["a switch", sale({ multiPkg: unknownValue })],
  ["a word of the service", sale({ messageType: unknownValue })],
  ["a word for a number", sale({ tpnsOnlinePushType: unknownValue })],
  ["the plan", sale({ planId: unknownValue })],
  ["all channel rules", sale({ channelRules: unknownValue })],
  ["a channel rule", sale({ channelRules: [{ channel: "hw", disable: true }, unknownValue] })],
  ["a channel", sale({ channelRules: [{ channel: unknownValue, disable: true }] })],
  ["the text message", sale({ resendBySms: true, smsInfo: unknownValue })],
  ["whether a text message follows", sale({ resendBySms: unknownValue })],
  ["whether attributes are filled in", sale({ ntfWtAttrs: unknownValue })],

  ["the whole message", sale({ message: unknownValue })],
  ["the title", sale({ message: { ...message, title: unknownValue } })],
  ["the title beside a long text", sale({ message: { title: unknownValue, content: "x".repeat(4_050) } })],
  ["all times of day", sale({ message: { ...message, acceptTime: unknownValue } })],
  ["a time of day", sale({ message: { ...message, acceptTime: [{ start: unknownValue, end: "10:00" }] } })],
  ["the whole Android half", sale({ message: { ...message, android: unknownValue } })],
  ["a badge", saleOnAndroid({ badgeType: unknownValue })],
  ["a sound", saleOnAndroid({ ring: unknownValue })],
  ["custom data", saleOnAndroid({ customContent: unknownValue })],
  ["a value in custom data", saleOnAndroid({ customContent: { order: unknownValue } })],
  ["an action", saleOnAndroid({ action: unknownValue })],
  ["what an action is", saleOnAndroid({ action: { actionType: unknownValue, intent: "scheme://x" } })],
  ["a browser", saleOnAndroid({ action: { actionType: "browser", browser: unknownValue } })],
  ["a page", saleOnAndroid({ action: { actionType: "browser", browser: { url: unknownValue } } })],
  ["an intent", saleOnAndroid({ action: { actionType: "intent", intent: unknownValue } })],
  ["the whole iOS half", sale({ message: { ...message, ios: unknownValue } }), ios],
  ["Apple's payload", saleOnIos(unknownValue), ios],
  ["an alert", saleOnIos({ alert: unknownValue }), ios],
  ["whether it is silent", saleOnIos({ contentAvailable: unknownValue }, { messageType: "message" }), ios],
  ["whether it is silent, as a notification", saleOnIos({ alert: {}, contentAvailable: unknownValue }), ios],
  ["the environment", { ...iosSale, environment: unknownValue }, ios],
  ["the whole message of an iOS app", { ...iosSale, message: unknownValue }, ios],

  ["the whole audience", sale({ audience: unknownValue })],
  ["the audience's type", sale({ audience: { type: unknownValue } })],
  ["the audience's type beside its list", saleTo({ type: unknownValue, accountList: ["a"] })],
  ["a list of accounts", saleTo({ type: "account_list", accountList: unknownValue })],
  ["an account", saleTo({ type: "account_list", accountList: ["a", unknownValue] })],
  ["a token", saleTo({ type: "token", tokenList: [unknownValue] })],
  ["an account's type", saleTo({ type: "account", accountList: ["a"], accountType: unknownValue })],
  ["which phones of an account", saleTo({ type: "account", accountList: ["a"], accountPushType: unknownValue })],
  ["an uploaded package", sale({ audience: { type: "package_account_push", uploadId: unknownValue } })],
  ["all tag rules", saleToTags(unknownValue)],
  ["a tag rule", saleToTags([unknownValue])],
  ["a rule's items", saleToTags([{ tagItems: unknownValue }])],
  ["a tag item", saleToTags([{ tagItems: [item, unknownValue] }])],
  ["a tag", saleToTags([{ tagItems: [{ ...item, tags: ["guangdong", unknownValue] }] }])],
  ["a day", saleToTags([{ tagItems: [{ ...item, tags: [unknownValue], tagType: "xg_auto_active" }] }])],
  ["a tag's type", saleToTags([{ tagItems: [{ ...item, tagType: unknownValue }] }])],
  ["how tags are joined", saleToTags([{ tagItems: [{ ...item, tagsOperator: unknownValue }] }])],

  ["the send time", sale({ sendTime: unknownValue })],
  ["the send time on a wall clock", sale({ sendTime: { local: unknownValue, timeZone: "Asia/Shanghai" } })],
  ["the time zone", sale({ sendTime: { local: "2027-03-28T02:30", timeZone: unknownValue } })],
  ["the last moment", sale({ sendTime: { asap: true, notAfter: unknownValue } })],

  ["the remedy", sale({ remedy: unknownValue })],
  ["what a change does", sale({ ifSent: unknownValue })],
  ["what removal does", sale({ onDelete: unknownValue })],
  ["what a past send time does", sale({ pastSendTime: unknownValue })],
  ["whether an override is forced", sale({ forceCollapse: unknownValue })],
  ["all consents", sale({ consent: unknownValue })],
  ["a consent", sale({ consent: ["adopt:15003211", unknownValue] })],
];

describe("a value that a preview does not know", () => {
  test.for(rows)("is not judged: %s", ([, inputs, settings = android]) => {
    expect(readTask(inputs, settings)).toEqual({ kind: "partlyUnknown" });
  });

  test.for(rows)("lets the rest be judged: %s", ([, inputs, settings = android]) => {
    expect(readTask({ ...inputs, pushSpeed: 1, typo: 1 }, settings)).toEqual({
      kind: "wrong",
      failures: ["typo is not a property of PushTask; remove it, or correct its name", "pushSpeed 1 is below 1000"],
    });
  });

  test("leaves what stands beside it to be judged", () => {
    const inputs = saleOnAndroid({ badgeType: unknownValue, iconColor: -1, ringtone: "bell" });

    expect(readTask(inputs, android)).toEqual({
      kind: "wrong",
      failures: [
        expect.stringMatching(/^message\.android\.ringtone is not known; write one of nChId, /),
        "message.android.iconColor -1 is below 0",
      ],
    });
  });

  test("leaves the capability to be judged where it has no part in it", () => {
    const inputs = sale({
      message: { ...message, title: unknownValue },
      audience: { type: "token", tokenList: ["a"] },
    });

    expect(readTask(inputs, android)).toEqual({
      kind: "wrong",
      failures: [
        'a send time works for the audiences all, tag and package_account_push alone; write sendTime: { asap: true, notAfter: "..." }, or another audience',
      ],
    });
  });

  test("makes no task", () => {
    expect(() => taskFrom(sale({ expireTime: unknownValue }), android)).toThrow(new Error("a value is not known yet"));
  });
});

describe("unknown", () => {
  test.for<[unknown, boolean]>([
    [unknownValue, true],
    [[1, [unknownValue]], true],
    [{ a: { b: unknownValue } }, true],
    [`before ${unknownValue} after`, true],
    [undefined, false],
    [null, false],
    ["", false],
    [{ a: [1, "b"] }, false],
  ])("%o: %s", ([value, expected]) => {
    expect(isUnknown(value)).toBe(expected);
  });
});
