import { expect } from "vitest";
import { corrected, type Properties, springSale, test } from "../fixture.ts";
import { bring, lineOf, runOn, statusesOf, worldOf } from "./world.ts";

const guarded = (guards: object) => ({ config: { "tpns:guards": JSON.stringify(guards) } });
const noDiscounts = guarded({ bannedWords: ["30 %"] });
const timeZone = "Asia/Shanghai";

test("a new task that breaks a rule of its provider is refused by the preview, and by the run", async ({
  emulator,
}) => {
  const options = guarded({ freezeDays: { days: ["2027-02-02"], timeZone }, bannedWords: ["off"] });
  const run = runOn(emulator, options);

  expect(await run.check(springSale)).toEqual([
    "freezeDays: nothing goes out on 2027-02-02 in Asia/Shanghai; write another sendTime",
    'bannedWords: the message has "off"; write it without',
  ]);
  expect(await lineOf(run.create(springSale))).toBe(
    'create task "spring-sale": freezeDays: nothing goes out on 2027-02-02 in Asia/Shanghai; write another sendTime',
  );
  expect(emulator.tasks).toEqual([]);
});

test.for(["pending", "live"] as const)(
  "a changed text of a %s task is judged before anything is done",
  async (phase, { emulator }) => {
    const { state } = await bring(emulator, phase);
    const before = worldOf(emulator);
    const run = runOn(emulator, noDiscounts);
    const line = 'update task "spring-sale": bannedWords: the message has "30 %"; write it without';

    expect([
      await lineOf(run.diff(state, corrected(springSale))),
      await lineOf(run.update(state, corrected(springSale))),
    ]).toEqual([line, line]);
    expect(worldOf(emulator)).toEqual(before);
  },
);

test("what went out before the rule stays as it is, and can be taken back", async ({ emulator }) => {
  const { state } = await bring(emulator, "pending");
  const run = runOn(
    emulator,
    guarded({ bannedWords: ["off"], allowedHours: { from: "12:00", until: "13:00", timeZone } }),
  );

  expect(await run.check(springSale, springSale)).toEqual([]);
  expect(await run.diff(state, springSale)).toEqual({ changes: false });
  await run.update(state, { ...springSale, remedy: "cancel" });
  expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED"]);
});

test("the hours of the day are those at which a push for now goes out; a correction of what is out does not wait for them", async ({
  emulator,
}) => {
  const options = guarded({ allowedHours: { from: "09:00", until: "21:00", timeZone } });
  const now: Properties = { ...springSale, sendTime: { asap: true, notAfter: "2027-02-02T10:00:00+08:00" } };

  // It is eight in the morning.
  expect(await lineOf(runOn(emulator, options).create(now))).toContain(
    "allowedHours: it goes out at 08:00 in Asia/Shanghai",
  );
  const { state } = await bring(emulator, "live");
  emulator.clock.set("2027-02-02T22:00:00+08:00");
  await runOn(emulator, options).update(state, corrected(springSale));
  expect(statusesOf(emulator)).toEqual(["PUSH_COLLAPSED", "PUSH_STARTED"]);
});

test("rules of the wrong form are refused", async ({ emulator }) => {
  await expect(runOn(emulator, guarded({ bannedWord: ["x"] })).check(springSale)).rejects.toThrow(
    "tpns:guards has the wrong form; write freezeDays, allowedHours, linkHosts and bannedWords as tpns.Provider takes them",
  );
});
