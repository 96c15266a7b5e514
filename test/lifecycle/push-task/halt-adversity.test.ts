import { describe, expect } from "vitest";
import type { Emulator } from "../../../provider/emulator/index.ts";
import { approvalHash } from "../../../provider/guard/approval.ts";
import { haltText, readHalt } from "../../../provider/lifecycle/halt.ts";
import { haltNow } from "../../../provider/lifecycle/halt-now.ts";
import type { PushService } from "../../../provider/lifecycle/service.ts";
import { codeOf, pushPath, recordPath } from "../../emulator/fixture.ts";
import {
  alertsOf,
  corrected,
  identityOf,
  loseJournal,
  type Properties,
  pushesTo,
  type RunOptions,
  springSale,
  test,
} from "../fixture.ts";
import {
  bring,
  cancelInConsole,
  consenting,
  finish,
  laterTime,
  lineOf,
  moments,
  outsOf,
  pushIdOf,
  runOn,
  statusesOf,
  tasksOf,
} from "./world.ts";

const halt = (text = "wrong price"): RunOptions => ({ config: { "tpns:halt": text } });
const hours = (emulator: Emulator, count: number): void => emulator.clock.step(count * 3_600);

/** A run as the engine makes it: update only where diff says so. */
async function up(
  emulator: Emulator,
  state: Properties,
  task: Properties,
  options: RunOptions = {},
): Promise<Properties> {
  const run = runOn(emulator, options);
  return (await run.diff(state, task)).changes ? run.update(state, task) : state;
}
const halted = async (emulator: Emulator, task = springSale): Promise<Properties> =>
  up(emulator, await runOn(emulator).create(task), task, halt());

/** The last push's request reaches the service once more, or after all. */
async function arrive(emulator: Emulator): Promise<void> {
  emulator.clock.step(5);
  const body = emulator.requests.findLast(({ path }) => path === pushPath)?.body;
  expect(await codeOf(emulator, pushPath, typeof body === "object" && body !== null ? body : "")).toBe(0);
}

describe("a first create under a halt pushes where a consent lifts a refusal", () => {
  test("push-anew, the very line that the create under the halt prints", async ({ emulator }) => {
    const { pushId } = await runOn(emulator).create(springSale);
    await cancelInConsole(emulator, String(pushId));
    hours(emulator, 2);
    await consenting(emulator, `push-anew:${pushId}`, halt()).create(springSale);
    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED"]);
  });
  test("duplicate-of, written in the program", async ({ emulator }) => {
    const { pushId } = await runOn(emulator).create(springSale);
    hours(emulator, 2);
    await runOn(emulator, halt()).create({
      ...springSale,
      identity: identityOf("other"),
      consent: [`duplicate-of:${pushId}`],
    });
    expect(pushesTo(emulator)).toBe(1);
  });
  test("duplicate-of a sent push of its own name", async ({ emulator }) => {
    const { state } = await bring(emulator, "sent");
    loseJournal(emulator);
    await consenting(emulator, `duplicate-of:${pushIdOf(state)}`, halt()).create({
      ...corrected(springSale),
      sendTime: laterTime,
    });
    expect(pushesTo(emulator)).toBe(1);
  });
});

describe("adopt: keeps a pending push that says something else", () => {
  const tag = { type: "tag", tagRules: [{ tagItems: [{ tags: ["vip"], tagsOperator: "OR" }] }] };
  const others: Record<string, Properties> = {
    "at another time": { ...springSale, sendTime: "2027-02-02T12:00:00+08:00" },
    "to another audience": { ...springSale, audience: tag },
    "with another expireTime": { ...springSale, expireTime: 3_600 },
  };
  for (const [name, declared] of Object.entries(others)) {
    test(name, async ({ emulator }) => {
      const { pushId } = await runOn(emulator).create(springSale);
      loseJournal(emulator);
      hours(emulator, 2);
      await consenting(emulator, `adopt:${pushId}`).create(declared);
      expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_WAIT"]);
    });
  }
});

describe("two planned tasks, one renamed, the other under its old name", () => {
  test("are handed over in one run, both", async ({ emulator }) => {
    const far = { ...springSale, sendTime: "2027-03-20T10:00:00+08:00", handOverDays: 7 };
    const one = await runOn(emulator).create(far);
    const renamed = { ...far, identity: identityOf("spring-sale-old") };
    const fresh = corrected(far);
    const two = await runOn(emulator).create(fresh);
    emulator.clock.set("2027-03-13T10:00:00+08:00");
    const run = runOn(emulator);
    await run.diff(one, renamed);
    await run.diff(two, fresh);
    await run.update(one, renamed);
    await run.update(two, fresh);
    expect(statusesOf(emulator)).toEqual(["PUSH_WAIT", "PUSH_WAIT"]);
  });
});

describe("what the command cancelled, and its time passes before the up under the halt", () => {
  test("is recorded, and blocks no run", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    await cancelInConsole(emulator, pushIdOf(state));
    emulator.clock.set(moments.live);
    const after = await up(emulator, state, springSale, halt(`cancelled:${pushIdOf(state)}`));
    expect(after.phase).toBe("withdrawn");
  });
});

describe("a remedy on what the command cancelled is final", () => {
  for (const [name, back] of Object.entries({
    "removed alone": springSale,
    "removed with another text": corrected(springSale),
  })) {
    test(name, async ({ emulator }) => {
      const state = await runOn(emulator).create(springSale);
      await cancelInConsole(emulator, pushIdOf(state));
      const named = halt(`cancelled:${pushIdOf(state)}`);
      const taken = await up(emulator, state, { ...springSale, remedy: "cancel" }, named);
      const removed = await up(emulator, taken, back, named);
      const again = await up(emulator, removed, back, named);
      hours(emulator, 2);
      await up(emulator, again, back);
      expect(pushesTo(emulator)).toBe(1);
    });
  }
});

describe("a halted task is never looked at again while a halt stands", () => {
  test("its end was not answered, and the halt is set again on another machine", async ({ emulator }) => {
    const state = await halted(emulator);
    hours(emulator, 2);
    emulator.failNext({ path: pushPath, fault: "dropBefore" });
    const { outs } = await outsOf(runOn(emulator).update(state, springSale));
    await arrive(emulator);
    loseJournal(emulator);
    await up(emulator, outs, springSale, halt());
    finish(emulator);
    expect(alertsOf(emulator)).toEqual({});
  });
  test("its end was killed after the push, and the halt is set again with a refresh", async ({ emulator }) => {
    const state = await halted(emulator);
    hours(emulator, 2);
    await up(emulator, state, springSale);
    loseJournal(emulator);
    await up(emulator, await runOn(emulator, halt()).read(state), springSale, halt());
    expect(statusesOf(emulator)).not.toContain("PUSH_WAIT");
  });
  test("the same of a planned one", async ({ emulator }) => {
    const state = await runOn(emulator, halt()).create(springSale);
    await up(emulator, state, springSale);
    loseJournal(emulator);
    await up(emulator, await runOn(emulator, halt()).read(state), springSale, halt());
    expect(statusesOf(emulator)).not.toContain("PUSH_WAIT");
  });
  test("a twin of it arrives", async ({ emulator }) => {
    const state = await halted(emulator);
    hours(emulator, 2);
    await arrive(emulator);
    await up(emulator, await runOn(emulator, halt()).read(state), springSale, halt());
    expect(statusesOf(emulator)).not.toContain("PUSH_WAIT");
  });
  test("a twin of what the command cancelled", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    await cancelInConsole(emulator, pushIdOf(state));
    hours(emulator, 2);
    await arrive(emulator);
    await up(emulator, state, springSale, halt(`cancelled:${pushIdOf(state)}`));
    expect(statusesOf(emulator)).not.toContain("PUSH_WAIT");
  });
});

describe("an update under a halt leaves a push pending that its own look has found", () => {
  test("a halted task's end with another text was killed", async ({ emulator }) => {
    const state = await halted(emulator);
    hours(emulator, 2);
    await up(emulator, state, corrected(springSale));
    loseJournal(emulator);
    await up(emulator, state, corrected(springSale), halt());
    expect(statusesOf(emulator)).not.toContain("PUSH_WAIT");
  });
  test("a correction was killed", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    await up(emulator, state, corrected(springSale));
    loseJournal(emulator);
    await up(emulator, state, corrected(springSale), halt());
    expect(statusesOf(emulator)).not.toContain("PUSH_WAIT");
  });
});

describe("what a halt took away is lost", () => {
  test("its cancel was not confirmed, and the next run is on another machine", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    const around = (service: PushService): PushService => ({
      ...service,
      cancelTimingTask: async (...args) => {
        await service.cancelTimingTask(...args);
        emulator.failNext({ path: recordPath, fault: "dropBefore", times: 12 });
      },
    });
    const { outs } = await outsOf(runOn(emulator, { ...halt(), around }).update(state, springSale));
    for (let count = 0; count < 12; count += 1) await codeOf(emulator, recordPath, {}).catch(() => 0);
    loseJournal(emulator);
    const after = await up(emulator, outs, springSale, halt());
    hours(emulator, 2);
    await up(emulator, after, springSale);
    expect(pushesTo(emulator)).toBe(2);
  });
  test("a create under it was killed after its cancel", async ({ emulator }) => {
    await runOn(emulator).create(springSale);
    await runOn(emulator, halt()).create(springSale);
    const state = await runOn(emulator, halt()).create(springSale);
    hours(emulator, 2);
    await up(emulator, state, springSale);
    expect(pushesTo(emulator)).toBe(2);
  });
  test("an unanswered push that never came passed its time: a new send time sends it, as the line says", async ({
    emulator,
  }) => {
    emulator.failNext({ path: pushPath, fault: "dropBefore" });
    const { outs } = await outsOf(runOn(emulator).create(springSale));
    hours(emulator, 2);
    const state = await up(emulator, outs, springSale, halt());
    emulator.clock.set(moments.live);
    const left = await up(emulator, state, springSale);
    await up(emulator, left, { ...springSale, sendTime: laterTime });
    expect(pushesTo(emulator)).toBe(1);
  });
  test("the state of what the command cancelled is lost", async ({ emulator }) => {
    const { pushId } = await runOn(emulator).create(springSale);
    await cancelInConsole(emulator, String(pushId));
    const state = await runOn(emulator, halt(`cancelled:${pushId}`)).create(springSale);
    hours(emulator, 2);
    await up(emulator, state, springSale);
    expect(pushesTo(emulator)).toBe(2);
  });
});

test("the command cancels what was pushed days ago on an app with more than 2000 records", async ({ emulator }) => {
  await runOn(emulator).create({ ...springSale, sendTime: "2027-02-10T10:00:00+08:00" });
  hours(emulator, 96);
  let calls = 0;
  const around = (service: PushService): PushService => ({
    ...service,
    listPushRecords: async (query) => {
      const answer = await service.listPushRecords(query);
      calls += 1;
      return calls % 2 === 1 ? { ...answer, count: 2_001 } : answer;
    },
  });
  const { cancelled, left } = await haltNow(runOn(emulator, { around }).context, {
    unmarked: false,
    dryRun: false,
    earlier: new Set(),
  });
  expect([cancelled.length + left.length, statusesOf(emulator)]).toEqual([1, ["PUSH_CANCELED"]]);
});

describe("a line", () => {
  test("under a halt nothing is said to be pushed by this up", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    emulator.failNext({ path: pushPath, fault: { retCode: 1008001 } });
    const { outs } = await outsOf(runOn(emulator).update(state, corrected(springSale)));
    const run = runOn(emulator, halt());
    await run.diff(outs, springSale);
    expect(run.lines.join()).not.toContain("pulumi up pushes it anew");
  });
  test("an end that was not answered is told as such", async ({ emulator }) => {
    const state = await halted(emulator);
    hours(emulator, 2);
    emulator.failNext({ path: pushPath, fault: "dropBefore" });
    const { outs } = await outsOf(runOn(emulator).update(state, springSale));
    const run = runOn(emulator);
    await run.diff(outs, springSale);
    expect(run.lines.join()).toContain("its push was not answered");
  });
  test("a corrected send time that is past is refused under a halt, as of a new task", async ({ emulator }) => {
    const state = await runOn(emulator, halt()).create(springSale);
    const past = { ...springSale, sendTime: "2027-02-01T07:00:00+08:00" };
    expect(await lineOf(runOn(emulator, halt()).update(state, past))).toContain("is past");
  });
  test("a push that went out is not said to be left unsent", async ({ emulator }) => {
    const state = await halted(emulator);
    hours(emulator, 2);
    await up(emulator, state, springSale);
    loseJournal(emulator);
    finish(emulator);
    const run = runOn(emulator);
    await run.update(state, springSale);
    expect(run.lines.join()).not.toContain("left unsent");
  });
});

test("what --reason says stands", () => {
  for (const reason of ["false", " "]) expect(readHalt(haltText({ reason, cancelled: new Set() }))).toBeDefined();
});

test("an approval covers the text message too", async ({ emulator }) => {
  const sms = (text: string) => ({
    ...springSale,
    resendBySms: true,
    smsInfo: {
      delayTriggerTime: 600,
      smsSignName: "shop",
      smsTemplateId: "1",
      smsAppId: "1",
      smsTemplateParams: [text],
    },
  });
  const approvedBy = [`Ann:${approvalHash(sms("fine"))}`];
  const run = runOn(emulator, { config: { "tpns:guards": JSON.stringify({ approval: ["all"] }) } });
  expect(await run.check({ ...sms("free money"), approvedBy })).not.toEqual([]);
});

test("pushed, renamed and corrected; its old name new in the same run", async ({ emulator }) => {
  const state = await runOn(emulator).create(springSale);
  await runOn(emulator).diff(state, springSale);
  const renamed = { ...springSale, identity: identityOf("old"), message: { title: "Spring sale", content: "A2" } };
  const run = runOn(emulator);
  await run.diff(state, renamed);
  await run.update(state, renamed);
  await run.create(corrected(springSale)).catch(() => undefined);
  expect(tasksOf(emulator)[1]).toContain("PUSH_WAIT A2");
});
