import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../provider/cli/main.ts", import.meta.url));

/** `pulumi-tpns` with these arguments. */
export const start = (...args: readonly string[]): ChildProcess => startIn({}, ...args);

/** The same with more in its environment. */
export const startIn = (env: Readonly<Record<string, string>>, ...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env } });

/** What a process says until it ends, or until it has said something that matches. */
export async function outputOf(child: ChildProcess, until?: RegExp): Promise<string> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  while (until !== undefined && !until.test(output) && child.exitCode === null) {
    await Promise.race([once(child, "exit"), child.stdout && once(child.stdout, "data")]);
  }
  if (until === undefined) await once(child, "close");
  return output;
}
