import { describe, expect } from "vitest";
import { approvalHash } from "../../../provider/guard/approval.ts";
import { corrected, type Properties, springSale, test } from "../fixture.ts";
import { androidApp, bring, lineOf, runOn, statusesOf, worldOf } from "./world.ts";

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

describe("an audience that needs an approval", () => {
  const needed = guarded({ approval: ["all"] });
  const approved = (task: Properties, by: Properties = task): Properties => ({
    ...task,
    approvedBy: [`Ann:${approvalHash(by)}`],
  });

  test("gets what is approved", async ({ emulator }) => {
    const run = runOn(emulator, needed);
    const [line] = await run.check(springSale);
    expect(line).toBe(
      `approval: a message to all needs approvedBy; who approves it writes approvedBy: ["<name>:${approvalHash(springSale)}"]`,
    );
    expect(await lineOf(run.create(springSale))).toBe(`create task "spring-sale": ${line}`);
    expect(await run.check(approved(springSale))).toEqual([]);
    expect((await run.create(approved(springSale))).phase).toBe("pending");
  });

  test.for(["pending", "live"] as const)(
    "gets no correction of a %s task that nobody has approved, and one that somebody has",
    async (phase, { emulator }) => {
      const { state } = await bring(emulator, phase, androidApp, approved(springSale));
      const before = worldOf(emulator);
      const stale = approved(corrected(springSale), springSale);
      const line = `update task "spring-sale": approval: its text or its audience is not the one that Ann approved; who approves it writes approvedBy: ["<name>:${approvalHash(stale)}"]`;

      expect([
        await lineOf(runOn(emulator, needed).diff(state, stale)),
        await lineOf(runOn(emulator, needed).update(state, stale)),
      ]).toEqual([line, line]);
      expect(worldOf(emulator)).toEqual(before);
      await runOn(emulator, needed).update(state, approved(corrected(springSale)));
      expect(emulator.tasks.at(-1)?.content).toBe("30 % off today");
    },
  );

  test("is told of a planned task's unapproved text when that is written, and not on its day alone", async ({
    emulator,
  }) => {
    const far = approved({ ...springSale, sendTime: "2027-03-20T10:00:00+08:00", handOverDays: 7 });
    const state = await runOn(emulator, needed).create(far);

    expect(await lineOf(runOn(emulator, needed).diff(state, corrected(far)))).toContain("that Ann approved");
    expect(await lineOf(runOn(emulator, needed).update(state, corrected(far)))).toContain("that Ann approved");
  });

  test("is told of a text that is changed under a halt", async ({ emulator }) => {
    const task = approved(springSale);
    const state = await runOn(emulator, needed).create(task);
    const under = { config: { ...needed.config, "tpns:halt": "true" } };

    expect(await lineOf(runOn(emulator, under).diff(state, corrected(task)))).toContain("that Ann approved");
  });

  test("takes another name of who approves as no change of the message", async ({ emulator }) => {
    const state = await runOn(emulator, needed).create(approved(springSale));
    const before = worldOf(emulator);
    const other = { ...springSale, approvedBy: [`Bo:${approvalHash(springSale)}`] };
    expect(await runOn(emulator, needed).diff(state, other)).toEqual({ changes: true });
    await runOn(emulator, needed).update(state, other);

    expect(worldOf(emulator)).toEqual(before);
  });
});

test("rules of the wrong form are refused", async ({ emulator }) => {
  await expect(runOn(emulator, guarded({ bannedWord: ["x"] })).check(springSale)).rejects.toThrow(
    "tpns:guards has the wrong form; write freezeDays, allowedHours, linkHosts, bannedWords and approval as tpns.Provider takes them",
  );
});
