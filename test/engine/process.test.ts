import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { kill } from "node:process";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { androidApp } from "../../provider/emulator/index.ts";
import { finish } from "../lifecycle/push-task/world.ts";
import { startHold } from "./hold.ts";
import { isRunning, killEngine, runningUp, stays, until } from "./process-list.ts";
import { type Project, succeed } from "./run.ts";
import { alertsOf, everybody, first, openShop, programOf, refusalOf, tasksOf } from "./shop.ts";

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

/** Seconds in which a process that has nothing more to do is gone. */
const soon = 10;

describe("a provider process whose engine is killed", () => {
  test("finishes its call, is told its answer, and ends; the next run takes over what it has done", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await using hold = await startHold(emulator.url, "/v3/push/app");
    await project.setProgram(programOf(hold.url, { sale: {} }));
    const killed = expect(project.up()).rejects.toThrow("ended by SIGKILL");
    await hold.arrived;
    const running = await runningUp();
    const { provider } = running;

    killEngine(running);
    await killed;
    // It looks for its engine twice a second.
    await stays("the provider process calls the service", () => isRunning(provider), 2);
    await hold.release();
    await until("the provider process has ended", async () => !(await isRunning(provider)), soon);
    await succeed(project.pulumi("cancel", "--yes"));
    const output = await succeed(project.up());
    finish(emulator);

    expect(output).toContain("is there already (PUSH_WAIT); it is taken over");
    expect(emulator.tasks.map(({ executions }) => executions)).toEqual([1]);
    expect(alertsOf(emulator, "sale")).toEqual(everybody("android", first));
  });

  test("ends at once where it has nothing to do", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await using hold = await startHold(emulator.url, "/program");
    const wait = `await fetch("${hold.url}/program").catch(() => {});`;
    await project.setProgram(`${programOf(emulator.url, { sale: {} })}${wait}`);
    const killed = expect(project.up()).rejects.toThrow("ended by SIGKILL");
    const isSaved = async () => (await project.exportState()).resources.some(({ outputs }) => "pushId" in outputs);
    await hold.arrived;
    await until("the task is in the state", isSaved, soon);
    const running = await runningUp();
    const { provider } = running;

    killEngine(running);
    await killed;

    await until("the provider process has ended", async () => !(await isRunning(provider)), soon);
  });
});

/** Where the shop's runs write down what they do. */
const journalOf = ({ environment }: Project): string => join(environment.HOME ?? "", ".local", "state", "pulumi-tpns");

function entriesOf(project: Project): unknown {
  const database = new DatabaseSync(join(journalOf(project), "journal.db"));
  const row = database.prepare("select count(*) as entries from entry").get();
  database.close();
  return row?.entries;
}

describe("a provider process that the engine ends", () => {
  test("forgets in one go what the state holds by now, and leaves no trace of itself", async () => {
    await using shop = await openShop();
    await shop.up({ sale: {}, other: {} });
    const begun = entriesOf(shop.project);

    await shop.up({ sale: {}, other: {} });

    expect([begun, entriesOf(shop.project)]).toEqual([2, 0]);
    expect((await readdir(journalOf(shop.project))).filter((name) => name.endsWith(".lock"))).toEqual([]);
  });

  test("in the midst of a call finishes it, and answers", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await using hold = await startHold(emulator.url, "/v3/push/app");
    await project.setProgram(programOf(hold.url, { sale: {} }));
    const up = succeed(project.up());
    await hold.arrived;
    const { provider } = await runningUp();

    kill(provider.pid, "SIGINT");
    await stays("the provider process calls the service", () => isRunning(provider), 1);
    await hold.release();
    await until("the provider process has ended", async () => !(await isRunning(provider)), soon);
    await up;
    const output = await succeed(project.up());
    finish(emulator);

    expect(output).toContain("3 unchanged");
    expect(emulator.tasks.map(({ executions }) => executions)).toEqual([1]);
    expect(alertsOf(emulator, "sale")).toEqual(everybody("android", first));
  });
});
