import * as z from "zod";
import type { FaultName } from "./logged-request.ts";
import type { Reader } from "./reader.ts";
import { Refusal, retCodes } from "./refusal.ts";
import { secondMs } from "./service-time.ts";

/** What goes wrong with the next requests to a path. */
export interface Fault {
  /** Path of the service, such as /v3/push/app. */
  path: string;
  fault: Mishap;
  /** How many requests it hits. Default 1. */
  times?: number | undefined;
}

/** What one request meets. */
export type Mishap =
  /** The connection is closed before the service acts. */
  | "dropBefore"
  /** The service acts, and the connection is closed without an answer. */
  | "dropAfter"
  /** The service acts, and the connection is closed in the middle of its answer. */
  | "cut"
  /** The service acts, and answers with something that is no JSON, in HTTP 200. */
  | "garbage"
  /** The service refuses with 1008028 without acting. */
  | "throttle"
  /** The service refuses without acting. */
  | { retCode: number; errMsg?: string | undefined }
  /** The service acts, and answers so many real seconds later: who waits for it is not slowed down by the emulator's clock. */
  | { delaySeconds: number }
  /** For this request the service's clock is ahead by so many seconds, or behind: in the header Date, and where it checks the signature. */
  | { clockOffSeconds: number }
  /** The records are told as they were so many seconds of the service ago; no effect on other paths. */
  | { staleListSeconds: number };

const maxDelaySeconds = 24 * 60 * 60;

const Waiting = z.strictObject({
  path: z.string().startsWith("/"),
  fault: z.union([
    z.enum(["dropBefore", "dropAfter", "cut", "garbage", "throttle"]),
    z.strictObject({ retCode: z.int(), errMsg: z.string().optional() }),
    z.strictObject({ delaySeconds: z.number().positive().max(maxDelaySeconds) }),
    z.strictObject({ clockOffSeconds: z.int() }),
    z.strictObject({ staleListSeconds: z.number().positive() }),
  ]),
  times: z.int().positive().default(1),
});

export const Fault: Reader<Fault> = Waiting;

/** What a fault is called in the log. */
export const faultNameOf = (mishap: Mishap): FaultName => {
  if (typeof mishap === "string") return mishap;
  if ("delaySeconds" in mishap) return "delay";
  if ("clockOffSeconds" in mishap) return "clockOff";
  return "staleListSeconds" in mishap ? "staleList" : "refuse";
};

/** The refusal that a fault makes the service answer with. */
export const refusalBy = (mishap: Mishap | undefined): Refusal | undefined => {
  if (mishap === "throttle") return new Refusal(retCodes.tooFast, "request too fast");
  if (typeof mishap !== "object" || !("retCode" in mishap)) return undefined;
  return new Refusal(mishap.retCode, mishap.errMsg ?? "refused by a fault");
};

/** By how much a fault shifts the service's clock. */
export const clockOffMs = (mishap: Mishap | undefined): number =>
  typeof mishap === "object" && "clockOffSeconds" in mishap ? mishap.clockOffSeconds * secondMs : 0;

/** How old a fault lets the records look. */
export const staleMs = (mishap: Mishap | undefined): number =>
  typeof mishap === "object" && "staleListSeconds" in mishap ? mishap.staleListSeconds * secondMs : 0;

/** How late a fault makes the answer, in real time. */
export const delayMs = (mishap: Mishap | undefined): number =>
  typeof mishap === "object" && "delaySeconds" in mishap ? mishap.delaySeconds * secondMs : 0;

/** Faults that wait for their requests, in the order in which they were set. */
export class FaultQueue {
  #waiting: z.output<typeof Waiting>[] = [];

  add(fault: Fault): void {
    this.#waiting.push(Waiting.parse(fault));
  }

  /** The faults that no request has met yet. */
  waiting(): readonly Fault[] {
    return this.#waiting.map((fault) => ({ ...fault }));
  }

  /** What the next request to the path meets, if anything. */
  take(path: string): Mishap | undefined {
    const fault = this.#waiting.find((candidate) => candidate.path === path);
    if (fault === undefined) return undefined;
    fault.times -= 1;
    this.#waiting = this.#waiting.filter((candidate) => candidate.times > 0);
    return fault.fault;
  }
}
