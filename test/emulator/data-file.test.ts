import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { test as base, describe, expect } from "vitest";
import * as z from "zod";
import { androidApp, type EmulatorOptions, startEmulator } from "../../provider/emulator/index.ts";
import { basicAuth } from "../../provider/tpns/sign.ts";
import { alertsOn, cancelPath, codeOf, notification, post, push, pushPath, statusOf } from "./fixture.ts";

const test = base.extend("file", async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-tpns-data-"));
  onCleanup(() => rm(folder, { recursive: true }));
  return join(folder, "emulator.db");
});

const start = (file: string, options: EmulatorOptions = {}) => startEmulator({ pace: 0, dataFile: file, ...options });

describe("an emulator with a data file", () => {
  test("goes on where it ended: time, tasks, phones, requests, and what is still to be done", async ({ file }) => {
    const first = await start(file, { now: "2027-02-01T08:00:00+08:00" });
    const shown = await push(first);
    const waiting = await push(first, { send_time: "2027-02-01 09:00:00" });
    const cancelled = await push(first, { send_time: "2027-02-01 09:00:00" });
    await codeOf(first, cancelPath, { pushId: cancelled });
    first.setOnline("oppo", false);
    const before = { tasks: first.tasks, phones: first.phones, requests: first.requests, now: first.clock.now() };
    await first.close();

    await using second = await start(file);
    expect({ tasks: second.tasks, phones: second.phones, requests: second.requests, now: second.clock.now() }).toEqual(
      before,
    );
    second.clock.set("2027-02-01T09:00:00+08:00");
    second.setOnline("oppo", true);

    expect([shown, waiting, cancelled].map((pushId) => statusOf(second, pushId))).toEqual([
      "PUSH_FINISHED",
      "PUSH_STARTED",
      "PUSH_CANCELED",
    ]);
    expect([alertsOn(second, "own-channel"), alertsOn(second, "oppo")]).toEqual([
      [shown, waiting],
      [shown, waiting],
    ]);
  });

  test("still counts what it has counted: the hour of repetition, the push of this second", async ({ file }) => {
    const first = await start(file, { now: "2027-02-01T08:00:00+08:00" });
    const body = notification();
    await codeOf(first, pushPath, body);
    await first.close();

    await using second = await start(file);
    const tooFast = await codeOf(second, pushPath, notification());
    second.clock.step(2);
    expect([tooFast, await codeOf(second, pushPath, body)]).toEqual([1008028, 10010018]);
  });

  test("lets no second one use it, and refuses a file of somebody else", async ({ file }) => {
    await using _ = await start(file);

    await expect(start(file)).rejects.toThrow(`${file} cannot be used as data file: another emulator has it`);
    const other = `${file}.other`;
    const sqlite = new DatabaseSync(other);
    sqlite.exec("create table mine (x); pragma user_version = 1");
    sqlite.close();
    await expect(start(other)).rejects.toThrow(
      `${other} is no data file of this version of the emulator; name another`,
    );
  });
});

const main = fileURLToPath(new URL("../../provider/cli/main.ts", import.meta.url));

/** Three parts of a dispatch that takes six seconds. */
const phones = 60_000;

/** Starts it as a process of its own; gives its address once it is ready. */
async function spawned(file: string) {
  const args = ["emulator", "--port", "0", "--json", "--data", file, "--switch", "dispatchSeconds=6"];
  const child = spawn(process.execPath, [
    main,
    ...args,
    "--phones",
    String(phones),
    "--mix",
    "xg=2,oppo=1",
    "--offline",
    "0.2",
  ]);
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, url: z.object({ url: z.string() }).parse(JSON.parse(line)).url };
  }
  throw new Error("it did not start");
}

describe("an emulator that is killed in the midst of a dispatch", () => {
  test("comes back with nothing lost and nothing delivered twice", async ({ file }) => {
    const { child, url } = await spawned(file);
    const answer = await fetch(url + pushPath, {
      method: "POST",
      headers: { ...basicAuth(androidApp), "Content-Type": "application/json" },
      body: JSON.stringify(notification()),
    });
    const { push_id: pushId } = z.object({ push_id: z.string() }).parse(await answer.json());
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
    const sqlite = new DatabaseSync(file);
    const reached = sqlite.prepare("select count(*) as count from delivery").get()?.count;
    sqlite.close();

    const emulator = await start(file, { pace: 0 });
    emulator.clock.step(10);
    const { answer: again } = await post(emulator, pushPath, notification());
    emulator.clock.step(10);
    const some = Array.from({ length: 60 }, (_, at) => emulator.phone(`phone-${at * 1_000 + 1}`));
    const tasks = emulator.tasks;
    const requests = emulator.requests.map(({ path, retCode }) => [path, retCode]);
    await emulator.close();

    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThan(phones);
    expect(tasks.map((task) => [task.pushId, task.status, task.executions])).toEqual([
      [pushId, "PUSH_FINISHED", 1],
      [again.push_id, "PUSH_FINISHED", 1],
    ]);
    expect(requests).toEqual([
      [pushPath, 0],
      [pushPath, 0],
    ]);
    for (const { alerts, stored, online } of some) {
      const both = [pushId, again.push_id];
      expect(online ? alerts.map((alert) => alert.pushId) : stored).toEqual(both);
    }
    const data = new DatabaseSync(file);
    const counts = data
      .prepare("select task, count(*) as count, count(distinct phone) as phones from delivery group by task")
      .all();
    data.close();
    expect(counts).toEqual([
      { task: 1, count: phones, phones },
      { task: 2, count: phones, phones },
    ]);
  });
});
