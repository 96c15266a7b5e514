import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import process, { argv, execPath, exit, stderr, stdout } from "node:process";
import { getEngine } from "../engine/engine.ts";
import { endingSignals } from "./interruption.ts";
import { keepOption } from "./narrate.ts";

/** `npm start`: gets an engine, then tells the story. */
const main = async (): Promise<number> => {
  const args = argv.slice(2);
  if (args.some((arg) => arg !== keepOption))
    throw new Error(`npm start takes ${keepOption} alone: npm start -- ${keepOption}`);
  await getEngine((line) => stdout.write(`${line}\n`));
  return await inOwnSession(join(import.meta.dirname, "story.ts"), args);
};

/**
 * Away from the terminal, whose Ctrl-C would reach `pulumi` itself: interrupted while it starts, it leaves its language
 * host behind. The program is told, and lets pulumi come to its end.
 */
const inOwnSession = async (program: string, args: readonly string[]): Promise<number> => {
  const child = spawn(execPath, [program, ...args], { detached: true, stdio: "inherit" });
  for (const signal of endingSignals) process.on(signal, () => child.kill(signal));
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
  });
};

try {
  exit(await main());
} catch (error) {
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  exit(1);
}
