import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "vitest";
import {
  type App,
  androidApp,
  type Emulator,
  type EmulatorOptions,
  iosApp,
  startEmulator,
} from "../../provider/emulator/index.ts";
import { type Context, createContext, type Log } from "../../provider/lifecycle/context.ts";
import {
  check,
  create,
  diff,
  type PushTaskState,
  read,
  readState,
  remove,
  update,
  writeState,
} from "../../provider/lifecycle/push-task/index.ts";
import type { PushService } from "../../provider/lifecycle/service.ts";
import type { Environment } from "../../provider/lifecycle/settings.ts";
import { writeRolls } from "../../provider/once/roll-call.ts";
import { createPushClient } from "../../provider/tpns/client.ts";
import type { Deadlines } from "../../provider/tpns/transport.ts";

export type Properties = Readonly<Record<string, unknown>>;

/** The moment at which every emulator of these tests starts, in UTC+8. */
export const start = "2027-02-01T08:00:00+08:00";
/** When the tests' tasks go out, unless told. */
export const sendTime = "2027-02-02T10:00:00+08:00";

export const urnOf = (name: string, stack = "dev"): string =>
  `urn:pulumi:${stack}::shop::pulumi-nodejs:dynamic/tpns:PushTask::${name}`;

export const identityOf = (name: string, stack = "dev"): string => `|acme|${urnOf(name, stack)}`;

/** A notification to all, as `PushTaskArgs` has it and the class completes it. */
export const springSale: Properties = {
  identity: identityOf("spring-sale"),
  audience: { type: "all" },
  sendTime,
  message: { title: "Spring sale", content: "20 % off today" },
};

/** The same for an iOS app. */
export const iosSale: Properties = {
  ...springSale,
  message: { title: "Spring sale", content: "20 % off today", ios: { aps: { alert: {} } } },
};

/** Another text for the same task. */
export const corrected = (task: Properties): Properties => ({
  ...task,
  message: { ...(typeof task.message === "object" ? task.message : {}), content: "30 % off today" },
});

export interface RunOptions {
  readonly app?: App;
  readonly config?: Readonly<Record<string, string>>;
  readonly env?: Environment;
  /** This machine's clock, in milliseconds; by default the real one, which is off by what the emulator's is. */
  readonly localNow?: () => number;
  /** What stands between the process and the service. */
  readonly around?: (service: PushService) => PushService;
  /** Other deadlines than the usual ones. */
  readonly deadlines?: Partial<Deadlines>;
  /** The journal's folder; by default one that all runs on the emulator share. */
  readonly journal?: string;
  /** Whether runs that began before go on beside this one; by default they have ended. */
  readonly beside?: boolean;
  /** Where the service is; by default the emulator itself. */
  readonly accessPoint?: string;
}

/** One phase of one run, as the engine's provider process is one: the handlers, and the lines that they wrote. */
export interface Process {
  readonly context: Context;
  readonly lines: readonly string[];
  check(news: Properties, olds?: Properties): Promise<readonly string[]>;
  create(news: Properties): Promise<Properties>;
  diff(olds: Properties, news: Properties): Promise<{ changes: boolean; replaces?: string[] }>;
  update(olds: Properties, news: Properties): Promise<Properties>;
  read(olds: Properties): Promise<Properties>;
  delete(olds: Properties): Promise<void>;
  /** The program has run to its end, and declared these and no others. */
  programEnded(...declared: readonly Properties[]): void;
  /** Ends it, as the engine does after a run, or a signal in the midst of one. */
  end(): void;
}

/** The processes on each emulator that have not ended. */
const running = new WeakMap<Emulator, Process[]>();

const journals = new WeakMap<Emulator, string>();

const allJournals = mkdtempSync(join(tmpdir(), "pulumi-tpns-journals-"));
globalThis.process.once("exit", () => rmSync(allJournals, { recursive: true, force: true }));

/** A folder for a journal, gone when the tests are over. */
const journalFolder = (): string => mkdtempSync(join(allJournals, "journal-"));

/** The next runs on the emulator are those of a new machine. */
export const loseJournal = (emulator: Emulator): boolean => journals.delete(emulator);

function journalOf(emulator: Emulator): string {
  const folder = journals.get(emulator) ?? journalFolder();
  journals.set(emulator, folder);
  return folder;
}

/** Starts a process whose waits move the emulator's clock. */
export function processOn(
  emulator: Emulator,
  {
    app = androidApp,
    config = {},
    env = {},
    localNow = Date.now,
    around = (service) => service,
    deadlines,
    journal = journalOf(emulator),
    beside = false,
    accessPoint = emulator.url,
  }: RunOptions = {},
): Process {
  const others = running.get(emulator) ?? [];
  if (!beside) for (const other of others) other.end();
  const lines: string[] = [];
  const settings: Record<string, string> = {
    "tpns:accessId": app.accessId,
    "tpns:platform": app.platform,
    "tpns:accessPoint": accessPoint,
    "tpns:secretKey": app.secretKey,
    "tpns:explicit": "true",
    ...config,
  };
  const context = createContext({
    config: (key) => settings[key],
    env: { TPNS_JOURNAL: journal, ...env },
    log: logTo(lines),
    createService: ({ accessId, baseUrl, authentication: auth }, secretKey) =>
      around(
        createPushClient({
          accessId,
          secretKey,
          baseUrl,
          auth,
          localNow,
          deadlines,
          wait: async (seconds) => emulator.clock.step(seconds),
        }),
      ),
  });
  const stored = (state: PushTaskState): Properties => writeState(state);
  const process: Process = {
    context,
    lines,
    check: async (news, olds = {}) => (await check(context, olds, news)).failures.map(({ reason }) => reason),
    create: async (news) => stored(await create(context, news)),
    diff: (olds, news) => diff(context, readState(olds), news),
    update: async (olds, news) => stored(await update(context, readState(olds), news)),
    read: async (olds) => stored(await read(context, readState(olds))),
    delete: (olds) => remove(context, readState(olds)),
    programEnded: (...declared) =>
      writeRolls(
        journal,
        declared.map(({ identity }) => String(identity)),
        Date.now(),
      ),
    end: () => context.close(),
  };
  running.set(emulator, beside ? [...others, process] : [process]);
  return process;
}

const logTo = (lines: string[]): Log => ({
  info: (line) => lines.push(`info: ${line}`),
  warning: (line) => lines.push(`warning: ${line}`),
  status: (line) => lines.push(`status: ${line}`),
});

const emulatorOptions: EmulatorOptions = {};

/** One emulator a test, on a free port, whose clock stands still unless stepped. */
export const test = base
  .extend("emulatorOptions", emulatorOptions)
  .extend("emulator", async ({ emulatorOptions }, { onCleanup }) => {
    const emulator = await startEmulator({ now: start, pace: 0, ...emulatorOptions });
    onCleanup(() => emulator.close());
    return emulator;
  });

/** What each phone of the app alerted of, oldest first: the tests' oracle. */
export const alertsOf = (emulator: Emulator, app: App = androidApp): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    emulator.phones
      .filter((phone) => phone.accessId === app.accessId && phone.alerts.length > 0)
      .map((phone) => [phone.name, phone.alerts.map(({ content }) => content)]),
  );

/** Pushes that the service took, whether anybody saw them or not. */
export const pushesTo = (emulator: Emulator): number =>
  emulator.requests.filter(({ path, retCode }) => path === "/v3/push/app" && retCode === 0).length;

export { androidApp, iosApp };
