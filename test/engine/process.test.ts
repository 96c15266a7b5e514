import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { androidApp } from "../../provider/emulator/index.ts";
import { finish } from "../lifecycle/push-task/world.ts";
import { succeed } from "./run.ts";
import { alertsOf, everybody, first, openShop, refusalOf, tasksOf } from "./shop.ts";

const program = (accessPoint: string): string => `
import * as tpns from "pulumi-tpns";
const shop = new tpns.Provider("shop", ${JSON.stringify({ ...androidApp, accessPoint })});
const sale = new tpns.PushTask(
  "sale",
  { audience: { type: "all" }, sendTime: "2027-02-02T10:00:00+08:00", message: { title: "sale", content: "${first}" } },
  { provider: shop },
);
new tpns.AudiencePackage("accounts", { file: "accounts.txt" }, { provider: shop, dependsOn: [sale] });
`;

test("a forced replacement sends and cancels nothing, beside a resource of the other kind", async () => {
  await using shop = await openShop();
  const { emulator, project } = shop;
  await writeFile(join(project.folder, "accounts.txt"), "alice\nbob\n");
  await project.setProgram(program(emulator.url));
  await succeed(project.up());

  const output = await succeed(project.up("--replace", await shop.urnOf("sale")));
  finish(emulator);

  expect(output).toContain("it is taken over, and nothing is sent");
  expect(emulator.tasks.map(({ executions }) => executions)).toEqual([1]);
  expect(alertsOf(emulator, "sale")).toEqual(everybody("android", first));
});

test("a forced replacement in a run that fails is not made up for by a cancel in the next one", async () => {
  await using shop = await openShop();
  const { emulator, project } = shop;
  await shop.up({ sale: {} });

  await shop.declare({ sale: {}, late: { sendTime: "2027-01-01T10:00:00+08:00" } });
  const failed = await refusalOf(project.up("--replace", await shop.urnOf("sale")));
  await shop.declare({ sale: {} });
  const deleted = await succeed(project.up());
  expect(await succeed(project.up())).toContain("3 unchanged");
  finish(emulator);

  expect(failed).toContain("is past");
  expect(deleted).toContain("deleted");
  expect(emulator.records.map(({ status }) => status)).toEqual(["PUSH_FINISHED"]);
  expect(alertsOf(emulator, "sale")).toEqual(everybody("android", first));
});

test("a removed task is cancelled under a refresh in the same run, too", async () => {
  await using shop = await openShop();
  await shop.up({ sale: {}, kept: {} });

  await shop.declare({ kept: {} });
  await succeed(shop.project.up("--refresh"));

  expect(tasksOf(shop.emulator)).toEqual({ sale: [`PUSH_CANCELED ${first}`], kept: [`PUSH_WAIT ${first}`] });
});
