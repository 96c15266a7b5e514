/** Where a task stands, in the service's words. @see https://www.tencentcloud.com/document/product/1024/33773 */
export const pushStatuses = [
  "PUSH_INIT",
  "PUSH_WAIT",
  "PUSH_STARTED",
  "PUSH_FINISHED",
  "PUSH_FAILED",
  "PUSH_CANCELED",
  "PUSH_DELETED",
  "PUSH_REVOKED",
  "PUSH_COLLAPSED",
  "PUSH_DELETED_PUSH_MSG",
] as const;

/** Free of zod, whose declarations the compiler of a CommonJS project refuses: users import this type. */
export type PushStatus = (typeof pushStatuses)[number];
