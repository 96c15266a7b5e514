import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env, execPath } from "node:process";
import { androidApp } from "../../provider/emulator/index.ts";
import { runCommand } from "../engine/command.ts";
import { succeed } from "../engine/run.ts";
import { type Arm, changedContent, environmentOf } from "./arm.ts";
import type { ServiceKind } from "./result.ts";
import { sendTime } from "./service.ts";

/** As many as the engine makes at once on two cores. */
const atOnce = 8;

/** The service's second, in its milliseconds; and a real one, since a timer may be early. */
const secondMilliseconds = 1_000;
const marginMilliseconds = 1;

/** The calls alone: nothing compares, nothing remembers but the ids. */
export const rawArm = (kind: ServiceKind): Arm => ({
  name: "raw",
  async open(service, tasks) {
    const folder = await mkdtemp(join(tmpdir(), "pulumi-tpns-raw-"));
    const environment: Record<string, string | undefined> = {
      ...env,
      ...environmentOf(service, tasks, sendTime, androidApp.secretKey),
      BENCH_AT_ONCE: String(kind === "limited" ? 1 : atOnce),
      BENCH_PAUSE: String(kind === "limited" ? secondMilliseconds / service.pace + marginMilliseconds : 0),
    };
    return {
      operations: ["up", "change one", "refresh", "destroy"],
      async run(operation) {
        if (operation === "change one") environment.BENCH_FIRST = changedContent;
        await rawCalls(operation, join(folder, "ids.json"), environment);
      },
      stateBytes: async () => undefined,
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
    };
  },
});

/** Milliseconds that the calls of an operation took. */
export async function rawCalls(
  operation: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const script = join(import.meta.dirname, "raw-calls.ts");
  return Number(await succeed(runCommand(execPath, [script, operation, file], { env: environment })));
}
