import type { RemedyName } from "../control/answer.ts";
import { serviceTextOf } from "../service-time.ts";

/** An ISO 8601 time as the service writes it, in UTC+8. */
export const serviceText = (iso: string): string => serviceTextOf(Date.parse(iso));

/** Many digits in groups. */
export const grouped = (count: number): string => count.toLocaleString("en-US");

/** One or many of something. */
export const counted = (count: number, one: string): string => `${grouped(count)} ${one}${count === 1 ? "" : "s"}`;

/** The service's words for a status, and how it looks. @see https://www.tencentcloud.com/document/product/1024/33773 */
export const statuses = {
  PUSH_INIT: { words: "Created", look: "waiting" },
  PUSH_WAIT: { words: "Waiting", look: "waiting" },
  PUSH_STARTED: { words: "Pushing", look: "running" },
  PUSH_FINISHED: { words: "Finished", look: "good" },
  PUSH_FAILED: { words: "Failed", look: "bad" },
  PUSH_CANCELED: { words: "Cancelled", look: "ended" },
  PUSH_DELETED: { words: "Deleted", look: "ended" },
  PUSH_REVOKED: { words: "Recalled", look: "ended" },
  PUSH_COLLAPSED: { words: "Overridden", look: "ended" },
  PUSH_DELETED_PUSH_MSG: { words: "Terminated", look: "ended" },
} as const;

/** What became of a message, and how it looks. */
export const messageStates: Readonly<Record<string, string>> = {
  stored: "waiting",
  held: "waiting",
  received: "good",
  shown: "good",
  clicked: "good",
  withdrawn: "ended",
  replaced: "ended",
  dropped: "bad",
};

/** A remedy as its button has it. */
export const remedyWords: Readonly<Record<RemedyName, string>> = {
  cancel: "Cancel",
  terminate: "Terminate",
  recall: "Recall",
  override: "Override",
};

/** What a remedy does. */
export const remedyMeanings: Readonly<Record<RemedyName, string>> = {
  cancel: "It waits; it will never be dispatched.",
  terminate: "What offline storage keeps of it is deleted; what phones show stays.",
  recall: "It is terminated, and notifications that nobody opened disappear.",
  override: "A new task takes its place on phones whose channel can replace a notification.",
};

/** Vendors' channels in words. */
export const channelWords: Readonly<Record<string, string>> = {
  xg: "TPNS",
  hw: "Huawei",
  xm: "Xiaomi",
  mz: "Meizu",
  vivo: "vivo",
  oppo: "OPPO",
  apns: "APNs",
  honor: "Honor",
  fcm: "FCM",
};
