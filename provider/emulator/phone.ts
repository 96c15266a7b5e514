import type { Channel } from "../tpns/schema/channel.ts";
import { hourMs } from "./service-time.ts";

/** A simulated phone, as one asks for it. */
export interface PhoneSpec {
  readonly name: string;
  /** The app that is installed on it. */
  readonly accessId: string;
  readonly system: "android" | "ios";
  /** The one channel over which messages reach it. */
  readonly channel: Channel;
  /** Version of EMUI, for channel hw; default 10. */
  readonly emui?: number;
  /** Default true. */
  readonly online?: boolean;
  /** User-defined tags as they are, automatic ones as `xg_auto_province:hunan`. */
  readonly tags?: readonly string[];
  readonly accounts?: readonly string[];
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

/** One task's message on its way to one phone. */
export interface Delivery extends Notification {
  readonly messageType: "notify" | "message";
  readonly collapseId: number;
  /** It takes the place of what the centre shows of the same collapse id. */
  readonly replaces: boolean;
  /** Milliseconds since 1970 until which offline storage keeps it. */
  readonly storedUntilMs: number;
}

interface Shown extends Notification {
  readonly collapseId: number;
}

/** An offline phone gets the last three; its APNs keeps one, and that for a day. */
const storedMessages = 3;
const storedMessagesOfApns = 1;
const storageOfApnsMs = 24 * hourMs;

/** A phone: its notification centre, and what the channel stores for it while it is offline. */
export class SimulatedPhone {
  readonly spec: Required<PhoneSpec>;
  online: boolean;
  #shown: Shown[] = [];
  #alerts: Alert[] = [];
  #received: Alert[] = [];
  #stored: Delivery[] = [];

  constructor(spec: PhoneSpec) {
    this.spec = completed(spec);
    this.online = this.spec.online;
  }

  /** Shows the message, or has it stored while the phone is offline. */
  offer(delivery: Delivery, nowMs: number): void {
    if (this.online) this.#deliver(delivery, nowMs);
    else this.#store(delivery, nowMs);
  }

  /** Going online delivers what is stored and not too old, in the order of the push ids. */
  setOnline(online: boolean, nowMs: number): void {
    this.online = online;
    if (!online) return;
    const waiting = this.#stored.filter((delivery) => delivery.storedUntilMs > nowMs).sort(byPushId);
    this.#stored = [];
    for (const delivery of waiting) this.#deliver(delivery, nowMs);
  }

  /** Deletes from offline storage what a task left there. */
  dropStored(pushId: string): void {
    this.#stored = this.#stored.filter((delivery) => delivery.pushId !== pushId);
  }

  /** Makes a notification that was not clicked disappear, without alerting. */
  withdraw(pushId: string): void {
    this.#shown = this.#shown.filter((shown) => shown.pushId !== pushId);
  }

  /** Its owner opens a notification, the newest unless told; it leaves the centre. */
  click(pushId: string | undefined): void {
    const clicked = pushId ?? this.#shown.at(-1)?.pushId;
    if (clicked === undefined || !this.#shown.some((shown) => shown.pushId === clicked)) {
      throw new Error(`phone "${this.spec.name}" shows no notification ${pushId ?? "at all"}`);
    }
    this.withdraw(clicked);
  }

  /** What one can see of it now. */
  view(nowMs: number): Phone {
    const { name, accessId, system, channel, emui, tags, accounts, token } = this.spec;
    return {
      name,
      accessId,
      system,
      channel,
      ...(channel === "hw" ? { emui } : {}),
      online: this.online,
      tags,
      accounts,
      token,
      notifications: this.#shown.map(({ pushId, title, content }) => ({ pushId, title, content })),
      alerts: [...this.#alerts],
      received: [...this.#received],
      stored: this.#stored.filter((delivery) => delivery.storedUntilMs > nowMs).map((delivery) => delivery.pushId),
    };
  }

  #deliver({ pushId, title, content, collapseId, replaces, messageType }: Delivery, nowMs: number): void {
    const alert = { pushId, title, content, at: new Date(nowMs).toISOString() };
    this.#received.push(alert);
    if (messageType === "message") return;
    this.#alerts.push(alert);
    if (replaces) this.#shown = this.#shown.filter((shown) => shown.collapseId !== collapseId);
    this.#shown.push({ pushId, title, content, collapseId });
  }

  #store(delivery: Delivery, nowMs: number): void {
    const apns = this.spec.channel === "apns";
    const storedUntilMs = apns ? Math.min(delivery.storedUntilMs, nowMs + storageOfApnsMs) : delivery.storedUntilMs;
    if (storedUntilMs <= nowMs) return;
    const kept = this.#stored.filter((stored) => stored.storedUntilMs > nowMs);
    this.#stored = [...kept, { ...delivery, storedUntilMs }].slice(apns ? -storedMessagesOfApns : -storedMessages);
  }
}

const tokenLength = 36;

const completed = (spec: PhoneSpec): Required<PhoneSpec> => ({
  emui: 10,
  online: true,
  tags: [],
  accounts: [],
  token: `${spec.accessId}-${spec.name}`.slice(0, tokenLength).padEnd(tokenLength, "0"),
  environment: "product",
  ...spec,
});

/** Push ids are decimal text of one length or grow by a digit. */
const byPushId = (one: Delivery, other: Delivery): number =>
  one.pushId.length - other.pushId.length || (one.pushId < other.pushId ? -1 : 1);
