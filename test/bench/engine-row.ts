import type { Arm, Session } from "./arm.ts";
import { watchProcesses } from "./process-use.ts";
import {
  type ArmName,
  type Delivery,
  type Measurement,
  type Operation,
  operations,
  type ServiceKind,
} from "./result.ts";
import { type Service, startService } from "./service.ts";
import { trafficOf } from "./traffic.ts";

/** An arm with a service of its own. */
interface Opened extends AsyncDisposable {
  readonly arm: Arm;
  readonly service: Service;
  readonly session: Session;
}

/** What a row has found. */
export interface RowResult {
  readonly measurements: readonly Measurement[];
  readonly deliveries: readonly Delivery[];
}

/** Every operation of every arm, one after the other: each operation of all arms before the next one. */
export async function measureRow(
  kind: ServiceKind,
  tasks: number,
  arms: readonly Arm[],
  report: (measured: Measurement) => void,
): Promise<RowResult> {
  await using opened = new AsyncDisposableStack();
  const all: Opened[] = [];
  for (const arm of arms) all.push(opened.use(await open(arm, kind, tasks)));
  const measurements: Measurement[] = [];
  const deliveries: Delivery[] = [];
  for (const operation of operations) {
    const able = all.filter(({ session }) => session.operations.includes(operation));
    for (const one of able.filter(({ arm }) => !isBeyondTheHour(arm.name, kind, tasks, operation))) {
      const subject = { level: "engine", service: kind, arm: one.arm.name, n: tasks } as const;
      if (operation === "destroy") deliveries.push({ ...subject, ...(await one.service.deliver()) });
      const others = all.map(({ service }) => service.pid);
      const measured = { ...subject, operation, ...(await measure(one, operation, others)) };
      measurements.push(measured);
      report(measured);
    }
  }
  return { measurements, deliveries };
}

/** The service's limit. */
const queriesPerHour = 200;

/** A query for each task is more than the hour has: who tries again and again would do so for half an hour, and fail. */
const isBeyondTheHour = (arm: ArmName, kind: ServiceKind, tasks: number, operation: Operation): boolean =>
  arm === "naive" && kind === "limited" && operation === "refresh" && tasks > queriesPerHour;

/** What rows of so many tasks at the service's limits do without. */
export const omissionsAtTheLimit = (rows: readonly number[]): readonly string[] =>
  rows
    .filter((tasks) => isBeyondTheHour("naive", "limited", tasks, "refresh"))
    .map((tasks) => `refresh of ${tasks} by the naive provider at the real limit: a query each, of 200 an hour`);

async function open(arm: Arm, kind: ServiceKind, tasks: number): Promise<Opened> {
  const service = await startService(kind, "engine");
  const session = await arm.open(service, tasks);
  return {
    arm,
    service,
    session,
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]();
      await service[Symbol.asyncDispose]();
    },
  };
}

type Found = Omit<Measurement, "level" | "service" | "arm" | "n" | "operation">;

async function measure({ service, session }: Opened, operation: Operation, others: readonly number[]): Promise<Found> {
  const startedAt = await service.now();
  await service.resume(operation);
  const watch = watchProcesses(others);
  const began = performance.now();
  const failure = await session.run(operation).then(() => undefined, messageOf);
  const seconds = (performance.now() - began) / 1_000;
  const use = watch.stop();
  await service.pause();
  const traffic = trafficOf(await service.newRequests(), { seconds, startedAt, pace: service.pace });
  const stateBytes = await session.stateBytes();
  return { seconds, use, ...traffic, stateBytes, ...(failure !== undefined && { failure }) };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
