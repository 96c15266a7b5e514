import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Emulator } from "../../provider/emulator/index.ts";
import type { CommandResult } from "../engine/command.ts";
import { type Project, succeed } from "../engine/run.ts";
import { alertsOf, type Guards, openShop, programOf, type Shop, type ShopOptions, type Tasks } from "../engine/shop.ts";
import { type Phase, tasks as plainTasks } from "./task.ts";
import { applyTemplate, type Template, templateOf } from "./template.ts";

/** The moment of every surprise. */
const now = "2027-02-04T10:05:00+08:00";
const whenSentWasLive = "2027-02-02T10:05:00+08:00";
const offlinePhone = "own-channel-offline";

/** What each phone got, by its name. */
export type Contents = Readonly<Record<string, readonly string[]>>;

/** What there is of one task: what phones alerted of, and what is scheduled. */
export interface World {
  readonly alerts: Contents;
  readonly scheduled: readonly string[];
}

/** What a program has besides its tasks. */
export interface Script {
  readonly guards?: Guards;
  /** Statements between the imports and the providers. */
  readonly prelude?: string;
}

/** A stack with one task in each phase, and what a user does to it. */
export interface Stage extends AsyncDisposable {
  readonly shop: Shop;
  readonly emulator: Emulator;
  readonly project: Project;
  /** What the user has read since the surprise began. */
  readonly shown: string[];
  /** Writes the program with these tasks; in resource options `"@root"` is the variable `root`. */
  declare(tasks: Tasks, script?: Script): Promise<void>;
  /** The same with some tasks declared otherwise, or no more, than they were last. */
  change(tasks: Readonly<Record<string, Tasks[string] | undefined>>, script?: Script): Promise<void>;
  /** An operation that the user looks at, with its preview; whether it succeeds is seen in what it says. */
  show(command: string, ...flags: readonly string[]): Promise<CommandResult>;
  /** A command that prepares, and has to succeed. */
  run(...args: readonly string[]): Promise<string>;
  /** `up` without a preview, which has to succeed. */
  up(): Promise<string>;
  urns(names: readonly string[]): Promise<readonly string[]>;
  /** One flag for each task. */
  flags(flag: string, names: readonly string[]): Promise<readonly string[]>;
  world(name: Phase): World;
  loseJournal(): Promise<void>;
  /** What `pulumi stack export` gives, secrets in plain text. */
  exportState(): Promise<string>;
  importState(text: string, ...flags: readonly string[]): Promise<void>;
  write(file: string, text: string): Promise<void>;
}

export interface StageOptions {
  readonly shop?: ShopOptions;
  readonly script?: Script;
  /** Default: three plain ones. */
  readonly tasks?: Tasks;
  /** Before the first `up`. */
  readonly configure?: (stage: Stage) => void;
}

/** Opens a stack whose three tasks have come to their phases, while nobody has looked since they were created. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const stage = stageOf(await openShop(options.shop));
  if (Object.keys(options).length > 0) {
    options.configure?.(stage);
    await stage.declare(options.tasks ?? plainTasks, options.script);
    await stage.up();
  } else {
    plain ??= openPlain();
    await applyTemplate(await plain, stage.emulator, stage.project);
    await stage.declare(plainTasks);
  }
  letTimePass(stage.emulator);
  return stage;
}

let plain: Promise<Template> | undefined;

/** What most rows begin with is made once. */
async function openPlain(): Promise<Template> {
  await using stage = stageOf(await openShop());
  await stage.declare(plainTasks);
  await stage.up();
  return await templateOf(stage.emulator, stage.project);
}

function stageOf(shop: Shop): Stage {
  const { emulator, project } = shop;
  const journal = join(dirname(project.folder), "journal");
  project.setEnv("TPNS_JOURNAL", journal);
  const shown: string[] = [];
  let last: { readonly tasks: Tasks; readonly script: Script } = { tasks: {}, script: {} };
  const pulumi = (...args: readonly string[]): Promise<CommandResult> =>
    project.pulumi(...args, "--non-interactive", "--color=never");
  const urns: Stage["urns"] = (names) => Promise.all(names.map(shop.urnOf));
  const run: Stage["run"] = (...args) => succeed(pulumi(...args));
  const write: Stage["write"] = (file, text) => writeFile(join(project.folder, file), text);
  const declare: Stage["declare"] = (tasks, script = {}) => {
    last = { tasks, script };
    return project.setProgram(withPrelude(programOf(emulator.url, tasks, script.guards), script.prelude ?? ""));
  };
  return {
    shop,
    emulator,
    project,
    shown,
    declare,
    change: (tasks, script = last.script) => declare(merged(last.tasks, tasks), script),
    async show(command, ...flags) {
      const result = await pulumi(command, ...(command === "preview" ? [] : ["--yes"]), ...flags);
      shown.push(result.output);
      return result;
    },
    run,
    up: () => run("up", "--yes", "--skip-preview"),
    urns,
    flags: async (flag, names) => (await urns(names)).flatMap((urn) => [flag, urn]),
    world: (name) => ({
      alerts: alertsOf(emulator, name),
      scheduled: emulator.tasks
        .filter(({ title, status }) => title === name && status === "PUSH_WAIT")
        .map(({ content }) => content),
    }),
    loseJournal: () => rm(journal, { recursive: true, force: true }),
    async exportState() {
      await run("stack", "export", "--show-secrets", "--file", "exported.json");
      return await readFile(join(project.folder, "exported.json"), "utf8");
    },
    async importState(text, ...flags) {
      await write("imported.json", text);
      await run("stack", "import", "--file", "imported.json", ...flags);
    },
    write,
    [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose](),
  };
}

const merged = (before: Tasks, now: Readonly<Record<string, Tasks[string] | undefined>>): Tasks =>
  Object.fromEntries(Object.entries({ ...before, ...now }).flatMap(([name, task]) => (task ? [[name, task]] : [])));

/** After the import of the package; pulumi itself is imported beside it. */
const withPrelude = (program: string, prelude: string): string =>
  program.replace("\n", `\nimport * as pulumi from "@pulumi/pulumi";\n${prelude}\n`).replaceAll(/"@([\w.]+)"/g, "$1");

/** The phone that is offline comes online for the first task, and goes offline again. */
function letTimePass(emulator: Emulator): void {
  emulator.clock.set(whenSentWasLive);
  emulator.setOnline(offlinePhone, true);
  emulator.setOnline(offlinePhone, false);
  emulator.clock.set(now);
}

/** Every phone comes online, and what is scheduled goes out. */
export function finish(emulator: Emulator): void {
  for (const { name } of emulator.phones) emulator.setOnline(name, true);
  for (const { status, sendTime } of emulator.tasks) {
    if (status === "PUSH_WAIT") emulator.clock.set(`${sendTime.replace(" ", "T")}+08:00`);
  }
  emulator.clock.step(60);
}
