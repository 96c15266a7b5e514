import { describe, expect } from "vitest";
import type { KnownPhase } from "../../../provider/remedy/phase.ts";
import { pushPath } from "../../emulator/fixture.ts";
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
  consenting,
  finish,
  iosApp,
  laterTime,
  lineOf,
  moments,
  pastTime,
  pushIdOf,
  runOn,
  statusesOf,
  taskOf,
  tasksOf,
  worldOf,
} from "./world.ts";

const first = "20 % off today";
const second = "30 % off today";

/** Everybody has got these, once. */
const all = (...contents: readonly string[]) =>
  alertsFor(androidApp, { replacing: contents, keeping: contents, offline: contents });

const autumnSale: Properties = { ...springSale, identity: identityOf("autumn-sale") };

describe("a scheduled task", () => {
  test("is corrected before it goes out, and its first text reaches nobody", async ({ emulator }) => {
    const state = await runOn(emulator).create(springSale);
    const next = runOn(emulator);

    expect(await next.diff(state, corrected(springSale))).toEqual({ changes: true });
    expect(next.lines).toEqual([
      `info: pending: push ${pushIdOf(state)} is cancelled and pushed anew for 2027-02-02 10:00 (UTC+8); if this runs after 2027-02-02 10:00 (UTC+8), when it is out, it is overridden instead, unless more than the message changed`,
    ]);
    await runOn(emulator).update(state, corrected(springSale));
    finish(emulator);

    expect(alertsOf(emulator, androidApp)).toEqual(all(second));
  });

  test("records what the next run needs, and nothing of the key", async ({ emulator }) => {
    const { marker, pushId, revisions, ...state } = await runOn(emulator).create(springSale);

    expect(state).toEqual({
      ...springSale,
      accessPoint: emulator.url,
      schema: 1,
      accessId: androidApp.accessId,
      status: "PUSH_WAIT",
      phase: "pending",
      sendAt: "2027-02-02T02:00:00.000Z",
    });
    expect(revisions).toEqual([{ pushId, at: "2027-02-01T00:00:00.000Z", content: String(marker).slice(12, 24) }]);
    expect(emulator.tasks.map(({ groupId }) => groupId)).toEqual([marker]);
  });
});

describe("a task whose state is lost", () => {
  describe.for([androidApp, iosApp])("on %o", (app) => {
    test.for<[KnownPhase, string]>([
      ["pending", "PUSH_WAIT"],
      ["live", "PUSH_FINISHED"],
      ["sent", "PUSH_FINISHED"],
    ])("is taken over while it is %s, and nothing is sent", async ([phase, status], { emulator }) => {
      const { declared, state } = await bring(emulator, phase, app);
      const before = worldOf(emulator);
      const run = runOn(emulator, { app });

      const { revisions, ...found } = await run.create(declared);

      const { revisions: _, ...was } = state;
      expect(found).toEqual({ ...was, status, phase, adopted: true });
      expect(run.lines).toEqual([
        `info: push ${pushIdOf(state)} is there already (${status}); it is taken over, and nothing is sent`,
      ]);
      expect(worldOf(emulator)).toEqual(before);
    });

    test.for<[KnownPhase, string]>([
      ["withdrawn", "the same task is there already, and it was withdrawn"],
      ["failed", "the same task is there already, and the service failed to push it"],
    ])("is refused while it is %s, and pushed by consent", async ([phase, why], { emulator }) => {
      const { declared, state } = await bring(emulator, phase, app);
      const consent = `push-anew:${pushIdOf(state)}`;
      const before = worldOf(emulator);

      expect(await lineOf(runOn(emulator, { app }).create(declared))).toEqual(
        `create task "spring-sale": ${why}; use a new resource name for a new push; or to do it nevertheless write consent: ["${consent}"] or set TPNS_CONSENT=${consent}`,
      );
      expect(worldOf(emulator)).toEqual(before);
      const made = await runOn(emulator, { app }).create({ ...declared, consent: [consent] });
      finish(emulator);

      expect([made.phase, pushesTo(emulator)]).toEqual(["pending", 2]);
      expect(alertsOf(emulator, app)).toEqual(
        alertsFor(app, { replacing: [first], keeping: [first], offline: [first] }),
      );
    });
  });

  test("with what is out winning over what was withdrawn", async ({ emulator }) => {
    const { declared, state } = await bring(emulator, "withdrawn");
    const anew = await consenting(emulator, `push-anew:${pushIdOf(state)}`).create(declared);

    expect((await runOn(emulator).create(declared)).pushId).toEqual(anew.pushId);
    expect(pushesTo(emulator)).toBe(2);
  });

  test("and whose declaration has other content is refused, then corrected by consent", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    loseJournal(emulator);
    const before = worldOf(emulator);
    const consent = `adopt:${pushIdOf(state)}`;

    expect(await lineOf(runOn(emulator).create(corrected(springSale)))).toEqual(
      `create task "spring-sale": the service has another push of this resource, ${pushIdOf(state)} "Spring sale", pending, which the state does not know; restore the state, or declare what is there; if it is a resource's that was renamed or removed, give this one another name; or to do it nevertheless write consent: ["${consent}"] or set TPNS_CONSENT=${consent}`,
    );
    expect(worldOf(emulator)).toEqual(before);
    const made = await consenting(emulator, consent).create(corrected(springSale));
    finish(emulator);

    expect([made.phase, made.sent]).toEqual(["pending", undefined]);
    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_FINISHED"]);
    expect(alertsOf(emulator)).toEqual(all(second));
  });

  test("and whose correction was taken back is refused for what is pending, not for what was withdrawn", async ({
    emulator,
  }) => {
    const { state } = await bring(emulator, "pending");
    const fixed = await runOn(emulator).update(state, corrected(springSale));
    loseJournal(emulator);
    emulator.clock.step(2 * 3_600);

    expect(await lineOf(runOn(emulator).create(springSale))).toMatch(`TPNS_CONSENT=adopt:${pushIdOf(fixed)}`);
    await lineOf(consenting(emulator, `push-anew:${pushIdOf(state)}`).create(springSale));

    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_WAIT"]);
  });

  test("and whose declaration has another time is corrected by consent", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");

    await consenting(emulator, `adopt:${pushIdOf(state)}`).create({ ...springSale, sendTime: laterTime });

    expect(tasksOf(emulator)).toEqual([
      `PUSH_CANCELED ${first} 2027-02-02 10:00`,
      `PUSH_WAIT ${first} 2027-03-25 10:00`,
    ]);
  });

  test("while it is live and has other content is recorded by consent, and nothing is sent", async ({ emulator }) => {
    const { state } = await bring(emulator, "live");
    const before = worldOf(emulator);
    const run = consenting(emulator, `adopt:${pushIdOf(state)}`);

    const made = await run.create(corrected(springSale));

    expect([made.phase, made.pushId, made.sent]).toEqual([
      "live",
      state.pushId,
      { message: { title: "Spring sale", content: first } },
    ]);
    expect(run.lines).toEqual([
      `warning: ${pushIdOf(state)} is out with other content; it is recorded, and nothing is sent`,
    ]);
    expect(worldOf(emulator)).toEqual(before);
    expect(await runOn(emulator).diff(made, corrected(springSale))).toEqual({ changes: false });
  });

  test("is cancelled when its declaration says so", async ({ emulator }) => {
    await bring(emulator, "pending");

    const made = await runOn(emulator).create({ ...springSale, remedy: "cancel" });
    finish(emulator);

    expect([made.phase, statusesOf(emulator), alertsOf(emulator)]).toEqual(["withdrawn", ["PUSH_CANCELED"], {}]);
  });

  test("with other content and a remedy is not recorded as never sent", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    loseJournal(emulator);

    expect(await lineOf(runOn(emulator).create({ ...corrected(springSale), remedy: "cancel" }))).toMatch(
      `TPNS_CONSENT=adopt:${pushIdOf(state)}`,
    );
  });

  test("with other content and a remedy is cancelled by consent, and not pushed", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");

    await consenting(emulator, `adopt:${pushIdOf(state)}`).create({ ...corrected(springSale), remedy: "cancel" });
    finish(emulator);

    expect([statusesOf(emulator), alertsOf(emulator)]).toEqual([["PUSH_CANCELED"], {}]);
  });
});

describe("a name that a renamed task had before", () => {
  test("is refused while its push is out, whatever is consented to, and another name is not", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const renamed = { ...springSale, identity: identityOf("renamed") };
    await runOn(emulator).diff(state, renamed);
    const consent = [`duplicate-of:${pushIdOf(state)}`];
    const anew = { ...springSale, message: { title: "Summer", content: "new" }, consent };

    expect(await lineOf(runOn(emulator).create(anew))).toContain("give this one another name");
    expect(await lineOf(consenting(emulator, consent[0] ?? "").create({ ...anew, consent: [] }))).toContain(
      "give this one another name",
    );
    await runOn(emulator).create({ ...anew, identity: identityOf("summer") });
    expect(statusesOf(emulator)).toEqual(["PUSH_WAIT", "PUSH_WAIT"]);
  });
});

describe("two resources with the same message, audience and time", () => {
  const lineFor = (pushId: string) =>
    `create task "autumn-sale": another resource has pushed the same message to the same audience for the same time, ${pushId} "Spring sale", pending; if it was renamed or moved, write the option aliases, or consent: ["adopt:${pushId}"] where the state is lost; if not, change one of the two; or to do it nevertheless write consent: ["duplicate-of:${pushId}"] or set TPNS_CONSENT=duplicate-of:${pushId}`;

  test("in two runs are refused, then pushed by consent", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const before = worldOf(emulator);

    expect(await lineOf(runOn(emulator).create(autumnSale))).toEqual(lineFor(pushIdOf(state)));
    expect(worldOf(emulator)).toEqual(before);
    await consenting(emulator, `duplicate-of:${pushIdOf(state)}`).create(autumnSale);

    expect(statusesOf(emulator)).toEqual(["PUSH_WAIT", "PUSH_WAIT"]);
  });

  test("in one run are refused, whichever comes second", async ({ emulator }) => {
    const run = runOn(emulator);

    const [one, other] = await Promise.allSettled([run.create(springSale), run.create(autumnSale)]);

    expect([one.status, other.status, statusesOf(emulator)]).toEqual(["fulfilled", "rejected", ["PUSH_WAIT"]]);
    expect(await lineOf(Promise.reject(other.status === "rejected" ? other.reason : undefined))).toEqual(
      lineFor(emulator.tasks[0]?.pushId ?? ""),
    );
  });

  test("of which one was withdrawn are no duplicates", async ({ emulator }) => {
    await bring(emulator, "withdrawn");

    await runOn(emulator).create(autumnSale);

    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_WAIT"]);
  });
});

describe("a push whose answer is lost", () => {
  test("is found and taken over by the same call, and reaches everybody once", async ({ emulator }) => {
    emulator.failNext({ path: pushPath, fault: "dropAfter" });

    const state = await runOn(emulator).create(springSale);
    expect([state.pushId, state.adopted, statusesOf(emulator)]).toEqual([
      emulator.tasks[0]?.pushId,
      true,
      ["PUSH_WAIT"],
    ]);
    await runOn(emulator).create(springSale);
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(all(first));
  });

  test("and which the service never saw says so, and the next run pushes it once", async ({ emulator }) => {
    emulator.failNext({ path: pushPath, fault: "dropBefore" });

    expect(await lineOf(runOn(emulator).create(springSale))).toEqual(
      `push task "spring-sale": no answer from ${emulator.url} (UND_ERR_SOCKET); it is not known whether the service took it; run pulumi up again, which finds out, at the latest from 2027-02-01 08:11 (UTC+8) on`,
    );
    expect(statusesOf(emulator)).toEqual([]);
    emulator.clock.step(11 * 60);
    await runOn(emulator).create(springSale);
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(all(first));
  });
});

describe("a forced replacement", () => {
  test.for<[KnownPhase, string]>([
    ["pending", "PUSH_WAIT"],
    ["live", "PUSH_FINISHED"],
  ])("of a %s task creates, deletes, and touches nothing on the service", async ([phase, status], { emulator }) => {
    const { declared, state } = await bring(emulator, phase);
    const before = worldOf(emulator);
    const run = runOn(emulator);

    const made = await run.create(declared);
    await run.delete(state);

    expect([made.pushId, made.status]).toEqual([state.pushId, status]);
    expect(worldOf(emulator)).toEqual(before);
  });
});

describe("a send time", () => {
  test("that is past is refused", async ({ emulator }) => {
    expect(await lineOf(runOn(emulator).create({ ...springSale, sendTime: pastTime }))).toEqual(
      'create task "spring-sale": its send time 2027-01-31 10:00 (UTC+8) is past; write a later one, or pastSendTime: "skip" on a new task',
    );
    expect(statusesOf(emulator)).toEqual([]);
  });

  test('that is past is recorded as never sent with pastSendTime "skip"', async ({ emulator }) => {
    const run = runOn(emulator);
    const declared = { ...springSale, sendTime: pastTime, pastSendTime: "skip" };

    const { phase, pushId, sendAt, revisions } = await run.create(declared);

    expect([phase, pushId, sendAt, revisions]).toEqual(["skipped", undefined, "2027-01-31T02:00:00.000Z", []]);
    expect(run.lines).toEqual(["info: recorded as never sent: its send time 2027-01-31 10:00 (UTC+8) is past"]);
    expect(pushesTo(emulator)).toBe(0);
  });

  test("nearer than minimumLeadSeconds is refused, and one at it is taken", async ({ emulator }) => {
    const config = { "tpns:minimumLeadSeconds": "120" };
    const at = (seconds: number) => ({
      ...springSale,
      sendTime: new Date(emulator.clock.now().getTime() + seconds * 1_000).toISOString(),
    });

    expect(await lineOf(runOn(emulator, { config }).create(at(119)))).toEqual(
      'create task "spring-sale": its send time 2027-02-01 08:01 (UTC+8) is 119 seconds ahead, and minimumLeadSeconds is 120; write a later one',
    );
    await runOn(emulator, { config }).create(at(120));

    expect(statusesOf(emulator)).toEqual(["PUSH_WAIT"]);
  });

  test("more than 90 days ahead is refused before the service is asked to", async ({ emulator }) => {
    expect(await lineOf(runOn(emulator).create({ ...springSale, sendTime: "2027-05-02T08:00:01+08:00" }))).toEqual(
      'create task "spring-sale": its send time 2027-05-02 08:00 (UTC+8) is more than 90 days ahead, which the service refuses; write an earlier one',
    );
    await runOn(emulator).create({ ...springSale, sendTime: "2027-05-02T08:00:00+08:00" });

    expect(statusesOf(emulator)).toEqual(["PUSH_WAIT"]);
  });

  test("more than 28 days ahead is taken, and warned of", async ({ emulator }) => {
    const run = runOn(emulator);

    await run.create({ ...springSale, sendTime: "2027-03-02T08:00:00+08:00" });

    expect(run.lines.map((line) => line.split(":")[0])).toEqual(["warning"]);
  });
});

describe("an asap task", () => {
  const asap = (notAfter: string): Properties => ({ ...springSale, sendTime: { asap: true, notAfter } });

  test("goes out in this run within notAfter", async ({ emulator }) => {
    const state = await runOn(emulator).create(asap("2027-02-08T08:00:00+08:00"));
    finish(emulator);

    expect([state.phase, state.status, state.sendAt]).toEqual(["live", "PUSH_STARTED", "2027-02-01T00:00:00.000Z"]);
    expect(alertsOf(emulator)).toEqual(all(first));
  });

  test("is not sent again when its state is lost", async ({ emulator }) => {
    const state = await runOn(emulator).create(asap("2027-02-08T08:00:00+08:00"));
    emulator.clock.step(2 * 3600);

    expect((await runOn(emulator).create(asap("2027-02-08T08:00:00+08:00"))).pushId).toEqual(state.pushId);
    expect(pushesTo(emulator)).toBe(1);
  });

  test.for([
    ["2027-02-01T07:59:59+08:00", "its notAfter 2027-02-01 07:59 (UTC+8) is past; write a later one to send it"],
    [
      "2027-02-08T08:00:01+08:00",
      "its notAfter 2027-02-08 08:00 (UTC+8) is more than 7 days ahead; write an earlier one",
    ],
  ] as const)("with notAfter %s is refused", async ([notAfter, why], { emulator }) => {
    expect(await lineOf(runOn(emulator).create(asap(notAfter)))).toEqual(`create task "spring-sale": ${why}`);
    expect(pushesTo(emulator)).toBe(0);
  });

  test("whose state and record are lost is refused after notAfter", async ({ emulator }) => {
    await runOn(emulator).create(asap("2027-02-08T08:00:00+08:00"));
    emulator.clock.step(60 * 24 * 3600);

    expect(await lineOf(runOn(emulator).create(asap("2027-02-08T08:00:00+08:00")))).toEqual(
      'create task "spring-sale": its notAfter 2027-02-08 08:00 (UTC+8) is past; write a later one to send it',
    );
    expect(pushesTo(emulator)).toBe(1);
  });
});

describe("a task that is declared with a remedy", () => {
  test("is recorded as never sent", async ({ emulator }) => {
    const run = runOn(emulator);

    const state = await run.create({ ...springSale, remedy: "cancel" });

    expect([state.phase, run.lines]).toEqual(["skipped", ['info: recorded as never sent: it has remedy: "cancel"']]);
    expect(pushesTo(emulator)).toBe(0);
  });

  test("stays unsent when the remedy goes, and when its time changes afterwards", async ({ emulator }) => {
    const state = await runOn(emulator).create({ ...springSale, remedy: "cancel" });

    const without = await runOn(emulator).update(state, springSale);
    const later = await runOn(emulator).update(without, { ...springSale, sendTime: laterTime });

    expect([without.phase, later.phase, pushesTo(emulator)]).toEqual(["skipped", "skipped", 0]);
  });
});

describe("the provider's guards", () => {
  const config = { "tpns:maxPushesPerRun": "2" };
  const named = (name: string): Properties => ({
    ...springSale,
    identity: identityOf(name),
    message: { title: name, content: first },
  });

  test("maxPushesPerRun counts first checks, so that the preview refuses", async ({ emulator }) => {
    const run = runOn(emulator, { config });

    expect([
      await run.check(named("one")),
      await run.check(named("two"), named("two")),
      await run.check(named("three")),
      await run.check(named("four")),
    ]).toEqual([
      [],
      [],
      [],
      ["it is push 3 of this run, and maxPushesPerRun is 2; raise it on the provider, or declare fewer at once"],
    ]);
  });

  test("maxPushesPerRun counts pushes", async ({ emulator }) => {
    const run = runOn(emulator, { config });
    await run.create(named("one"));
    await run.create(named("two"));

    expect(await lineOf(run.create(named("three")))).toEqual(
      'create task "three": this run has made 2 pushes, and maxPushesPerRun is 2; raise it on the provider, or run again',
    );
    await runOn(emulator, { config }).create(named("three"));

    expect(statusesOf(emulator)).toEqual(["PUSH_WAIT", "PUSH_WAIT", "PUSH_WAIT"]);
  });

  test("what is taken over is no push", async ({ emulator }) => {
    await runOn(emulator).create(named("one"));
    await runOn(emulator).create(named("two"));
    const run = runOn(emulator, { config: { "tpns:maxPushesPerRun": "0" } });

    await run.create(named("one"));
    await run.create(named("two"));

    expect(pushesTo(emulator)).toBe(2);
  });

  test("onlyStacks keeps another stack out", async ({ emulator }) => {
    const run = runOn(emulator, { config: { "tpns:onlyStacks": "prod,staging" } });

    expect(await run.check(springSale)).toEqual([
      `stack dev may not use app ${androidApp.accessId}; its provider allows onlyStacks prod, staging`,
    ]);
    expect(await run.check({ ...springSale, identity: identityOf("spring-sale", "prod") })).toEqual([]);
  });
});

describe("the marker", () => {
  const groupsIn = (emulator: { readonly requests: readonly { readonly path: string; readonly body: unknown }[] }) =>
    emulator.requests
      .filter(({ path }) => path === pushPath)
      .map(({ body }) => typeof body === "object" && body !== null && Reflect.has(body, "group_id"));

  test("is left out for a plan of the user's own", async ({ emulator }) => {
    await runOn(emulator).create({ ...springSale, planId: "plan-1" });

    expect(groupsIn(emulator)).toEqual([false]);
  });

  test("is left out where the provider says so", async ({ emulator }) => {
    await runOn(emulator, { config: { "tpns:marker": "false" } }).create(springSale);

    expect(groupsIn(emulator)).toEqual([false]);
  });

  test("keeps the identity of the first push through a rename, with the next ordinal", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const renamed = { ...corrected(springSale), identity: identityOf("easter-sale") };

    const updated = await runOn(emulator).update(state, renamed);

    const before = String(state.marker);
    const after = String(updated.marker);
    expect([after.slice(0, 12), after.slice(-1)]).toEqual([before.slice(0, 12), "1"]);
    expect(emulator.tasks.map(({ groupId }) => groupId)).toEqual([before, after]);
  });
});

describe("what somebody else withdrew", () => {
  test("before a state was lost needs consent again for each push", async ({ emulator }) => {
    const { declared, state } = await bring(emulator, "withdrawn");
    const consent = `push-anew:${pushIdOf(state)}`;
    const anew = await consenting(emulator, consent).create(declared);
    await cancelInConsole(emulator, pushIdOf(anew));
    emulator.clock.set(moments.pending);
    emulator.clock.step(2 * 3600);

    expect(await lineOf(consenting(emulator, consent).create(declared))).toMatch(
      `TPNS_CONSENT=push-anew:${pushIdOf(anew)}`,
    );
    expect(pushesTo(emulator)).toBe(2);
  });
});

describe("on both apps", () => {
  test("the same identity and content are two tasks", async ({ emulator }) => {
    await runOn(emulator).create(springSale);
    await runOn(emulator, { app: iosApp }).create(taskOf(iosApp));

    expect(emulator.tasks.map(({ accessId, status }) => [accessId, status])).toEqual([
      [androidApp.accessId, "PUSH_WAIT"],
      [iosApp.accessId, "PUSH_WAIT"],
    ]);
  });
});
