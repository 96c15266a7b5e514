import type { PushClient } from "../tpns/client.ts";

/** What the lifecycle asks of a push service. TPNS is the one there is; its successor is to be another. */
export type PushService = Pick<
  PushClient,
  | "now"
  | "wait"
  | "withQueries"
  | "push"
  | "cancelTimingTask"
  | "stopPushMsg"
  | "revokePushMsg"
  | "getPushRecord"
  | "listPushRecords"
  | "uploadPackage"
>;
