import * as z from "zod";
import { type Channel, channels } from "../tpns/schema/channel.ts";
import type { PhoneSpec } from "./phone.ts";

/** One TPNS app: a platform and its credentials. */
export interface App {
  /** Decimal; 15… on Android, 16… on iOS. */
  readonly accessId: string;
  readonly secretKey: string;
  readonly platform: "android" | "ios";
}

/** Phones of `androidApp` and `iosApp` by the number: `phone-1` and so on, each with an account `user-1`, tags and a token. */
export interface GeneratedFleet {
  /** 1 to 10,000,000. */
  readonly count: number;
  /** By channel, how many beside the others; apns is the iOS app's. Default xg 3, hw 2, xm 2, oppo 1, vivo 1, apns 3. */
  readonly mix?: Partial<Readonly<Record<Channel, number>>>;
  /** Share that is offline at first, 0 to 1. Default 0.1. */
  readonly offline?: number;
}

/** A world as a file describes it, for `pulumi-tpns emulator --seed`. */
export interface Seed {
  readonly apps?: readonly App[];
  readonly phones?: readonly PhoneSpec[] | GeneratedFleet;
}

const name = z.string().min(1).max(100);

const SeededPhone = z.strictObject({
  name,
  accessId: z.string().regex(/^\d+$/),
  system: z.enum(["android", "ios"]),
  channel: z.enum(channels),
  emui: z.int().min(1).exactOptional(),
  online: z.boolean().exactOptional(),
  connected: z.boolean().exactOptional(),
  otherPackage: z.boolean().exactOptional(),
  tags: z.array(name).exactOptional(),
  accounts: z.array(name).exactOptional(),
  attributes: z.record(name, z.string()).exactOptional(),
  token: z.string().min(1).max(36).exactOptional(),
  environment: z.enum(["product", "dev"]).exactOptional(),
});

const maxGeneratedPhones = 10_000_000;

const Generated = z.strictObject({
  count: z.int().min(1).max(maxGeneratedPhones),
  mix: z
    .partialRecord(z.enum(channels), z.number().min(0))
    .refine((mix) => Object.values(mix).some((weight) => weight > 0), { error: "mix names no channel; write xg=1" })
    .exactOptional(),
  offline: z.number().min(0).max(1).exactOptional(),
});

const SeededApp = z.strictObject({
  accessId: z.string().regex(/^\d+$/),
  secretKey: z.string().min(1),
  platform: z.enum(["android", "ios"]),
});

const SeedFile = z.strictObject({
  apps: z.array(SeededApp).min(1).exactOptional(),
  phones: z.union([z.array(SeededPhone), Generated]).exactOptional(),
});

/** @throws with all that is wrong with what a seed file holds. */
export const readSeed = (value: unknown): Seed => read(SeedFile, value);

/** @throws with all that is wrong with it. */
export const readFleet = (value: unknown): GeneratedFleet => read(Generated, value);

function read<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error).replaceAll("\n", " "));
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
