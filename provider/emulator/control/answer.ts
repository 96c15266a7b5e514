import type { Channel } from "../../tpns/schema/channel.ts";
import type { PushStatus } from "../../tpns/schema/status.ts";
import type { LoggedRequest } from "../logged-request.ts";
import type { Phone } from "../phone.ts";
import type { Task } from "../task.ts";

/** `/emulator/overview`: the world in a few numbers. */
export interface Overview {
  readonly apps: readonly { readonly accessId: string; readonly platform: "android" | "ios" }[];
  /** How many tasks have a status; one that none has is absent. */
  readonly tasks: Readonly<Partial<Record<PushStatus, number>>>;
  readonly phones: number;
  readonly requests: number;
  /** Paths of the service. */
  readonly endpoints: readonly string[];
}

/** `/emulator/task-page`: some of the tasks that match, newest first, and how many match. */
export interface TaskPage {
  readonly count: number;
  readonly offset: number;
  readonly tasks: readonly Task[];
}

/** What can be done about a task. */
export const remedies = ["cancel", "terminate", "recall", "override"] as const;

export type RemedyName = (typeof remedies)[number];

/** `/emulator/task`: everything that is known of a task. */
export interface TaskDetail {
  readonly task: Task;
  /** The audience in the service's word. */
  readonly audience: string;
  /** The request that made it, as it came. */
  readonly request: string;
  /** How many of its messages are in a state, by channel. */
  readonly progress: readonly { readonly channel: Channel; readonly state: string; readonly count: number }[];
  /** What happened to it, the oldest first; times in ISO 8601. */
  readonly events: readonly { readonly at: string; readonly what: string }[];
  /** Why a remedy cannot work now; one that can is absent. */
  readonly refusals: Readonly<Partial<Record<RemedyName, string>>>;
}

/** `/emulator/phone-page`: some of the phones that match, in the order in which they were added, and how many match. */
export interface PhonePage {
  readonly count: number;
  readonly offset: number;
  readonly phones: readonly Phone[];
}

/** A message on its way to a phone, on it, or gone from it. */
export interface PhoneMessage {
  readonly pushId: string;
  readonly title: string;
  readonly content: string;
  readonly channel: Channel;
  readonly state: string;
  /** When it came into its state or reached the phone, ISO 8601. */
  readonly at: string;
}

/** `/emulator/phone`: a phone and the last messages to it, newest first. */
export interface PhoneDetail {
  readonly phone: Phone;
  readonly messages: readonly PhoneMessage[];
}

/** `/emulator/request-page`: some of the requests that match, newest first, and how many match. */
export interface RequestPage {
  readonly count: number;
  readonly offset: number;
  readonly requests: readonly (LoggedRequest & { readonly number: number })[];
}

/** `/emulator/switch-list`: a switch, what it can be and what it is. */
export interface SwitchView {
  readonly name: string;
  /** Empty where the package is not built. */
  readonly meaning: string;
  readonly value: string | number;
  readonly default: string | number;
  /** Absent: it is a number. */
  readonly choices?: readonly (string | number)[];
}
