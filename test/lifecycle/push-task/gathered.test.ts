import { describe, expect } from "vitest";
import type { Emulator } from "../../../provider/emulator/index.ts";
import { identityOf, type Process, type Properties, processOn, springSale, test } from "../fixture.ts";

const recordPath = "/v3/statistics/get_push_record";

const tasks = 60;

/** A process whose machine's clock is right: no call is signed anew. */
const runOn = (emulator: Emulator): Process =>
  processOn(emulator, {
    localNow: () => emulator.clock.now().getTime(),
    config: { "tpns:maxPushesPerRun": String(tasks) },
  });

const declared = (name: string): Properties => ({
  ...springSale,
  identity: identityOf(name),
  message: { title: name, content: "20 % off today" },
});

/** The states of 60 tasks, in an app that has so many records. */
async function tasksAmong(emulator: Emulator, records: number): Promise<readonly Properties[]> {
  const run = runOn(emulator);
  const names = Array.from({ length: tasks }, (_, index) => `task-${index}`);
  const states = await Promise.all(names.map((name) => run.create(declared(name))));
  for (let other = tasks; other < records; other += 1) {
    await run.context.service.push(`other-${other}`, {
      audience_type: "all",
      message_type: "notify",
      message: { title: `other-${other}`, content: "not ours" },
      send_time: "2027-02-03 10:00:00",
    });
  }
  return states;
}

/** The calls that reach the service during some work. */
async function callsOf(emulator: Emulator, work: () => Promise<unknown>) {
  const before = emulator.requests.length;
  await work();
  return emulator.requests.slice(before).map(({ path, body, retCode }) => ({ path, body, retCode }));
}

const page = (offset: number) => ({
  path: recordPath,
  body: { startDate: "2027-01-03", endDate: "2027-05-03", offset, limit: 200 },
  retCode: 0,
});

const refreshAtOnce = (run: Process, states: readonly Properties[]) =>
  Promise.all(states.map((state) => run.read(state)));

/** To make them takes most of the time: each push is on the disk before it goes. */
const timeout = 60_000;

describe(`a refresh of ${tasks} tasks`, { timeout }, () => {
  test.for<[records: number, pages: readonly unknown[]]>([
    [60, [page(0)]],
    [200, [page(0)]],
    [201, [page(0), page(200)]],
    [450, [page(0), page(200), page(400)]],
  ])("among %i records makes one list call for each 200, and no other call", async ([records, pages], { emulator }) => {
    const states = await tasksAmong(emulator, records);
    const run = runOn(emulator);

    expect(emulator.tasks).toHaveLength(records);
    expect(await callsOf(emulator, () => refreshAtOnce(run, states))).toEqual(pages);
  });

  test("one after the other reads the list once as well, and an unchanged run makes no call", async ({ emulator }) => {
    const states = await tasksAmong(emulator, tasks);
    const refresh = runOn(emulator);
    const up = runOn(emulator);

    const refreshed = await callsOf(emulator, async () => {
      for (const state of states) await refresh.read(state);
    });
    const unchanged = await callsOf(emulator, () =>
      Promise.all(states.map((state, index) => up.diff(state, declared(`task-${index}`)))),
    );

    expect([refreshed, unchanged]).toEqual([[page(0)], []]);
  });

  test("whose tasks are all on phones reads as often", async ({ emulator }) => {
    const states = await tasksAmong(emulator, tasks);
    emulator.clock.set("2027-02-02T10:05:00+08:00");
    const late = { ...page(0), body: { ...page(0).body, startDate: "2027-01-04", endDate: "2027-05-04" } };

    const calls = await callsOf(emulator, () => refreshAtOnce(runOn(emulator), states));

    expect(calls).toEqual([late]);
  });
});

describe.for(["oldest", "newest"] as const)(
  `a removal of ${tasks} tasks among 450, the %s first`,
  { timeout },
  (recordOrder) => {
    test.override("emulatorOptions", { switches: { recordOrder } });

    test("confirms each ten cancels with a query or two", async ({ emulator }) => {
      const states = await tasksAmong(emulator, 450);
      const run = runOn(emulator);
      const waiting = states.toReversed().values();
      const removing = async (): Promise<void> => {
        for (const state of waiting) await run.delete(state);
      };

      const calls = await callsOf(emulator, () => Promise.all(Array.from({ length: 10 }, removing)));

      const queries = calls.filter(({ path }) => path === recordPath);
      expect(calls).toHaveLength(queries.length + tasks);
      expect(queries.length).toBeLessThanOrEqual(3 + (2 * tasks) / 10);
      const ours = emulator.records.filter(({ title }) => title.startsWith("task-"));
      expect(ours.map(({ status }) => status)).toEqual(Array(tasks).fill("PUSH_CANCELED"));
      expect(emulator.records.filter(({ status }) => status === "PUSH_WAIT")).toHaveLength(450 - tasks);
    });
  },
);
