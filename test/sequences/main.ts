import { spawn } from "node:child_process";
import { join } from "node:path";
import process, { argv, env, execPath, exitCode } from "node:process";
import { parseArgs } from "node:util";

/** `npm run test:sequences -- --runs N --seed S`: plays N sequences, those of the seeds S, S + 1 and so on. */
const { values } = parseArgs({
  args: argv.slice(2),
  options: { runs: { type: "string", default: "1000" }, seed: { type: "string", default: "1" } },
});

const root = join(import.meta.dirname, "..", "..");
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const child = spawn(execPath, [vitest, "run", "--project", "unit", "test/sequences/sequences.test.ts"], {
  cwd: root,
  env: { ...env, SEQUENCES_RUNS: values.runs, SEQUENCES_SEED: values.seed },
  stdio: "inherit",
});
child.once("exit", (code) => {
  process.exitCode = code ?? exitCode ?? 1;
});
