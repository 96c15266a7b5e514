import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Clock } from "../../provider/emulator/clock.ts";

/** A clock whose real time is moved by hand. */
const clockAt = (startMs: number, pace: number) => {
  const real = { ms: 0 };
  return { real, clock: new Clock({ startMs, pace, elapsedMs: () => real.ms }) };
};

describe("a clock", () => {
  test("runs at its pace", () => {
    const { clock, real } = clockAt(0, 60);
    real.ms = 1000;
    const minute = clock.nowMs();
    clock.setPace(1);
    real.ms = 2000;

    expect([minute, clock.nowMs()]).toEqual([60_000, 61_000]);
  });

  test("stands still at pace 0, until it is stepped or set", () => {
    const { clock, real } = clockAt(0, 0);
    real.ms = 1000;
    clock.step(5);
    const stepped = clock.nowMs();
    clock.set("1970-01-01T08:01:00+08:00");

    expect([stepped, clock.nowMs()]).toEqual([5000, 60_000]);
  });

  test("runs on after it was set", () => {
    const { clock, real } = clockAt(0, 10);
    clock.set(new Date(1000));
    real.ms = 100;

    expect(clock.now()).toEqual(new Date(2000));
    clock.stop();
  });

  test("does what is due in order, each at its moment, with what that makes due", () => {
    const { clock } = clockAt(0, 0);
    const done: [string, number][] = [];
    clock.schedule(3000, () => done.push(["third", clock.nowMs()]));
    clock.schedule(1000, () => {
      done.push(["first", clock.nowMs()]);
      clock.schedule(2000, () => done.push(["second", clock.nowMs()]));
    });
    clock.schedule(9000, () => done.push(["never", clock.nowMs()]));
    clock.step(5);

    expect(done).toEqual([
      ["first", 1000],
      ["second", 2000],
      ["third", 3000],
    ]);
  });

  test("catches up with what a late timer missed", () => {
    const { clock, real } = clockAt(0, 1);
    const done: number[] = [];
    clock.schedule(1000, () => done.push(clock.nowMs()));
    real.ms = 5000;
    clock.catchUp();

    expect([done, clock.nowMs()]).toEqual([[1000], 5000]);
  });

  test("does by itself what becomes due", async () => {
    const clock = new Clock({ startMs: 0, pace: 1_000_000, elapsedMs: () => performance.now() });
    const dueMs = await new Promise<number>((resolve) => clock.schedule(86_400_000, () => resolve(clock.nowMs())));

    expect(dueMs).toBe(86_400_000);
  });

  test("does not undo what was done when it goes back", () => {
    const { clock } = clockAt(0, 0);
    const done: number[] = [];
    clock.schedule(1000, () => done.push(clock.nowMs()));
    clock.step(2);
    clock.set(new Date(0));
    clock.step(2);

    expect(done).toEqual([1000]);
  });

  test.for([
    [() => clockAt(0, -1), "pace -1 is not between 0 and 10000000 service seconds per real second"],
    [() => clockAt(0, Number.NaN), "pace NaN is not between"],
    [() => clockAt(0, 0).clock.step(-1), "step -1 is no number of seconds"],
    [() => clockAt(0, 0).clock.step(Number.POSITIVE_INFINITY), "the clock cannot be set there"],
    [() => clockAt(0, 0).clock.set("2027-02-01 08:00"), 'time "2027-02-01 08:00" names no offset'],
    [() => clockAt(0, 0).clock.set("2027-13-01T08:00:00Z"), "the clock cannot be set there"],
  ] as const)("refuses what is no time: %#", ([act, reason]) => {
    expect(act).toThrow(reason);
  });

  test("does everything exactly once and in order, however it is stepped", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000)), fc.array(fc.nat(1000)), (dues, steps) => {
        const { clock } = clockAt(0, 0);
        const done: number[] = [];
        for (const due of dues) clock.schedule(due, () => done.push(clock.nowMs()));
        for (const step of steps) clock.step(step / 1000);
        clock.set(new Date(1_000_000));
        expect(done).toEqual(dues.toSorted((one, other) => one - other));
      }),
    );
  });
});
