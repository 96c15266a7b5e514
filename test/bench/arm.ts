import type { ArmName, Operation } from "./result.ts";
import type { Service } from "./service.ts";

/** One tool at work on so many tasks. */
export interface Session extends AsyncDisposable {
  readonly operations: readonly Operation[];
  /** @throws where it failed. */
  run(operation: Operation): Promise<void>;
  /** Undefined where it keeps none. */
  stateBytes(): Promise<number | undefined>;
}

/** One way to hand tasks over. */
export interface Arm {
  readonly name: ArmName;
  /** Why it cannot be measured on this machine. */
  missing?(): Promise<string | undefined>;
  /** Gets ready, which is not measured. */
  open(service: Service, tasks: number): Promise<Session>;
}

/** What every program is told by the environment. */
export const environmentOf = (
  { url, pace }: Pick<Service, "url" | "pace">,
  tasks: number,
  sendTime: string,
  secretKey: string,
): Readonly<Record<string, string>> => ({
  BENCH_URL: url,
  BENCH_PACE: String(pace),
  BENCH_COUNT: String(tasks),
  BENCH_SEND_TIME: sendTime,
  BENCH_KEY: secretKey,
  BENCH_FIRST: firstContent,
});

/** What the first task says, before and after `change one`; as long as what the others say. */
export const firstContent = "20 % off today";
export const changedContent = "30 % off today";
