import { access, constants, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { arch, env, kill, pid, platform } from "node:process";
import { setTimeout } from "node:timers/promises";
import { buildFromModules } from "./build.ts";
import { runCommand } from "./command.ts";
import { installOfficially } from "./installer.ts";
import { type EngineSource, engineVersion } from "./source.ts";

/** A real `pulumi`, its language host for Node.js and its dynamic provider. */
export interface Engine {
  /** Goes first in PATH. */
  readonly folder: string;
  readonly version: string;
}

/** What this machine has, and how it gets what it lacks. */
export interface Machine {
  /** The folders of PATH. */
  readonly path: readonly string[];
  /** Where engines got earlier are. */
  readonly cacheFolder: string;
  readonly sources: readonly EngineSource[];
}

/** What the peer dependency asks for: the protocol of its SDK. */
const minEngineVersion = { major: 3, minor: 250 };

const programs = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

const thisMachine = (): Machine => ({
  path: (env.PATH ?? "").split(delimiter),
  cacheFolder: join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "pulumi-tpns"),
  sources: [installOfficially, buildFromModules],
});

/** The `pulumi` of PATH; else one got earlier; else one that is got now, which takes minutes, once a machine. */
export const getEngine = async (report: (line: string) => void, machine: Machine = thisMachine()): Promise<Engine> => {
  const folder = join(machine.cacheFolder, `pulumi-${engineVersion}-${platform}-${arch}`);
  const found = (await engineOnPath(machine.path)) ?? (await engineIn([folder]));
  if (found !== undefined) return found;
  report(
    `no pulumi 3.250 or newer here: getting ${engineVersion} into ${folder}, once; about 5 minutes if it must be built`,
  );
  await mkdir(machine.cacheFolder, { recursive: true });
  return await underLock(`${folder}.lock`, report, async () => {
    return (await engineIn([folder])) ?? (await engineFrom(machine.sources, folder, report));
  });
};

const engineOnPath = async (path: readonly string[]): Promise<Engine | undefined> => {
  for (const folder of path) {
    const engine = await engineIn([folder, ...path]);
    if (engine !== undefined) return engine;
  }
  return undefined;
};

/** The engine whose `pulumi` is in the first folder and whose other programs are in any of them. */
const engineIn = async (folders: readonly string[]): Promise<Engine | undefined> => {
  const [folder] = folders;
  if (folder === undefined || !(await isProgram(join(folder, "pulumi")))) return undefined;
  const places = await Promise.all(programs.map((program) => folderOf(program, folders)));
  if (places.includes(undefined)) return undefined;
  const version = await versionOf(join(folder, "pulumi"));
  return version === undefined ? undefined : { folder, version };
};

const folderOf = async (program: string, folders: readonly string[]): Promise<string | undefined> => {
  for (const folder of folders) if (await isProgram(join(folder, program))) return folder;
  return undefined;
};

const isProgram = async (file: string): Promise<boolean> => {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The version that a `pulumi` states, if it is new enough. */
const versionOf = async (file: string): Promise<string | undefined> => {
  const { stdout } = await runCommand(file, ["version"], { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "1" } });
  const [, version, major, minor] = /^v?((\d+)\.(\d+)\.\S+)/.exec(stdout.trim()) ?? [];
  if (Number(major) !== minEngineVersion.major || !(Number(minor) >= minEngineVersion.minor)) return undefined;
  return version;
};

/** Nobody sees a folder that is half filled. */
const engineFrom = async (
  sources: readonly EngineSource[],
  folder: string,
  report: (line: string) => void,
): Promise<Engine> => {
  const partial = `${folder}.partial-${pid}`;
  for (const source of sources) {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    try {
      await source(partial, report);
    } catch (error) {
      report(error instanceof Error ? error.message : String(error));
      continue;
    }
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
    const engine = await engineIn([folder]);
    if (engine !== undefined) return engine;
  }
  await rm(partial, { recursive: true, force: true });
  throw new Error(
    "no pulumi could be got: install it (https://www.pulumi.com/docs/install/), or Go 1.25.11, and try again",
  );
};

/** Keeps a second process waiting, since both would build for minutes on the same cores. */
const underLock = async <T>(file: string, report: (line: string) => void, action: () => Promise<T>): Promise<T> => {
  for (let waited = false; !(await takes(file)); waited = true) {
    if (!waited) report(`another process is getting it: waiting (${file})`);
    await setTimeout(500);
  }
  try {
    return await action();
  } finally {
    await rm(file, { force: true });
  }
};

const takes = async (file: string): Promise<boolean> => {
  try {
    await writeFile(file, String(pid), { flag: "wx" });
    return true;
  } catch {
    if (!(await isHeld(file))) await rm(file, { force: true });
    return false;
  }
};

/** Whether the process that wrote the lock lives; one that has not written its number yet does. */
const isHeld = async (file: string): Promise<boolean> => {
  try {
    kill(Number(await readFile(file, "utf8")), 0);
    return true;
  } catch {
    return false;
  }
};
