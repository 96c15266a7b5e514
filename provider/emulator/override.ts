import type { SimulatedPhone } from "./phone.ts";
import type { Switches } from "./switches.ts";

/** Huawei replaces a notification from this version of EMUI on. */
const firstEmuiThatOverrides = 10;

/** Whether a phone can replace a shown notification by another. @see https://www.tencentcloud.com/document/product/1024/39003 */
export const canOverride = (phone: SimulatedPhone, switches: Switches): boolean => {
  switch (phone.spec.channel) {
    case "xg":
    case "apns":
    case "xm":
    case "mz":
      return true;
    case "hw":
      return phone.spec.emui >= firstEmuiThatOverrides;
    case "oppo":
    case "vivo":
      return false;
    case "honor":
    case "fcm":
      return switches.overrideOnHonorAndFcm === "yes";
  }
};
