import { describe, expect } from "vitest";
import type { App } from "../../../provider/emulator/index.ts";
import type { KnownPhase } from "../../../provider/remedy/phase.ts";
import { alertsOf, corrected, type Properties, springSale, test } from "../fixture.ts";
import {
  alertsFor,
  androidApp,
  bring,
  cancelInConsole,
  changesTo,
  consenting,
  finish,
  iosApp,
  lineOf,
  moments,
  outsOf,
  pushIdOf,
  runOn,
  statusesOf,
  taskOf,
  worldOf,
} from "./world.ts";

const first = "20 % off today";

const liveLine = (pushId: string, restore: string): string =>
  `delete task "spring-sale": it is being delivered until 2027-02-03 10:00 (UTC+8); wait, or restore it with ${restore}; or set TPNS_CONSENT=delete-live:${pushId}`;

const restores: Record<App["platform"], string> = { android: 'remedy: "terminate"', ios: "a corrected message" };

describe.for([androidApp, iosApp])("on %o, delete", (app) => {
  const { platform } = app;

  test("cancels a pending task, and it reaches nobody", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending", app);

    await runOn(emulator, { app }).delete(state);
    finish(emulator);

    expect([statusesOf(emulator), alertsOf(emulator, app)]).toEqual([["PUSH_CANCELED"], {}]);
  });

  test("refuses a live task, and forgets it by consent", async ({ emulator }) => {
    const { state } = await bring(emulator, "live", app);
    const before = worldOf(emulator);

    expect(await lineOf(runOn(emulator, { app }).delete(state))).toEqual(liveLine(pushIdOf(state), restores[platform]));
    await consenting(emulator, `adopt:1, delete-live:${pushIdOf(state)}`, { app }).delete(state);
    expect(worldOf(emulator)).toEqual(before);
    finish(emulator);

    expect(alertsOf(emulator, app)).toEqual(alertsFor(app, { replacing: [first], keeping: [first], offline: [first] }));
  });

  test("does not take another task's consent", async ({ emulator }) => {
    const { state } = await bring(emulator, "live", app);

    expect(await lineOf(consenting(emulator, "delete-live:1", { app }).delete(state))).toEqual(
      liveLine(pushIdOf(state), restores[platform]),
    );
  });

  test("forgets a live task once it is delivered", async ({ emulator }) => {
    const { state } = await bring(emulator, "live", app);
    emulator.clock.set(moments.sent);
    const before = worldOf(emulator);

    await runOn(emulator, { app }).delete(state);

    expect(worldOf(emulator)).toEqual(before);
  });

  test.for<KnownPhase>(["sent", "withdrawn", "failed", "archived", "skipped"])(
    "forgets a %s task, and changes nothing on the service",
    async (phase, { emulator }) => {
      const { state } = await bring(emulator, phase, app);
      const refreshed = await runOn(emulator, { app }).read(state);
      const before = worldOf(emulator);

      await runOn(emulator, { app }).delete(state);
      const requests = emulator.requests.length;
      await runOn(emulator, { app }).delete(refreshed);

      expect(worldOf(emulator)).toEqual(before);
      // What is history is not even asked about.
      expect(emulator.requests.length - requests).toBe(phase === "failed" ? 1 : 0);
    },
  );
});

describe('delete with onDelete "terminate"', () => {
  const terminating: Properties = { ...springSale, onDelete: "terminate" };

  test("cancels a pending task", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending", androidApp, terminating);

    await runOn(emulator).delete(state);

    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED"]);
  });

  test("stops a live one: who has it keeps it, and nobody else gets it", async ({ emulator }) => {
    const { state } = await bring(emulator, "live", androidApp, terminating);

    await runOn(emulator).delete(state);
    finish(emulator);

    expect([statusesOf(emulator), alertsOf(emulator)]).toEqual([
      ["PUSH_DELETED_PUSH_MSG"],
      alertsFor(androidApp, { replacing: [first], keeping: [first], offline: [] }),
    ]);
  });

  test("stops one that was overridden", async ({ emulator }) => {
    const { state } = await bring(emulator, "live", androidApp, terminating);
    const overridden = await runOn(emulator).update(state, corrected(terminating));

    await runOn(emulator).delete(overridden);

    expect(statusesOf(emulator)).toEqual(["PUSH_COLLAPSED", "PUSH_DELETED_PUSH_MSG"]);
  });

  test("on iOS is refused by check, and a live one is refused by delete", async ({ emulator }) => {
    const { state } = await bring(emulator, "live", iosApp);

    expect(await runOn(emulator, { app: iosApp }).check({ ...taskOf(iosApp), onDelete: "terminate" })).toEqual([
      "the service cannot terminate a push on iOS; remove onDelete; a removal then cancels it, as long as it is pending",
    ]);
    expect(await lineOf(runOn(emulator, { app: iosApp }).delete({ ...state, onDelete: "terminate" }))).toEqual(
      liveLine(pushIdOf(state), restores.ios),
    );
  });
});

describe("delete of a task that somebody else withdrew", () => {
  test("is done, while the state still says pending", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    await cancelInConsole(emulator, pushIdOf(state));
    const before = changesTo(emulator);

    await runOn(emulator).delete(state);

    expect(changesTo(emulator) - before).toBe(0);
  });

  test("still cancels another revision that is pending", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const twice = await runOn(emulator).update(state, corrected(springSale));
    emulator.setStatus(pushIdOf(state), "PUSH_WAIT");
    await cancelInConsole(emulator, pushIdOf(twice));

    await runOn(emulator).delete(twice);

    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_CANCELED"]);
  });
});

describe("delete while dispatch overtakes its cancel", () => {
  test.override("emulatorOptions", { switches: { remedyDelaySeconds: 30 } });

  test("is refused as live", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    emulator.clock.set("2027-02-02T09:59:40+08:00");

    expect(await lineOf(runOn(emulator).delete(state))).toEqual(liveLine(pushIdOf(state), restores.android));
  });
});

describe("delete whose cancel is not confirmed", () => {
  test.override("emulatorOptions", { switches: { remedyDelaySeconds: 3_600 } });

  test("fails, and works once the record says so", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");

    const { line, outs } = await outsOf(runOn(emulator).delete(state));
    expect([line, outs]).toEqual([
      expect.stringMatching(/^delete task "spring-sale": the service was told to cancel/),
      state,
    ]);
    emulator.clock.step(3_600);
    await runOn(emulator).delete(outs);

    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED"]);
  });
});
