import { everybody, first, second } from "../../engine/shop.ts";
import type { Cell } from "../row.ts";
import { corrected, lateOverride, overriddenAtOnce } from "./lines.ts";

/** A changed text corrects what is pending. */
export const isCorrected: Cell = {
  calls: "updated",
  says: corrected,
  scheduled: [second],
  gets: everybody("android", second),
};

/** Those who saw the first text and whose channel can replace it get the second; who is offline gets the second alone. */
const overriddenPhones = { "own-channel": [second], "huawei-emui10": [second] };
export const afterOverride = {
  ...everybody("android", first),
  "own-channel": [first, second],
  "own-channel-offline": [second],
  "huawei-emui10": [first, second],
};

/** A changed text overrides what is live. */
export const isOverridden: Cell = {
  calls: "updated",
  says: overriddenAtOnce,
  alerts: overriddenPhones,
  gets: afterOverride,
};

/** A changed text of what is sent asks for a consent. */
export const isTooLate: Cell = { calls: "refused", says: lateOverride };

/** The program's diff removed it. */
export const isCancelled: Cell = { calls: "deleted", scheduled: [], gets: {} };
