import { describe, expect } from "vitest";
import type { App } from "../../../provider/emulator/index.ts";
import { unknownValue } from "../../../provider/lifecycle/translation.ts";
import type { KnownPhase } from "../../../provider/remedy/phase.ts";
import { corrected, identityOf, type Properties, springSale, test } from "../fixture.ts";
import { androidApp, bring, changesTo, iosApp, lineOf, phases, pushIdOf, queriesTo, runOn, worldOf } from "./world.ts";

/** A second Android app, which the emulator does not know: no call with it could succeed. */
const otherApp: App = { accessId: "1500009999", secretKey: "emulatorandroidkey00000000000009", platform: "android" };

describe("an unchanged task", () => {
  describe.for([androidApp, iosApp])("on %o", (app) => {
    test.for(phases)("that is %s makes no call, before and after a refresh", async (phase, { emulator }) => {
      const { declared, state } = await bring(emulator, phase, app);
      const refreshed = await runOn(emulator, { app }).read(state);
      const before = emulator.requests.length;

      expect([
        await runOn(emulator, { app }).diff(state, declared),
        await runOn(emulator, { app }).diff(refreshed, declared),
      ]).toEqual([{ changes: false }, { changes: false }]);
      expect(emulator.requests.length - before).toBe(0);
    });
  });

  test("whose properties stand in another order, or under another name, is unchanged", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const reordered = Object.fromEntries(Object.entries(springSale).reverse());

    expect(
      await runOn(emulator).diff(state, {
        ...reordered,
        identity: identityOf("easter-sale"),
        message: { content: "20 % off today", title: "Spring sale" },
      }),
    ).toEqual({ changes: false });
  });
});

describe("a changed task", () => {
  test.for<[string, Properties]>([
    ["ifSent", { ifSent: "refuse" }],
    ["onDelete", { onDelete: "terminate" }],
    ["consent", { consent: ["override-late:1"] }],
    ["pastSendTime", { pastSendTime: "skip" }],
    ["forceCollapse", { forceCollapse: true }],
  ])("in %s alone makes no call", async ([, change], { emulator }) => {
    const { state } = await bring(emulator, "live");
    const before = emulator.requests.length;

    expect(await runOn(emulator).diff(state, { ...springSale, ...change })).toEqual({ changes: true });
    expect(emulator.requests.length - before).toBe(0);
  });

  test("with a value that is not known yet makes no call", async ({ emulator }) => {
    const { state } = await bring(emulator, "live");
    const before = emulator.requests.length;
    const news = { ...springSale, message: { title: "Spring sale", content: unknownValue } };

    expect(await runOn(emulator).diff(state, news)).toEqual({ changes: true });
    expect(emulator.requests.length - before).toBe(0);
  });

  test("without a key says that it cannot tell", async ({ emulator }) => {
    const { state } = await bring(emulator, "live");
    const before = emulator.requests.length;
    const run = runOn(emulator, { config: { "tpns:secretKey": "" } });

    expect(await run.diff(state, corrected(springSale))).toEqual({ changes: true });
    expect(run.lines).toEqual(["warning: no secret key, so the service was not asked what this change will do"]);
    expect(emulator.requests.length - before).toBe(0);
  });

  test("is told of by one list call for three tasks of one run", async ({ emulator }) => {
    const named = (name: string, content: string): Properties => ({
      ...springSale,
      identity: identityOf(name),
      message: { title: name, content },
    });
    const states = await Promise.all(
      ["one", "two", "three"].map(async (name) => [name, await runOn(emulator).create(named(name, "a"))] as const),
    );
    const before = queriesTo(emulator);
    const run = runOn(emulator);

    await Promise.all(states.map(([name, state]) => run.diff(state, named(name, "b"))));

    expect([queriesTo(emulator) - before, run.lines.length]).toEqual([1, 3]);
  });

  test("of which some are refused names the consents of all that it has seen", async ({ emulator }) => {
    const named = (name: string, content: string): Properties => ({
      ...springSale,
      identity: identityOf(name),
      message: { title: name, content },
    });
    const one = await runOn(emulator).create(named("one", "a"));
    const two = await runOn(emulator).create(named("two", "a"));
    emulator.clock.step(5 * 24 * 3_600);
    const run = runOn(emulator);
    await lineOf(run.diff(one, named("one", "b")));

    expect(await lineOf(run.diff(two, named("two", "b")))).toMatch(
      `TPNS_CONSENT=override-late:${pushIdOf(one)},override-late:${pushIdOf(two)}`,
    );
  });
});

describe("under another app", () => {
  test.for<KnownPhase>(["pending", "live"])(
    "a %s task is replaced where a tpns.Provider says so",
    async (phase, { emulator }) => {
      const { declared, state } = await bring(emulator, phase);
      const refreshed = await runOn(emulator).read(state);
      const before = emulator.requests.length;

      expect(await runOn(emulator, { app: otherApp }).diff(refreshed, declared)).toEqual({
        changes: true,
        replaces: ["accessId"],
      });
      expect(emulator.requests.length - before).toBe(0);
    },
  );

  test.for<KnownPhase>(["pending", "live"])(
    "a %s task is refused where the default provider does",
    async (phase, { emulator }) => {
      const { declared, state } = await bring(emulator, phase);
      const refreshed = await runOn(emulator).read(state);
      const before = worldOf(emulator);
      const other = () => runOn(emulator, { app: otherApp, config: { "tpns:explicit": "false" } });
      const line = (action: string) =>
        `${action} task "spring-sale": it was pushed on app 1500001234, and the app configured now is 1500009999; configure 1500001234 again, or give each app its own tpns.Provider`;

      expect(await lineOf(other().diff(refreshed, declared))).toEqual(line("update"));
      expect(await lineOf(other().update(refreshed, corrected(declared)))).toEqual(line("update"));
      expect(await lineOf(other().read(refreshed))).toEqual(line("read"));
      expect(await lineOf(other().delete(refreshed))).toEqual(line("delete"));
      expect(worldOf(emulator)).toEqual(before);
    },
  );

  test.for<KnownPhase>(["sent", "withdrawn", "failed", "archived", "skipped"])(
    "a %s task is not replaced, and nothing is called",
    async (phase, { emulator }) => {
      const { declared, state } = await bring(emulator, phase);
      const settled = await runOn(emulator).read(state);
      const before = emulator.requests.length;
      const other = () => runOn(emulator, { app: otherApp });

      expect(await other().diff(settled, declared)).toEqual({ changes: false });
      expect(await other().diff(settled, corrected(declared))).toEqual({ changes: true });
      expect(await other().update(settled, corrected(declared))).toEqual({
        ...settled,
        ...corrected(declared),
        sent: { message: declared.message },
      });
      expect(await other().read(settled)).toEqual(settled);
      await other().delete(settled);
      expect(emulator.requests.length - before).toBe(0);
    },
  );
});

describe("a state that a newer version wrote", () => {
  test("is refused by every handler, naming the upgrade", async ({ emulator }) => {
    const { declared, state } = await bring(emulator, "pending");
    const newer = { ...state, schema: 2 };
    const before = changesTo(emulator);
    const run = runOn(emulator);
    const line = "its state was written by a newer pulumi-tpns (schema 2); run: npm install pulumi-tpns@latest";

    expect([
      await lineOf((async () => run.diff(newer, declared))()),
      await lineOf((async () => run.update(newer, corrected(declared)))()),
      await lineOf((async () => run.read(newer))()),
      await lineOf((async () => run.delete(newer))()),
    ]).toEqual([line, line, line, line]);
    expect(changesTo(emulator)).toBe(before);
  });
});
