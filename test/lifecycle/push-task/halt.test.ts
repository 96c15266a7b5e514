import { describe, expect } from "vitest";
import type { Emulator } from "../../../provider/emulator/index.ts";
import { cancelPath } from "../../emulator/fixture.ts";
import {
  alertsOf,
  corrected,
  identityOf,
  type Properties,
  pushesTo,
  type RunOptions,
  sendTime,
  springSale,
  test,
} from "../fixture.ts";
import {
  alertsFor,
  androidApp,
  bring,
  cancelInConsole,
  changesTo,
  finish,
  laterTime,
  lineOf,
  moments,
  pushIdOf,
  runOn,
  statusesOf,
  tasksOf,
} from "./world.ts";

const halt = (text = "wrong price"): RunOptions => ({ config: { "tpns:halt": text } });

/** A task that a halt has cancelled. */
async function halted(emulator: Emulator, task: Properties = springSale): Promise<Properties> {
  const state = await runOn(emulator).create(task);
  const run = runOn(emulator, halt());
  expect(await run.diff(state, task)).toEqual({ changes: true });
  return await run.update(state, task);
}

const got = (content: string) =>
  alertsFor(androidApp, { replacing: [content], keeping: [content], offline: [content] });

describe("a halt", () => {
  test("cancels what is pending under an unchanged program, says so, and is quiet from then on", async ({
    emulator,
  }) => {
    const state = await runOn(emulator).create(springSale);
    const preview = runOn(emulator, halt());
    expect([await preview.check(springSale, springSale), await preview.diff(state, springSale)]).toEqual([
      [],
      { changes: true },
    ]);
    const run = runOn(emulator, halt());
    const after = await run.update(state, springSale);
    const next = runOn(emulator, halt());

    expect([after.phase, after.halted, statusesOf(emulator)]).toEqual(["withdrawn", true, ["PUSH_CANCELED"]]);
    expect(await next.diff(after, springSale)).toEqual({ changes: false });
    expect(preview.lines).toEqual([
      `warning: tpns:halt (wrong price) stands for app ${androidApp.accessId}: what is pending is cancelled, and nothing is pushed; what is ahead then is pushed anew by the pulumi up that follows: pulumi config rm tpns:halt`,
      `warning: tpns:halt (wrong price): push ${pushIdOf(state)} is cancelled, and pushed anew when the halt ends`,
    ]);
    expect(run.lines).toEqual([
      `info: pending: push ${pushIdOf(state)} is cancelled; tpns:halt stands; it is pushed anew when that ends`,
    ]);
    finish(emulator);
    expect(alertsOf(emulator)).toEqual({});
  });

  test("that ends has what is ahead pushed anew, once", async ({ emulator }) => {
    const state = await halted(emulator);
    emulator.clock.step(7_200);
    const preview = runOn(emulator);
    expect(await preview.diff(state, springSale)).toEqual({ changes: true });
    expect(preview.lines).toEqual(["warning: the halt has ended; pulumi up pushes it anew"]);
    const again = await runOn(emulator).update(state, springSale);

    expect([again.phase, again.halted, again.owed]).toEqual(["pending", undefined, undefined]);
    expect(await runOn(emulator).diff(again, springSale)).toEqual({ changes: false });
    finish(emulator);
    expect(alertsOf(emulator)).toEqual(got("20 % off today"));
  });

  test("that ends within the hour says from when the service takes the same text again", async ({ emulator }) => {
    const state = await halted(emulator);
    const preview = runOn(emulator);
    expect(await preview.diff(state, springSale)).toEqual({ changes: true });
    expect(preview.lines[0]).toContain("only once an hour, and it was pushed 2027-02-01 08:00 (UTC+8)");
    expect(await lineOf(runOn(emulator).update(state, springSale))).toContain("the same push went out within the hour");
    emulator.clock.step(7_200);
    await runOn(emulator).update(state, springSale);
    finish(emulator);
    expect(alertsOf(emulator)).toEqual(got("20 % off today"));
  });

  test("takes a correction meanwhile, and its end sends the corrected text alone", async ({ emulator }) => {
    const state = await halted(emulator);
    const run = runOn(emulator, halt());
    expect(await run.diff(state, corrected(springSale))).toEqual({ changes: true });
    const held = await run.update(state, corrected(springSale));
    expect([held.phase, held.halted, pushesTo(emulator)]).toEqual(["withdrawn", true, 1]);
    expect(await runOn(emulator, halt()).diff(held, corrected(springSale))).toEqual({ changes: false });
    await runOn(emulator).update(held, corrected(springSale));
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(got("30 % off today"));
  });

  test("takes a correction in the same run", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    const run = runOn(emulator, halt());
    expect(await run.diff(state, corrected(springSale))).toEqual({ changes: true });
    const held = await run.update(state, corrected(springSale));
    expect([tasksOf(emulator).length, held.phase]).toEqual([1, "withdrawn"]);
    await runOn(emulator).update(held, corrected(springSale));
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(got("30 % off today"));
  });

  test("leaves what is past unsent, names it, and is quiet then", async ({ emulator }) => {
    const state = await halted(emulator);
    emulator.clock.set(moments.live);
    const run = runOn(emulator);
    expect(await run.diff(state, springSale)).toEqual({ changes: true });
    const left = await run.update(state, springSale);

    expect(run.lines).toEqual([
      "warning: its send time passed while tpns:halt stood, and it is left unsent; to send it write a new sendTime",
      "info: withdrawn: nothing is sent or withdrawn; its send time passed while tpns:halt stood, and it is left unsent; to send it write a new sendTime",
    ]);
    const next = runOn(emulator);
    expect([await next.diff(left, springSale), next.lines]).toEqual([{ changes: false }, []]);
    await next.update(left, { ...springSale, sendTime: laterTime });
    finish(emulator);
    expect(alertsOf(emulator)).toEqual(got("20 % off today"));
  });

  test("keeps new tasks planned, and its end hands them over", async ({ emulator }) => {
    const run = runOn(emulator, halt());
    const state = await run.create(springSale);
    expect([state.phase, state.halted, pushesTo(emulator)]).toEqual(["planned", true, 0]);
    expect(run.lines).toEqual([
      "info: planned: tpns:halt (wrong price) holds it back; the pulumi up that follows its end hands it to the service, if that runs before 2027-02-02 10:00 (UTC+8)",
    ]);
    expect(await runOn(emulator, halt()).diff(state, springSale)).toEqual({ changes: false });
    const after = runOn(emulator);
    expect(await after.diff(state, springSale)).toEqual({ changes: true });
    await after.update(state, springSale);
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(got("20 % off today"));
  });

  test("leaves new tasks unsent whose time passed under it", async ({ emulator }) => {
    const state = await runOn(emulator, halt()).create(springSale);
    emulator.clock.set(moments.live);
    const run = runOn(emulator);
    expect(await run.diff(state, springSale)).toEqual({ changes: true });
    const left = await run.update(state, springSale);

    expect([left.phase, left.skippedFor, pushesTo(emulator)]).toEqual(["skipped", "time", 0]);
    expect(run.lines.at(-1)).toContain("its send time passed while tpns:halt stood");
    expect(await runOn(emulator).diff(left, springSale)).toEqual({ changes: false });
  });

  test("refuses a new task whose time is past already", async ({ emulator }) => {
    expect(await lineOf(runOn(emulator, halt()).create({ ...springSale, sendTime: "2027-01-31T10:00:00+08:00" }))).toBe(
      'create task "spring-sale": its send time 2027-01-31 10:00 (UTC+8) is past; write a later one, or pastSendTime: "skip" on a new task',
    );
  });

  test("holds back what would be handed over on its day, and what is past then is left", async ({ emulator }) => {
    const far = { ...springSale, sendTime: "2027-03-20T10:00:00+08:00", handOverDays: 7 };
    const state = await runOn(emulator).create(far);
    expect(await runOn(emulator, halt()).diff(state, far)).toEqual({ changes: false });
    emulator.clock.set("2027-03-14T10:00:00+08:00");
    const run = runOn(emulator, halt());
    expect(await run.diff(state, far)).toEqual({ changes: true });
    const held = await run.update(state, far);
    expect([held.phase, held.halted, pushesTo(emulator)]).toEqual(["planned", true, 0]);
    emulator.clock.set("2027-03-21T10:00:00+08:00");

    expect((await runOn(emulator).update(held, far)).phase).toBe("skipped");
    expect(changesTo(emulator)).toBe(0);
  });

  test("cancels what an earlier run pushed and the state has lost", async ({ emulator }) => {
    await runOn(emulator).create(springSale);
    const state = await runOn(emulator, halt()).create(springSale);

    expect([state.phase, state.halted, statusesOf(emulator)]).toEqual(["withdrawn", true, ["PUSH_CANCELED"]]);
    emulator.clock.step(7_200);
    await runOn(emulator).update(state, springSale);
    finish(emulator);
    expect(alertsOf(emulator)).toEqual(got("20 % off today"));
  });

  test("refuses an override, and says how to go on", async ({ emulator }) => {
    const { state, declared } = await bring(emulator, "live");
    const line = `update task "spring-sale": it is out, and tpns:halt stands, under which nothing is pushed, an override neither; take the change back until the halt has ended, or end it: pulumi config rm tpns:halt`;

    expect(await lineOf(runOn(emulator, halt()).diff(state, corrected(declared)))).toBe(line);
    expect(await lineOf(runOn(emulator, halt()).update(state, corrected(declared)))).toBe(line);
  });

  test("leaves alone what went out since the state was written", async ({ emulator }) => {
    const { state, declared } = await bring(emulator, "live");
    const run = runOn(emulator, halt());
    expect(await run.diff(state, declared)).toEqual({ changes: true });
    const seen = await run.update(state, declared);
    const next = runOn(emulator, halt());

    expect([seen.phase, seen.halted, await next.diff(seen, declared)]).toEqual(["live", undefined, { changes: false }]);
    expect(next.lines).toEqual(["info: tpns:halt (wrong price): it is out, and a halt cancels only what is pending"]);
    expect(await runOn(emulator).diff(seen, declared)).toEqual({ changes: false });
  });

  test("carries out a remedy, which is final when it ends", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    const taken = { ...springSale, remedy: "cancel" };
    const gone = await runOn(emulator, halt()).update(state, taken);

    expect([gone.halted, gone.owed, await runOn(emulator).diff(gone, taken)]).toEqual([
      undefined,
      undefined,
      { changes: false },
    ]);
  });

  test("lets a task be removed, before and after", async ({ emulator }) => {
    const state = await halted(emulator);
    await runOn(emulator, halt()).delete(state);
    await runOn(emulator).delete(state);
    finish(emulator);

    expect([alertsOf(emulator), pushesTo(emulator)]).toEqual([{}, 1]);
  });

  test("that lost the answer of its cancel goes on in the next run", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    emulator.failNext({ path: cancelPath, fault: "dropAfter" });
    const run = runOn(emulator, halt());
    const after = await run.update(state, springSale);

    expect([after.phase, after.halted, statusesOf(emulator)]).toEqual(["withdrawn", true, ["PUSH_CANCELED"]]);
  });

  test("goes on where a run was killed between its cancel and the state", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    await runOn(emulator, halt()).update(state, springSale);
    const next = runOn(emulator, halt());

    expect(await next.diff(state, springSale)).toEqual({ changes: true });
    const again = await next.update(state, springSale);
    expect([again.phase, again.halted, changesTo(emulator)]).toEqual(["withdrawn", true, 2]);
  });

  test("that ends after such a run has the push made anew", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    await runOn(emulator, halt()).update(state, springSale);
    emulator.clock.step(7_200);
    const next = runOn(emulator);

    expect(await next.diff(state, springSale)).toEqual({ changes: true });
    await next.update(state, springSale);
    finish(emulator);
    expect(alertsOf(emulator)).toEqual(got("20 % off today"));
  });
});

describe("what was cancelled without the engine", () => {
  test("is the halt's where its configuration names the push, and its end has it pushed anew", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    await cancelInConsole(emulator, pushIdOf(state));
    const named = halt(`wrong price cancelled:${pushIdOf(state)}`);
    const run = runOn(emulator, named);
    expect(await run.diff(state, springSale)).toEqual({ changes: true });
    const after = await run.update(state, springSale);
    expect([after.phase, after.halted, changesTo(emulator)]).toEqual(["withdrawn", true, 2]);
    emulator.clock.step(7_200);
    await runOn(emulator).update(after, springSale);
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(got("20 % off today"));
  });

  test("is the same after a refresh has seen it", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    await cancelInConsole(emulator, pushIdOf(state));
    const named = halt(`cancelled:1,${pushIdOf(state)}`);
    const seen = await runOn(emulator, named).read(state);
    const run = runOn(emulator, named);

    expect([seen.phase, await run.diff(seen, springSale)]).toEqual(["withdrawn", { changes: true }]);
    expect((await run.update(seen, springSale)).halted).toBe(true);
  });

  test("by somebody else stays withdrawn when the halt ends", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    await cancelInConsole(emulator, pushIdOf(state));
    const seen = await runOn(emulator, halt()).update(state, springSale);
    const after = runOn(emulator);

    expect([seen.phase, seen.halted, await after.diff(seen, springSale)]).toEqual([
      "withdrawn",
      undefined,
      { changes: false },
    ]);
    expect(after.lines[0]).toContain("it was withdrawn, and not by this stack");
    finish(emulator);
    expect(alertsOf(emulator)).toEqual({});
  });
});

test("a halt counts no push, so that a whole campaign can be declared under it", async ({ emulator }) => {
  const run = runOn(emulator, { config: { "tpns:halt": "true", "tpns:maxPushesPerRun": "1" } });
  const others = ["one", "two"].map((name) => ({ ...springSale, identity: identityOf(name) }));

  expect(await Promise.all(others.map((other) => run.check(other)))).toEqual([[], []]);
});

test("an asap task waits for the end of a halt, and for no longer than its notAfter", async ({ emulator }) => {
  const asap = { ...springSale, sendTime: { asap: true, notAfter: sendTime } };
  const other = { ...corrected(asap), identity: identityOf("other") };
  const [soon, late] = [await runOn(emulator, halt()).create(asap), await runOn(emulator, halt()).create(other)];
  expect([soon.phase, late.phase, pushesTo(emulator)]).toEqual(["planned", "planned", 0]);
  const sent = await runOn(emulator).update(soon, asap);
  emulator.clock.set(moments.live);
  const left = await runOn(emulator).update(late, other);

  expect([sent.phase, left.phase, pushesTo(emulator)]).toEqual(["live", "skipped", 1]);
});
