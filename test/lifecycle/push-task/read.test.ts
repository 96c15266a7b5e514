import { describe, expect } from "vitest";
import type { KnownPhase } from "../../../provider/remedy/phase.ts";
import { corrected, identityOf, type Properties, springSale, test } from "../fixture.ts";
import {
  androidApp,
  bring,
  iosApp,
  laterTime,
  moments,
  pushIdOf,
  queriesTo,
  runOn,
  statusesOf,
  worldOf,
} from "./world.ts";

describe("read", () => {
  describe.for([androidApp, iosApp])("on %o", (app) => {
    test.for<[KnownPhase, string | undefined]>([
      ["pending", "PUSH_WAIT"],
      ["live", "PUSH_FINISHED"],
      ["sent", "PUSH_FINISHED"],
      ["withdrawn", "PUSH_CANCELED"],
      ["failed", "PUSH_FAILED"],
      // It was last seen so.
      ["archived", "PUSH_WAIT"],
      ["skipped", undefined],
    ])("finds a %s task, and changes nothing on the service", async ([phase, status], { emulator }) => {
      const { state } = await bring(emulator, phase, app);
      const before = worldOf(emulator);

      expect(await runOn(emulator, { app }).read(state)).toEqual({
        ...state,
        phase,
        ...(status !== undefined && { status }),
      });
      expect(worldOf(emulator)).toEqual(before);
    });
  });

  test.for([
    ["PUSH_INIT", "pending"],
    ["PUSH_WAIT", "pending"],
    ["PUSH_STARTED", "live"],
    ["PUSH_FINISHED", "live"],
    ["PUSH_FAILED", "failed"],
    ["PUSH_CANCELED", "withdrawn"],
    ["PUSH_REVOKED", "withdrawn"],
    ["PUSH_DELETED_PUSH_MSG", "withdrawn"],
    ["PUSH_COLLAPSED", "withdrawn"],
    ["PUSH_DELETED", "withdrawn"],
  ] as const)("reads status %s as %s", async ([status, phase], { emulator }) => {
    const { state } = await bring(emulator, "live");
    emulator.setStatus(pushIdOf(state), status);

    const read = await runOn(emulator).read(state);

    expect([read.status, read.phase]).toEqual([status, phase]);
  });

  test("of three tasks in one run makes one list call", async ({ emulator }) => {
    const states = await Promise.all(
      ["one", "two", "three"].map((name) =>
        runOn(emulator).create({
          ...springSale,
          identity: identityOf(name),
          message: { title: name, content: "a" },
        }),
      ),
    );
    const before = queriesTo(emulator);
    const run = runOn(emulator);

    const read = await Promise.all(states.map((state) => run.read(state)));

    expect([queriesTo(emulator) - before, read]).toEqual([1, states]);
  });

  test("of history makes no call, however old it is", async ({ emulator }) => {
    const { state } = await bring(emulator, "sent");
    const sent = await runOn(emulator).read(state);
    emulator.clock.step(365 * 24 * 3_600);
    const before = emulator.requests.length;

    expect(await runOn(emulator).read(sent)).toEqual(sent);
    expect(emulator.requests.length - before).toBe(0);
  });

  test("a year later finds what nobody looked at archived, and then asks no more", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    emulator.clock.step(365 * 24 * 3_600);

    const archived = await runOn(emulator).read(state);
    const before = emulator.requests.length;
    const again = await runOn(emulator).read(archived);

    expect([archived.phase, again, emulator.requests.length - before]).toEqual(["archived", archived, 0]);
  });

  test("after an override shows the new push", async ({ emulator }) => {
    const { state } = await bring(emulator, "live");
    const updated = await runOn(emulator).update(state, corrected(springSale));
    emulator.clock.step(10);

    expect(await runOn(emulator).read(updated)).toEqual({ ...updated, status: "PUSH_FINISHED" });
  });
});

describe("a task that is not listed yet", () => {
  const far: Properties = { ...springSale, sendTime: laterTime };

  describe("but known by its id", () => {
    test.override("emulatorOptions", { switches: { listedAheadDays: 5 } });

    test("stays pending, and its cancel by its id works", async ({ emulator }) => {
      const state = await runOn(emulator).create(far);
      emulator.clock.set(moments.pending);

      expect(await runOn(emulator).read(state)).toEqual({
        ...state,
        collapseId: String(emulator.tasks[0]?.collapseId),
      });
      await runOn(emulator).delete(state);

      expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED"]);
    });

    test("is corrected", async ({ emulator }) => {
      const state = await runOn(emulator).create(far);
      emulator.clock.set(moments.pending);

      await runOn(emulator).update(state, corrected(far));

      expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_WAIT"]);
    });
  });

  describe("and whose record is over a month old", () => {
    const early = "2027-03-10T10:00:00+08:00";

    test("stays pending, and its cancel by its id works", async ({ emulator }) => {
      const state = await runOn(emulator).create(far);
      emulator.clock.set(early);

      expect(await runOn(emulator).read(state)).toEqual(state);
      const withdrawn = await runOn(emulator).update(state, { ...far, remedy: "cancel" });

      expect([withdrawn.phase, withdrawn.status, statusesOf(emulator)]).toEqual([
        "withdrawn",
        "PUSH_CANCELED",
        ["PUSH_CANCELED"],
      ]);
    });

    test("is corrected, and the first text reaches nobody", async ({ emulator }) => {
      const state = await runOn(emulator).create(far);
      emulator.clock.set(early);

      await runOn(emulator).update(state, corrected(far));

      expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_WAIT"]);
    });
  });
});
