import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { countsOf } from "./fit.ts";
import { type Level, type Operation, pushPath, type ServiceKind } from "./result.ts";

const main = fileURLToPath(new URL("../../provider/cli/main.ts", import.meta.url));

const dayMilliseconds = 24 * 60 * 60 * 1_000;
/** Whole seconds, as the service has them. */
const daysFromNow = (days: number): string =>
  new Date(Date.now() + days * dayMilliseconds).toISOString().replace(/\.\d+/, "");

/** The first minutes of this machine's day in UTC+8, which the clock does not leave while something is measured. */
const today = (): string => `${new Date(Date.now() + 8 * 60 * 60 * 1_000).toISOString().slice(0, 10)}T00:05:00+08:00`;

/** When every task goes out: near enough to be listed, and never reached while something is measured. */
export const sendTime = daysFromNow(26);
/** When all that went out has been delivered. */
const afterwards = daysFromNow(28);

/**
 * Service seconds per real one while a service without limits takes pushes: the pause between two of them is over before
 * the next one comes, and no more days than needed go by. The engine hands over slowly; the protocol as fast as it can.
 */
const unthrottledPace: Readonly<Record<Level, number>> = { engine: 200, provider: 1_000 };

/** Without limits nobody is to wait for the hour in which there are queries again. */
const removalPace = 2_000;

/** What the software does between two pushes counts so many times. */
const limitedPace = 4;

/** A clock that runs fast leaves the callers' behind: signatures of any age are accepted. */
const everywhere = ["signatureWindowSeconds=0"];

const switchesOf: Readonly<Record<ServiceKind, readonly string[]>> = {
  free: [...everywhere, "pushesPerSecond=0", "queriesPerHour=0", "repeatSeconds=0"],
  limited: everywhere,
};

const Ready = z.object({ url: z.string() });
const Time = z.object({ now: z.iso.datetime() });
const Requests = z.array(z.object({ path: z.string(), at: z.iso.datetime(), retCode: z.int().optional() }));
const Phones = z.array(z.object({ alerts: z.array(z.object({ title: z.string() })) }));

/** A request that the service saw. */
export type SeenRequest = z.output<typeof Requests>[number];

/** Which tasks reached phones, and which of them a phone more than once. */
interface Reached {
  readonly once: number;
  readonly twice: number;
}

/** The emulator in a process of its own, for one arm alone; its clock stands still but for what is measured. */
export interface Service extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** Service seconds per real one while it takes pushes. */
  readonly pace: number;
  /** Lets its clock run. */
  resume(operation: Operation): Promise<void>;
  pause(): Promise<void>;
  /** Milliseconds since 1970. */
  now(): Promise<number>;
  /** Those since the last call of this, in order. */
  newRequests(): Promise<readonly SeenRequest[]>;
  /** The next pushes are taken, and not answered. */
  loseAnswers(pushes: number): Promise<void>;
  /** Lets everything go out that is scheduled now, in a copy. */
  deliver(): Promise<Reached>;
}

/** A service works on a disk of its own: on this machine's it would delay what an arm writes there. */
const memoryFolder = (): string => (existsSync("/dev/shm") ? "/dev/shm" : tmpdir());

/** Starts it for one arm of a row. */
export async function startService(kind: ServiceKind, level: Level): Promise<Service> {
  const folder = await mkdtemp(join(memoryFolder(), "pulumi-tpns-bench-"));
  const data = join(folder, "service.db");
  const switches = switchesOf[kind].flatMap((pair) => ["--switch", pair]);
  const pace = kind === "limited" ? limitedPace : unthrottledPace[level];
  let emulator = await startEmulator("--now", today(), "--pace", "0", "--data", data, ...switches);
  let seen = 0;
  const { url } = emulator;
  /** What pushes nothing, and asks little, waits for nothing. */
  const paceOf = (operation: Operation): number => {
    if (operation === "destroy") return removalPace;
    return operation === "up" ? pace : 1;
  };
  const change = (body: object): Promise<unknown> => ask(url, "clock", body);

  return {
    url,
    pace,
    get pid() {
      return emulator.pid;
    },
    resume: async (operation) => {
      await change({ pace: kind === "limited" ? pace : paceOf(operation) });
    },
    pause: async () => {
      await change({ pace: 0 });
    },
    now: async () => Date.parse(Time.parse(await ask(url, "clock")).now),
    async newRequests() {
      const all = Requests.parse(await ask(url, "requests"));
      const fresh = all.slice(seen);
      seen = all.length;
      return fresh;
    },
    loseAnswers: async (times) => {
      await ask(url, "faults", { path: pushPath, fault: "dropAfter", times });
    },
    async deliver() {
      await emulator.stop();
      const copy = join(folder, "copy.db");
      await cp(data, copy);
      const port = new URL(url).port;
      emulator = await startEmulator("--port", port, "--pace", "0", "--data", data, ...switches);
      return await reachedIn(copy);
    },
    async [Symbol.asyncDispose]() {
      await emulator.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startEmulator(...args: readonly string[]) {
  const port = args.includes("--port") ? [] : ["--port", "0"];
  const child = spawn(execPath, [main, "emulator", "--json", ...port, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, "line");
  // The lines of the requests that follow are taken from the control API, where none can be late.
  lines.on("line", () => {});
  const { url } = Ready.parse(JSON.parse(String(line)));
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  return { url, pid: child.pid ?? 0, stop };
}

async function reachedIn(data: string): Promise<Reached> {
  const { url, stop } = await startEmulator("--pace", "0", "--data", data);
  try {
    await ask(url, "clock", { set: afterwards });
    const counts = new Map<string, number>();
    for (const { alerts } of Phones.parse(await ask(url, "phones"))) {
      for (const [title, count] of countsOf(alerts.map(({ title }) => title))) {
        counts.set(title, Math.max(counts.get(title) ?? 0, count));
      }
    }
    return { once: counts.size, twice: [...counts.values()].filter((count) => count > 1).length };
  } finally {
    await stop();
  }
}

async function ask(url: string, what: string, body?: object): Promise<unknown> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(`${url}/emulator/${what}`, init);
  if (!response.ok) throw new Error(`${what}: ${await response.text()}`);
  return response.json();
}
