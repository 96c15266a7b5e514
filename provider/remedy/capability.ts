import type { AudienceType } from "../tpns/schema/push-request.ts";

/** One TPNS app serves one platform. */
export type Platform = "android" | "ios";

/** Why something cannot be, and what to write instead. */
export interface Refusal {
  readonly refusal: string;
  readonly wayOn: string;
}

const scheduled = ["all", "tag", "package_account_push"] as const;

/** Recall and override: the pages contradict each other on lists and packages, so both are allowed with a warning. */
const remediable = ["all", "tag", "account_list", "package_account_push", "package_token_push"] as const;

const includes = (audiences: readonly AudienceType[], audience: AudienceType): boolean => audiences.includes(audience);

const audiencesWithoutDoubt = ["all", "tag"] as const;

/** A send time, `pushSpeed` and cancellation. @see https://www.tencentcloud.com/document/product/1024/33764 */
export const canBeScheduled = (audience: AudienceType): boolean => includes(scheduled, audience);

/** Termination, recall and override. @see https://www.tencentcloud.com/document/product/1024/39003 */
export const canBeRemedied = (audience: AudienceType): boolean => includes(remediable, audience);

/** Where the service's pages disagree on whether the audience can be terminated, recalled or overridden. */
export const isRemedyDoubtful = (audience: AudienceType): boolean =>
  canBeRemedied(audience) && !includes(audiencesWithoutDoubt, audience);

/** What of a declaration decides which remedies it can have. */
export interface Declaration {
  readonly platform: Platform;
  readonly audience: AudienceType;
  readonly remedy?: "cancel" | "terminate" | "recall" | undefined;
  readonly onDelete?: "cancel" | "terminate" | undefined;
  readonly scheduled: boolean;
  readonly hasPushSpeed: boolean;
  readonly hasIosMessage: boolean;
  readonly hasAndroidMessage: boolean;
  readonly hasEnvironment: boolean;
  readonly recallAvailable: boolean;
}

/** Of the remedy, whatever the phase. */
export const noTerminationOnIos: Refusal = {
  refusal: "the service cannot terminate a push on iOS",
  wayOn: 'write remedy: "cancel" while it is pending, or change the message to override it',
};

interface Limit extends Refusal {
  readonly broken: (declared: Declaration) => boolean;
}

const limits: readonly Limit[] = [
  {
    broken: ({ scheduled, audience }) => scheduled && !canBeScheduled(audience),
    refusal: "a send time works for the audiences all, tag and package_account_push alone",
    wayOn: 'write sendTime: { asap: true, notAfter: "..." }, or another audience',
  },
  {
    broken: ({ hasPushSpeed, audience }) => hasPushSpeed && !canBeScheduled(audience),
    refusal: "pushSpeed works for the audiences all, tag and package_account_push alone",
    wayOn: "remove pushSpeed, or write another audience",
  },
  {
    broken: ({ platform, hasIosMessage }) => platform === "ios" && !hasIosMessage,
    refusal: "message.ios is missing, and the app is an iOS app",
    wayOn: "write message: { ..., ios: { aps: { alert: {} } } }",
  },
  {
    broken: ({ platform, hasAndroidMessage }) => platform === "ios" && hasAndroidMessage,
    refusal: "message.android on an iOS app",
    wayOn: "remove it, or give the task the Android app's provider",
  },
  {
    broken: ({ platform, hasIosMessage }) => platform === "android" && hasIosMessage,
    refusal: "message.ios on an Android app",
    wayOn: "remove it, or give the task the iOS app's provider",
  },
  {
    broken: ({ platform, hasEnvironment }) => platform === "android" && hasEnvironment,
    refusal: "environment is for iOS alone, and the app is an Android app",
    wayOn: "remove environment",
  },
  { broken: ({ platform, remedy }) => platform === "ios" && remedy === "terminate", ...noTerminationOnIos },
  {
    broken: ({ platform, onDelete }) => platform === "ios" && onDelete === "terminate",
    refusal: "the service cannot terminate a push on iOS",
    wayOn: "remove onDelete; a removal then cancels it, as long as it is pending",
  },
  {
    broken: ({ remedy, audience }) => remedy === "cancel" && !canBeScheduled(audience),
    refusal: "the service can cancel pushes to all, tags and account packages alone",
    wayOn: "remove the remedy; what goes out at once cannot be cancelled",
  },
  {
    broken: ({ remedy, audience }) => (remedy === "terminate" || remedy === "recall") && !canBeRemedied(audience),
    refusal: "the service can terminate or recall pushes to all, tags, account lists and packages alone",
    wayOn: "remove the remedy; what is out to single devices cannot be taken back",
  },
  {
    broken: ({ onDelete, audience }) => onDelete === "terminate" && !canBeRemedied(audience),
    refusal: "the service can terminate pushes to all, tags, account lists and packages alone",
    wayOn: "remove onDelete; what is out to single devices cannot be taken back",
  },
  {
    broken: ({ remedy, recallAvailable }) => remedy === "recall" && !recallAvailable,
    refusal: "the service has taken recall offline",
    wayOn:
      'write remedy: "terminate", change the message, or set recallAvailable: true on the provider if yours has it',
  },
];

/** What the service cannot do for such a task, whatever its phase; undefined if nothing stands in the way. */
export function limitOf(declared: Declaration): Refusal | undefined {
  const limit = limits.find(({ broken }) => broken(declared));
  return limit && { refusal: limit.refusal, wayOn: limit.wayOn };
}

/** What of a message and its channels decides whether it can override another. */
export interface Override {
  readonly platform: Platform;
  /** Whether it has `message.android.customContent`. */
  readonly hasCustomContent: boolean;
  /** Whether its channel rules keep it off Huawei. */
  readonly huaweiDisabled: boolean;
}

/** Why a message cannot override another; undefined if it can. @see https://www.tencentcloud.com/document/product/1024/39003 */
export function overrideLimitOf({ platform, hasCustomContent, huaweiDisabled }: Override): Refusal | undefined {
  if (platform === "ios" || !hasCustomContent || huaweiDisabled) return undefined;
  return {
    refusal: "Huawei refuses an override that has message.android.customContent",
    wayOn: "write its data into message.android.action.intent, or switch off channel hw in channelRules",
  };
}

/** The channels on which an override cannot replace what is shown. @see https://www.tencentcloud.com/document/product/1024/39003 */
export const overrideReach = (platform: Platform, forceCollapse: boolean): string =>
  platform === "ios"
    ? "APNs replaces what is shown"
    : `it replaces what is shown on the own channel, Mi, Meizu and Huawei with EMUI 10 or newer; OPPO, vivo and older Huawei ${
        forceCollapse ? "show both messages (forceCollapse)" : "get nothing new and keep the old one"
      }; Honor and FCM are not documented`;
