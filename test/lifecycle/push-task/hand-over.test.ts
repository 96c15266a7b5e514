import { describe, expect } from "vitest";
import type { Emulator } from "../../../provider/emulator/index.ts";
import { codeOf, pushPath } from "../../emulator/fixture.ts";
import { alertsOf, corrected, identityOf, type Properties, pushesTo, springSale, test } from "../fixture.ts";
import { alertsFor, androidApp, changesTo, finish, lineOf, outsOf, runOn, statusesOf, tasksOf } from "./world.ts";

/** Goes out on 20 March, and is handed over from 13 March on. */
const far: Properties = { ...springSale, sendTime: "2027-03-20T10:00:00+08:00", handOverDays: 7 };
const due = "2027-03-13T10:00:00+08:00";
const line =
  "planned: a pulumi up from 2027-03-13 10:00 (UTC+8) on hands it to the service, and must run before its send time 2027-03-20 10:00 (UTC+8)";

async function planned(emulator: Emulator): Promise<Properties> {
  const state = await runOn(emulator).create(far);
  expect([state.phase, pushesTo(emulator)]).toEqual(["planned", 0]);
  return state;
}

describe("a task far ahead", () => {
  // An emulator's clock stands anywhere, so it is asked for the time; the service itself is not.
  test("is planned, and each preview says by when the next run must happen", async ({ emulator }) => {
    const made = runOn(emulator);
    const state = await made.create(far);
    const preview = runOn(emulator);

    expect(await preview.diff(state, far)).toEqual({ changes: false });
    expect(await runOn(emulator).read(state)).toEqual(state);
    expect([made.lines, preview.lines, changesTo(emulator)]).toEqual([[`info: ${line}`], [`info: ${line}`], 0]);
  });

  test("is corrected and removed in the state alone", async ({ emulator }) => {
    const state = await planned(emulator);

    expect(await runOn(emulator).diff(state, corrected(far))).toEqual({ changes: true });
    const changed = await runOn(emulator).update(state, corrected(far));
    const before = emulator.requests.length;
    await runOn(emulator).delete(changed);

    expect([changed.phase, changed.message]).toEqual(["planned", corrected(far).message]);
    expect([emulator.requests.length - before, changesTo(emulator)]).toEqual([0, 0]);
  });

  test("is corrected beyond what the service takes", async ({ emulator }) => {
    const beyond = { ...far, sendTime: "2027-08-20T10:00:00+08:00" };
    const state = await runOn(emulator).create(beyond);
    expect(await runOn(emulator).diff(state, corrected(beyond))).toEqual({ changes: true });

    expect((await runOn(emulator).update(state, corrected(beyond))).phase).toBe("planned");
  });

  test("is handed over under an unchanged program once it is due, and once only", async ({ emulator }) => {
    const state = await planned(emulator);
    emulator.clock.set(due);
    const run = runOn(emulator);

    expect(await run.diff(state, far)).toEqual({ changes: true });
    expect(run.lines).toEqual(["info: planned: it is handed to the service now"]);
    const handed = await run.update(state, far);
    expect([handed.phase, await runOn(emulator).diff(handed, far)]).toEqual(["pending", { changes: false }]);
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(
      alertsFor(androidApp, {
        replacing: ["20 % off today"],
        keeping: ["20 % off today"],
        offline: ["20 % off today"],
      }),
    );
  });

  test("whose day was missed is refused, and a later time sends it", async ({ emulator }) => {
    const state = await planned(emulator);
    emulator.clock.set("2027-03-21T10:00:00+08:00");
    const run = runOn(emulator);

    expect(await run.diff(state, far)).toEqual({ changes: true });
    expect(run.lines[1]).toContain("its send time 2027-03-20 10:00 (UTC+8) is past");
    expect(await lineOf(run.update(state, far))).toContain(
      "its send time 2027-03-20 10:00 (UTC+8) is past; write a later one",
    );
    const later = await runOn(emulator).update(state, { ...far, sendTime: "2027-03-22T10:00:00+08:00" });
    expect([later.phase, pushesTo(emulator)]).toEqual(["pending", 1]);
  });

  test("is taken back by a remedy, and nothing was ever sent", async ({ emulator }) => {
    const state = await planned(emulator);
    const gone = await runOn(emulator).update(state, { ...far, remedy: "cancel" });
    emulator.clock.set(due);

    expect([gone.phase, await runOn(emulator).diff(gone, { ...far, remedy: "cancel" }), pushesTo(emulator)]).toEqual([
      "skipped",
      { changes: false },
      0,
    ]);
  });

  test("is handed over at once where that is no longer asked to wait", async ({ emulator }) => {
    const state = await planned(emulator);
    const { handOverDays: _, ...now } = far;

    expect((await runOn(emulator).update(state, now)).phase).toBe("pending");
  });

  test("that the service has already is taken over, and not planned beside it", async ({ emulator }) => {
    const { handOverDays: _, ...now } = far;
    const { pushId } = await runOn(emulator).create(now);
    const state = await runOn(emulator).create(far);

    expect([state.pushId, state.phase, pushesTo(emulator)]).toEqual([pushId, "pending", 1]);
  });

  test("does not count among a run's pushes until it is handed over", async ({ emulator }) => {
    const limited = { config: { "tpns:maxPushesPerRun": "1" } };
    const run = runOn(emulator, limited);
    const others = [1, 2, 3].map((day) => ({ ...far, sendTime: `2027-03-2${day}T10:00:00+08:00` }));

    expect(await Promise.all(others.map((other) => run.check(other)))).toEqual([[], [], []]);
    expect(await run.check(springSale)).toEqual([]);
    expect((await run.check({ ...springSale, sendTime: "2027-02-03T10:00:00+08:00" }))[0]).toContain(
      "maxPushesPerRun is 1",
    );
  });

  describe("and another app", () => {
    const other = { ...androidApp, accessId: "1500005678" };
    test.override("emulatorOptions", { apps: [androidApp, other] });

    test("is the same there, where nothing of it is either", async ({ emulator }) => {
      const state = await planned(emulator);

      expect(await runOn(emulator, { app: other }).diff(state, far)).toEqual({ changes: false });
      emulator.clock.set(due);
      const handed = await runOn(emulator, { app: other }).update(state, far);
      expect([handed.accessId, emulator.tasks.map(({ accessId }) => accessId)]).toEqual([
        other.accessId,
        [other.accessId],
      ]);
    });
  });

  test("may not wait for more than the service takes", async ({ emulator }) => {
    expect(await runOn(emulator).check({ ...far, handOverDays: 91 })).toEqual(["handOverDays 91 exceeds 90"]);
  });
});

describe("a hand-over that was killed", () => {
  test("after its push is finished by the next run", async ({ emulator }) => {
    const state = await planned(emulator);
    emulator.clock.set(due);
    const { pushId } = await runOn(emulator).update(state, far);

    expect(await runOn(emulator).diff(state, far)).toEqual({ changes: true });
    const next = await runOn(emulator).update(state, far);
    expect([next.pushId, pushesTo(emulator)]).toEqual([pushId, 1]);
  });

  test("after its push goes with its resource", async ({ emulator }) => {
    const state = await planned(emulator);
    emulator.clock.set(due);
    await runOn(emulator).update(state, far);
    emulator.clock.step(3_600);

    await runOn(emulator).delete(state);
    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED"]);
  });

  test("is corrected under another name too, and not doubled", async ({ emulator }) => {
    const state = await planned(emulator);
    emulator.clock.set(due);
    await runOn(emulator).update(state, far);
    const renamed = { ...corrected(far), identity: identityOf("renamed") };
    expect(await runOn(emulator).diff(state, renamed)).toEqual({ changes: true });
    await runOn(emulator).update(state, renamed);

    expect(tasksOf(emulator)).toEqual([
      "PUSH_CANCELED 20 % off today 2027-03-20 10:00",
      "PUSH_WAIT 30 % off today 2027-03-20 10:00",
    ]);
  });

  test("without an answer is unresolved, and settled like any other", async ({ emulator }) => {
    const state = await planned(emulator);
    emulator.clock.set(due);
    emulator.failNext({ path: pushPath, fault: "dropBefore" });
    const { outs } = await outsOf(runOn(emulator).update(state, far));
    expect([outs.phase, pushesTo(emulator)]).toEqual(["unresolved", 0]);
    const body = emulator.requests.findLast(({ path }) => path === pushPath)?.body;
    expect(await codeOf(emulator, pushPath, typeof body === "object" && body !== null ? body : "")).toBe(0);

    const settled = await runOn(emulator).update(outs, far);
    expect([settled.phase, pushesTo(emulator)]).toEqual(["pending", 1]);
  });
});
