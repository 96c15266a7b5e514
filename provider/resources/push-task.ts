import * as pulumi from "@pulumi/pulumi";
import { callAtTheEnd } from "../program-end.ts";
import type { Phase } from "../remedy/phase.ts";
import type { PushStatus } from "../tpns/schema/status.ts";
import type { AudienceArgs } from "./audience.ts";
import { pushTaskHandler } from "./constant.ts";
import { identityOf } from "./identity.ts";
import type { MessageArgs } from "./message.ts";

const type = "pulumi-nodejs:dynamic/tpns:PushTask";

/** A wall-clock time in an IANA zone. A time that a change of daylight saving skips is refused; one that it repeats needs `offset`. */
export interface LocalSendTime {
  /** `2027-03-01T10:00` or `2027-03-01T10:00:00`. */
  local: string;
  /** Such as `Asia/Shanghai`. */
  timeZone: string;
  /** Which of two, such as `+02:00`, where the time occurs twice. */
  offset?: string;
}

/** In this run. */
export interface AsapSendTime {
  asap: true;
  /** ISO 8601 with offset, at most 7 days after the first create; afterwards nothing is sent, whatever happens to the state. */
  notAfter: string;
}

/** ISO 8601 with an offset, a local time in a zone, or at once. At most 90 days ahead. */
export type SendTimeArgs = string | LocalSendTime | AsapSendTime;

/** Switches one delivery channel off or on. */
export interface ChannelRuleArgs {
  channel: pulumi.Input<"xg" | "hw" | "xm" | "mz" | "vivo" | "oppo" | "apns" | "honor" | "fcm">;
  disable: pulumi.Input<boolean>;
}

/** A text message for those whom the push did not reach. */
export interface SmsInfoArgs {
  /** Seconds after the push, 300 at least. */
  delayTriggerTime: pulumi.Input<number>;
  /** Becomes `trigger_condition`: 0, 1 or 2. */
  triggerCondition?: pulumi.Input<0 | 1 | 2>;
  smsSignName?: pulumi.Input<string>;
  smsTemplateId?: pulumi.Input<string>;
  smsAppId?: pulumi.Input<string>;
  smsTemplateParams?: pulumi.Input<pulumi.Input<string>[]>;
}

/** @see https://www.tencentcloud.com/document/product/1024/33764 */
export interface PushTaskArgs {
  /** Whom it reaches. A change pushes a pending task anew; once it is out, it is refused. */
  audience: pulumi.Input<AudienceArgs>;
  /** When it goes out. A change pushes a pending task anew; once it is out, it is refused. */
  sendTime: pulumi.Input<SendTimeArgs>;
  /** What the phones show. A change corrects a pending task and overrides one that is out. */
  message: pulumi.Input<MessageArgs>;
  /** A notification (the default), or data for the app: in-app on Android (own channel), silent on iOS. */
  messageType?: pulumi.Input<"notify" | "message">;
  /** Apple's environment. iOS only. Default `product`. */
  environment?: pulumi.Input<"product" | "dev">;
  /** Seconds that the service keeps it for offline phones: 0, or 800 to 259,200 (72 hours). Default 86,400. */
  expireTime?: pulumi.Input<number>;
  /** Messages a second, 1,000 to 50,000. Audiences all, tag and package_account_push. Default: as fast as it goes. */
  pushSpeed?: pulumi.Input<number>;
  /** Also reaches the app under its other package names. Default false. */
  multiPkg?: pulumi.Input<boolean>;
  /** Push plan that the statistics group it under. It takes the place of the marker that finds a task whose state was lost. */
  planId?: pulumi.Input<string>;
  /** Whether an override also reaches phones that cannot replace (OPPO, vivo, older Huawei): they then show both. Default false. */
  forceCollapse?: pulumi.Input<boolean>;
  /** Channels switched off or on. Default: all on. */
  channelRules?: pulumi.Input<pulumi.Input<ChannelRuleArgs>[]>;
  /** Phones that are online get it over the own channel (0, the default), or have no preference (1). */
  tpnsOnlinePushType?: pulumi.Input<"preferOwnChannel" | "noPreference">;
  /** Replaces `{{attribute}}` in title and content, at most 5; needs `message.defaultContent`. Default false. */
  ntfWtAttrs?: pulumi.Input<boolean>;
  /** Shows it inside the app to those whom the push did not reach. Default false. */
  supplyInappMsg?: pulumi.Input<boolean>;
  /** Sends `smsInfo` to those whom the push did not reach. Default false. */
  resendBySms?: pulumi.Input<boolean>;
  /** The text message for `resendBySms`. */
  smsInfo?: pulumi.Input<SmsInfoArgs>;

  /** Takes the message back and keeps the resource as the record: `cancel` while it is pending, `terminate` (Android) or `recall` once it is out. */
  remedy?: pulumi.Input<"cancel" | "terminate" | "recall">;
  /** What a changed message does once the task is out: override it, which is a new notification, or refuse. Default `override`. */
  ifSent?: pulumi.Input<"override" | "refuse">;
  /** What removal does to a task that is out: fail (`cancel`, the default), or `terminate` it (Android). A pending one is always cancelled. */
  onDelete?: pulumi.Input<"cancel" | "terminate">;
  /**
   * Days before its send time from which on an `up` hands it to the service, 1 to 90; until then it is `planned` in the
   * state alone, and is corrected and removed without a call. The service takes 90 days ahead, and may list only 28.
   * Default: at once.
   */
  handOverDays?: pulumi.Input<number>;
  /** What a first create with a past send time does. `skip` records it as never sent. Default `refuse`. */
  pastSendTime?: pulumi.Input<"refuse" | "skip">;
  /** Lines that a refusal printed, such as `override-late:15003211`. Each works once. */
  consent?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Who has approved this very text and audience, `<name>:<hash>`, where the guards ask for that; one is enough. A changed
   * text needs a new one: the preview prints its hash, and for a campaign file `pulumi-tpns approve` writes the line.
   */
  approvedBy?: pulumi.Input<pulumi.Input<string>[]>;
}

/** A push, override or withdrawal of the task. */
export interface Revision {
  /** The service's id of what was pushed. */
  readonly pushId: string;
  /** ISO 8601, the service's time. */
  readonly at: string;
  /** Hash of what was pushed. */
  readonly content: string;
  /** What it was, where it was no plain push. */
  readonly by?: "override" | "cancel" | "terminate" | "recall";
}

/** A push task of TPNS: scheduled by its creation, corrected by a change, cancelled by its removal. */
export class PushTask extends pulumi.CustomResource {
  declare readonly accessId: pulumi.Output<string>;
  /** The service's id of the task; another one after each correction or override. */
  declare readonly pushId: pulumi.Output<string | undefined>;
  /** The id by which the service replaces the message; known once it was overridden or refreshed. */
  declare readonly collapseId: pulumi.Output<string | undefined>;
  /** The service's word, such as `PUSH_WAIT`, as last seen. */
  declare readonly status: pulumi.Output<PushStatus | undefined>;
  /** Where the task stood when it was last looked at. */
  declare readonly phase: pulumi.Output<Phase>;
  /** ISO 8601. */
  declare readonly sendAt: pulumi.Output<string>;
  /** The last 20 pushes, overrides and withdrawals. */
  declare readonly revisions: pulumi.Output<Revision[]>;

  /** @throws when the resource is not one of this package's. */
  constructor(name: string, args: PushTaskArgs, options: pulumi.CustomResourceOptions = {}) {
    const outputs = {
      accessId: undefined,
      pushId: undefined,
      collapseId: undefined,
      status: undefined,
      phase: undefined,
      sendAt: undefined,
      revisions: undefined,
    };
    const identity = identityOf(type, name, options);
    super(
      type,
      name,
      { ...args, ...outputs, identity, __provider: pushTaskHandler },
      pulumi.mergeOptions(options, { hideDiffs: ["__provider", "identity"] }),
    );
    if (!pulumi.runtime.isDryRun()) identity.apply(callAtTheEnd);
  }
}
