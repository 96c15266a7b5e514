import { describe, expect, test } from "vitest";
import { createServiceClock } from "../../provider/tpns/service-clock.ts";

const start = Date.parse("2027-01-01T00:00:00Z");

/** A clock whose machine's time the test sets. */
const clockAt = (loopback: boolean, wait?: (seconds: number) => Promise<void>) => {
  let local = start;
  const clock = createServiceClock({ localNow: () => local, wait, loopback });
  return {
    clock,
    pass: (milliseconds: number) => {
      local += milliseconds;
    },
    now: () => new Date(clock.stamp().at).toISOString(),
  };
};

const dateHeader = (iso: string, pace?: string) => ({
  date: new Date(iso).toUTCString(),
  ...(pace === undefined ? {} : { "x-emulator-pace": pace }),
});

describe("the service's clock", () => {
  test("is this machine's before the first answer", () => {
    const { now, pass } = clockAt(false);
    pass(1_500);
    expect(now()).toBe("2027-01-01T00:00:01.500Z");
  });

  test("follows a Date header that is off by more than 2 s", () => {
    const { clock, now, pass } = clockAt(false);
    const isOff = clock.learn(dateHeader("2027-01-01T00:10:00Z"), clock.stamp());
    pass(5_000);
    expect([isOff, now()]).toEqual([true, "2027-01-01T00:10:05.000Z"]);
  });

  test.for(["2026-12-31T23:59:58Z", "2027-01-01T00:00:02Z"])("does not move for %s", (date) => {
    const { clock, now } = clockAt(false);
    expect([clock.learn(dateHeader(date), clock.stamp()), now()]).toEqual([false, "2027-01-01T00:00:00.000Z"]);
  });

  test("does not take a slow answer for a wrong clock", () => {
    const { clock, now, pass } = clockAt(false);
    const stamp = clock.stamp();
    pass(14_000);
    expect([clock.learn(dateHeader("2027-01-01T00:00:13Z"), stamp), now()]).toEqual([
      false,
      "2027-01-01T00:00:14.000Z",
    ]);
  });

  test("says of a call that its stamp was off, though another answer has put the clock right since", () => {
    const { clock } = clockAt(false);
    const stamp = clock.stamp();
    clock.learn(dateHeader("2027-01-01T01:00:00Z"), clock.stamp());
    expect(clock.learn(dateHeader("2027-01-01T01:00:00Z"), stamp)).toBe(true);
  });

  test.for<[string, boolean, readonly (number | undefined)[]]>([
    ["the service is 1", false, [1, 1]],
    ["an emulator is known by its first answer", true, [undefined, 60]],
  ])("pace of %s", ([, loopback, paces]) => {
    const { clock } = clockAt(loopback);
    const before = clock.pace();
    clock.learn(dateHeader("2027-01-01T00:00:00Z", "60"), clock.stamp());
    expect([before, clock.pace()]).toEqual(paces);
  });

  test("on loopback takes the emulator's time and pace", () => {
    const { clock, now, pass } = clockAt(true);
    clock.learn(dateHeader("2030-01-01T00:00:00Z", "60"), clock.stamp());
    pass(1_000);
    expect([now(), clock.elapsed()]).toEqual(["2030-01-01T00:01:00.000Z", 60_000]);
  });

  test("takes no pace from the service", () => {
    const { clock, pass } = clockAt(false);
    clock.learn(dateHeader("2027-01-01T00:00:00Z", "60"), clock.stamp());
    pass(1_000);
    expect(clock.elapsed()).toBe(1_000);
  });

  test.for(["", "fast", "-1"])("takes no pace %o", (pace) => {
    const { clock, pass } = clockAt(true);
    clock.learn({ "x-emulator-pace": pace === "" ? undefined : pace }, clock.stamp());
    pass(1_000);
    expect(clock.elapsed()).toBe(1_000);
  });

  test("counts what an injected wait skips, also while the emulator's clock stands still", async () => {
    const waits: number[] = [];
    const { clock, now } = clockAt(true, async (seconds) => void waits.push(seconds));
    clock.learn(dateHeader("2030-01-01T00:00:00Z", "0"), clock.stamp());
    await clock.wait(90);
    expect([waits, now(), clock.elapsed()]).toEqual([[90], "2030-01-01T00:01:30.000Z", 90_000]);
  });

  test("does not run backwards when this machine's is set back", () => {
    const { clock, pass } = clockAt(false);
    pass(1_000);
    clock.elapsed();
    pass(-3_600_000);
    expect(clock.elapsed()).toBe(1_000);
  });

  test("divides a real wait by the emulator's pace", async () => {
    const clock = createServiceClock({ localNow: Date.now, loopback: true });
    clock.learn(dateHeader(new Date().toISOString(), "100000"), clock.stamp());
    const before = performance.now();
    await clock.wait(600);
    expect(performance.now() - before).toBeLessThan(500);
  });
});
