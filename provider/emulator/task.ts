import type { PushStatus } from "../tpns/schema/status.ts";

/** What one can see of a task. */
export interface Task {
  readonly pushId: string;
  readonly accessId: string;
  readonly status: PushStatus;
  readonly title: string;
  readonly content: string;
  /** As in records: single tokens and accounts count as lists. */
  readonly pushType: string;
  readonly messageType: "notify" | "message";
  readonly environment: string;
  /** yyyy-MM-dd HH:mm:ss in UTC+8; of an immediate push the time of its creation. */
  readonly sendTime: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** 0: none. */
  readonly collapseId: number;
  /** It was pushed as an override of another. */
  readonly overrides: boolean;
  /** Empty: none. */
  readonly groupId: string;
  /** Seconds. */
  readonly expireTime: number;
  /** Times that it was dispatched; 0 while it waits. */
  readonly executions: number;
}
