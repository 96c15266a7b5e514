import { type ChildProcess, spawn } from "node:child_process";

/** How a command ended, and what it said. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order in which they came. */
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  /** The whole environment; this process's when absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Told of each line of either output as it comes. */
  readonly onLine?: (line: string) => void;
  /** Milliseconds after which the command is ended; absent: never. */
  readonly timeout?: number;
  /** Ends the command at once. */
  readonly signal?: AbortSignal;
}

/** Runs a program to its end; rejects only when it cannot be started or is ended from outside. */
export const runCommand = (
  file: string,
  args: readonly string[],
  { cwd, env, onLine, timeout, signal }: CommandOptions = {},
): Promise<CommandResult> =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, timeout, stdio: ["ignore", "pipe", "pipe"] });
    signal?.addEventListener("abort", () => interrupt(child), { once: true });
    const said = { stdout: "", stderr: "", output: "" };
    const listen = (stream: "stdout" | "stderr"): void => {
      const lines = onLine === undefined ? undefined : eachLine(onLine);
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        said[stream] += text;
        said.output += text;
        lines?.(text);
      });
    };
    listen("stdout");
    listen("stderr");
    child.once("error", reject);
    child.once("close", (code, killedBy) => {
      if (code === null) reject(new Error(`${file} ${args.join(" ")}: ended by ${killedBy}\n${said.output}`));
      else resolve({ code, ...said });
    });
  });

/** A first interrupt asks `pulumi` to finish what it does, a second one ends it with its plugins. */
const interrupt = (child: ChildProcess): void => {
  child.kill("SIGINT");
  const second = setTimeout(() => child.kill("SIGINT"), 100);
  child.once("close", () => clearTimeout(second));
};

const eachLine = (onLine: (line: string) => void): ((text: string) => void) => {
  let rest = "";
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  };
};
