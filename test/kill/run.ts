import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { kill } from "node:process";
import type { Project } from "../engine/run.ts";

/** How a run ended: with its exit code, or undefined where it was killed; and what it said. */
export interface Ending {
  readonly code: number | undefined;
  readonly output: string;
}

/** A `pulumi` that is under way. */
export interface Run extends Disposable {
  readonly ended: Promise<Ending>;
  /** Waits for something that is to come while the run is under way; fails with its output where it ends before. */
  until(event: Promise<unknown>): Promise<void>;
  /** Ctrl-C; resolves when the CLI says that it has it, or has ended. */
  interrupt(): Promise<void>;
  /** `kill -9` of the CLI alone: its provider and language host live on. */
  killCli(): void;
  /** `kill -9` of the provider's process; the CLI lives on. */
  killProvider(): void;
  /** `kill -9` of everything, the CLI first, as when a machine is switched off. */
  killAll(): void;
  /** Resolves when the provider's process is gone. */
  whenProviderEnds(): Promise<void>;
}

/** Starts `pulumi` in a project without waiting for its end. */
export function startRun(project: Project, ...args: readonly string[]): Run {
  const child = spawn("pulumi", args, {
    cwd: project.folder,
    env: project.environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new StartedRun(child, args.join(" "));
}

class StartedRun implements Run {
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  readonly #command: string;
  /** Known since before the CLI was killed: afterwards nothing tells whose they were. */
  #descendants: readonly Process[] = [];
  #output = "";

  constructor(child: ChildProcess, command: string) {
    this.#child = child;
    this.#command = command;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
      });
    }
    this.ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code: code ?? undefined, output: this.#output }));
    });
  }

  async until(event: Promise<unknown>): Promise<void> {
    const early = this.ended.then(({ code, output }) => {
      throw new Error(`pulumi ${this.#command} ended with ${code} before it came so far\n${output}`);
    });
    // Its later end is no failure.
    early.catch(() => undefined);
    await Promise.race([event, early]);
  }

  async interrupt(): Promise<void> {
    this.#remember();
    this.#child.kill("SIGINT");
    await Promise.race([this.ended, until("the CLI has the signal", () => this.#output.includes("^C received"))]);
  }

  killCli(): void {
    this.#remember();
    this.#child.kill("SIGKILL");
  }

  killProvider(): void {
    this.#remember();
    this.#endProvider();
  }

  killAll(): void {
    this.killCli();
    for (const { pid } of this.#descendants) end(pid);
  }

  /** Ends what is left. */
  [Symbol.dispose](): void {
    const left = new Set(listed().map(({ pid }) => pid));
    for (const { pid } of this.#descendants) if (left.has(pid)) end(pid);
    this.#child.kill("SIGKILL");
  }

  async whenProviderEnds(): Promise<void> {
    await until("the provider's process ends", () => {
      const living = new Set(listed().map(({ pid }) => pid));
      return this.#providers().every(({ pid }) => !living.has(pid));
    });
  }

  #endProvider(): void {
    const providers = this.#providers();
    if (providers.length === 0) throw new Error("no process of the provider is there to be killed");
    for (const { pid } of providers) end(pid);
  }

  #providers(): readonly Process[] {
    return this.#descendants.filter(({ command }) => /node .*dynamic-provider/.test(command));
  }

  #remember(): void {
    if (this.#descendants.length === 0 && this.#child.pid !== undefined) {
      this.#descendants = descendantsOf(this.#child.pid);
    }
  }
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** A process's children, theirs, and so on. */
function descendantsOf(pid: number): readonly Process[] {
  const all = listed();
  const below = (parent: number): readonly Process[] =>
    all.filter((process) => process.parent === parent).flatMap((child) => [child, ...below(child.pid)]);
  return below(pid);
}

/** The living processes of this machine, as POSIX's `ps` lists them. */
function listed(): readonly Process[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat=,args="], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => {
    const [, pid, parent, status = "Z", command = ""] = /^ *(\d+) +(\d+) +(\S+) +(.*)$/.exec(line) ?? [];
    return status.startsWith("Z") ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** One that has ended by itself needs nothing. */
function end(pid: number): void {
  try {
    kill(pid, "SIGKILL");
  } catch {}
}

const pollMilliseconds = 20;
const deadlineMilliseconds = 60_000;

/** Waits for something that only another process brings about. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + deadlineMilliseconds;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${deadlineMilliseconds / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}
