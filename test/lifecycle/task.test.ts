import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { approvalHash } from "../../provider/guard/approval.ts";
import { readSettings, type Settings } from "../../provider/lifecycle/settings.ts";
import { readTask, recordedParts, recordedStorage, taskFrom } from "../../provider/lifecycle/task.ts";
import { identityOf, iosSale, type Properties, springSale, urnOf } from "./fixture.ts";

const settingsOf = (platform: string, more: Readonly<Record<string, string>> = {}): Settings => {
  const config: Readonly<Record<string, string>> = {
    "tpns:accessId": "1500001234",
    "tpns:platform": platform,
    "tpns:accessPoint": "guangzhou",
    ...more,
  };
  return readSettings((key) => config[key], {});
};

const android = settingsOf("android");
const ios = settingsOf("ios");

const message = { title: "Spring sale", content: "20 % off today" };
const asap = { asap: true, notAfter: "2027-02-02T10:00:00+08:00" };

const sale = (more: Properties): Properties => ({ ...springSale, ...more });
const saleOnAndroid = (more: Properties): Properties => sale({ message: { ...message, android: more } });
const saleOnIos = (aps: Properties, more: Properties = {}): Properties =>
  sale({ message: { ...message, ios: { aps } }, ...more });
const saleTo = (audience: Properties, more: Properties = {}): Properties => sale({ audience, sendTime: asap, ...more });

const tokens = { type: "token", tokenList: ["t".repeat(36)] };
const item = { tags: ["guangdong"], tagsOperator: "OR" };
const saleToTags = (tagItem: Properties): Properties =>
  sale({ audience: { type: "tag", tagRules: [{ tagItems: [tagItem] }] } });

const smsInfo = { delayTriggerTime: 300, smsSignName: "Shop", smsTemplateId: "123", smsAppId: "1400000000" };

const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `name-${index}`);

const failuresOf = (inputs: Properties, settings: Settings = android): readonly string[] => {
  const reading = readTask(inputs, settings);
  return reading.kind === "wrong" ? reading.failures : [];
};

const isBranch = (value: unknown): value is object => typeof value === "object" && value !== null;

const placesOf = (value: unknown, place: readonly string[] = []): (readonly string[])[] =>
  isBranch(value)
    ? [place, ...Object.entries(value).flatMap(([name, inner]) => placesOf(inner, [...place, name]))]
    : [place];

/** A copy, in which one value is another one. */
const replacedAt = (whole: Properties, place: readonly string[], value: unknown): Properties => {
  const copy = structuredClone(whole);
  const branch = place.slice(0, -1).reduce<object>((inner, name) => Reflect.get(inner, name), copy);
  Reflect.set(branch, place.at(-1) ?? "", value);
  return copy;
};

describe("a task is refused in one line", () => {
  test.for<[string, Properties, Settings?]>([
    [
      'a send time works for the audiences all, tag and package_account_push alone; write sendTime: { asap: true, notAfter: "..." }, or another audience',
      sale({ audience: tokens }),
    ],
    [
      "pushSpeed works for the audiences all, tag and package_account_push alone; remove pushSpeed, or write another audience",
      saleTo(tokens, { pushSpeed: 1_000 }),
    ],
    ["pushSpeed 999 is below 1000", sale({ pushSpeed: 999 })],
    ["pushSpeed 50001 exceeds 50000", sale({ pushSpeed: 50_001 })],
    [
      "expireTime 500 is below 800, to which the service would raise it; write 0, or 800 or more",
      sale({ expireTime: 500 }),
    ],
    [
      "expireTime 1 is below 800, to which the service would raise it; write 0, or 800 or more",
      sale({ expireTime: 1 }),
    ],
    ["expireTime 300000 exceeds 259200", sale({ expireTime: 300_000 })],
    ["expireTime -1 is below 0", sale({ expireTime: -1 })],
    ['expireTime "1 day" is not a number', sale({ expireTime: "1 day" })],
    ["expireTime null is not a number", sale({ expireTime: null })],
    [
      "message has 4097 bytes, which exceeds 4096; shorten its content or its custom parameters",
      sale({ message: { ...message, content: "x".repeat(4_061) } }),
    ],
    [
      "message has 4100 bytes, which exceeds 4096; shorten its content or its custom parameters",
      sale({ message: { title: "t", content: "今".repeat(1_358) } }),
    ],
    [
      "audience.accountList has 1001 entries, which exceeds 1000",
      saleTo({ type: "account_list", accountList: many(1_001) }),
    ],
    ["audience.tokenList has 1001 entries, which exceeds 1000", saleTo({ type: "token_list", tokenList: many(1_001) })],
    ["audience.accountList is empty", saleTo({ type: "account_list", accountList: [] })],
    [
      "audience.accountType 17 is none of 0 to 16, 989, 991 to 999, 1000 to 1015",
      saleTo({ type: "account", accountList: ["a"], accountType: 17 }),
    ],
    [
      'audience.type "everyone" is none of all, tag, token, token_list, account, account_list, package_account_push, package_token_push',
      sale({ audience: { type: "everyone" } }),
    ],
    [
      'audience.uploadId "abc" has the wrong form; write the decimal digits that the service gave',
      sale({ audience: { type: "package_account_push", uploadId: "abc" } }),
    ],
    [
      "message.ios is missing, and the app is an iOS app; write message: { ..., ios: { aps: { alert: {} } } }",
      springSale,
      ios,
    ],
    [
      "message.android on an iOS app; remove it, or give the task the Android app's provider",
      sale({ message: { ...message, android: {}, ios: { aps: { alert: {} } } } }),
      ios,
    ],
    ["message.ios on an Android app; remove it, or give the task the iOS app's provider", iosSale],
    [
      "environment is for iOS alone, and the app is an Android app; remove environment",
      sale({ environment: "product" }),
    ],
    ['environment "prod" is none of product, dev', { ...iosSale, environment: "prod" }, ios],
    [
      "sendTime 2027-03-28T02:30 does not exist in Europe/Berlin, the clock skips it for daylight saving; write 2027-03-28T03:30:00",
      sale({ sendTime: { local: "2027-03-28T02:30", timeZone: "Europe/Berlin" } }),
    ],
    [
      'sendTime 2027-10-31T02:30 occurs twice in Europe/Berlin, for daylight saving; add offset: "+02:00" or "+01:00"',
      sale({ sendTime: { local: "2027-10-31T02:30", timeZone: "Europe/Berlin" } }),
    ],
    ['sendTime is missing; write for example "2027-03-01T10:00:00+08:00"', sale({ sendTime: undefined })],
    [
      'sendTime tomorrow is not ISO 8601 with an offset; write for example "2027-03-01T10:00:00+08:00"',
      sale({ sendTime: "tomorrow" }),
    ],
    ["expiretime is not a property of PushTask; remove it, or correct its name", sale({ expiretime: 3_600 })],
    ["constructor is not a property of PushTask; remove it, or correct its name", sale({ constructor: 1 })],
    [
      "message.titel is not known; write one of title, content, acceptTime, threadId, threadSumtext, xgMediaResources, xgMediaAudioResources, showType, defaultTitle, defaultSubtitle, defaultContent, android, ios",
      sale({ message: { ...message, titel: "Spring sale" } }),
    ],
    [
      "message.android.badgetype is not known; write one of nChId, nChName, xmChId, fcmChId, hwChId, oppoChId, vivoChId, hwBizType, hwCategory, hwImportance, builderId, badgeType, ring, ringRaw, vibrate, lights, clearable, iconType, iconRes, smallIcon, styleId, iconColor, action, customContent, showType",
      saleOnAndroid({ badgetype: 1 }),
    ],
    [
      "message.ios.aps.badge is not known; write one of alert, badgeType, category, mutableContent, sound, interruptionLevel, contentAvailable",
      saleOnIos({ alert: {}, badge: 1 }),
      ios,
    ],
    [
      "audience.tokens is not known; write one of type, tagRules, tokenList, ignoreInvalidToken, accountList, accountPushType, accountType, uploadId",
      sale({ audience: { type: "all", tokens: [] } }),
    ],
    [
      'the service has taken recall offline; write remedy: "terminate", change the message, or set recallAvailable: true on the provider if yours has it',
      sale({ remedy: "recall" }),
    ],
    [
      'the service cannot terminate a push on iOS; write remedy: "cancel" while it is pending, or change the message to override it',
      { ...iosSale, remedy: "terminate" },
      ios,
    ],
    [
      "the service cannot terminate a push on iOS; remove onDelete; a removal then cancels it, as long as it is pending",
      { ...iosSale, onDelete: "terminate" },
      ios,
    ],
    [
      "the service can terminate or recall pushes to all, tags, account lists and packages alone; remove the remedy; what is out to single devices cannot be taken back",
      saleTo(tokens, { remedy: "terminate" }),
    ],
    [
      "the service can terminate pushes to all, tags, account lists and packages alone; remove onDelete; what is out to single devices cannot be taken back",
      saleTo(tokens, { onDelete: "terminate" }),
    ],
    [
      "the service can cancel pushes to all, tags and account packages alone; remove the remedy; what goes out at once cannot be cancelled",
      saleTo(tokens, { remedy: "cancel" }),
    ],
    [
      'xg_auto_active "2020-01-01" is not a day; write yyyyMMdd',
      saleToTags({ ...item, tagType: "xg_auto_active", tags: ["2020-01-01"] }),
    ],
    ["message is missing", sale({ message: undefined })],
    ['message "hello" is not an object', sale({ message: "hello" })],
    ["message.title is missing", sale({ message: { content: "20 % off today" } })],
    ["message.title is empty", sale({ message: { ...message, title: "" } })],
    ["message.content is missing", sale({ message: { title: "Spring sale" } })],
    ["message.android.badgeType 100 exceeds 99", saleOnAndroid({ badgeType: 100 })],
    ["message.android.badgeType -3 is below -2", saleOnAndroid({ badgeType: -3 })],
    [
      'message.android.customContent "{" has the wrong form; write JSON as one string',
      saleOnAndroid({ customContent: "{" }),
    ],
    ['messageType "popup" is none of notify, message', sale({ messageType: "popup" })],
    [
      'message.ios.aps.interruptionLevel "loud" is none of passive, active, time-sensitive, critical',
      saleOnIos({ alert: {}, interruptionLevel: "loud" }),
      ios,
    ],
    ["message.ios.aps is missing", sale({ message: { ...message, ios: {} } }), ios],
    [
      "contentAvailable true is a silent push, which takes no sound; remove one of the two",
      sale({ messageType: "message", message: { ios: { aps: { contentAvailable: true, sound: "default" } } } }),
      ios,
    ],
    ['multiPkg "yes" is not a boolean', sale({ multiPkg: "yes" })],
    ["planId is empty", sale({ planId: "" })],
    ["channelRules is empty", sale({ channelRules: [] })],
    ["smsInfo.delayTriggerTime 5 is below 300", sale({ smsInfo: { ...smsInfo, delayTriggerTime: 5 } })],
  ])("%s", ([line, inputs, settings]) => {
    expect(failuresOf(inputs, settings)).toEqual([line]);
  });

  test("for each thing that is wrong", () => {
    const inputs = sale({ pushSpeed: 1, expireTime: 300_000, sendTime: "tomorrow", expiretime: 1, remedy: "stop" });

    expect(failuresOf(inputs).toSorted()).toEqual([
      "expireTime 300000 exceeds 259200",
      "expiretime is not a property of PushTask; remove it, or correct its name",
      "pushSpeed 1 is below 1000",
      expect.stringMatching(/^remedy "stop"/),
      'sendTime tomorrow is not ISO 8601 with an offset; write for example "2027-03-01T10:00:00+08:00"',
    ]);
  });
});

/** The service's names and numbers are no words that a user could write. */
describe("a refusal speaks in the words of PushTaskArgs", () => {
  test.for<[RegExp, Properties, Settings?]>([
    [/^audience is missing; write/, sale({ audience: undefined })],
    [/^audience.type is missing/, sale({ audience: {} })],
    [/^audience "all" is not an object; write for example \{ type: "all" \}$/, sale({ audience: "all" })],
    [/^audience null is not an object; write/, sale({ audience: null })],
    [/^audience \["all"\] is not an object; write/, sale({ audience: ["all"] })],
    [/type tag needs (audience\.)?tagRules/, sale({ audience: { type: "tag" } })],
    [/type package_account_push needs (audience\.)?uploadId/, sale({ audience: { type: "package_account_push" } })],
    [/type token_list needs (audience\.)?tokenList/, saleTo({ type: "token_list" })],
    [/^audience\.tagRules\S+tagItems is missing/, sale({ audience: { type: "tag", tagRules: [{}] } })],
    [/^audience\.tagRules\S+tagItems\S+tagsOperator is missing/, saleToTags({ tags: ["guangdong"] })],
    [/^smsInfo\.smsSignName is missing/, sale({ smsInfo: { ...smsInfo, smsSignName: undefined } })],
    [/resendBySms needs smsInfo/, sale({ resendBySms: true })],
    [/needs message\.defaultContent/, sale({ ntfWtAttrs: true, message: { ...message, defaultTitle: "t" } })],
    [/needs message\.defaultTitle/, sale({ ntfWtAttrs: true, message: { ...message, defaultContent: "c" } })],
    [/badgeType "incremnt".*increment.*unchanged/, saleOnAndroid({ badgeType: "incremnt" })],
    [/iconType "url".*inApp.*online/, saleOnAndroid({ iconType: "url" })],
    [/showType "hide".*hideInForeground.*show/, saleOnAndroid({ showType: "hide" })],
    [/showType "hide".*hideInForeground.*show/, sale({ message: { ...message, showType: "hide" } })],
    [/ring "yes".*true.*false/, saleOnAndroid({ ring: "yes" })],
    [/actionType "web".*activity.*browser.*intent/, saleOnAndroid({ action: { actionType: "web" } })],
    [/actionType "?browser"?.*browser\.url/, saleOnAndroid({ action: { actionType: "browser" } })],
    [/actionType "?intent"?.*intent/, saleOnAndroid({ action: { actionType: "intent" } })],
    [
      /accountPushType "oldest".*newest.*all/,
      saleTo({ type: "account", accountList: ["a"], accountPushType: "oldest" }),
    ],
    [/tpnsOnlinePushType "own".*preferOwnChannel.*noPreference/, sale({ tpnsOnlinePushType: "own" })],
    [
      /acceptTime\S+start "9:00".*HH:MM/i,
      sale({ message: { ...message, acceptTime: [{ start: "9:00", end: "10:00" }] } }),
    ],
    [/acceptTime\S+end "24:00"/, sale({ message: { ...message, acceptTime: [{ start: "09:00", end: "24:00" }] } })],
    [/^audience\.tokenList\[1\] 7 is not a string$/, saleTo({ type: "token_list", tokenList: ["a", 7] })],
    [
      /^audience.type all takes no audience.tokenList; remove it/,
      sale({ audience: { type: "all", tokenList: ["a"] } }),
    ],
    [/badgeType 1\.5 is none of increment, unchanged, a whole number$/, saleOnAndroid({ badgeType: 1.5 })],
    [/contentAvailable "yes" is neither true nor false$/, saleOnIos({ alert: {}, contentAvailable: "yes" }), ios],
    [/customContent 7 is neither an object nor JSON as text$/, saleOnAndroid({ customContent: 7 })],
    [/^message\.ios\.aps\.alert is missing/, saleOnIos({}), ios],
    [/messageType notify.*contentAvailable/, saleOnIos({ contentAvailable: true }), ios],
    [/messageType message.*contentAvailable/, saleOnIos({ alert: {} }, { messageType: "message" }), ios],
    [/^remedy "stop" is none of cancel, terminate, recall/, sale({ remedy: "stop" })],
    [/^ifSent true is none of override, refuse/, sale({ ifSent: true })],
    [/^onDelete "keep" is none of cancel, terminate/, sale({ onDelete: "keep" })],
    [/^pastSendTime "send" is none of refuse, skip/, sale({ pastSendTime: "send" })],
    [/^forceCollapse 1 is not a boolean/, sale({ forceCollapse: 1 })],
    [/^consent "adopt:1" is not an array/, sale({ consent: "adopt:1" })],
  ])("%s", ([line, inputs, settings]) => {
    const failures = failuresOf(inputs, settings);
    const serviceName = /\b(?!(?:package_(?:account|token)_push|(?:token|account)_list)\b)[a-z]+_[a-z_]+\b/;

    expect(failures).toEqual([expect.stringMatching(line)]);
    expect(failures.join("\n")).not.toMatch(serviceName);
  });
});

describe("whatever stands in a task's place for a value", () => {
  const whole = sale({
    audience: { type: "tag", tagRules: [{ tagItems: [item] }] },
    message: {
      ...message,
      acceptTime: [{ start: "09:00", end: "10:00" }],
      android: { badgeType: 1, action: { actionType: "browser", browser: { url: "https://example.com" } } },
      ios: { aps: { alert: {}, contentAvailable: false } },
    },
    channelRules: [{ channel: "hw", disable: true }],
    smsInfo,
    consent: ["adopt:1"],
  });
  const places = placesOf(whole).filter(([name]) => name !== undefined && name !== "identity");

  test("is judged in single lines", () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), fc.constantFrom(android, ios), (place, value, app) => {
        const lines = failuresOf(replacedAt(whole, place, value), app);

        expect(lines.filter((line) => line === "" || line.includes("\n"))).toEqual([]);
        expect(new Set(lines).size).toBe(lines.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a task is taken", () => {
  test.for<[string, Properties, Settings?]>([
    ["with real-time delivery", sale({ expireTime: 0 })],
    ["with the shortest storage", sale({ expireTime: 800 })],
    ["with the longest storage", sale({ expireTime: 259_200 })],
    ["at the slowest", sale({ pushSpeed: 1_000 })],
    ["at the fastest", sale({ pushSpeed: 50_000 })],
    ["to 1,000 accounts", saleTo({ type: "account_list", accountList: many(1_000) })],
    ["of 4,096 bytes", sale({ message: { ...message, content: "x".repeat(4_060) } })],
    ["with a send time that is past", sale({ sendTime: "2020-01-01T00:00:00+08:00" })],
    [
      "to be recalled where the service does",
      sale({ remedy: "recall" }),
      settingsOf("android", { "tpns:recallAvailable": "true" }),
    ],
    ["to be terminated", sale({ remedy: "terminate", onDelete: "terminate" })],
    ["at once, to be terminated", saleTo({ type: "account_list", accountList: ["a"] }, { remedy: "terminate" })],
    ["to be cancelled on iOS", { ...iosSale, remedy: "cancel" }, ios],
    ["that is not silent, and says so", saleOnIos({ alert: {}, contentAvailable: false }), ios],
  ])("%s", ([, inputs, settings]) => {
    expect(failuresOf(inputs, settings)).toEqual([]);
    expect(readTask(inputs, settings ?? android).kind).toBe("task");
  });
});

describe("a task that is read", () => {
  test("has the defaults, the request and what is compared", () => {
    expect(taskFrom(springSale, android)).toEqual({
      name: "spring-sale",
      urn: urnOf("spring-sale"),
      identity: { owner: "", organization: "acme", urn: urnOf("spring-sale") },
      ifSent: "override",
      onDelete: "cancel",
      pastSendTime: "refuse",
      consent: [],
      approvedBy: [],
      approvalHash: approvalHash(springSale),
      forceCollapse: false,
      sendTime: { kind: "at", at: new Date("2027-02-02T02:00:00Z") },
      request: { audience_type: "all", message_type: "notify", message, send_time: "2027-02-02 10:00:00" },
      storageSeconds: 86_400,
      parts: {
        content: '{"content":"20 % off today","title":"Spring sale"}',
        messageType: "notify",
        sendTime: "2027-02-02T02:00:00.000Z",
        audience: '{"audience_type":"all"}',
        audienceWithoutUpload: '{"audience_type":"all"}',
        options: "{}",
        remedy: undefined,
      },
      canonical:
        '["{\\"content\\":\\"20 % off today\\",\\"title\\":\\"Spring sale\\"}","notify","{\\"audience_type\\":\\"all\\"}","{}","2027-02-02T02:00:00.000Z"]',
    });
  });

  test("at once has no send_time", () => {
    const { request, sendTime, storageSeconds } = taskFrom(sale({ sendTime: asap, expireTime: 0 }), android);

    expect({ request, sendTime, storageSeconds }).toEqual({
      request: { audience_type: "all", message_type: "notify", message, expire_time: 0 },
      sendTime: { kind: "asap", notAfter: new Date("2027-02-02T02:00:00Z") },
      storageSeconds: 0,
    });
  });

  test("for iOS goes to production unless told", () => {
    const environmentOf = (inputs: Properties) => taskFrom(inputs, ios).request.environment;

    expect([environmentOf(iosSale), environmentOf({ ...iosSale, environment: "dev" })]).toEqual(["product", "dev"]);
  });

  test("that is wrong throws every line at once", () => {
    expect(() => taskFrom(sale({ pushSpeed: 1, planId: "" }), android)).toThrow(
      new Error("pushSpeed 1 is below 1000; planId is empty"),
    );
  });
});

describe("the same push", () => {
  const canonicalOf = (inputs: Properties): string => taskFrom(inputs, android).canonical;

  test.for<[string, Properties]>([
    ["its time in another zone", sale({ sendTime: "2027-02-02T02:00:00Z" })],
    ["its time on a wall clock", sale({ sendTime: { local: "2027-02-02T10:00", timeZone: "Asia/Shanghai" } })],
    ["its properties in another order", sale({ message: { content: "20 % off today", title: "Spring sale" } })],
    ["the default said", sale({ messageType: "notify" })],
    [
      "other settings of ours",
      sale({ ifSent: "refuse", onDelete: "terminate", forceCollapse: true, remedy: "cancel" }),
    ],
    ["another name", sale({ identity: identityOf("summer-sale") })],
  ])("is canonical with %s", ([, inputs]) => {
    expect(canonicalOf(inputs)).toBe(canonicalOf(springSale));
  });

  test("is canonical for at once, whenever it must be", () => {
    const later = { asap: true, notAfter: "2027-02-03T10:00:00+08:00" };

    expect(canonicalOf(sale({ sendTime: later }))).toBe(canonicalOf(sale({ sendTime: asap })));
    expect(canonicalOf(sale({ sendTime: asap }))).not.toBe(canonicalOf(springSale));
  });

  test.for<[string, Properties]>([
    ["text", sale({ message: { ...message, content: "30 % off today" } })],
    ["audience", sale({ audience: { type: "tag", tagRules: [{ tagItems: [item] }] } })],
    ["time", sale({ sendTime: "2027-02-02T10:00:01+08:00" })],
    ["option", sale({ expireTime: 3_600 })],
    ["type", sale({ messageType: "message" })],
  ])("is another one with another %s", ([, inputs]) => {
    expect(canonicalOf(inputs)).not.toBe(canonicalOf(springSale));
  });
});

describe("what a state recorded", () => {
  test("is taken apart as what is declared is", () => {
    expect(recordedParts(springSale, android)).toEqual(taskFrom(springSale, android).parts);
    expect(recordedParts(iosSale, ios)).toEqual(taskFrom(iosSale, ios).parts);
  });

  test("is not judged: an older version may have admitted more", () => {
    const inputs = sale({ sendTime: "tomorrow", expireTime: 300_000, remedy: "cancel" });

    expect(recordedParts(inputs, android)).toEqual({
      ...taskFrom(springSale, android).parts,
      sendTime: '"tomorrow"',
      options: '{"expire_time":300000}',
      remedy: "cancel",
    });
  });

  test.for<[unknown, number]>([
    [undefined, 86_400],
    [0, 0],
    [3_600, 3_600],
    ["3600", 86_400],
  ])("with expireTime %s is kept for %s s", ([expireTime, seconds]) => {
    expect(recordedStorage({ expireTime })).toBe(seconds);
  });
});
