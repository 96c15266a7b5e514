import { describe, expect } from "vitest";
import type { Emulator } from "../../../provider/emulator/index.ts";
import { corrected, identityOf, type Process, type Properties, processOn, springSale, test } from "../fixture.ts";

const recordPath = "/v3/statistics/get_push_record";

const tasks = 60;

/** So many that the rows of the list have moved on by more than half a page when the last is corrected. */
const manyTasks = 120;

/** A process whose machine's clock is right: no call is signed anew. */
const runOn = (emulator: Emulator): Process =>
  processOn(emulator, {
    localNow: () => emulator.clock.now().getTime(),
    config: { "tpns:maxPushesPerRun": String(manyTasks) },
  });

const declared = (name: string): Properties => ({
  ...springSale,
  identity: identityOf(name),
  message: { title: name, content: "20 % off today" },
});

/** The states of some tasks, in an app that has so many records. */
async function tasksAmong(emulator: Emulator, records: number, count = tasks): Promise<readonly Properties[]> {
  const run = runOn(emulator);
  const names = Array.from({ length: count }, (_, index) => `task-${index}`);
  const states = await Promise.all(names.map((name) => run.create(declared(name))));
  for (let other = count; other < records; other += 1) {
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

/** As many at once as the engine has under way on two cores. */
const atOnce = 8;

/** Works on each, so many at once, in their order. */
async function inParallel<T>(all: readonly T[], many: number, work: (one: T) => Promise<unknown>): Promise<void> {
  const waiting = all.values();
  const some = async (): Promise<void> => {
    for (const one of waiting) await work(one);
  };
  await Promise.all(Array.from({ length: many }, some));
}

describe.for(["oldest", "newest"] as const)(
  `a removal of ${tasks} tasks among 450, the %s first`,
  { timeout },
  (recordOrder) => {
    test.override("emulatorOptions", { switches: { recordOrder } });

    test("confirms each ten cancels with a query or two", async ({ emulator }) => {
      const states = await tasksAmong(emulator, 450);
      const run = runOn(emulator);

      const calls = await callsOf(emulator, () => inParallel(states.toReversed(), 10, (state) => run.delete(state)));

      const queries = calls.filter(({ path }) => path === recordPath);
      expect(calls).toHaveLength(queries.length + tasks);
      expect(queries.length).toBeLessThanOrEqual(3 + (2 * tasks) / 10);
      const ours = emulator.records.filter(({ title }) => title.startsWith("task-"));
      expect(ours.map(({ status }) => status)).toEqual(Array(tasks).fill("PUSH_CANCELED"));
      expect(emulator.records.filter(({ status }) => status === "PUSH_WAIT")).toHaveLength(450 - tasks);
    });
  },
);

describe.for(["oldest", "newest"] as const)(
  `a correction of ${manyTasks} tasks among 450, the %s first`,
  { timeout },
  (recordOrder) => {
    test.override("emulatorOptions", { switches: { recordOrder } });

    test("confirms those together that are pushed one after the other", async ({ emulator }) => {
      const states = await tasksAmong(emulator, 450, manyTasks);
      const run = runOn(emulator);

      const calls = await callsOf(emulator, () =>
        inParallel([...states.entries()], atOnce, ([number, state]) =>
          run.update(state, corrected(declared(`task-${number}`))),
        ),
      );

      const queries = calls.filter(({ path }) => path === recordPath);
      expect(queries.length).toBeLessThanOrEqual(3 + manyTasks / (atOnce - 3));
      const ours = emulator.records.filter(({ title }) => title.startsWith("task-"));
      const withStatus = (wanted: string) => ours.filter(({ status }) => status === wanted).length;
      expect([withStatus("PUSH_CANCELED"), withStatus("PUSH_WAIT")]).toEqual([manyTasks, manyTasks]);
    });
  },
);
