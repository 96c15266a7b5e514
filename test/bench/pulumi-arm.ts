import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { androidApp } from "../../provider/emulator/index.ts";
import { createProject, type Project, succeed } from "../engine/run.ts";
import { type Arm, changedContent, environmentOf } from "./arm.ts";
import { type ArmName, type Operation, operations } from "./result.ts";
import { sendTime, startService } from "./service.ts";

/** The text of an arm's program. */
export const programOf = (name: ArmName): Promise<string> =>
  readFile(join(import.meta.dirname, "program", `${name}.ts`), "utf8");

/** A program that the real engine runs. */
export const pulumiArm = (name: ArmName): Arm => ({
  name,
  async open(service, tasks) {
    const env = environmentOf(service, tasks, sendTime, androidApp.secretKey);
    const project = await createProject({ program: await programOf(name), env });
    return {
      operations,
      run: async (operation) => {
        await succeed(runIn(project, operation));
      },
      stateBytes: async () => (await stat(project.stateFile)).size,
      [Symbol.asyncDispose]: () => project.dispose(),
    };
  },
});

/** What the state holds as the naive provider's code, with the address of another service in it. */
export async function naiveHandler(): Promise<(url: string) => string> {
  await using service = await startService("free", "engine");
  await service.resume("up");
  const env = environmentOf(service, 1, sendTime, androidApp.secretKey);
  await using project = await createProject({ program: await programOf("naive"), env });
  await succeed(project.up());
  const { resources } = await project.exportState();
  const [text] = resources.flatMap(({ inputs }) => (inputs.__provider === undefined ? [] : [inputs.__provider]));
  return (url) => String(text).replaceAll(service.url, url);
}

function runIn(project: Project, operation: Operation) {
  if (operation === "change one") project.setEnv("BENCH_FIRST", changedContent);
  if (operation === "refresh" || operation === "destroy") return project[operation]();
  return project.up();
}
