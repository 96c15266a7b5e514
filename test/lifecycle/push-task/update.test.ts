import { describe, expect } from "vitest";
import type { Emulator } from "../../../provider/emulator/index.ts";
import { cancelPath, pushPath } from "../../emulator/fixture.ts";
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
import {
  alertsFor,
  androidApp,
  bring,
  cancelInConsole,
  centresOf,
  changesTo,
  consenting,
  finish,
  laterTime,
  lineOf,
  moments,
  outsOf,
  pushIdOf,
  runOn,
  statusesOf,
  worldOf,
} from "./world.ts";

const first = "20 % off today";
const second = "30 % off today";
const third = "40 % off today";

const withContent = (content: string): Properties => ({ ...springSale, message: { title: "Spring sale", content } });

const all = (...contents: readonly string[]) =>
  alertsFor(androidApp, { replacing: contents, keeping: contents, offline: contents });

/** After an override of what the phones that were online show already. */
const overridden = alertsFor(androidApp, { replacing: [first, second], keeping: [first], offline: [second] });

/** What the last push asked for. */
function lastPush(emulator: Emulator): Readonly<Record<string, unknown>> {
  const body = emulator.requests.findLast(({ path }) => path === pushPath)?.body;
  if (typeof body !== "object" || body === null) throw new Error("nothing was pushed");
  return Object.fromEntries(Object.entries(body));
}

describe("a cancel that dispatch overtakes", () => {
  test.override("emulatorOptions", { switches: { remedyDelaySeconds: 30 } });
  const config = { "tpns:minimumLeadSeconds": "10" };
  const almost = "2027-02-02T09:59:40+08:00";

  test("becomes an override, and nobody gets more than that", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    emulator.clock.set(almost);
    const run = runOn(emulator, { config });

    const updated = await run.update(state, corrected(springSale));
    finish(emulator);

    expect([updated.phase, updated.pushId]).toEqual(["live", emulator.tasks[1]?.pushId]);
    expect(run.lines.filter((line) => line.startsWith("warning"))).toEqual([
      'warning: task "spring-sale" went out before its cancel; what can still be done is decided anew',
    ]);
    expect([statusesOf(emulator), alertsOf(emulator)]).toEqual([["PUSH_COLLAPSED", "PUSH_FINISHED"], overridden]);
  });

  test.for<[string, Properties, string]>([
    [
      "an override is not wanted",
      { ...corrected(springSale), ifSent: "refuse" },
      'it is out, and ifSent is "refuse"; take the change back, or write ifSent: "override"',
    ],
    [
      "the time has changed",
      { ...springSale, sendTime: laterTime },
      "it was sent already; take the change back, or send a new message as a new task",
    ],
    [
      "it was to be withdrawn",
      { ...springSale, remedy: "cancel" },
      'it is out, too late to cancel; write remedy: "terminate" to stop what is not delivered yet, or change the message to override it',
    ],
  ])("is refused where %s", async ([, news, why], { emulator }) => {
    const { state } = await bring(emulator, "pending");
    emulator.clock.set(almost);

    expect(await lineOf(runOn(emulator, { config }).update(state, news))).toEqual(`update task "spring-sale": ${why}`);
    finish(emulator);

    expect([pushesTo(emulator), alertsOf(emulator)]).toEqual([1, all(first)]);
  });
});

test("a preview while it is pending and an update once it is out override it", async ({ emulator }) => {
  const { state } = await bring(emulator, "pending");
  await runOn(emulator).diff(state, corrected(springSale));
  emulator.clock.set(moments.live);

  await runOn(emulator).update(state, corrected(springSale));
  finish(emulator);

  expect(alertsOf(emulator)).toEqual(overridden);
});

describe("a cancel that the service refuses", () => {
  test("is told, and leaves the task as it is", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    emulator.failNext({ path: cancelPath, fault: { retCode: 1008007, errMsg: "not today" } });

    expect(await lineOf(runOn(emulator).update(state, corrected(springSale)))).toEqual(
      'cancel task "spring-sale": a parameter is invalid: not today (HTTP 200, ret_code 1008007)',
    );
    expect([statusesOf(emulator), pushesTo(emulator)]).toEqual([["PUSH_WAIT"], 1]);
  });

  test("whose answer is lost is carried on with by the next run", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    emulator.failNext({ path: cancelPath, fault: "dropBefore" });

    await lineOf(runOn(emulator).update(state, corrected(springSale)));
    expect([statusesOf(emulator), pushesTo(emulator)]).toEqual([["PUSH_WAIT"], 1]);
    await runOn(emulator).update(state, corrected(springSale));
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(all(second));
  });

  test("and whose answer alone is lost does not stop the correction", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    emulator.failNext({ path: cancelPath, fault: "dropAfter" });

    const updated = await runOn(emulator).update(state, corrected(springSale));
    finish(emulator);

    expect([updated.phase, alertsOf(emulator)]).toEqual(["pending", all(second)]);
  });
});

describe("a cancel that the record does not confirm", () => {
  test.override("emulatorOptions", { switches: { remedyDelaySeconds: 3_600 } });

  test("is looked for after 5, 15 and 30 s, and nothing is pushed", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const before = emulator.clock.now().getTime();
    const run = runOn(emulator);

    const { line, outs } = await outsOf(run.update(state, corrected(springSale)));

    expect(line).toEqual(
      `update task "spring-sale": the service was told to cancel ${pushIdOf(state)}, and its record does not say that it did; nothing was pushed; run the same again`,
    );
    expect(run.lines).toEqual([
      "status: waiting 5 s for the service to confirm the cancel",
      "status: waiting 15 s for the service to confirm the cancel",
      "status: waiting 30 s for the service to confirm the cancel",
    ]);
    expect([pushesTo(emulator), emulator.clock.now().getTime() - before]).toEqual([1, 50_000]);
    expect(outs.message).toEqual(state.message);
  });

  test("is followed by its push in the next run, as its line says", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const { outs } = await outsOf(runOn(emulator).update(state, corrected(springSale)));
    emulator.clock.step(2 * 3_600);
    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED"]);

    const updated = await runOn(emulator).update(outs, corrected(springSale));
    finish(emulator);

    expect([updated.phase, alertsOf(emulator)]).toEqual(["pending", all(second)]);
  });
});

describe("a cancel for whose confirmation no query is left", () => {
  test.override("emulatorOptions", { switches: { queriesPerHour: 2 } });

  test("is an error that keeps the state, and nothing is pushed", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);

    const { outs } = await outsOf(runOn(emulator).update(state, corrected(springSale)));

    expect([pushesTo(emulator), outs.pushId]).toEqual([1, state.pushId]);
  });
});

describe("a push that fails after its cancel", () => {
  /** The service's review refuses the corrected text. */
  async function fail(emulator: Emulator, news: Properties = corrected(springSale)) {
    const { state } = await bring(emulator, "pending");
    emulator.failNext({ path: pushPath, fault: { retCode: 1008019 } });
    return { state, ...(await outsOf(runOn(emulator).update(state, news))) };
  }

  test("says that nothing is scheduled, and the state owes it", async ({ emulator }) => {
    const { state, line, outs } = await fail(emulator);

    expect(line).toEqual(
      'NOTHING IS SCHEDULED: task "spring-sale" was cancelled, and its push failed: push task "spring-sale": the service\'s review refused the content; change title or content (HTTP 200, ret_code 1008019); run pulumi up again before its send time, or write a new one',
    );
    expect(outs).toEqual({
      ...state,
      phase: "withdrawn",
      status: "PUSH_CANCELED",
      owed: {
        pushId: state.pushId,
        content: expect.stringMatching(/^[0-9a-v]{12}$/),
        at: "2027-02-01T02:00:00.000Z",
      },
      revisions: [
        ...(Array.isArray(state.revisions) ? state.revisions : []),
        {
          pushId: state.pushId,
          at: "2027-02-01T02:00:00.000Z",
          content: String(state.marker).slice(12, 24),
          by: "cancel",
        },
      ],
    });
    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED"]);
  });

  test("is made up for by the next run under an unchanged program, once", async ({ emulator }) => {
    const { outs } = await fail(emulator);
    const preview = runOn(emulator);

    expect(await preview.diff(outs, corrected(springSale))).toEqual({ changes: true });
    expect(preview.lines).toEqual([
      "info: withdrawn: pushed for 2027-02-02 10:00 (UTC+8); nothing is scheduled since its cancel; it is pushed anew",
    ]);
    const updated = await runOn(emulator).update(outs, corrected(springSale));
    expect([updated.owed, await runOn(emulator).diff(updated, corrected(springSale))]).toEqual([
      undefined,
      { changes: false },
    ]);
    finish(emulator);

    expect([pushesTo(emulator), alertsOf(emulator)]).toEqual([2, all(second)]);
  });

  test("is made up for after a refresh too", async ({ emulator }) => {
    const { outs } = await fail(emulator);
    const refreshed = await runOn(emulator).read(outs);

    expect(await runOn(emulator).diff(refreshed, corrected(springSale))).toEqual({ changes: true });
    await runOn(emulator).update(refreshed, corrected(springSale));
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(all(second));
  });

  test("can be taken back: the old text is pushed anew", async ({ emulator }) => {
    const { outs } = await fail(emulator);

    expect(await runOn(emulator).diff(outs, springSale)).toEqual({ changes: true });
    await runOn(emulator).update(outs, springSale);
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(all(first));
  });

  test("whose send time is past is refused, and a new one is pushed", async ({ emulator }) => {
    const { outs } = await fail(emulator);
    emulator.clock.set(moments.live);
    const line =
      'update task "spring-sale": NOTHING IS SCHEDULED, and its send time is past; write a new sendTime, or remedy: "cancel" to leave it unsent';

    expect(await lineOf(runOn(emulator).diff(outs, corrected(springSale)))).toEqual(line);
    expect(await lineOf(runOn(emulator).update(outs, corrected(springSale)))).toEqual(line);
    await runOn(emulator).update(outs, { ...corrected(springSale), sendTime: laterTime });
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(all(second));
  });

  test('is settled for good by remedy "cancel", without a call', async ({ emulator }) => {
    const { outs } = await fail(emulator);
    const news = { ...corrected(springSale), remedy: "cancel" };
    const before = changesTo(emulator);

    const settled = await runOn(emulator).update(outs, news);

    expect([settled.phase, settled.owed, changesTo(emulator) - before]).toEqual(["withdrawn", undefined, 0]);
    expect(await runOn(emulator).diff(settled, news)).toEqual({ changes: false });
  });

  test('is not made up for once remedy "cancel" was written and removed again', async ({ emulator }) => {
    const { outs } = await fail(emulator);
    const settled = await runOn(emulator).update(outs, { ...corrected(springSale), remedy: "cancel" });

    const after = await runOn(emulator).update(settled, corrected(springSale));
    finish(emulator);

    expect([after.phase, alertsOf(emulator)]).toEqual(["withdrawn", {}]);
  });

  test("is forgotten with its resource", async ({ emulator }) => {
    const { outs } = await fail(emulator);
    const before = worldOf(emulator);

    await runOn(emulator).delete(outs);

    expect(worldOf(emulator)).toEqual(before);
  });

  test("whose answer is lost is found by the same call", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    emulator.failNext({ path: pushPath, fault: "dropAfter" });

    const updated = await runOn(emulator).update(state, corrected(springSale));
    finish(emulator);

    expect([updated.adopted, alertsOf(emulator)]).toEqual([true, all(second)]);
  });

  test("which the service never saw is owed, and pushed once by the next run", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    emulator.failNext({ path: pushPath, fault: "dropBefore" });
    const { outs, line } = await outsOf(runOn(emulator).update(state, corrected(springSale)));

    expect(line).toMatch(/^NOTHING IS SCHEDULED FOR SURE: /);
    emulator.clock.step(11 * 60);
    await runOn(emulator).update(outs, corrected(springSale));
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(all(second));
  });
});

describe("the same title and content to all within the hour", () => {
  const refusal =
    'update task "spring-sale": the service takes the same title and content to all only once an hour, and it was pushed 2027-02-01 08:00 (UTC+8); change one of them, or wait until 2027-02-01 09:00 (UTC+8)';

  test("is refused before the cancel, and works from the time that is named", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    const news = { ...springSale, sendTime: laterTime };
    emulator.clock.step(3_599);
    const before = worldOf(emulator);

    expect(await lineOf(runOn(emulator).diff(state, news))).toEqual(refusal);
    expect(await lineOf(runOn(emulator).update(state, news))).toEqual(refusal);
    expect(worldOf(emulator)).toEqual(before);
    emulator.clock.step(1);
    await runOn(emulator).update(state, news);

    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_WAIT"]);
  });

  test("is refused before the cancel when a correction is taken back", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    emulator.clock.step(60);
    const changed = await runOn(emulator).update(state, corrected(springSale));
    emulator.clock.step(60);

    expect(await lineOf(runOn(emulator).update(changed, springSale))).toEqual(refusal);
    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_WAIT"]);
  });

  test("is no matter for tags", async ({ emulator }) => {
    const tagged = {
      ...springSale,
      audience: { type: "tag", tagRules: [{ tagItems: [{ tags: ["sale"], tagsOperator: "OR" }] }] },
    };
    const state = await runOn(emulator).create(tagged);
    emulator.clock.step(60);

    await runOn(emulator).update(state, { ...tagged, sendTime: laterTime });

    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_WAIT"]);
  });
});

describe("what the push after a cancel would hit", () => {
  test("is refused before the cancel: a send time too near", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    emulator.clock.set("2027-02-02T09:59:30+08:00");
    const before = worldOf(emulator);
    const line =
      'update task "spring-sale": its send time 2027-02-02 10:00 (UTC+8) is 30 seconds ahead, and minimumLeadSeconds is 60; write a later one';

    expect(await lineOf(runOn(emulator).diff(state, corrected(springSale)))).toEqual(line);
    expect(await lineOf(runOn(emulator).update(state, corrected(springSale)))).toEqual(line);
    expect(worldOf(emulator)).toEqual(before);
  });

  test("is refused before the cancel: the number of pushes, also when several run at once", async ({ emulator }) => {
    const named = (name: string, content = first): Properties => ({
      ...springSale,
      identity: identityOf(name),
      message: { title: name, content },
    });
    const names = ["one", "two", "three"] as const;
    const states = await Promise.all(
      names.map(async (name) => [name, await runOn(emulator).create(named(name))] as const),
    );
    const run = runOn(emulator, { config: { "tpns:maxPushesPerRun": "1" } });

    const ends = await Promise.allSettled(states.map(([name, state]) => run.update(state, named(name, second))));
    finish(emulator);

    expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    // Those that were refused still go out as they were.
    expect(emulator.tasks.filter(({ executions }) => executions > 0).length).toBe(3);
  });
});

describe("an override", () => {
  test("without forceCollapse reaches the phones that can replace", async ({ emulator }) => {
    const { state } = await bring(emulator, "live");
    const preview = runOn(emulator);
    await preview.diff(state, corrected(springSale));

    expect(preview.lines).toEqual([
      `info: live: push ${pushIdOf(state)} is overridden at once through its collapse_id; it replaces what is shown on the own channel, Mi, Meizu and Huawei with EMUI 10 or newer; OPPO, vivo and older Huawei get nothing new and keep the old one; Honor and FCM are not documented; its audience is evaluated anew and its expireTime runs anew`,
    ]);
    await runOn(emulator).update(state, corrected(springSale));
    finish(emulator);

    expect([alertsOf(emulator), centresOf(emulator, androidApp)]).toEqual([
      overridden,
      alertsFor(androidApp, { replacing: [second], keeping: [first], offline: [second] }),
    ]);
  });

  test("with forceCollapse reaches every phone, and those that cannot replace show both", async ({ emulator }) => {
    const { state } = await bring(emulator, "live");
    const news = { ...corrected(springSale), forceCollapse: true };
    const preview = runOn(emulator);
    await preview.diff(state, news);

    expect(preview.lines).toEqual([expect.stringMatching(/older Huawei show both messages \(forceCollapse\)/)]);
    await runOn(emulator).update(state, news);
    finish(emulator);

    expect([alertsOf(emulator), centresOf(emulator, androidApp)]).toEqual([
      alertsFor(androidApp, { replacing: [first, second], keeping: [first, second], offline: [second] }),
      alertsFor(androidApp, { replacing: [second], keeping: [first, second], offline: [second] }),
    ]);
  });

  test("goes out at once, with the collapse id of the record and without a send time", async ({ emulator }) => {
    const { state } = await bring(emulator, "live");

    const updated = await runOn(emulator).update(state, corrected(springSale));

    const { send_time, collapse_id, force_collapse, group_id } = lastPush(emulator);
    expect([send_time, collapse_id, force_collapse, group_id]).toEqual([
      undefined,
      emulator.tasks[0]?.collapseId,
      false,
      updated.marker,
    ]);
    expect([updated.collapseId, updated.sendAt]).toEqual([
      String(emulator.tasks[0]?.collapseId),
      "2027-02-02T02:05:00.000Z",
    ]);
  });

  test("of an override replaces that in turn", async ({ emulator }) => {
    const { state } = await bring(emulator, "live");
    const once = await runOn(emulator).update(state, withContent(second));
    emulator.clock.step(600);
    await runOn(emulator).update(once, withContent(third));
    finish(emulator);

    expect(centresOf(emulator, androidApp)).toEqual(
      alertsFor(androidApp, { replacing: [third], keeping: [first], offline: [third] }),
    );
  });

  test("too late needs its consent again for each push", async ({ emulator }) => {
    const { state } = await bring(emulator, "sent");
    const consent = `override-late:${pushIdOf(state)}`;
    const once = await consenting(emulator, consent).update(state, withContent(second));
    emulator.clock.step(3 * 24 * 3_600);

    expect(await lineOf(consenting(emulator, consent).update(once, withContent(third)))).toMatch(
      `TPNS_CONSENT=override-late:${pushIdOf(once)}`,
    );
    expect(pushesTo(emulator)).toBe(2);
  });

  test("on Huawei with customContent is refused, naming intent", async ({ emulator }) => {
    const { state } = await bring(emulator, "live");
    const news: Properties = {
      ...springSale,
      message: { title: "Spring sale", content: second, android: { customContent: { page: "sale" } } },
    };
    const before = worldOf(emulator);

    expect(await lineOf(runOn(emulator).diff(state, news))).toMatch(/^update task "spring-sale": .*intent/);
    expect(await lineOf(runOn(emulator).update(state, news))).toMatch(/^update task "spring-sale": .*intent/);
    expect(worldOf(emulator)).toEqual(before);
  });

  describe("whose record tells no collapse_id", () => {
    test.override("emulatorOptions", { switches: { collapseIdIn: "nowhere" } });

    test("is refused, and nothing is pushed", async ({ emulator }) => {
      const { state } = await bring(emulator, "live");
      const before = worldOf(emulator);

      expect(await lineOf(runOn(emulator).update(state, corrected(springSale)))).toEqual(
        `update task "spring-sale": the service gives no collapse_id for ${pushIdOf(state)}, so it cannot be overridden; take the change back, or send a new task`,
      );
      expect(worldOf(emulator)).toEqual(before);
    });
  });

  describe("whose record tells collapse_id 0", () => {
    test.override("emulatorOptions", { switches: { collapseIdOfOverride: "zero" } });

    test("is overridden by the id that it was itself pushed with", async ({ emulator }) => {
      const { state } = await bring(emulator, "live");
      const once = await runOn(emulator).update(state, withContent(second));
      emulator.clock.step(600);
      await runOn(emulator).update(once, withContent(third));

      expect(lastPush(emulator).collapse_id).toEqual(emulator.tasks[0]?.collapseId);
    });
  });
});

describe("the package of an audience", () => {
  const upload = (emulator: Emulator, accounts: string): Promise<string> =>
    runOn(emulator).context.service.uploadPackage("vips", {
      name: "vips.txt",
      bytes: new TextEncoder().encode(accounts),
    });
  const toPackage = (task: Properties, uploadId: string): Properties => ({
    ...task,
    audience: { type: "package_account_push", uploadId },
  });

  test("that is uploaded anew corrects a pending task", async ({ emulator }) => {
    const old = await upload(emulator, "carol\n");
    const state = await runOn(emulator).create(toPackage(springSale, old));
    await runOn(emulator).update(state, toPackage(springSale, await upload(emulator, "dave\n")));
    finish(emulator);

    expect(alertsOf(emulator)).toEqual({ "huawei-emui10": [first] });
  });

  test("that is uploaded anew is recorded once the task is out, and an override goes to those who got it", async ({
    emulator,
  }) => {
    const old = await upload(emulator, "dave\n");
    const state = await runOn(emulator).create(toPackage(springSale, old));
    emulator.clock.set(moments.live);
    const other = await upload(emulator, "carol\nalice\n");
    const before = changesTo(emulator);

    const recorded = await runOn(emulator).update(state, toPackage(springSale, other));
    expect([recorded.phase, recorded.pushId, recorded.audience, recorded.sent, changesTo(emulator) - before]).toEqual([
      "live",
      state.pushId,
      { type: "package_account_push", uploadId: other },
      { audience: { type: "package_account_push", uploadId: old } },
      0,
    ]);
    expect(await runOn(emulator).diff(recorded, toPackage(springSale, other))).toEqual({ changes: false });

    const overrode = await runOn(emulator).update(recorded, toPackage(corrected(springSale), other));
    finish(emulator);

    expect([lastPush(emulator).upload_id, overrode.sent]).toEqual([
      Number(old),
      { audience: { type: "package_account_push", uploadId: old } },
    ]);
    expect(alertsOf(emulator)).toEqual({ "huawei-emui10": [first, second] });
  });
});

describe("a run that was killed", () => {
  test("between its cancel and its push is refused, and pushed by consent", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    await cancelInConsole(emulator, pushIdOf(state));
    const consent = `push-anew:${pushIdOf(state)}`;

    expect(await lineOf(runOn(emulator).update(state, corrected(springSale)))).toMatch(`TPNS_CONSENT=${consent}`);
    await consenting(emulator, consent).update(state, corrected(springSale));
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(all(second));
  });

  test("after the push of its correction is carried on with, and nothing is sent twice", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    await runOn(emulator).update(state, corrected(springSale));
    const before = worldOf(emulator);
    const preview = runOn(emulator);

    expect(await preview.diff(state, corrected(springSale))).toEqual({ changes: true });
    expect(preview.lines).toEqual([
      expect.stringMatching(/an earlier run has pushed it already; it is taken over, and nothing is sent$/),
    ]);
    const updated = await runOn(emulator).update(state, corrected(springSale));

    expect([updated.phase, updated.pushId, updated.adopted]).toEqual(["pending", emulator.tasks[1]?.pushId, true]);
    expect(worldOf(emulator)).toEqual(before);
  });

  test("after the push of its correction, which is out by now, is carried on with", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    await runOn(emulator).update(state, corrected(springSale));
    emulator.clock.set(moments.live);
    const before = worldOf(emulator);

    expect(await runOn(emulator).diff(state, corrected(springSale))).toEqual({ changes: true });
    const updated = await runOn(emulator).update(state, corrected(springSale));

    expect([updated.phase, updated.pushId]).toEqual(["live", emulator.tasks[1]?.pushId]);
    expect(worldOf(emulator)).toEqual(before);
  });

  test("after its override is carried on with, and nothing is sent twice", async ({ emulator }) => {
    const { state } = await bring(emulator, "live");
    await runOn(emulator).update(state, corrected(springSale));
    const before = worldOf(emulator);

    expect(await runOn(emulator).diff(state, corrected(springSale))).toEqual({ changes: true });
    const updated = await runOn(emulator).update(state, corrected(springSale));

    expect([updated.phase, updated.pushId]).toEqual(["live", emulator.tasks[1]?.pushId]);
    expect(worldOf(emulator)).toEqual(before);
  });

  test("and whose message was edited since names adopt, and corrects by that consent", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const lost = await runOn(emulator).update(state, withContent(second));
    loseJournal(emulator);
    emulator.clock.step(2 * 3_600);
    const consent = `adopt:${pushIdOf(lost)}`;

    expect(await lineOf(runOn(emulator).update(state, withContent(third)))).toMatch(`TPNS_CONSENT=${consent}`);
    await consenting(emulator, consent).update(state, withContent(third));
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(all(third));
  });

  test("and whose message was edited since goes on when both consents that were named are given", async ({
    emulator,
  }) => {
    const { state } = await bring(emulator, "pending");
    const lost = await runOn(emulator).update(state, withContent(second));
    loseJournal(emulator);
    emulator.clock.step(2 * 3_600);

    await consenting(emulator, `push-anew:${pushIdOf(state)},adopt:${pushIdOf(lost)}`).update(
      state,
      withContent(third),
    );
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(all(third));
  });
});

describe("a task that was withdrawn", () => {
  test("by its remedy stays so when the remedy is removed", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const withdrawn = await runOn(emulator).update(state, { ...springSale, remedy: "cancel" });
    const preview = runOn(emulator);

    expect(await preview.diff(withdrawn, springSale)).toEqual({ changes: true });
    const after = await runOn(emulator).update(withdrawn, springSale);
    finish(emulator);

    expect([after.phase, after.remedy, alertsOf(emulator)]).toEqual(["withdrawn", undefined, {}]);
  });

  test("in the console is warned of after a refresh, and the run goes on", async ({ emulator }) => {
    const { declared, state } = await bring(emulator, "withdrawn");
    const refreshed = await runOn(emulator).read(state);
    const run = runOn(emulator);

    expect(await run.diff(refreshed, declared)).toEqual({ changes: false });
    expect(run.lines.map((line) => line.split(":")[0])).toEqual(["warning"]);
  });

  test("in the console is acknowledged by its remedy, without a call that changes something", async ({ emulator }) => {
    const { declared, state } = await bring(emulator, "withdrawn");
    const before = changesTo(emulator);

    const acknowledged = await runOn(emulator).update(state, { ...declared, remedy: "cancel" });

    expect([acknowledged.phase, changesTo(emulator) - before]).toEqual(["withdrawn", 0]);
  });
});

describe("every revision that is pending", () => {
  test("is cancelled by the remedy", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const twice = await runOn(emulator).update(state, corrected(springSale));
    emulator.setStatus(pushIdOf(state), "PUSH_WAIT");

    await runOn(emulator).update(twice, { ...corrected(springSale), remedy: "cancel" });

    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_CANCELED"]);
  });
});

describe("history", () => {
  test("that was sent and is no longer listed records a changed message", async ({ emulator }) => {
    const { state } = await bring(emulator, "sent");
    const sent = await runOn(emulator).read(state);
    emulator.clock.set(moments.archived);

    const updated = await runOn(emulator).update(sent, corrected(springSale));

    expect([sent.phase, updated.phase, pushesTo(emulator)]).toEqual(["sent", "archived", 1]);
  });

  test("that was withdrawn and is no longer listed records a changed message", async ({ emulator }) => {
    const { state } = await bring(emulator, "withdrawn");
    const withdrawn = await runOn(emulator).read(state);
    emulator.clock.set(moments.archived);

    const updated = await runOn(emulator).update(withdrawn, corrected(springSale));

    expect([withdrawn.phase, updated.phase, pushesTo(emulator)]).toEqual(["withdrawn", "archived", 1]);
  });
});

test("other words for the same request are recorded without any call", async ({ emulator }) => {
  const { state } = await bring(emulator, "pending");
  const news = { ...springSale, sendTime: { local: "2027-02-02T02:00", timeZone: "UTC" } };
  const before = emulator.requests.length;

  expect(await runOn(emulator).diff(state, news)).toEqual({ changes: true });
  expect(await runOn(emulator).update(state, news)).toEqual({ ...state, ...news });
  expect(emulator.requests.length - before).toBe(0);
});

test("the last 20 revisions are kept", async ({ emulator }) => {
  let { state } = await bring(emulator, "pending");
  for (const turn of Array(11).keys()) {
    emulator.clock.step(60);
    state = await runOn(emulator).update(state, withContent(`text ${turn}`));
  }
  expect([Array.isArray(state.revisions) && state.revisions.length, pushesTo(emulator)]).toEqual([20, 12]);
});
