import * as pulumi from "@pulumi/pulumi";
import type { GuardArgs } from "../guard/rule.ts";

/** @see https://www.tencentcloud.com/document/product/1024/38517 */
export interface ProviderArgs {
  /** The app's AccessID: one app is one platform. Another app is another provider: its name carries the id. */
  accessId: string;
  platform: "android" | "ios";
  /** Where the app lives; or the emulator's loopback URL. */
  accessPoint: "guangzhou" | "shanghai" | "hongkong" | "singapore" | (string & {});
  /** The app's SecretKey, encrypted in the state. The environment's `TPNS_SECRET_KEY_<accessId>` wins over it. */
  secretKey?: pulumi.Input<string>;
  /** Name of the environment variable that holds the SecretKey, so that it enters no state. */
  secretKeyEnv?: string;
  /** Pushes of one run, planned or done, beyond which it refuses. Default 20. */
  maxPushesPerRun?: number;
  /** The stacks that may use this app; an empty list allows none. Default: all. */
  onlyStacks?: string[];
  /** Seconds between the run and the nearest send time that it may still schedule. Default 60. */
  minimumLeadSeconds?: number;
  /** Seconds for which the service accepts a signature: so late can a request still arrive. Default 600. */
  signatureWindowSeconds?: number;
  /** Whether the service recalls messages of this app; it has taken that offline. Default false. */
  recallAvailable?: boolean;
  /** Whether pushes carry the marker by which a task is found when its state was lost. Default true. */
  marker?: boolean;
  /** What no message of this app may do: days, hours, links, words. Judged where something is pushed. */
  guards?: GuardArgs;
  /** How requests are signed: an HMAC of each body (the default), or HTTP Basic, which sends the key itself. */
  authentication?: "signature" | "basic";
}

const text = (value: string | number | boolean | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

/** One TPNS app. Its resource name is `<name>-<accessId>`, so that the old app's provider still cancels the old app's tasks. */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs, options: pulumi.ResourceOptions = {}) {
    const inputs = {
      "tpns:explicit": "true",
      "tpns:accessId": args.accessId,
      "tpns:platform": args.platform,
      "tpns:accessPoint": args.accessPoint,
      "tpns:secretKey": args.secretKey === undefined ? undefined : pulumi.secret(args.secretKey),
      "tpns:secretKeyEnv": args.secretKeyEnv,
      "tpns:maxPushesPerRun": text(args.maxPushesPerRun),
      "tpns:onlyStacks": args.onlyStacks?.join(","),
      "tpns:minimumLeadSeconds": text(args.minimumLeadSeconds),
      "tpns:signatureWindowSeconds": text(args.signatureWindowSeconds),
      "tpns:recallAvailable": text(args.recallAvailable),
      "tpns:marker": text(args.marker),
      "tpns:guards": args.guards && JSON.stringify(args.guards),
      "tpns:authentication": args.authentication,
      // One switch for all apps of a stack.
      "tpns:halt": new pulumi.Config("tpns").get("halt"),
    };
    super("pulumi-nodejs", `${name}-${args.accessId}`, inputs, options);
  }
}
