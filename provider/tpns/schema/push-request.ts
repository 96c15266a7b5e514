import * as z from "zod";
import { Switch } from "./android-message.ts";
import { SendTime } from "./calendar.ts";
import { AccountType, ChannelRule, LoopParam, SmsInfo } from "./delivery.ts";
import { RequestId } from "./id.ts";
import { Message } from "./message.ts";
import { TagList, TagRule } from "./tag.ts";
import { worded, wordedAs } from "./wording.ts";

/** Three days: the service fails a push that asks for more. */
const maxExpireTimeSeconds = 72 * 60 * 60;

/** What the service keeps a push for where `expire_time` is absent: a day. */
export const defaultExpireTimeSeconds = 24 * 60 * 60;

/** The service raises a shorter `expire_time`, except 0, to this. */
export const raisedExpireTimeSeconds = 800;

const minPushSpeed = 1_000;
const maxPushSpeed = 50_000;

/** A longer list of tokens or accounts fails the whole push. */
const maxListEntries = 1_000;

/** A TPNS token has 36 characters. */
const maxTokenCharacters = 36;

/** The field is meant for names of groups, and is deprecated. */
const maxGroupIdCharacters = 25;

/** More attributes in one push are refused. */
const maxAttributes = 5;

const groupId = /^\S+$/;
const attribute = /\{\{([^{}]+)\}\}/g;

/** Whom a push is for. */
export const AudienceType = z.enum(
  ["all", "tag", "token", "token_list", "account", "account_list", "package_account_push", "package_token_push"],
  worded,
);

export type AudienceType = z.output<typeof AudienceType>;

/** "notify" is shown; "message" is passed to the app (Android) or is silent (iOS). */
export const MessageType = z.enum(["notify", "message"], worded);

export type MessageType = z.output<typeof MessageType>;

/** iOS only: which of APNs' two environments. */
const Environment = z.enum(["product", "dev"], worded);

const PushFields = z.strictObject(
  {
    /** Whom it is for; decides which of the lists below is needed. */
    audience_type: AudienceType,
    /** What is pushed. */
    message: Message,
    /** How it is shown. */
    message_type: MessageType,
    /** Needed on iOS, without effect on Android. */
    environment: Environment.optional(),
    /** Audience tag: the rules. */
    tag_rules: z.array(TagRule, worded).min(1, worded).optional(),
    /** Audience tag, the old form: ignored beside `tag_rules`. */
    tag_list: TagList.optional(),
    /** Audiences token (only the first counts) and token_list: 1 to 1000, each at most 36 characters. */
    token_list: z
      .array(z.string(worded).min(1, worded).max(maxTokenCharacters, worded), worded)
      .min(1, worded)
      .max(maxListEntries, worded)
      .optional(),
    /** Audiences account (only the first counts) and account_list: 1 to 1000. */
    account_list: z
      .array(z.string(worded).min(1, worded), worded)
      .min(1, worded)
      .max(maxListEntries, worded)
      .optional(),
    /** Package audiences: the id that the upload gave; an integer on the wire. */
    upload_id: RequestId.optional(),
    /** Audiences of accounts: 0, the default, is the account's newest device, 1 all of them. */
    account_push_type: Switch.optional(),
    /** Audiences of accounts: the type under which they were bound; 0 is the default. */
    account_type: AccountType.optional(),
    /** Audiences token and token_list: 1 skips invalid tokens; 0, the default, fails the call. */
    ignore_invalid_token: Switch.optional(),
    /** Seconds, 0 to 259200, default 86400. 0: only phones online now. The service raises 1 to 799 to 800. */
    expire_time: z.int(worded).min(0, worded).max(maxExpireTimeSeconds, worded).optional(),
    /** yyyy-MM-dd HH:mm:ss in UTC+8, within 90 days; a past time is pushed at once. */
    send_time: SendTime.optional(),
    /** Messages a second, 1000 to 50000. Audiences all, tag and account package only. */
    push_speed: z.int(worded).min(minPushSpeed, worded).max(maxPushSpeed, worded).optional(),
    /** Overrides the delivered push that has this id: the service's own, read from the record; an integer on the wire. */
    collapse_id: RequestId.optional(),
    /** Whether an override is delivered to OPPO and vivo, which would show both; false is the default. */
    force_collapse: z.boolean(worded).optional(),
    /** Which channels are used; all by default. */
    channel_rules: z.array(ChannelRule, worded).min(1, worded).optional(),
    /** 0, the default, reaches online devices over the TPNS channel; 1 does not prefer it. */
    tpns_online_push_type: Switch.optional(),
    /** Reaches the app under all its package names; false is the default; TPNS channel. */
    multi_pkg: z.boolean(worded).optional(),
    /** A recurrence; audiences all, tag and account package only. */
    loop_param: LoopParam.optional(),
    /** The push plan that counts it. */
    plan_id: z.string(worded).min(1, worded).optional(),
    /** Deprecated for `plan_id`: at most 25 characters without blanks; `tpns_yyyymmdd` by default. */
    group_id: z
      .string(worded)
      .min(1, worded)
      .max(maxGroupIdCharacters, worded)
      .regex(groupId, wordedAs("it without blanks"))
      .optional(),
    /** Fills `{{name}}` from each user's attributes, at most 5 of them. */
    ntf_wt_attrs: z.boolean(worded).optional(),
    /** Shows it in the app as well. */
    supply_inapp_msg: z.boolean(worded).optional(),
    /** Sends an SMS to those not reached; false is the default. */
    resend_by_sms: z.boolean(worded).optional(),
    /** The SMS, needed with `resend_by_sms`. */
    sms_info: SmsInfo.optional(),
    /** Echoed in the answer; 0 by default; no key against repeats. */
    seq: z.int(worded).min(0, worded).optional(),
    /** Documented by the SDKs alone: a text for tracing. */
    trace_id: z.string(worded).optional(),
    /** Deprecated and tolerated: an app has one platform. */
    platform: z.enum(["android", "ios", "all"], worded).optional(),
  },
  worded,
);

type PushFields = z.output<typeof PushFields>;

const audienceFields = ["tag_rules", "tag_list", "token_list", "account_list", "upload_id"] as const;

type AudienceField = (typeof audienceFields)[number];

const fieldsOf: Record<AudienceType, readonly AudienceField[]> = {
  all: [],
  tag: ["tag_rules", "tag_list"],
  token: ["token_list"],
  token_list: ["token_list"],
  account: ["account_list"],
  account_list: ["account_list"],
  package_account_push: ["upload_id"],
  package_token_push: ["upload_id"],
};

/** What is wrong, and the field where it is. */
interface Slip {
  readonly path: readonly string[];
  readonly message: string;
}

function audienceSlips(request: PushFields): Slip[] {
  const { audience_type } = request;
  const taken = fieldsOf[audience_type];
  const [needed] = taken;
  const missing = needed !== undefined && taken.every((field) => request[field] === undefined);
  const strange = audienceFields.filter((field) => !taken.includes(field) && request[field] !== undefined);
  return [
    ...(missing ? [{ path: [needed], message: `audience_type ${audience_type} needs ${needed}` }] : []),
    ...strange.map((field) => ({
      path: [field],
      message: `audience_type ${audience_type} takes no ${field}; remove it, or write the audience_type that it is for`,
    })),
  ];
}

const isSilent = ({ message }: PushFields): boolean => message.ios?.aps["content-available"] === 1;

const textSlips = (request: PushFields): Slip[] =>
  request.message_type === "message" && isSilent(request)
    ? []
    : (["title", "content"] as const)
        .filter((field) => request.message[field] === undefined)
        .map((field) => ({ path: ["message", field], message: `message.${field} is missing` }));

function iosSlips(request: PushFields): Slip[] {
  const { message, message_type, environment } = request;
  if (message.ios === undefined) return [];
  const path = ["message", "ios", "aps", "content-available"];
  const slips: Slip[] = [];
  if (environment === undefined) {
    slips.push({ path: ["environment"], message: "environment is missing; on iOS write product or dev" });
  }
  if (message_type === "notify" && isSilent(request)) {
    slips.push({ path, message: "message_type notify excludes content-available 1; write message_type message" });
  }
  if (message_type === "message" && !isSilent(request)) {
    slips.push({ path, message: "message_type message on iOS is silent; write content-available 1 instead of alert" });
  }
  return slips;
}

const attributesOf = ({ title = "", content = "", ios }: Message): number =>
  new Set(
    [...`${title} ${content} ${ios?.aps.alert?.subtitle ?? ""}`.matchAll(attribute)].map(([, name = ""]) =>
      name.trim(),
    ),
  ).size;

function attributeSlips({ ntf_wt_attrs, message }: PushFields): Slip[] {
  if (ntf_wt_attrs !== true) return [];
  const needed =
    message.ios === undefined ? (["default_content", "default_title"] as const) : (["default_content"] as const);
  const count = attributesOf(message);
  return [
    ...needed
      .filter((field) => message[field] === undefined)
      .map((field) => ({ path: ["message", field], message: `ntf_wt_attrs needs message.${field}` })),
    ...(count > maxAttributes
      ? [{ path: ["message"], message: `message has ${count} attributes, which exceeds ${maxAttributes}` }]
      : []),
  ];
}

const smsSlips = ({ resend_by_sms, sms_info }: PushFields): Slip[] =>
  resend_by_sms === true && sms_info === undefined
    ? [{ path: ["sms_info"], message: "resend_by_sms needs sms_info" }]
    : [];

const rules = [audienceSlips, textSlips, iosSlips, attributeSlips, smsSlips] as const;

/**
 * The body of a push: every documented field, its own limits, and what each audience needs. Whether a send time, a
 * speed, a recurrence or an override suits an audience or a platform is judged elsewhere.
 * @see https://www.tencentcloud.com/document/product/1024/33764
 */
export const PushRequest = PushFields.superRefine((request, context) => {
  for (const { path, message } of rules.flatMap((rule) => rule(request))) {
    context.addIssue({ code: "custom", path: [...path], message });
  }
});

export type PushRequest = z.output<typeof PushRequest>;
