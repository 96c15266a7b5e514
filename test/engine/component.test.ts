import { expect, test } from "vitest";
import { startEmulator } from "../../provider/emulator/index.ts";
import { worldOf } from "../lifecycle/push-task/world.ts";
import { createProject, succeed } from "./run.ts";
import { first, pace, second, tasksOf } from "./shop.ts";

/** One component within the other, and tasks in both. */
const program = (accessPoint: string, tasks: Readonly<Record<string, string>>): string => `
import * as pulumi from "@pulumi/pulumi";
import * as tpns from "pulumi-tpns";
import { androidApp } from "pulumi-tpns/emulator";

const provider = new tpns.Provider("shop", { ...androidApp, accessPoint: "${accessPoint}" });

class Campaign extends pulumi.ComponentResource {
  readonly pushIds: pulumi.Output<string | undefined>[] = [];
  constructor(name: string, tasks: Record<string, string>, options: pulumi.ComponentResourceOptions) {
    super("test:Campaign", name, {}, options);
    for (const [title, content] of Object.entries(tasks)) {
      const args = { audience: { type: "all" }, sendTime: "2027-02-02T10:00:00+08:00", message: { title, content } } as const;
      this.pushIds.push(new tpns.PushTask(title, args, { parent: this }).pushId);
    }
    this.registerOutputs({ pushIds: this.pushIds });
  }
}

const tasks: Record<string, string> = ${JSON.stringify(tasks)};
const { sale, ...others } = tasks;
const spring = new Campaign("spring", others, { providers: [provider] });
new Campaign("spring-vips", { sale }, { parent: spring });
export const pushIds = spring.pushIds;
`;

test("tasks in components, one within the other, are one resource each", async () => {
  await using emulator = await startEmulator({ now: "2027-02-01T08:00:00+08:00", pace });
  const tasks = { opening: first, reminder: first, sale: first };
  await using project = await createProject({ program: program(emulator.url, tasks) });

  expect(await succeed(project.preview())).toContain("7 to create");
  expect(emulator.requests).toEqual([]);
  await succeed(project.up());
  const before = worldOf(emulator);
  expect(await succeed(project.up())).toContain("7 unchanged");
  expect(worldOf(emulator)).toEqual(before);

  await project.setProgram(program(emulator.url, { ...tasks, reminder: second }));
  expect(await succeed(project.up())).toContain("1 updated");
  await project.setProgram(program(emulator.url, { opening: first, sale: first }));
  expect(await succeed(project.up())).toContain("1 deleted");

  expect(tasksOf(emulator)).toEqual({
    opening: [`PUSH_WAIT ${first}`],
    reminder: [`PUSH_CANCELED ${first}`, `PUSH_CANCELED ${second}`],
    sale: [`PUSH_WAIT ${first}`],
  });
});
