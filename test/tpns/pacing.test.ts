import { describe, expect, test } from "vitest";
import { createPacer, waitLine } from "../../provider/tpns/pacing.ts";

/** A machine and a service of this pace, whose time runs only when it is waited for. */
const virtualClock = (pace: number | undefined = 1) => {
  let milliseconds = 0;
  return {
    elapsed: () => milliseconds,
    localNow: () => milliseconds / (pace || 1),
    pace: () => pace,
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
      "waiting about 2 s: 1 push a second, 2 tasks before this one",
      "waiting about 3 s: 1 push a second, 3 tasks before this one",
    ]);
  });

  test("keeps a push that may have arrived late clear of the next, and spends no time on answers of equal length", async () => {
    const clock = virtualClock();
    const pacer = createPacer({ clock });
    const sent: number[] = [];

    for (const answerSeconds of [0.3, 0.2, 0.2, 0.7, 0.2]) {
      const answered = await pacer.turn();
      sent.push(Math.round(clock.elapsed()));
      clock.pass(answerSeconds);
      answered();
    }

    expect(sent).toEqual([0, 1_350, 2_400, 3_450, 5_000]);
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

/** Slots that are free after so many questions each; an interval passes between two of them. */
const slotsLostTo = (...others: readonly number[]) => {
  const left = [...others];
  const asked: (readonly [now: number, interval: number])[] = [];
  const takeSlot = (now: number, interval: number): number => {
    asked.push([now, interval]);
    const [lost = 0] = left;
    if (lost > 0) left[0] = lost - 1;
    else left.shift();
    return lost > 0 ? interval : 0;
  };
  return { asked, takeSlot };
};

describe("slots that several processes share", () => {
  test("are taken after the pacer's own wait, in this machine's milliseconds, and waited for in the service's", async () => {
    const clock = virtualClock(60);
    const { asked, takeSlot } = slotsLostTo(1, 0);
    const pacer = createPacer({ clock, takeSlot });

    await pacer.turn();
    await pacer.turn();

    expect(asked).toEqual([
      [0, 17.5],
      [17.5, 17.5],
      [35, 17.5],
    ]);
    expect(clock.elapsed()).toBe(2_100);
  });

  test("that others take three times in a row are said, once", async () => {
    const lines: string[] = [];
    const pacer = createPacer({
      clock: virtualClock(),
      takeSlot: slotsLostTo(2, 3, 5).takeSlot,
      onWait: (line) => lines.push(line),
    });

    for (let turn = 1; turn <= 2; turn += 1) await pacer.turn();
    const first = [...lines];
    await pacer.turn();

    const line = "waiting in turn with another run on this machine: 1 push a second for both";
    expect([first, lines]).toEqual([[line], [line, line]]);
  });

  test("that others always take are given up after a minute", async () => {
    const clock = virtualClock();
    const pacer = createPacer({ clock, takeSlot: slotsLostTo(Number.POSITIVE_INFINITY).takeSlot });

    await pacer.turn();

    expect(Math.round(clock.elapsed())).toBe(63_000);
  });

  test.for<[string, number | undefined]>([
    ["stands still", 0],
    ["has not answered yet", undefined],
  ])("are none where an emulator %s", async ([, pace]) => {
    const clock = virtualClock();
    const { asked, takeSlot } = slotsLostTo(9);
    const pacer = createPacer({ clock: { ...clock, pace: () => pace }, takeSlot });

    await pacer.turn();

    expect(asked).toEqual([]);
  });
});

describe("the line of a wait", () => {
  test.for<[number, string | undefined]>([
    [0, undefined],
    [1, undefined],
    [2, "waiting about 2 s: 1 push a second, 2 tasks before this one"],
    [11, "waiting about 12 s: 1 push a second, 11 tasks before this one"],
    [39, "waiting about 41 s: 1 push a second, 39 tasks before this one"],
  ])("behind %i tasks is %s", ([before, line]) => {
    expect(waitLine(before)).toBe(line);
  });
});
