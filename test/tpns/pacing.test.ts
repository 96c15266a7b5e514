import { describe, expect, test } from "vitest";
import { createPacer } from "../../provider/tpns/pacing.ts";

/** A clock that runs only when it is waited for. */
const virtualClock = () => {
  let milliseconds = 0;
  return {
    elapsed: () => milliseconds,
    async wait(seconds: number) {
      await Promise.resolve();
      milliseconds += seconds * 1_000;
    },
    pass(seconds: number) {
      milliseconds += seconds * 1_000;
    },
  };
};

describe("the pacer", () => {
  test("lets the first through at once, then one each 1050 ms, in the order of asking", async () => {
    const clock = virtualClock();
    const pacer = createPacer({ clock });
    const sent: [string, number][] = [];
    const send = async (name: string) => {
      await pacer.turn();
      sent.push([name, Math.round(clock.elapsed())]);
    };

    await Promise.all(["a", "b", "c", "d"].map(send));

    expect(sent).toEqual([
      ["a", 0],
      ["b", 1_050],
      ["c", 2_100],
      ["d", 3_150],
    ]);
  });

  test("waits only for what is left of the interval", async () => {
    const clock = virtualClock();
    const pacer = createPacer({ clock });
    await pacer.turn();
    clock.pass(0.8);
    await pacer.turn();
    const afterShort = Math.round(clock.elapsed());
    clock.pass(60);
    await pacer.turn();

    expect([afterShort, Math.round(clock.elapsed())]).toEqual([1_050, 61_050]);
  });

  test("says a wait of 2 s and more, with the tasks before it", async () => {
    const lines: string[] = [];
    const pacer = createPacer({ clock: virtualClock(), onWait: (line) => lines.push(line) });

    await Promise.all([1, 2, 3, 4].map(() => pacer.turn()));

    expect(lines).toEqual([
      "waiting 2 s: 1 push a second, 1 task before this one",
      "waiting 3 s: 1 push a second, 2 tasks before this one",
      "waiting 4 s: 1 push a second, 3 tasks before this one",
    ]);
  });

  test("goes on after a wait that failed", async () => {
    const clock = virtualClock();
    let fails = true;
    const wait = (seconds: number) => {
      if (!fails) return clock.wait(seconds);
      fails = false;
      return Promise.reject(new Error("interrupted"));
    };
    const pacer = createPacer({ clock: { ...clock, wait } });

    const turns = await Promise.allSettled([pacer.turn(), pacer.turn(), pacer.turn()]);

    expect(turns.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });
});
