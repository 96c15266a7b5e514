import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, env, exit, stderr, stdout } from "node:process";
import { startEmulator } from "pulumi-tpns/emulator";
import { getEngine } from "../engine/engine.ts";
import { createProjectWith } from "../engine/run.ts";
import { Interrupted, interruption } from "./interruption.ts";
import { ending, introduction, keepOption, wayOn } from "./narrate.ts";
import { firstProgram } from "./program.ts";
import { firstMoment, steps } from "./steps.ts";
import { tell } from "./tell.ts";

const say = (lines: readonly string[]): void => {
  stdout.write(`${lines.join("\n")}\n`);
};

/** The product in six steps; on a terminal, or with `--keep`, all stays open until somebody interrupts. */
const main = async (signal: AbortSignal): Promise<void> => {
  // Somebody is looking, and the page is the best of it.
  const keep = argv.includes(keepOption) || stdout.isTTY;
  const started = performance.now();
  const engine = await getEngine((line) => say([line]));
  await using folder = await temporaryFolder();
  await using emulator = await startEmulator({ now: firstMoment });
  const program = firstProgram(emulator.url);
  await using project = await createProjectWith(engine, { name: "shop", program, env: { TMPDIR: folder.path } });
  say(introduction(engine.version, emulator.url, program, emulator.phones));
  await tell({ emulator, project, program, say, signal });
  say(ending(steps.length, (performance.now() - started) / 1000, keep));
  if (!keep) return;
  say(wayOn(emulator.url, project.folder));
  await once(signal, "abort");
};

/** Whatever this process and its children leave on the disk is in it, and goes with it. */
const temporaryFolder = async (): Promise<AsyncDisposable & { readonly path: string }> => {
  const path = await mkdtemp(join(tmpdir(), "pulumi-tpns-story-"));
  env.TMPDIR = path;
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
};

try {
  await main(interruption());
  exit(0);
} catch (error) {
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  exit(error instanceof Interrupted ? error.exitCode : 1);
}
