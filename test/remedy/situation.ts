import type { Change } from "../../provider/remedy/change.ts";
import type { KnownPhase } from "../../provider/remedy/phase.ts";
import type { Situation } from "../../provider/remedy/plan.ts";

export const platforms = ["android", "ios"] as const;

export const phases: readonly KnownPhase[] = ["pending", "live", "sent", "withdrawn", "failed", "archived", "skipped"];

export const audiences = [
  "all",
  "tag",
  "token",
  "token_list",
  "account",
  "account_list",
  "package_account_push",
  "package_token_push",
] as const;

export const unchanged: Change = {
  content: false,
  messageType: false,
  sendTime: false,
  audience: false,
  options: false,
  uploadId: false,
  remedy: "none",
};

/** A pending notification to all, of which nothing was changed. */
export const untouched: Situation = {
  change: unchanged,
  phase: "pending",
  platform: "android",
  audience: "all",
  overrideLimit: undefined,
  pushId: "15003211",
  remedy: undefined,
  ifSent: "override",
  sendTimeAhead: true,
  owed: false,
  halting: false,
  anyPending: true,
  halted: false,
  skippedForTime: false,
  consents: new Set(),
};
