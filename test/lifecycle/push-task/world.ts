import type { App, Emulator } from "../../../provider/emulator/index.ts";
import type { KnownPhase } from "../../../provider/remedy/phase.ts";
import { cancelPath, codeOf, recordPath } from "../../emulator/fixture.ts";
import {
  androidApp,
  iosApp,
  iosSale,
  type Process,
  type Properties,
  processOn,
  type RunOptions,
  springSale,
} from "../fixture.ts";

/** One run on a machine whose clock is right. */
export const runOn = (emulator: Emulator, options: RunOptions = {}): Process =>
  processOn(emulator, { localNow: () => emulator.clock.now().getTime(), ...options });

/** A run that was given consents by the environment. */
export const consenting = (emulator: Emulator, consents: string, options: RunOptions = {}): Process =>
  runOn(emulator, { ...options, env: { ...options.env, TPNS_CONSENT: consents } });

/** The line of a refusal; fails where nothing is refused. */
export async function lineOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

/** The outputs that an error leaves with the engine; fails where it leaves none. */
export async function outsOf(work: Promise<unknown>): Promise<{ line: string; outs: Properties }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error && "outs" in error && isProperties(error.outs)) {
      return { line: error.message, outs: error.outs };
    }
    throw error;
  }
  throw new Error("nothing is incomplete");
}

const isProperties = (value: unknown): value is Properties => typeof value === "object" && value !== null;

/** Somebody cancels in the service's console. */
export async function cancelInConsole(emulator: Emulator, pushId: string, app: App = androidApp): Promise<void> {
  const code = await codeOf(emulator, cancelPath, { pushId }, app);
  if (code !== 0) throw new Error(`the console could not cancel ${pushId}: ${code}`);
}

export const pushIdOf = ({ pushId }: Properties): string => String(pushId);

/** Calls that change something on the service, or try to. */
export const changesTo = (emulator: Emulator): number =>
  emulator.requests.filter(({ path }) => path !== recordPath).length;

/** Queries that the service answered. */
export const queriesTo = (emulator: Emulator): number =>
  emulator.requests.filter(({ path, retCode }) => path === recordPath && retCode === 0).length;

/** The tasks that the service has, in words. */
export const tasksOf = (emulator: Emulator): readonly string[] =>
  emulator.tasks.map(({ status, content, sendTime }) => `${status} ${content} ${sendTime.slice(0, 16)}`);

export const statusesOf = (emulator: Emulator): readonly string[] => emulator.records.map(({ status }) => status);

/** All that a run could have changed. */
export const worldOf = (emulator: Emulator): unknown => ({
  tasks: emulator.tasks,
  phones: emulator.phones,
  changes: changesTo(emulator),
});

/** Lets the service send what is scheduled, and switches every phone on. */
export function finish(emulator: Emulator): void {
  for (const { status, sendTime } of emulator.tasks) {
    const at = `${sendTime.replace(" ", "T")}+08:00`;
    if (status === "PUSH_WAIT" && new Date(at) > emulator.clock.now()) emulator.clock.set(at);
  }
  emulator.clock.step(60);
  for (const { name } of emulator.phones) emulator.setOnline(name, true);
}

/** What somebody sees on a phone that can replace a notification, on one that cannot, and on one that was offline. */
export interface Got {
  readonly replacing: readonly string[];
  readonly keeping: readonly string[];
  readonly offline: readonly string[];
}

const phonesByPlatform = {
  android: {
    replacing: ["own-channel", "huawei-emui10"],
    keeping: ["huawei-emui9", "oppo"],
    offline: "own-channel-offline",
  },
  ios: { replacing: ["iphone"], keeping: [], offline: "iphone-offline" },
} as const;

/** Every phone's alerts, from those of the three kinds. */
export function alertsFor(
  { platform }: App,
  { replacing, keeping, offline }: Got,
): Readonly<Record<string, readonly string[]>> {
  const phones = phonesByPlatform[platform];
  const alerts = [
    ...phones.replacing.map((name) => [name, replacing] as const),
    ...phones.keeping.map((name) => [name, keeping] as const),
    [phones.offline, offline] as const,
  ];
  return Object.fromEntries(alerts.filter(([, contents]) => contents.length > 0));
}

/** What the notification centre of every phone that shows something shows. */
export const centresOf = (emulator: Emulator, { accessId }: App): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    emulator.phones
      .filter((phone) => phone.accessId === accessId && phone.notifications.length > 0)
      .map(({ name, notifications }) => [name, notifications.map(({ content }) => content)]),
  );

/** The columns of the remedy table. */
export const phases = ["pending", "live", "sent", "withdrawn", "failed", "archived", "skipped"] as const;

/** Moments in the life of a task that goes out on 2 February at 10:00 and is kept for a day. */
export const moments = {
  pending: "2027-02-01T10:00:00+08:00",
  live: "2027-02-02T10:05:00+08:00",
  sent: "2027-02-04T10:00:00+08:00",
  archived: "2027-03-20T10:00:00+08:00",
} as const;

/** A send time before every test begins. */
export const pastTime = "2027-01-31T10:00:00+08:00";

/** A send time ahead of every moment above. */
export const laterTime = "2027-03-25T10:00:00+08:00";

type Arrival = (emulator: Emulator, pushId: string, app: App) => void | Promise<void>;

const arrivals: Record<KnownPhase, Arrival> = {
  pending: ({ clock }) => clock.set(moments.pending),
  live: ({ clock }) => clock.set(moments.live),
  sent: ({ clock }) => clock.set(moments.sent),
  archived: ({ clock }) => clock.set(moments.archived),
  withdrawn: (emulator, pushId, app) => {
    emulator.clock.set(moments.pending);
    return cancelInConsole(emulator, pushId, app);
  },
  failed: (emulator, pushId) => {
    emulator.clock.set(moments.pending);
    emulator.setStatus(pushId, "PUSH_FAILED");
  },
  skipped: ({ clock }) => clock.set(moments.pending),
};

export const taskOf = ({ platform }: App): Properties => (platform === "ios" ? iosSale : springSale);

/** A declared task, and its state as the run stored it that created it: nobody has looked since. */
export interface Brought {
  readonly declared: Properties;
  readonly state: Properties;
}

/** Creates a task and lets the world bring it into a phase. */
export async function bring(
  emulator: Emulator,
  phase: KnownPhase,
  app: App = androidApp,
  task: Properties = taskOf(app),
): Promise<Brought> {
  const declared = phase === "skipped" ? { ...task, sendTime: pastTime, pastSendTime: "skip" } : task;
  const state = await runOn(emulator, { app }).create(declared);
  await arrivals[phase](emulator, pushIdOf(state), app);
  return { declared, state };
}

export { androidApp, iosApp };
