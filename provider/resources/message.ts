import type * as pulumi from "@pulumi/pulumi";

/** A part of the day, service time (UTC+8), in which phones show the message. */
export interface AcceptTimeArgs {
  /** `HH:MM`, 00:00 to 23:59. */
  start: pulumi.Input<string>;
  /** `HH:MM`, 00:00 to 23:59. */
  end: pulumi.Input<string>;
}

/** What a tap does. Becomes `action`. */
export interface ActionArgs {
  /** Opens an activity or the app (1, the default), a browser (2), or a page by its intent (3). */
  actionType?: pulumi.Input<"activity" | "browser" | "intent">;
  /** Activity to open, for `activity`. Default: the app's first page. */
  activity?: pulumi.Input<string>;
  /** Flags of the intent (`if`) and of the pending intent (`pf`), for `activity`. */
  atyAttr?: pulumi.Input<{ if?: pulumi.Input<number>; pf?: pulumi.Input<number> }>;
  /** Page to open, http or https, and whether the phone asks first; for `browser`. */
  browser?: pulumi.Input<{ url: pulumi.Input<string>; confirm?: pulumi.Input<boolean> }>;
  /** Scheme of the page, as the client's manifest declares it; required for `intent`. The one place for custom data on Huawei. */
  intent?: pulumi.Input<string>;
}

/** How Android shows the message. @see https://www.tencentcloud.com/document/product/1024/33764 */
export interface AndroidMessageArgs {
  /** Notification channel of the own channel. */
  nChId?: pulumi.Input<string>;
  /** Name of the own channel's notification channel. */
  nChName?: pulumi.Input<string>;
  /** Mi's channel id. */
  xmChId?: pulumi.Input<string>;
  /** FCM's channel id. */
  fcmChId?: pulumi.Input<string>;
  /** Huawei's channel id. */
  hwChId?: pulumi.Input<string>;
  /** OPPO's channel id. */
  oppoChId?: pulumi.Input<string>;
  /** vivo's class of message: operations ("0", the default) or system ("1"). */
  vivoChId?: pulumi.Input<"0" | "1">;
  /** Huawei's quick notification. Becomes `hw_biz_type` 1. Default false. */
  hwBizType?: pulumi.Input<boolean>;
  /** Huawei's class of message, such as IM, VOIP, SUBSCRIPTION. */
  hwCategory?: pulumi.Input<string>;
  /** Huawei's level, 1 or 2. The service's pages disagree: marketing and service, or silent and strong. */
  hwImportance?: pulumi.Input<1 | 2>;
  /** Style of the notification built in the client. Default 0. */
  builderId?: pulumi.Input<number>;
  /** The app's badge: `increment` (-2, Huawei), `unchanged` (-1, the default), or 0 to 99 (Huawei, vivo). */
  badgeType?: pulumi.Input<"increment" | "unchanged" | number>;
  /** Whether the phone rings. Default true. */
  ring?: pulumi.Input<boolean>;
  /** Sound in the app's `raw` folder, without extension. Huawei, Mi, FCM and the own channel, with `nChId`. */
  ringRaw?: pulumi.Input<string>;
  /** Whether the phone vibrates. Default true. */
  vibrate?: pulumi.Input<boolean>;
  /** Whether the phone's light blinks. Default true. */
  lights?: pulumi.Input<boolean>;
  /** Whether the notification can be swiped away. Default true. */
  clearable?: pulumi.Input<boolean>;
  /** Where the icon is: in the app (0, the default) or behind a URL (1). */
  iconType?: pulumi.Input<"inApp" | "online">;
  /** Name of the icon in the app, or its URL. */
  iconRes?: pulumi.Input<string>;
  /** Icon of the status bar, by its name in the app. */
  smallIcon?: pulumi.Input<string>;
  /** Whether the settings of the notification win over those of `builderId`. Default 1. */
  styleId?: pulumi.Input<number>;
  /** Colour of the small icon, decimal RGB. Default 0. */
  iconColor?: pulumi.Input<number>;
  /** What a tap does. Default: opens the app. */
  action?: pulumi.Input<ActionArgs>;
  /** Data for the app; an object becomes JSON text. Not delivered over Huawei, where an override with it is refused: use `action.intent`. */
  customContent?: pulumi.Input<string | Record<string, unknown>>;
  /** While the app is open: hidden (1) or shown (2, the default). */
  showType?: pulumi.Input<"hideInForeground" | "show">;
}

/** Apple's payload. @see https://www.tencentcloud.com/document/product/1024/33764 */
export interface ApsArgs {
  /** Needed unless the push is silent; `{}` will do: `message.title` and `message.content` stand over `title` and `body`. */
  alert?: pulumi.Input<{ title?: pulumi.Input<string>; subtitle?: pulumi.Input<string>; body?: pulumi.Input<string> }>;
  /** The app's badge: `increment` (-2), `unchanged` (-1), or a number from 0. */
  badgeType?: pulumi.Input<"increment" | "unchanged" | number>;
  /** Category of actions that the app has registered. */
  category?: pulumi.Input<string>;
  /** Lets the app's service extension change the message. Becomes `mutable-content`. Default true. */
  mutableContent?: pulumi.Input<boolean>;
  /** Name of the sound, or `default`. Absent or empty: silent. */
  sound?: pulumi.Input<string>;
  /** How urgent. Becomes `interruption-level`. Default `active`. */
  interruptionLevel?: pulumi.Input<"passive" | "active" | "time-sensitive" | "critical">;
  /** A silent push, with `messageType: "message"`; then no alert, sound or badge. Becomes `content-available` 1. */
  contentAvailable?: pulumi.Input<boolean>;
}

/** How iOS shows the message; an iOS app's task needs it. */
export interface IosMessageArgs {
  aps: pulumi.Input<ApsArgs>;
  /** Data for the app; an object becomes JSON text. */
  customContent?: pulumi.Input<string | Record<string, unknown>>;
}

/**
 * What the phones show: at most 4 KB in all. A change overrides it through its `collapse_id` once it is out, and is
 * cancelled and pushed anew before. @see https://www.tencentcloud.com/document/product/1024/33764
 */
export interface MessageArgs {
  /** Title; on iOS it wins over `alert.title`. Channels show 20 (own), 40 (APNs, Huawei, vivo), 50 (Mi), 32 (OPPO, Meizu) characters. */
  title?: pulumi.Input<string>;
  /** Text; on iOS it wins over `alert.body`. */
  content?: pulumi.Input<string>;
  /** When phones may show it. Own channel only. Default: always. */
  acceptTime?: pulumi.Input<pulumi.Input<AcceptTimeArgs>[]>;
  /** Groups notifications in the notification centre; own channel and iOS. It is no override. */
  threadId?: pulumi.Input<string>;
  /** Summary of the group. Own channel only. */
  threadSumtext?: pulumi.Input<string>;
  /** URL of a picture (own channel, Mi), on iOS also of audio or video. */
  xgMediaResources?: pulumi.Input<string>;
  /** URL of an mp3, 5 MB at most. Own channel only. */
  xgMediaAudioResources?: pulumi.Input<string>;
  /** While an iOS app is open: hidden (1) or shown (2, the default). For Android it stands in `android`. */
  showType?: pulumi.Input<"hideInForeground" | "show">;
  /** Text for phones that lack an attribute of a personalised message; required with `ntfWtAttrs`. */
  defaultContent?: pulumi.Input<string>;
  /** Title for the same; required on Android with `ntfWtAttrs`. */
  defaultTitle?: pulumi.Input<string>;
  /** Subtitle for the same. */
  defaultSubtitle?: pulumi.Input<string>;
  /** For an Android app. */
  android?: pulumi.Input<AndroidMessageArgs>;
  /** For an iOS app, which needs it. */
  ios?: pulumi.Input<IosMessageArgs>;
}
