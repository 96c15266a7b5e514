import { describe, expect } from "vitest";
import type { Emulator } from "../../../provider/emulator/index.ts";
import { cancelPath, codeOf, pushPath } from "../../emulator/fixture.ts";
import { alertsOf, corrected, loseJournal, type Properties, pushesTo, springSale, test } from "../fixture.ts";
import { alertsFor, androidApp, bring, finish, lineOf, outsOf, pushIdOf, runOn, statusesOf } from "./world.ts";

// What a hostile reading of the protocol has found: each is a way in which a message was lost, or sent twice.

const first = "20 % off today";
const second = "30 % off today";
const all = (content: string) =>
  alertsFor(androidApp, { replacing: [content], keeping: [content], offline: [content] });
const day = 24 * 3_600;

/** The request of the last push reaches the service after all. */
async function arrive(emulator: Emulator): Promise<void> {
  const body = emulator.requests.findLast(({ path }) => path === pushPath)?.body;
  expect(await codeOf(emulator, pushPath, typeof body === "object" && body !== null ? body : "")).toBe(0);
}

describe("the old half of a replacement", () => {
  test("takes nothing with it that the new half has taken over", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    await runOn(emulator).update(state, corrected(springSale));
    const run = runOn(emulator);
    await run.check(corrected(springSale));

    await run.create(corrected(springSale));
    await run.delete(state);
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(all(second));
  });

  test("takes nothing with it either where another provider's process deletes it", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const one = runOn(emulator);
    const other = runOn(emulator, { beside: true });

    await one.create(springSale);
    await other.delete(state);
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(all(first));
  });

  test.for(["pending", "live"] as const)(
    "that is deleted before the new one is made leaves a %s task where it is",
    async (phase, { emulator }) => {
      const { declared, state } = await bring(emulator, phase);
      const run = runOn(emulator);
      await run.check(declared);

      await run.delete(state);
      const made = await run.create(declared);
      finish(emulator);

      expect([made.pushId, pushesTo(emulator)]).toEqual([state.pushId, 1]);
      expect(alertsOf(emulator)).toEqual(all(first));
    },
  );

  test("leaves no work to the new one", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    emulator.clock.step(3_600);
    const run = runOn(emulator);
    await run.check(corrected(springSale));
    const made = await run.update(state, corrected(springSale));
    await run.delete({ ...state, pushId: "1" });

    expect(await runOn(emulator).diff(made, corrected(springSale))).toEqual({ changes: false });
  });
});

describe("a preview beside a run", () => {
  test("leaves the run's journal as it is", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const preview = runOn(emulator);
    const run = runOn(emulator, {
      beside: true,
      around: (service) => ({
        ...service,
        cancelTimingTask: async (...call) => {
          await preview.diff(state, springSale);
          return service.cancelTimingTask(...call);
        },
      }),
    });
    await run.update(state, corrected(springSale));

    expect(await runOn(emulator).diff(state, springSale)).toEqual({ changes: true });
  });
});

describe("a declaration that a run has recorded before it was brought about", () => {
  test("is brought about by the next", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    await runOn(emulator).update(state, corrected(springSale));
    emulator.clock.step(3_600);
    emulator.failNext({ path: cancelPath, fault: "dropBefore" });
    const { outs } = await outsOf(runOn(emulator).update(state, springSale));
    emulator.clock.step(3_600);

    await runOn(emulator).update(outs, springSale);
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(all(first));
  });

  test("is brought about where it is a remedy", async ({ emulator }) => {
    const remedied = { ...springSale, remedy: "cancel" };
    emulator.failNext({ path: pushPath, fault: "dropBefore" });
    await lineOf(runOn(emulator).create(springSale));
    const { outs } = await outsOf(runOn(emulator).create(remedied));
    await arrive(emulator);
    emulator.clock.step(11 * 60);

    await runOn(emulator).update(outs, remedied);
    finish(emulator);

    expect([statusesOf(emulator), alertsOf(emulator)]).toEqual([["PUSH_CANCELED"], {}]);
  });
});

describe("a correction that a killed run of another machine has made", () => {
  test("is told of by a refresh, and taken over by what it says", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const { pushId } = await runOn(emulator).update(state, corrected(springSale));
    loseJournal(emulator);
    const run = runOn(emulator);

    const read = await run.read(state);
    expect([read.phase, run.lines]).toEqual([
      "withdrawn",
      [
        `warning: push ${pushId} "Spring sale" of this task is scheduled for 2027-02-02 10:00 (UTC+8), and the state does not know it; to take it over declare what it says, and run pulumi up; then it can be changed or cancelled`,
      ],
    ]);
    const taken = await runOn(emulator).update(read, corrected(springSale));
    await runOn(emulator).update(taken, { ...corrected(springSale), remedy: "cancel" });

    expect([taken.pushId, statusesOf(emulator)]).toEqual([pushId, ["PUSH_CANCELED", "PUSH_CANCELED"]]);
  });
});

describe("a correction that a killed run of this machine has made", () => {
  test("is settled by the next update, and a refresh says nothing of it", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    await runOn(emulator).update(state, corrected(springSale));
    const run = runOn(emulator);

    await run.read(state);

    expect(run.lines).toEqual([]);
  });
});

describe("an update that only settles what an earlier run left", () => {
  test("says what it does", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const { pushId } = await runOn(emulator).update(state, corrected(springSale));
    emulator.clock.step(3_600);
    const run = runOn(emulator);

    expect(await run.diff(state, springSale)).toEqual({ changes: true });
    await run.update(state, springSale);

    expect(run.lines).toEqual([
      "warning: an earlier run did not finish with it; pulumi up finds out what it did, and settles it",
      `info: pending: push ${pushId} is cancelled and pushed anew for 2027-02-02 10:00 (UTC+8); if this runs after 2027-02-02 10:00 (UTC+8), when it is out, it is overridden instead, unless more than the message changed`,
    ]);
  });
});

describe("a message that is changed back within the hour", () => {
  test("may be refused by the service, and the preview says so", async ({ emulator }) => {
    const { state } = await bring(emulator, "live");
    const changed = await runOn(emulator).update(state, corrected(springSale));
    const again = await runOn(emulator).update(changed, springSale);
    const preview = runOn(emulator);

    await preview.diff(again, corrected(springSale));
    expect(preview.lines.at(-1)).toMatch(
      /^warning: it may be refused: the service takes the same title and content to all only once an hour, and it was pushed .* wait until 2027-/,
    );
    const before = statusesOf(emulator);
    expect(await lineOf(runOn(emulator).update(again, corrected(springSale)))).toContain("10010018");
    expect(statusesOf(emulator)).toEqual(before);
  });
});

describe("a task that is scheduled twice, and that no refresh has read", () => {
  test("is cancelled wholly with its resource", async ({ emulator }) => {
    emulator.failNext({ path: pushPath, fault: "dropBefore" });
    await lineOf(runOn(emulator).create(springSale));
    loseJournal(emulator);
    const state = await runOn(emulator).create(springSale);
    emulator.clock.step(3_600);
    await arrive(emulator);

    await runOn(emulator).delete(state);

    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_CANCELED"]);
  });
});

describe("a push without an answer that the service's records do not reach", () => {
  async function unreached(emulator: Emulator): Promise<{ outs: Properties; declared: Properties }> {
    const declared = { ...springSale, sendTime: "2027-04-20T10:00:00+08:00" };
    emulator.failNext({ path: pushPath, fault: "dropBefore" });
    const { outs } = await outsOf(runOn(emulator).create(declared));
    emulator.clock.step(35 * day);
    return { outs, declared };
  }

  test("is not pushed again without consent, and is pushed once with it", async ({ emulator }) => {
    const { outs, declared } = await unreached(emulator);
    const consent = `push-anew:${outs.marker}`;

    expect(await lineOf(runOn(emulator).update(outs, declared))).toContain(
      `the service's records do not reach it; look for it in the console's task list, and cancel it there if it is scheduled; or to do it nevertheless write consent: ["${consent}"]`,
    );
    expect(pushesTo(emulator)).toBe(0);
    await runOn(emulator, { env: { TPNS_CONSENT: consent } }).update(outs, declared);
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(all(first));
  });
});

describe("the consent that a refusal names", () => {
  test("is good for what a killed run left too", async ({ emulator }) => {
    const { state } = await bring(emulator, "live");
    const news = { ...corrected(springSale), remedy: "terminate" };

    expect(await lineOf(runOn(emulator).create(news))).toContain(`adopt:${pushIdOf(state)}`);
    await runOn(emulator, { env: { TPNS_CONSENT: `adopt:${pushIdOf(state)}` } }).create(news);

    expect(statusesOf(emulator)).toEqual(["PUSH_DELETED_PUSH_MSG"]);
  });
});

describe("a push that the service failed", () => {
  test("is told after a refresh, and acknowledged by a remedy", async ({ emulator }) => {
    const { declared, state } = await bring(emulator, "failed");
    const seen = await runOn(emulator).read(state);
    const run = runOn(emulator);

    expect(await run.diff(seen, declared)).toEqual({ changes: false });
    expect(run.lines).toEqual([
      'warning: the service failed to send it (PUSH_FAILED), and some phones may have got it; write a new sendTime to send it, or remedy: "cancel" to acknowledge that',
    ]);
    const remedied = { ...declared, remedy: "cancel" };
    const quiet = runOn(emulator);
    expect(await quiet.diff(await runOn(emulator).update(seen, remedied), remedied)).toEqual({ changes: false });
    expect(quiet.lines).toEqual([]);
  });
});
