import * as z from "zod";
import type { Reader } from "./reader.ts";

/** What goes wrong with the next requests to a path. */
export interface Fault {
  /** Path of the service, such as /v3/push/app. */
  path: string;
  /** The connection is closed before the service acts (dropBefore), after it acted (dropAfter), or it refuses without acting. */
  fault: "dropBefore" | "dropAfter" | { retCode: number; errMsg?: string | undefined };
  /** How many requests it hits. Default 1. */
  times?: number | undefined;
}

const Waiting = z.strictObject({
  path: z.string().startsWith("/"),
  fault: z.union([
    z.enum(["dropBefore", "dropAfter"]),
    z.strictObject({ retCode: z.int(), errMsg: z.string().optional() }),
  ]),
  times: z.int().positive().default(1),
});

export const Fault: Reader<Fault> = Waiting;

/** What one request meets. */
export type Mishap = Fault["fault"];

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
