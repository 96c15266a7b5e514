import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../provider/emulator/index.ts";
import { createProject, succeed } from "./run.ts";
import { openShop, programOf, type Tasks } from "./shop.ts";

const tasksNamed = (prefix: string, count: number): Tasks =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}-${index + 1}`, {}]));

const resource = "pulumi-nodejs:dynamic/tpns:PushTask";
const waiting = new RegExp(
  `${resource} (task-\\d+) creating \\(\\d+s\\) waiting about (\\d+) s: 1 push a second, (\\d+) tasks before this one$`,
  "gm",
);
const pushed = new RegExp(`${resource} (task-\\d+) created \\([\\d.]+s\\) push (\\d+) of this run$`, "gm");

describe("an up of 40 tasks", () => {
  test("says of each that waits, under it and once, how long and for what, and then how far the run is", async () => {
    await using shop = await openShop({ emulator: { pace: 10 }, guards: { maxPushesPerRun: 40 } });

    const output = await shop.up(tasksNamed("task", 40));

    const waits = [...output.matchAll(waiting)].map(([, name = "", ...numbers]) => ({
      name,
      numbers: numbers.map(Number),
    }));
    const pushes = [...output.matchAll(pushed)].map(([, name = "", place]) => ({ name, place: Number(place) }));
    const namesIn = (told: readonly { name: string }[]) => told.map(({ name }) => name).sort();
    expect(waits.length).toBeGreaterThan(20);
    expect(namesIn(waits)).toEqual([...new Set(namesIn(waits))]);
    expect(waits.filter(({ numbers: [seconds = 0, before = 0] }) => seconds !== Math.round(before * 1.05))).toEqual([]);
    expect(namesIn(pushes)).toEqual(namesIn(waits));
    expect(pushes.map(({ place }) => place)).toEqual(pushes.map(({ place }) => place).sort((a, b) => a - b));
    expect(shop.emulator.tasks).toHaveLength(40);
  });
});

/** A project of its own with so many tasks in the emulator's Android app. */
const projectOn = ({ url }: Emulator, name: string, journal: string) =>
  createProject({ name, program: programOf(url, tasksNamed(name, 6)), env: { TPNS_JOURNAL: journal } });

/** A busy machine delays one or the other; without slots nearly every second push is refused. */
const fewRefusals = 3;

describe("two runs beside each other on one machine", () => {
  test("keep one push a second together", async () => {
    const journal = await mkdtemp(join(tmpdir(), "pulumi-tpns-journal-"));
    await using emulator = await startEmulator({ now: "2027-02-01T08:00:00+08:00", pace: 1 });
    await using one = await projectOn(emulator, "one", journal);
    await using other = await projectOn(emulator, "other", journal);

    await Promise.all([succeed(one.up()), succeed(other.up())]);
    await rm(journal, { recursive: true });

    expect(emulator.tasks).toHaveLength(12);
    const refused = emulator.requests.filter(({ path, retCode }) => path === "/v3/push/app" && retCode === 1_008_028);
    expect(refused.length).toBeLessThanOrEqual(fewRefusals);
  });
});
