import { join } from "node:path";
import { env } from "node:process";
import { runCommand } from "../engine/command.ts";
import { nodeFolder, repository, succeed } from "../engine/run.ts";
import { median } from "./fit.ts";
import type { ColdStart } from "./result.ts";

/** Alternating, and the median of each: work of others on the machine hits both. */
const starts = 9;

/** Milliseconds from the start of a program to its first line: one that uses the SDK alone, and one that uses ours. */
export async function measureColdStart(): Promise<ColdStart> {
  const ours: number[] = [];
  const empty: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    empty.push(await startOf("@pulumi/pulumi"));
    ours.push(await startOf("pulumi-tpns"));
  }
  return { ours: median(ours), empty: median(empty) };
}

async function startOf(module: string): Promise<number> {
  const { NODE_COMPILE_CACHE: _, ...environment } = env;
  const began = performance.now();
  const args = ["--input-type=module", "--eval", `import ${JSON.stringify(module)};`];
  await succeed(runCommand(join(nodeFolder, "node"), args, { cwd: repository, env: environment }));
  return performance.now() - began;
}
