import { describe, expect } from "vitest";
import { type Emulator, startEmulator } from "../../../provider/emulator/index.ts";
import { cancelPath, codeOf, recordPath, stopPath } from "../../emulator/fixture.ts";
import {
  alertsOf,
  corrected,
  identityOf,
  loseJournal,
  type Properties,
  pushesTo,
  springSale,
  test,
} from "../fixture.ts";
import { finish, lineOf, outsOf, runOn, statusesOf } from "./world.ts";

const pushPath = "/v3/push/app";

const pending = (records: readonly { readonly status: string }[]): number =>
  records.filter(({ status }) => status === "PUSH_WAIT").length;

describe("a push whose answer is lost", () => {
  test("and that carries no marker is known by all else that the records show, and not made again", async ({
    emulator,
  }) => {
    const run = runOn(emulator, { config: { "tpns:marker": "false" } });
    emulator.failNext({ path: pushPath, fault: "dropAfter" });

    await run.create(springSale);
    await run.create(springSale);

    expect(pushesTo(emulator)).toBe(1);
  });

  test("is known to be open even where the list fails too", async ({ emulator }) => {
    const run = runOn(emulator);
    emulator.failNext({ path: pushPath, fault: "dropAfter" });
    await run.context.book.all();
    emulator.failNext({ path: recordPath, fault: { retCode: 1008028 } });

    expect(await lineOf(run.create(springSale))).toContain("it is not known whether the service took it");
    await runOn(emulator).create(springSale);

    expect(pending(emulator.records)).toBe(1);
  });
});

describe("a cancel whose answer is lost", () => {
  test("leaves the task owed, so that taking the change back schedules it again", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    emulator.clock.step(7_200);
    const run = runOn(emulator);
    await run.context.book.all();
    emulator.failNext({ path: cancelPath, fault: "dropAfter" });
    emulator.failNext({ path: recordPath, fault: { retCode: 1008028 } });

    const { outs } = await outsOf(run.update(state, corrected(springSale)));
    expect([statusesOf(emulator), pushesTo(emulator)]).toEqual([["PUSH_CANCELED"], 1]);
    expect(await runOn(emulator).diff(outs, springSale)).toEqual({ changes: true });
    await runOn(emulator).update(outs, springSale);
    finish(emulator);

    expect(alertsOf(emulator)["own-channel"]).toEqual(["20 % off today"]);
  });
});

describe("many corrections at once", () => {
  test("beyond maxPushesPerRun leave their tasks scheduled as they were", async ({ emulator }) => {
    const tasks = ["a", "b", "c", "d"].map((name) => ({
      ...springSale,
      identity: identityOf(name),
      message: { title: name, content: "20 % off today" },
    }));
    const states: Properties[] = [];
    for (const task of tasks) states.push(await runOn(emulator).create(task));
    emulator.clock.step(7_200);
    const run = runOn(emulator, { config: { "tpns:maxPushesPerRun": "2" } });

    const updates = await Promise.allSettled(
      states.map((state, index) => run.update(state, corrected(tasks[index] ?? {}))),
    );

    expect(updates.flatMap((each) => (each.status === "rejected" ? [String(each.reason)] : []))).toEqual([
      expect.stringContaining("maxPushesPerRun is 2"),
      expect.stringContaining("maxPushesPerRun is 2"),
    ]);
    expect(pending(emulator.records)).toBe(4);
  });
});

describe("adopt", () => {
  test("works for a withdrawn task whose send time changes too", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    emulator.clock.step(7_200);
    // A run that was killed after its correction: the state knows only the first push.
    await runOn(emulator).update(state, corrected(springSale));
    loseJournal(emulator);
    emulator.clock.step(7_200);
    const later = {
      ...springSale,
      sendTime: "2027-02-03T10:00:00+08:00",
      message: { title: "Spring sale", content: "40 % off today" },
    };
    const second = emulator.tasks[1]?.pushId;

    expect(await lineOf(runOn(emulator).diff(state, later))).toContain(`consent: ["adopt:${second}"]`);
    const consented = { ...later, consent: [`adopt:${second}`] };
    expect(await runOn(emulator).diff(state, consented)).toEqual({ changes: true });
    await runOn(emulator).update(state, consented);
    emulator.clock.step(4 * 24 * 3_600);

    expect(alertsOf(emulator)["own-channel"]).toEqual(["40 % off today"]);
  });

  test("takes over what a renamed resource pushed before its state was lost", async ({ emulator }) => {
    await runOn(emulator).create(springSale);
    const renamed = { ...springSale, identity: identityOf("summer-sale") };
    const pushId = emulator.tasks[0]?.pushId;

    expect(await lineOf(runOn(emulator).create(renamed))).toContain(`consent: ["adopt:${pushId}"]`);
    const state = await runOn(emulator).create({ ...renamed, consent: [`adopt:${pushId}`] });

    expect([state.pushId, state.adopted, pushesTo(emulator)]).toEqual([pushId, true, 1]);
  });
});

describe("an asap push", () => {
  test("that waits beyond its notAfter is not sent", async ({ emulator }) => {
    emulator.failNext({ path: pushPath, fault: { retCode: 1008028 }, times: 5 });
    const task = { ...springSale, sendTime: { asap: true, notAfter: "2027-02-01T08:00:03+08:00" } };

    expect(await lineOf(runOn(emulator).create(task))).toContain("its notAfter 2027-02-01 08:00 (UTC+8) is past");

    expect(pushesTo(emulator)).toBe(0);
  });
});

describe("another access point", () => {
  test("is refused, since the push ids of one mean nothing at the other", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    await using other = await startEmulator({ now: "2027-02-01T08:00:00+08:00", pace: 0 });

    expect(await lineOf(runOn(other).diff(state, springSale))).toEqual(
      `update task "spring-sale": it was pushed at ${emulator.url}, and the access point configured now is ${other.url}; configure ${emulator.url} again`,
    );
    expect(other.requests).toEqual([]);
  });
});

describe("a removed task that the service does not know any more", () => {
  test("is forgotten with a warning", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    const run = runOn(emulator);

    await run.delete({ ...state, pushId: "9999999999", revisions: [] });

    expect(run.lines).toEqual(["warning: the service does not know push 9999999999; it is forgotten"]);
  });
});

describe("a name that is used again after its resource was removed", () => {
  test("pushes beside what was sent under it, by consent", async ({ emulator }) => {
    await runOn(emulator).create(springSale);
    emulator.clock.step(5 * 24 * 3_600);
    const again = { ...corrected(springSale), sendTime: "2027-02-09T10:00:00+08:00" };
    const pushId = emulator.tasks[0]?.pushId;

    expect(await lineOf(runOn(emulator).create(again))).toContain(`consent: ["duplicate-of:${pushId}"]`);
    const state = await runOn(emulator).create({ ...again, consent: [`duplicate-of:${pushId}`] });

    expect([state.phase, pushesTo(emulator)]).toEqual(["pending", 2]);
  });
});

describe("a push that the service failed inside of", () => {
  test("counts as a lost answer, and the next run pushes it once", async ({ emulator }) => {
    emulator.failNext({ path: pushPath, fault: { retCode: 1008004 } });

    expect(await lineOf(runOn(emulator).create(springSale))).toContain("it is not known whether the service took it");
    emulator.clock.step(700);
    await runOn(emulator).create(springSale);

    expect(pushesTo(emulator)).toBe(1);
  });
});

describe("an override of what somebody terminated since the list was read", () => {
  test("is decided anew, and nothing is sent", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    emulator.clock.set("2027-02-02T10:05:00+08:00");
    const run = runOn(emulator);
    expect(await run.diff(state, corrected(springSale))).toEqual({ changes: true });
    expect(await codeOf(emulator, stopPath, { pushId: state.pushId })).toBe(0);

    expect(await lineOf(run.update(state, corrected(springSale)))).toContain(`consent: ["push-anew:${state.pushId}"]`);

    expect([statusesOf(emulator), pushesTo(emulator)]).toEqual([["PUSH_DELETED_PUSH_MSG"], 1]);
  });
});

describe("a correction whose push was taken, unknown to the run", () => {
  /** The answer is lost, and so is the look for it: the state owes what is there. */
  async function owing(emulator: Emulator): Promise<Properties> {
    const state = await runOn(emulator).create(springSale);
    emulator.clock.step(7_200);
    const run = runOn(emulator);
    await run.context.book.all();
    emulator.failNext({ path: pushPath, fault: "dropAfter" });
    run.context.book.fresh = () => Promise.reject(new Error("no list"));
    run.context.book.findNow = (name, pushId) => run.context.book.query(name, pushId);
    const { outs } = await outsOf(run.update(state, corrected(springSale)));
    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_WAIT"]);
    return outs;
  }

  test("is cancelled when the resource is removed", async ({ emulator }) => {
    const outs = await owing(emulator);
    await runOn(emulator).delete(outs);

    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_CANCELED"]);
  });

  test("is cancelled by a remedy, and nothing is owed any more", async ({ emulator }) => {
    const outs = await owing(emulator);
    const remedied = { ...corrected(springSale), remedy: "cancel" };

    expect(await runOn(emulator).diff(outs, remedied)).toEqual({ changes: true });
    const state = await runOn(emulator).update(outs, remedied);

    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_CANCELED"]);
    expect([state.phase, state.owed]).toEqual(["withdrawn", undefined]);
  });

  test("is taken over by the next run under an unchanged program", async ({ emulator }) => {
    const outs = await owing(emulator);

    const state = await runOn(emulator).update(outs, corrected(springSale));

    expect([state.phase, state.owed, state.unresolved, pushesTo(emulator)]).toEqual([
      "pending",
      undefined,
      undefined,
      2,
    ]);
  });
});
