import type { Switches } from "./switches.ts";

/** Huawei replaces a notification from this version of EMUI on. */
const firstEmuiThatOverrides = 10;

/**
 * Whether a phone can replace a shown notification by another, as a condition on the channel that the message travels
 * and the phone's version of EMUI. @see https://www.tencentcloud.com/document/product/1024/39003
 */
export const canOverride = (channel: string, emui: string, { overrideOnHonorAndFcm }: Switches): string => {
  const always = ["xg", "apns", "xm", "mz", ...(overrideOnHonorAndFcm === "yes" ? ["honor", "fcm"] : [])];
  const listed = always.map((name) => `'${name}'`).join(", ");
  return `(${channel} in (${listed}) or ${channel} = 'hw' and ${emui} >= ${firstEmuiThatOverrides})`;
};
