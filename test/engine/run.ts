import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { env as processEnv } from "node:process";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { type CommandResult, runCommand } from "./command.ts";
import { type Engine, getEngine } from "./engine.ts";

/** The repository, whose package and SDK a project uses. */
export const repository = join(import.meta.dirname, "..", "..");

/** The Node that the repository pins; its programs and the dynamic provider run on it. */
export const nodeFolder = join(repository, "node_modules", "node", "bin");

/** Loading the SDK is most of an operation's time, and Node keeps what it compiled. */
const compileCacheFolder = join(repository, "node_modules", ".cache", "node-compile-cache");

export interface ProjectOptions {
  /** The text of `index.ts`: an ES module, in TypeScript without anything that Node cannot strip. */
  readonly program: string;
  /** Of the project; default `test`. */
  readonly name?: string;
  /** Default `dev`. */
  readonly stack?: string;
  /** The stack's plain configuration, by whole key: `tpns:accessId`. */
  readonly config?: Readonly<Record<string, string>>;
  /** The stack's encrypted configuration, by whole key. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Added to the environment of every operation. */
  readonly env?: Readonly<Record<string, string>>;
  /** More files of the project, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A resource as the state holds it. */
const StateResource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
  initErrors: z.array(z.string()).default([]),
});

/** A stack's state, as `pulumi stack export` gives it under `deployment`. */
const Deployment = z.looseObject({
  resources: z.array(StateResource).default([]),
  pending_operations: z.array(z.unknown()).default([]),
});
type Deployment = z.output<typeof Deployment>;

const Checkpoint = z.object({ checkpoint: z.object({ latest: Deployment.optional() }) });

/** A throw-away Pulumi project with one stack, and the engine's operations on it; none throws for an exit code. */
export interface Project extends AsyncDisposable {
  readonly folder: string;
  /** The stack's state file. */
  readonly stateFile: string;
  /** Of every operation: for who starts one otherwise. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Runs `pulumi` with these arguments in the project. */
  pulumi(...args: readonly string[]): Promise<CommandResult>;
  /** Without the preview that would run first. */
  up(...extra: readonly string[]): Promise<CommandResult>;
  preview(...extra: readonly string[]): Promise<CommandResult>;
  refresh(...extra: readonly string[]): Promise<CommandResult>;
  destroy(...extra: readonly string[]): Promise<CommandResult>;
  setProgram(text: string): Promise<void>;
  /** For the operations that follow; `undefined` removes. */
  setEnv(name: string, value: string | undefined): void;
  /** Read from the backend's file, at no cost. */
  exportState(): Promise<Deployment>;
  /** Ends what runs and removes every trace. */
  dispose(): Promise<void>;
}

/** Makes a project that uses the repository's package, with a backend and a home of its own. */
export const createProject = async (options: ProjectOptions): Promise<Project> =>
  await createProjectWith(await getEngine(() => {}), options);

/** The same, on an engine that is there. */
export const createProjectWith = async (engine: Engine, options: ProjectOptions): Promise<Project> => {
  const root = await realpath(await mkdtemp(join(tmpdir(), "pulumi-tpns-")));
  const project = await openProject(engine, root, options);
  await linkModules(project.folder);
  await writeProject(project, options);
  await initStack(project, options);
  return project;
};

/** The operations in `root`/project, whose files and modules are the caller's. */
export const openProject = async (
  engine: Engine,
  root: string,
  { name = "test", stack = "dev", env }: Pick<ProjectOptions, "name" | "stack" | "env">,
): Promise<Project> => {
  const folder = join(root, "project");
  const backendFolder = join(root, "backend");
  const environment: Record<string, string | undefined> = { ...(await environmentIn(root, engine)), ...env };
  const stateFile = join(backendFolder, ".pulumi", "stacks", name, `${stack}.json`);
  const ended = new AbortController();
  const running = new Set<Promise<unknown>>();

  const pulumi = async (...args: readonly string[]): Promise<CommandResult> => {
    const command = runCommand(join(engine.folder, "pulumi"), args, {
      cwd: folder,
      env: environment,
      signal: ended.signal,
    });
    running.add(command);
    return await command.finally(() => running.delete(command));
  };
  const operation =
    (...fixed: readonly string[]) =>
    (...extra: readonly string[]) =>
      pulumi(...fixed, "--non-interactive", "--color=never", ...extra);
  const dispose = async (): Promise<void> => {
    ended.abort();
    await Promise.allSettled(running);
    await rm(root, { recursive: true, force: true });
  };

  return {
    folder,
    stateFile,
    environment,
    pulumi,
    up: operation("up", "--yes", "--skip-preview"),
    preview: operation("preview"),
    refresh: operation("refresh", "--yes", "--skip-preview"),
    destroy: operation("destroy", "--yes", "--skip-preview"),
    setProgram: (text) => writeFile(join(folder, "index.ts"), text),
    setEnv: (key, value) => {
      environment[key] = value;
    },
    exportState: () => readState(stateFile),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
};

/** Nothing of this machine's user is in it: the home, the backend and the engine's own folder are new. */
const environmentIn = async (root: string, engine: Engine): Promise<Readonly<Record<string, string>>> => {
  const folders = { home: join(root, "home"), pulumi: join(root, "pulumi"), backend: join(root, "backend") };
  const all = [...Object.values(folders), join(root, "project")];
  await Promise.all(all.map((folder) => mkdir(folder, { recursive: true })));
  return {
    PATH: [nodeFolder, engine.folder, processEnv.PATH ?? ""].join(delimiter),
    HOME: folders.home,
    PULUMI_HOME: folders.pulumi,
    PULUMI_BACKEND_URL: pathToFileURL(folders.backend).href,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    NODE_COMPILE_CACHE: compileCacheFolder,
  };
};

/** `pulumi-tpns` is the repository itself, and its SDK is the program's: two copies would not know each other. */
const linkModules = async (folder: string): Promise<void> => {
  const modules = join(folder, "node_modules");
  await mkdir(modules);
  await symlink(repository, join(modules, "pulumi-tpns"));
  await symlink(join(repository, "node_modules", "@pulumi"), join(modules, "@pulumi"));
};

const writeProject = async (project: Project, options: ProjectOptions): Promise<void> => {
  const files = {
    "Pulumi.yaml": projectFile(options.name ?? "test"),
    "package.json": JSON.stringify({ private: true, type: "module" }),
    "index.ts": options.program,
    ...options.files,
  };
  for (const [path, text] of Object.entries(files)) {
    const file = join(project.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
};

/** Node runs TypeScript itself; the language host's own compiler would cost seconds. */
export const projectFile = (name: string): string =>
  [`name: ${name}`, "main: index.ts", "runtime:", "  name: nodejs", "  options:", "    typescript: false", ""].join(
    "\n",
  );

/** Makes the stack and its configuration, before the first operation. */
export const initStack = async (
  project: Project,
  { stack = "dev", config = {}, secrets = {} }: Pick<ProjectOptions, "stack" | "config" | "secrets">,
): Promise<void> => {
  const lines = Object.entries(config).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}\n`);
  if (lines.length > 0) await writeFile(join(project.folder, `Pulumi.${stack}.yaml`), `config:\n${lines.join("")}`);
  await succeed(project.pulumi("stack", "init", stack, "--non-interactive"));
  for (const [key, value] of Object.entries(secrets)) {
    await succeed(project.pulumi("config", "set", "--secret", key, value, "--non-interactive"));
  }
};

/** What a command said, or, if it failed, an error that says it. */
export const succeed = async (command: Promise<CommandResult>): Promise<string> => {
  const { code, output } = await command;
  if (code !== 0) throw new Error(`exit code ${code}\n${output}`);
  return output;
};

const readState = async (file: string): Promise<Deployment> => {
  const { checkpoint } = Checkpoint.parse(JSON.parse(await readFile(file, "utf8")));
  return checkpoint.latest ?? Deployment.parse({});
};
