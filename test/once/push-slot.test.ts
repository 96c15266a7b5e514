import { execFile } from "node:child_process";
import { join } from "node:path";
import { execPath } from "node:process";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import { createPushSlots } from "../../provider/once/push-slot.ts";
import { test } from "./folder.ts";

const app = "1500001234@https://api.tpns.tencent.com";
const interval = 1_050;
const now = Date.parse("2027-02-01T08:00:00Z");

describe("the push slots of a machine", () => {
  test("are an interval apart, whichever process asks", ({ open }) => {
    const [one, other] = [createPushSlots(open(), app), createPushSlots(open(), app)];

    const waits = [
      one(now, interval),
      other(now + 1, interval),
      other(now + 1_050, interval),
      one(now + 1_050, interval),
      one(now + 2_099, interval),
      one(now + 2_100, interval),
    ];

    expect(waits).toEqual([0, 1_049, 0, 1_050, 1, 0]);
  });

  test("count from when a push goes, however late its process wakes", ({ open }) => {
    const [one, other] = [createPushSlots(open(), app), createPushSlots(open(), app)];
    one(now, interval);
    one(now + 1_400, interval);

    expect(other(now + 2_100, interval)).toBe(350);
  });

  test("of one app are not those of another", ({ open }) => {
    const store = open();
    createPushSlots(store, app)(now, interval);

    expect(createPushSlots(store, "1600001234@https://api.tpns.tencent.com")(now, interval)).toBe(0);
  });

  test("outlive the process that took them", ({ open }) => {
    const gone = open();
    createPushSlots(gone, app)(now, interval);
    gone.close();

    expect(createPushSlots(open(), app)(now + 50, interval)).toBe(1_000);
  });

  test.for<[string, number, number]>([
    ["a day back", -24 * 60 * 60 * 1_000, 0],
    ["a second back", -1_000, 2_050],
    ["1.1 s back", -1_100, 0],
    ["a day on", 24 * 60 * 60 * 1_000, 0],
  ])("of a machine whose clock is set %s are waited for two intervals at most", ([, step, wait], { open }) => {
    const takeSlot = createPushSlots(open(), app);
    takeSlot(now, interval);

    expect([takeSlot(now + step, interval), takeSlot(now + step + wait, interval)]).toEqual([
      wait,
      wait > 0 ? 0 : 1_050,
    ]);
  });

  test("are of a fast emulator's interval", ({ open }) => {
    const takeSlot = createPushSlots(open(), app);

    expect([takeSlot(now, interval / 60), takeSlot(now, interval / 60)]).toEqual([0, 17.5]);
  });

  test("are an interval apart for processes that ask at the same time", async ({ folder }) => {
    const processes = await Promise.all([1, 2].map(() => slotsOfProcess(folder)));

    const slots = processes.flat().sort((a, b) => a - b);
    const gaps = slots.slice(1).map((slot, index) => slot - (slots[index] ?? 0));
    expect([slots.length, gaps.filter((gap) => gap < fastInterval)]).toEqual([6, []]);
  });
});

/** Twice as long as any process should stand still on a busy machine. */
const fastInterval = 500;

/** The moments of 3 slots that a process of its own takes, asking all the time. */
async function slotsOfProcess(folder: string): Promise<number[]> {
  const provider = (file: string): string => JSON.stringify(join(import.meta.dirname, "../../provider/once", file));
  const program = `
    import { createPushSlots } from ${provider("push-slot.ts")};
    import { openStore } from ${provider("store.ts")};
    const takeSlot = createPushSlots(openStore(${JSON.stringify(folder)}), ${JSON.stringify(app)});
    const slots = [];
    while (slots.length < 3) {
      const now = Date.now();
      if (takeSlot(now, ${fastInterval}) === 0) slots.push(now);
    }
    console.log(JSON.stringify(slots));
  `;
  const { stdout } = await promisify(execFile)(execPath, ["--input-type=module", "--eval", program]);
  return JSON.parse(stdout);
}
