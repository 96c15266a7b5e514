import type { PhoneSpec } from "./phone.ts";

/** One TPNS app: a platform and its credentials. */
export interface App {
  /** Decimal; 15… on Android, 16… on iOS. */
  readonly accessId: string;
  readonly secretKey: string;
  readonly platform: "android" | "ios";
}

/** The Android app that every emulator knows; its key is published and opens nothing else. */
export const androidApp: App = {
  accessId: "1500001234",
  secretKey: "emulatorandroidkey00000000000001",
  platform: "android",
};

/** The iOS app that every emulator knows; its key is published and opens nothing else. */
export const iosApp: App = {
  accessId: "1600001234",
  secretKey: "emulatorioskey000000000000000001",
  platform: "ios",
};

const android = { accessId: androidApp.accessId, system: "android" } as const;
const ios = { accessId: iosApp.accessId, system: "ios", channel: "apns" } as const;

/** The phones of the two apps: each kind of channel, one phone offline on either platform. */
export const defaultFleet: readonly PhoneSpec[] = [
  { ...android, name: "own-channel", channel: "xg", tags: ["sale", "vip"], accounts: ["alice"] },
  { ...android, name: "own-channel-offline", channel: "xg", online: false, tags: ["sale"], accounts: ["bob"] },
  { ...android, name: "huawei-emui9", channel: "hw", emui: 9, tags: ["sale"], accounts: ["carol"] },
  { ...android, name: "huawei-emui10", channel: "hw", emui: 10, tags: ["sale"], accounts: ["dave"] },
  { ...android, name: "oppo", channel: "oppo", tags: ["vip"], accounts: ["alice"] },
  { ...ios, name: "iphone", tags: ["sale", "vip"], accounts: ["alice"] },
  { ...ios, name: "iphone-offline", online: false, tags: ["sale"], accounts: ["bob"] },
];
