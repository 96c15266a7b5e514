import type * as zod from "zod";

/**
 * What a campaign file may hold: the arguments of `Campaign` in plain values, with the apps by their keys. Their limits are
 * the task's to judge. A function of zod, which programs without campaign files need not load.
 */
export function createCampaignFile(z: typeof zod) {
  const text = z.string();
  const key = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/);
  const data = z.union([text, z.record(text, z.unknown())]);
  const showType = z.enum(["hideInForeground", "show"]);
  const badgeType = z.union([z.enum(["increment", "unchanged"]), z.int()]);

  const sendTime = z
    .union([
      text,
      z.strictObject({ local: text, timeZone: text, offset: text.exactOptional() }),
      z.strictObject({ asap: z.literal(true), notAfter: text }),
    ])
    .describe("ISO 8601 with offset, a local time in a zone, or asap");

  const tagItem = z.strictObject({
    tags: z.array(text),
    tagsOperator: z.enum(["AND", "OR"]),
    itemsOperator: z.enum(["AND", "OR"]).exactOptional(),
    isNot: z.boolean().exactOptional(),
    tagType: z
      .enum([
        "xg_user_define",
        "xg_auto_version",
        "xg_auto_province",
        "xg_auto_active",
        "xg_auto_sdkversion",
        "xg_auto_systemlanguage",
        "xg_auto_devicebrand",
        "xg_auto_deviceversion",
        "xg_auto_country",
      ])
      .exactOptional(),
  });
  const tagRules = z.array(
    z.strictObject({
      tagItems: z.array(tagItem),
      operator: z.enum(["AND", "OR"]).exactOptional(),
      isNot: z.boolean().exactOptional(),
    }),
  );
  const accounts = { accountPushType: z.enum(["newest", "all"]).exactOptional(), accountType: z.int().exactOptional() };
  const audience = z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("all") }),
      z.strictObject({
        type: z.literal("tag"),
        tagRules,
      }),
      z.strictObject({
        type: z.enum(["token", "token_list"]),
        tokenList: z.array(text),
        ignoreInvalidToken: z.boolean().exactOptional(),
      }),
      z.strictObject({ type: z.enum(["account", "account_list"]), accountList: z.array(text), ...accounts }),
      z.strictObject({ type: z.literal("package_account_push"), uploadId: text, ...accounts }),
      z.strictObject({ type: z.literal("package_token_push"), uploadId: text }),
    ])
    .describe("whom it reaches");

  const android = z.strictObject({
    nChId: text.exactOptional(),
    nChName: text.exactOptional(),
    xmChId: text.exactOptional(),
    fcmChId: text.exactOptional(),
    hwChId: text.exactOptional(),
    oppoChId: text.exactOptional(),
    vivoChId: z.enum(["0", "1"]).exactOptional(),
    hwBizType: z.boolean().exactOptional(),
    hwCategory: text.exactOptional(),
    hwImportance: z.union([z.literal(1), z.literal(2)]).exactOptional(),
    builderId: z.int().exactOptional(),
    badgeType: badgeType.exactOptional(),
    ring: z.boolean().exactOptional(),
    ringRaw: text.exactOptional(),
    vibrate: z.boolean().exactOptional(),
    lights: z.boolean().exactOptional(),
    clearable: z.boolean().exactOptional(),
    iconType: z.enum(["inApp", "online"]).exactOptional(),
    iconRes: text.exactOptional(),
    smallIcon: text.exactOptional(),
    styleId: z.int().exactOptional(),
    iconColor: z.int().exactOptional(),
    action: z
      .strictObject({
        actionType: z.enum(["activity", "browser", "intent"]).exactOptional(),
        activity: text.exactOptional(),
        atyAttr: z.strictObject({ if: z.int().exactOptional(), pf: z.int().exactOptional() }).exactOptional(),
        browser: z.strictObject({ url: text, confirm: z.boolean().exactOptional() }).exactOptional(),
        intent: text.exactOptional(),
      })
      .exactOptional(),
    customContent: data.exactOptional(),
    showType: showType.exactOptional(),
  });
  const aps = z.strictObject({
    alert: z
      .strictObject({ title: text.exactOptional(), subtitle: text.exactOptional(), body: text.exactOptional() })
      .exactOptional(),
    badgeType: badgeType.exactOptional(),
    category: text.exactOptional(),
    mutableContent: z.boolean().exactOptional(),
    sound: text.exactOptional(),
    interruptionLevel: z.enum(["passive", "active", "time-sensitive", "critical"]).exactOptional(),
    contentAvailable: z.boolean().exactOptional(),
  });
  const message = z
    .strictObject({
      title: text.exactOptional(),
      content: text.exactOptional(),
      acceptTime: z.array(z.strictObject({ start: text, end: text })).exactOptional(),
      threadId: text.exactOptional(),
      threadSumtext: text.exactOptional(),
      xgMediaResources: text.exactOptional(),
      xgMediaAudioResources: text.exactOptional(),
      showType: showType.exactOptional(),
      defaultContent: text.exactOptional(),
      defaultTitle: text.exactOptional(),
      defaultSubtitle: text.exactOptional(),
      android: android.exactOptional(),
      ios: z.strictObject({ aps, customContent: data.exactOptional() }).exactOptional(),
    })
    .describe("what the phones show");

  const layer = {
    audience: audience.exactOptional(),
    sendTime: sendTime.exactOptional(),
    message: message.exactOptional(),
    messageType: z.enum(["notify", "message"]).exactOptional(),
    environment: z.enum(["product", "dev"]).exactOptional(),
    expireTime: z.int().exactOptional(),
    pushSpeed: z.int().exactOptional(),
    multiPkg: z.boolean().exactOptional(),
    planId: text.exactOptional(),
    forceCollapse: z.boolean().exactOptional(),
    channelRules: z
      .array(
        z.strictObject({
          channel: z.enum(["xg", "hw", "xm", "mz", "vivo", "oppo", "apns", "honor", "fcm"]),
          disable: z.boolean(),
        }),
      )
      .exactOptional(),
    tpnsOnlinePushType: z.enum(["preferOwnChannel", "noPreference"]).exactOptional(),
    ntfWtAttrs: z.boolean().exactOptional(),
    supplyInappMsg: z.boolean().exactOptional(),
    resendBySms: z.boolean().exactOptional(),
    smsInfo: z
      .strictObject({
        delayTriggerTime: z.int(),
        triggerCondition: z.union([z.literal(0), z.literal(1), z.literal(2)]).exactOptional(),
        smsSignName: text.exactOptional(),
        smsTemplateId: text.exactOptional(),
        smsAppId: text.exactOptional(),
        smsTemplateParams: z.array(text).exactOptional(),
      })
      .exactOptional(),
    remedy: z.enum(["cancel", "terminate", "recall"]).describe("takes the message back").exactOptional(),
    ifSent: z.enum(["override", "refuse"]).exactOptional(),
    onDelete: z.enum(["cancel", "terminate"]).exactOptional(),
    handOverDays: z.int().min(1).max(90).exactOptional(),
    pastSendTime: z.enum(["refuse", "skip"]).exactOptional(),
    consent: z.array(text).exactOptional(),
    approvedBy: z
      .array(text)
      .describe("who has approved this very text, as pulumi-tpns approve writes it")
      .exactOptional(),
  };

  const weekdays = z.enum(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);
  const repeat = z
    .strictObject({
      every: z.enum(["day", "week", "month"]),
      on: z.union([z.array(weekdays), z.array(z.int())]).exactOptional(),
      at: text,
      timeZone: text,
      from: text,
      until: text,
      except: z.array(text).exactOptional(),
      overlap: z.enum(["first", "second"]).exactOptional(),
    })
    .describe("its send times, instead of sendTime; each day is a task");

  const guards = z
    .strictObject({
      freezeDays: z.strictObject({ days: z.array(text), timeZone: text }).exactOptional(),
      allowedHours: z.strictObject({ from: text, until: text, timeZone: text }).exactOptional(),
      linkHosts: z.array(text).exactOptional(),
      bannedWords: z.array(text).exactOptional(),
      approval: z.array(text).exactOptional(),
    })
    .describe("what no message of this file may do, beside what its program and its apps refuse");

  return z.strictObject({
    $schema: text.describe("for editors").exactOptional(),
    defaults: z.strictObject(layer).describe("what all messages have").exactOptional(),
    apps: z.record(key, z.strictObject(layer)).describe("what all messages have on one app").exactOptional(),
    variants: z.record(key, z.strictObject(layer)).describe("languages or segments").exactOptional(),
    guards: guards.exactOptional(),
    messages: z
      .record(
        key,
        z.strictObject({
          ...layer,
          only: z.array(key).describe("the apps that it is for").exactOptional(),
          variants: z.record(key, z.strictObject(layer)).exactOptional(),
          repeat: repeat.exactOptional(),
          waves: z
            .record(key, z.strictObject({ ...layer, afterMinutes: z.int().min(0), among: tagRules.exactOptional() }))
            .describe("parts of the audience, one after the other")
            .exactOptional(),
          hold: key.describe("the wave that is cancelled, and with it all that come later").exactOptional(),
          formerKeys: z.array(key).describe("keys that it had before").exactOptional(),
        }),
      )
      .describe("the messages; a key that is changed is another message"),
  });
}
