import type { Channel } from "../tpns/schema/channel.ts";

/** A simulated phone, as one asks for it. */
export interface PhoneSpec {
  readonly name: string;
  /** The app that is installed on it. */
  readonly accessId: string;
  readonly system: "android" | "ios";
  /** The channel over which messages reach it when the app is not running. */
  readonly channel: Channel;
  /** Version of EMUI, for channel hw; default 10. */
  readonly emui?: number;
  /** Whether messages reach it at once; default true. */
  readonly online?: boolean;
  /** The app is running, so that the own channel reaches it besides its vendor's; default false. */
  readonly connected?: boolean;
  /** The app is installed under another of its package names; default false. */
  readonly otherPackage?: boolean;
  /** User-defined tags as they are, automatic ones as `xg_auto_province:hunan`. */
  readonly tags?: readonly string[];
  /** Accounts that are logged in, of type 0. */
  readonly accounts?: readonly string[];
  /** What `{{name}}` in a personalised message stands for. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Up to 36 characters; default made of the name. */
  readonly token?: string;
  /** iOS: the APNs environment of the installed app; default product. */
  readonly environment?: "product" | "dev";
}

/** What a notification centre shows. */
export interface Notification {
  readonly pushId: string;
  readonly title: string;
  readonly content: string;
}

/** Something that reached a phone, and when in the service's time (ISO 8601). */
export interface Alert extends Notification {
  readonly at: string;
}

/** What one can see of a phone. */
export interface Phone {
  readonly name: string;
  readonly accessId: string;
  readonly system: "android" | "ios";
  readonly channel: Channel;
  readonly emui?: number;
  readonly online: boolean;
  readonly tags: readonly string[];
  readonly accounts: readonly string[];
  readonly token: string;
  /** What its notification centre shows now, the oldest first. */
  readonly notifications: readonly Notification[];
  /** Every time it alerted its owner. */
  readonly alerts: readonly Alert[];
  /** Everything that reached it, silent messages too. */
  readonly received: readonly Alert[];
  /** Push ids that wait in offline storage. */
  readonly stored: readonly string[];
}
