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

    const waits = [one(now, interval), other(now, interval), one(now + 100, interval), other(now + 100, interval)];

    expect(waits).toEqual([0, 1_050, 2_000, 3_050]);
  });

  test("are there at once after a pause", ({ open }) => {
    const reserve = createPushSlots(open(), app);
    reserve(now, interval);

    expect([reserve(now + 1_050, interval), reserve(now + 60_000, interval)]).toEqual([0, 0]);
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
    ["63 s back", -63_000, 0],
    ["30 s back", -30_000, 31_050],
    ["a day on", 24 * 60 * 60 * 1_000, 0],
  ])("of a machine whose clock is set %s are waited for a minute at most", ([, step, wait], { open }) => {
    const reserve = createPushSlots(open(), app);
    reserve(now, interval);

    expect([reserve(now + step, interval), reserve(now + step, interval)]).toEqual([wait, wait + interval]);
  });

  test("are of a fast emulator's interval", ({ open }) => {
    const reserve = createPushSlots(open(), app);

    expect([reserve(now, interval / 60), reserve(now, interval / 60)]).toEqual([0, 17.5]);
  });

  test("are each given once to processes that ask at the same time", async ({ folder }) => {
    const processes = await Promise.all([1, 2, 3].map(() => slotsOfProcess(folder)));

    const slots = processes.flat().sort((a, b) => a - b);
    const gaps = slots.slice(1).map((slot, index) => slot - (slots[index] ?? 0));
    expect([slots.length, Math.min(...gaps)]).toEqual([60, interval]);
  });
});

/** The moments of 20 slots that a process of its own takes, as fast as it can. */
async function slotsOfProcess(folder: string): Promise<number[]> {
  const provider = (file: string): string => JSON.stringify(join(import.meta.dirname, "../../provider/once", file));
  const program = `
    import { createPushSlots } from ${provider("push-slot.ts")};
    import { openStore } from ${provider("store.ts")};
    const reserve = createPushSlots(openStore(${JSON.stringify(folder)}), ${JSON.stringify(app)});
    const slots = Array.from({ length: 20 }, () => ${now} + reserve(${now}, ${interval}));
    console.log(JSON.stringify(slots));
  `;
  const { stdout } = await promisify(execFile)(execPath, ["--input-type=module", "--eval", program]);
  return JSON.parse(stdout);
}
