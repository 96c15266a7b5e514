import { execFile } from "node:child_process";
import { kill, pid as ownPid } from "node:process";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";

/** A process of this machine. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Its program and arguments. */
  readonly command: string;
}

/** The two that matter of a `pulumi up`. */
export interface Running {
  readonly cli: Process;
  readonly provider: Process;
  /** What else it has started: its language host, and the program. */
  readonly others: readonly Process[];
}

/** Those of the one operation that this test runs; only what this test has started is looked at. */
export async function runningUp(): Promise<Running> {
  const own = await descendantsOf(ownPid);
  const cli = own.find(({ command }) => /\bpulumi up /.test(command));
  const provider = own.find(({ command }) => /cmd\/dynamic-provider\/index\.js /.test(command));
  if (cli === undefined || provider === undefined) throw new Error("no pulumi up runs a dynamic provider");
  return { cli, provider, others: own.filter((process) => process !== cli && process !== provider) };
}

/** `kill -9` of all but the provider: a program without its engine would run on, and take all the memory that there is. */
export function killEngine({ cli, others }: Running): void {
  for (const { pid } of [cli, ...others]) {
    try {
      kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

/** Whether it has not ended; another one may have its number by now. */
export const isRunning = async ({ pid, command }: Process): Promise<boolean> =>
  (await processes()).some((process) => process.pid === pid && process.command === command);

/** Asks until it is so. @throws where it is not within so many seconds. */
export async function until(what: string, isSo: () => Promise<boolean>, seconds: number): Promise<void> {
  const last = performance.now() + seconds * 1_000;
  while (!(await isSo())) {
    if (performance.now() > last) throw new Error(`not within ${seconds} s: ${what}`);
    await setTimeout(100);
  }
}

/** Asks for so many seconds. @throws where it is not so any more. */
export async function stays(what: string, isSo: () => Promise<boolean>, seconds: number): Promise<void> {
  const last = performance.now() + seconds * 1_000;
  while (performance.now() < last) {
    if (!(await isSo())) throw new Error(`no longer: ${what}`);
    await setTimeout(100);
  }
}

/** Those that a process has started, and those that these have started. */
async function descendantsOf(pid: number): Promise<readonly Process[]> {
  const all = await processes();
  const below = (parent: number): readonly Process[] =>
    all.filter((process) => process.parent === parent).flatMap((process) => [process, ...below(process.pid)]);
  return below(pid);
}

async function processes(): Promise<readonly Process[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-ww", "-o", "pid=,ppid=,stat=,args="]);
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    // A dead one that its parent has not asked about is still listed.
    if (command === undefined || state?.startsWith("Z")) return [];
    return [{ pid: Number(pid), parent: Number(parent), command }];
  });
}
