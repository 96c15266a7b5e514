import {
  type App,
  androidApp,
  type Emulator,
  type EmulatorOptions,
  iosApp,
  type Notification,
  type Phone,
  startEmulator,
} from "../../provider/emulator/index.ts";
import type { AudienceArgs, PushTaskArgs } from "../../provider/index.ts";
import type { CommandResult } from "./command.ts";
import { createProject, type Project, type ProjectOptions, succeed } from "./run.ts";

/** The moment at which every shop opens. */
const start = "2027-02-01T08:00:00+08:00";

/** When a shop's tasks go out, unless told. */
const sendTime = "2027-02-02T10:00:00+08:00";
/** A moment at which they are on phones, and still delivered to those that come online. */
export const whenLive = "2027-02-02T10:05:00+08:00";

export const first = "20 % off today";
export const second = "30 % off today";

/** Phones with the tag are the own channel's and OPPO's that are online, and the iPhone. */
export const toVips: AudienceArgs = {
  type: "tag",
  tagRules: [{ tagItems: [{ tags: ["vip"], tagsOperator: "OR" }] }],
};

/** A task as a program declares it: to all, at `sendTime`, under its name as title, unless it says otherwise. */
export interface Declared extends Partial<PushTaskArgs> {
  /** Default `first`. */
  readonly content?: string;
  /** Whose `tpns.Provider` it is given; or none. Default `android`. */
  readonly app?: App["platform"] | "default";
  /** Resource options that are JSON. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** By resource name. */
export type Tasks = Readonly<Record<string, Declared>>;

/** The arguments of a shop's providers, besides the app. */
export type Guards = Readonly<Record<string, unknown>>;

const json = (value: unknown): string => JSON.stringify(value);

const providerText = (app: App, accessPoint: string, guards: Guards): string =>
  `const ${app.platform} = new tpns.Provider("shop-${app.platform}", ${json({ ...app, accessPoint, ...guards })});\n`;

/** A statement at the top level, where the engine records the shortest stack trace. */
const taskText = (name: string, { content = first, app = "android", options = {}, ...args }: Declared): string => {
  const message = { title: name, content, ...(app === "ios" && { ios: { aps: { alert: {} } } }) };
  const all = { audience: { type: "all" }, sendTime, message, ...args };
  const provider = app === "default" ? "" : `, provider: ${app}`;
  return `new tpns.PushTask(${json(name)}, ${json(all)}, { ...${json(options)}${provider} });\n`;
};

/** A program with one provider for each app that has tasks. */
export const programOf = (accessPoint: string, tasks: Tasks, guards: Guards = {}): string => {
  const platforms: readonly string[] = Object.values(tasks).map(({ app = "android" }) => app);
  const apps = [androidApp, iosApp].filter(({ platform }) => platforms.includes(platform));
  const providers = apps.map((app) => providerText(app, accessPoint, guards));
  const texts = Object.entries(tasks).map(([name, declared]) => taskText(name, declared));
  return [`import * as tpns from "pulumi-tpns";\n`, ...providers, ...texts].join("");
};

export interface ShopOptions extends Pick<ProjectOptions, "env" | "stack"> {
  readonly emulator?: EmulatorOptions;
  readonly guards?: Guards;
}

/** A project whose tasks go to an emulator of its own. */
export interface Shop extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly project: Project;
  /** Writes the program that the next operations run. */
  declare(tasks: Tasks, guards?: Guards): Promise<void>;
  /** Declares, and runs an `up` that succeeds; gives what it said. */
  up(tasks: Tasks, guards?: Guards): Promise<string>;
  /** What the state holds of a task. */
  stateOf(name: string): Promise<Readonly<Record<string, unknown>>>;
  pushIdOf(name: string): Promise<string>;
  urnOf(name: string): Promise<string>;
}

/** A real second is a minute of service time: waits are short, and nothing goes out before the clock is set. */
export const pace = 60;

/** Opens a shop that has not run its program yet. */
export async function openShop({ emulator: options, guards: own = {}, ...rest }: ShopOptions = {}): Promise<Shop> {
  const emulator = await startEmulator({ now: start, pace, ...options });
  const project = await createProject({ ...rest, program: "" });
  const declare: Shop["declare"] = (tasks, guards = own) => project.setProgram(programOf(emulator.url, tasks, guards));
  const resourceOf = async (name: string) => {
    const { resources } = await project.exportState();
    const found = resources.find(({ urn }) => urn.endsWith(`:PushTask::${name}`));
    if (found === undefined) throw new Error(`the state holds no task ${name}`);
    return found;
  };
  return {
    emulator,
    project,
    declare,
    up: async (tasks, guards) => {
      await declare(tasks, guards);
      return succeed(project.up());
    },
    stateOf: async (name) => (await resourceOf(name)).outputs,
    pushIdOf: async (name) => String((await resourceOf(name)).outputs.pushId),
    urnOf: async (name) => (await resourceOf(name)).urn,
    [Symbol.asyncDispose]: async () => {
      await project.dispose();
      await emulator.close();
    },
  };
}

/** What an operation said that was to fail. */
export async function refusalOf(operation: Promise<CommandResult>): Promise<string> {
  const { code, output } = await operation;
  if (code === 0) throw new Error(`nothing was refused\n${output}`);
  return output;
}

/** What the service has, by title, oldest first: `PUSH_WAIT 20 % off today`. */
export const tasksOf = ({ tasks }: Emulator): Readonly<Record<string, readonly string[]>> =>
  byTitle(tasks.map(({ title, status, content }) => [title, `${status} ${content}`]));

const byTitle = (rows: readonly (readonly [string, string])[]): Readonly<Record<string, readonly string[]>> => {
  const lists = new Map<string, string[]>();
  for (const [title, row] of rows) lists.set(title, [...(lists.get(title) ?? []), row]);
  return Object.fromEntries(lists);
};

type Contents = Readonly<Record<string, readonly string[]>>;

const contentsOf = (emulator: Emulator, title: string, list: (phone: Phone) => readonly Notification[]): Contents =>
  Object.fromEntries(
    emulator.phones
      .map((phone) => [phone.name, list(phone).filter((shown) => shown.title === title)] as const)
      .filter(([, shown]) => shown.length > 0)
      .map(([name, shown]) => [name, shown.map(({ content }) => content)]),
  );

/** What each phone alerted of under a title, oldest first: the tests' oracle. */
export const alertsOf = (emulator: Emulator, title: string): Contents =>
  contentsOf(emulator, title, ({ alerts }) => alerts);

/** What each notification centre shows under a title. */
export const centresOf = (emulator: Emulator, title: string): Contents =>
  contentsOf(emulator, title, ({ notifications }) => notifications);

const androidPhones = ["own-channel", "own-channel-offline", "huawei-emui9", "huawei-emui10", "oppo"] as const;
const iosPhones = ["iphone", "iphone-offline"] as const;

/** Every phone of the app that is online from the beginning got these. */
export const online = (platform: App["platform"], ...contents: readonly string[]): Contents =>
  Object.fromEntries(
    (platform === "ios" ? iosPhones : androidPhones)
      .filter((name) => !name.endsWith("offline"))
      .map((name) => [name, contents]),
  );

/** Every phone of the app got these. */
export const everybody = (platform: App["platform"], ...contents: readonly string[]): Contents =>
  Object.fromEntries((platform === "ios" ? iosPhones : androidPhones).map((name) => [name, contents]));
