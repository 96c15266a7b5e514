import { describe, expect } from "vitest";
import type { Emulator } from "../../../provider/emulator/index.ts";
import { cancelPath, codeOf, pushPath, recordPath } from "../../emulator/fixture.ts";
import {
  alertsOf,
  corrected,
  identityOf,
  loseJournal,
  type Process,
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
  finish,
  lineOf,
  moments,
  outsOf,
  pushIdOf,
  runOn,
  statusesOf,
  tasksOf,
  worldOf,
} from "./world.ts";

const first = "20 % off today";
const second = "30 % off today";
const all = (content: string) =>
  alertsFor(androidApp, { replacing: [content], keeping: [content], offline: [content] });

/** When a push of 1 February, 8:00, can no longer arrive: 600 s of its signature, and 30 of the list. */
const minutesOfDoubt = 11;

/** The push that the service never sees, or sees later: its request is given back. */
async function loseRequest(emulator: Emulator, work: (run: Process) => Promise<unknown>): Promise<Properties> {
  emulator.failNext({ path: pushPath, fault: "dropBefore" });
  const { outs } = await outsOf(work(runOn(emulator)));
  return outs;
}

/** A push's request reaches the service after all; the last one unless told. */
async function arrive(emulator: Emulator, position = -1): Promise<void> {
  const body = emulator.requests.filter(({ path }) => path === pushPath).at(position)?.body;
  expect(await codeOf(emulator, pushPath, typeof body === "object" && body !== null ? body : "")).toBe(0);
}

describe("a first push that was not answered", () => {
  test("stays in the state as unresolved", async ({ emulator }) => {
    const outs = await loseRequest(emulator, (run) => run.create(springSale));

    expect([outs.phase, outs.pushId, outs.revisions]).toEqual(["unresolved", undefined, []]);
    expect(outs.unresolved).toMatchObject({ marker: outs.marker, at: "2027-02-01T00:00:00.000Z", atOnce: false });
  });

  test("makes the next preview say that it is settled, and send nothing", async ({ emulator }) => {
    const outs = await loseRequest(emulator, (run) => run.create(springSale));
    const preview = runOn(emulator);

    expect(await preview.diff(outs, springSale)).toEqual({ changes: true });
    expect(preview.lines).toEqual([
      "warning: its push was not answered; pulumi up finds out whether the service took it, and settles it",
    ]);
  });

  test("is not decided while its request can arrive", async ({ emulator }) => {
    const outs = await loseRequest(emulator, (run) => run.create(springSale));
    emulator.clock.step(629);

    expect(await lineOf(runOn(emulator).update(outs, springSale))).toBe(
      'update task "spring-sale": a push of an earlier run was not answered, and whether it was carried out can be told from 2027-02-01 08:11 (UTC+8) on; run the same again then',
    );
    expect(pushesTo(emulator)).toBe(0);
  });

  test.for(["kept", "lost"] as const)(
    "is pushed once after that, with the journal %s",
    async (journal, { emulator }) => {
      const outs = await loseRequest(emulator, (run) => run.create(springSale));
      if (journal === "lost") loseJournal(emulator);
      emulator.clock.step(minutesOfDoubt * 60);

      const state = await runOn(emulator).update(outs, springSale);
      expect([state.phase, state.unresolved, await runOn(emulator).diff(state, springSale)]).toEqual([
        "pending",
        undefined,
        { changes: false },
      ]);
      finish(emulator);

      expect(alertsOf(emulator)).toEqual(all(first));
    },
  );

  test.for(["kept", "lost"] as const)(
    "is taken over where it arrived meanwhile, with the journal %s",
    async (journal, { emulator }) => {
      const outs = await loseRequest(emulator, (run) => run.create(springSale));
      await arrive(emulator);
      if (journal === "lost") loseJournal(emulator);

      const state = await runOn(emulator).update(outs, springSale);
      finish(emulator);

      expect([state.pushId, state.phase, state.sent]).toEqual([emulator.tasks[0]?.pushId, "pending", undefined]);
      expect(alertsOf(emulator)).toEqual(all(first));
    },
  );

  test("is corrected where it arrived and the message was edited since", async ({ emulator }) => {
    const outs = await loseRequest(emulator, (run) => run.create(springSale));
    await arrive(emulator);
    emulator.clock.step(3_600);

    await runOn(emulator).update(outs, corrected(springSale));
    finish(emulator);

    expect([statusesOf(emulator), alertsOf(emulator)]).toEqual([["PUSH_CANCELED", "PUSH_FINISHED"], all(second)]);
  });

  test("is cancelled where it arrived and the resource is removed, and not before that is known", async ({
    emulator,
  }) => {
    const outs = await loseRequest(emulator, (run) => run.create(springSale));

    expect(await lineOf(runOn(emulator).delete(outs))).toMatch(
      /^delete task "spring-sale": a push .* was not answered/,
    );
    await arrive(emulator);
    await runOn(emulator).delete(outs);

    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED"]);
  });

  test("is forgotten by a removal once it can no longer arrive", async ({ emulator }) => {
    const outs = await loseRequest(emulator, (run) => run.create(springSale));
    emulator.clock.step(minutesOfDoubt * 60);

    await runOn(emulator).delete(outs);

    expect(statusesOf(emulator)).toEqual([]);
  });

  test("is settled by a remedy, and nothing is sent", async ({ emulator }) => {
    const outs = await loseRequest(emulator, (run) => run.create(springSale));
    emulator.clock.step(minutesOfDoubt * 60);
    const remedied = { ...springSale, remedy: "cancel" };

    expect(await runOn(emulator).diff(outs, remedied)).toEqual({ changes: true });
    const state = await runOn(emulator).update(outs, remedied);

    expect([state.phase, state.skippedFor, state.unresolved]).toEqual(["skipped", "remedy", undefined]);
    expect(await runOn(emulator).diff(state, remedied)).toEqual({ changes: false });
    expect(pushesTo(emulator)).toBe(0);
  });

  test("is shown by a refresh once it is there, and stays unresolved until then", async ({ emulator }) => {
    const outs = await loseRequest(emulator, (run) => run.create(springSale));

    expect(await runOn(emulator).read(outs)).toEqual(outs);
    await arrive(emulator);
    const state = await runOn(emulator).read(outs);

    expect([state.phase, state.pushId, state.unresolved]).toEqual(["pending", emulator.tasks[0]?.pushId, undefined]);
    expect(await runOn(emulator).diff(state, springSale)).toEqual({ changes: false });
  });

  test("is not beside a push of the same under another name while it can arrive", async ({ emulator }) => {
    await loseRequest(emulator, (run) => run.create(springSale));
    const renamed = { ...springSale, identity: identityOf("summer-sale") };

    expect(await lineOf(runOn(emulator).create(renamed))).toMatch(
      /^create task "summer-sale": the same push of another resource of an earlier run was not answered.* from 2027-02-01 08:11/,
    );
    emulator.clock.step(minutesOfDoubt * 60);
    await runOn(emulator).create(renamed);

    expect(pushesTo(emulator)).toBe(1);
  });

  test("is known to a create after the state was lost too", async ({ emulator }) => {
    await loseRequest(emulator, (run) => run.create(springSale));

    const { outs, line } = await outsOf(runOn(emulator).create(springSale));

    expect(line).toMatch(/^create task "spring-sale": a push of an earlier run was not answered/);
    expect(outs.phase).toBe("unresolved");
    expect(pushesTo(emulator)).toBe(0);
  });

  test("and that was withdrawn in the console since is not pushed again", async ({ emulator }) => {
    const outs = await loseRequest(emulator, (run) => run.create(springSale));
    await arrive(emulator);
    await cancelInConsole(emulator, pushIdOf({ pushId: emulator.tasks[0]?.pushId }));

    const state = await runOn(emulator).update(outs, springSale);
    finish(emulator);

    expect([state.phase, alertsOf(emulator)]).toEqual(["withdrawn", {}]);
  });
});

describe("a correction whose push was not answered", () => {
  test("is owed and unresolved, and a revert is not taken for nothing to do", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const outs = await loseRequest(emulator, (run) => run.update(state, corrected(springSale)));
    emulator.clock.step(minutesOfDoubt * 60);

    expect(outs).toMatchObject({ phase: "unresolved", owed: { pushId: state.pushId } });
    expect(await runOn(emulator).diff(outs, springSale)).toEqual({ changes: true });
    const reverted = await runOn(emulator).update(outs, springSale);
    finish(emulator);

    expect([reverted.phase, alertsOf(emulator)]).toEqual(["pending", all(first)]);
  });

  test("that arrives after all is corrected back by a revert", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const outs = await loseRequest(emulator, (run) => run.update(state, corrected(springSale)));
    await arrive(emulator);
    emulator.clock.step(3_600);

    await runOn(emulator).update(outs, springSale);
    finish(emulator);

    expect([tasksOf(emulator).map((task) => task.split(" ")[0]), alertsOf(emulator)]).toEqual([
      ["PUSH_CANCELED", "PUSH_CANCELED", "PUSH_FINISHED"],
      all(first),
    ]);
  });

  test("is not resolved by a refresh, which would compare it with the old declaration", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const outs = await loseRequest(emulator, (run) => run.update(state, corrected(springSale)));
    await arrive(emulator);

    expect(await runOn(emulator).read(outs)).toEqual(outs);
  });
});

describe("an override that was not answered", () => {
  test("is found, and not sent again", async ({ emulator }) => {
    const { state } = await bring(emulator, "live");
    const outs = await loseRequest(emulator, (run) => run.update(state, corrected(springSale)));
    await arrive(emulator);

    const made = await runOn(emulator).update(outs, corrected(springSale));
    finish(emulator);

    expect([made.phase, made.unresolved, pushesTo(emulator)]).toEqual(["live", undefined, 2]);
    expect(alertsOf(emulator)["own-channel"]).toEqual([first, second]);
  });

  test("is sent once, when it is sure that it never arrived", async ({ emulator }) => {
    const { state } = await bring(emulator, "live");
    const outs = await loseRequest(emulator, (run) => run.update(state, corrected(springSale)));

    expect(await lineOf(runOn(emulator).update(outs, corrected(springSale)))).toContain("was not answered");
    emulator.clock.step(minutesOfDoubt * 60);
    await runOn(emulator).update(outs, corrected(springSale));
    finish(emulator);

    expect(alertsOf(emulator)["own-channel"]).toEqual([first, second]);
  });

  test("is forgotten when the change is taken back and it never arrived", async ({ emulator }) => {
    const { state } = await bring(emulator, "live");
    const outs = await loseRequest(emulator, (run) => run.update(state, corrected(springSale)));
    emulator.clock.step(minutesOfDoubt * 60);

    const made = await runOn(emulator).update(outs, springSale);
    finish(emulator);

    expect([made.phase, made.pushId, made.unresolved]).toEqual(["live", state.pushId, undefined]);
    expect(alertsOf(emulator)).toEqual(all(first));
  });
});

describe("a run that was killed", () => {
  test("after a removal's cancel, and whose removal is taken back, is made up for", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    await runOn(emulator).delete(state);
    const preview = runOn(emulator);

    expect(await preview.diff(state, springSale)).toEqual({ changes: true });
    expect(preview.lines).toEqual([
      "warning: an earlier run did not finish with it; pulumi up finds out what it did, and settles it",
    ]);
    const made = await runOn(emulator).update(state, springSale);
    finish(emulator);

    expect([await runOn(emulator).diff(made, springSale), alertsOf(emulator)]).toEqual([
      { changes: false },
      all(first),
    ]);
  });

  test("after its correction, and whose program is reverted, goes back to what is declared", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    await runOn(emulator).update(state, corrected(springSale));
    emulator.clock.step(3_600);

    expect(await runOn(emulator).diff(state, springSale)).toEqual({ changes: true });
    const made = await runOn(emulator).update(state, springSale);
    finish(emulator);

    expect([made.adopted, await runOn(emulator).diff(made, springSale)]).toEqual([undefined, { changes: false }]);
    expect(alertsOf(emulator)).toEqual(all(first));
  });

  test("before its push began has sent nothing, and the next pushes at once", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    const killed = runOn(emulator);
    killed.context.service.push = () => Promise.reject(new Error("killed"));
    await outsOf(killed.update(state, corrected(springSale)));

    await runOn(emulator).update(state, corrected(springSale));
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(all(second));
  });

  test("with a cancel in flight is not taken for one that left the task alone", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    emulator.failNext({ path: cancelPath, fault: "dropBefore" });
    const { outs } = await outsOf(runOn(emulator).update(state, corrected(springSale)));

    expect(await lineOf(runOn(emulator).update(outs, springSale))).toMatch(
      /^update task "spring-sale": a withdrawal of an earlier run was not answered/,
    );
    emulator.clock.step(minutesOfDoubt * 60);
    const kept = await runOn(emulator).update(outs, springSale);

    expect([kept.pushId, kept.phase, kept.owed, await runOn(emulator).diff(kept, springSale)]).toEqual([
      state.pushId,
      "pending",
      undefined,
      { changes: false },
    ]);
  });

  test("after a create that was corrected in the program since goes on with the correction", async ({ emulator }) => {
    await runOn(emulator).create(springSale);
    emulator.clock.step(3_600);

    await runOn(emulator).create(corrected(springSale));
    finish(emulator);

    expect([statusesOf(emulator), alertsOf(emulator)]).toEqual([["PUSH_CANCELED", "PUSH_FINISHED"], all(second)]);
  });

  test("after a create that is out by now refuses other content, naming adopt", async ({ emulator }) => {
    const made = await runOn(emulator).create(springSale);
    emulator.clock.set(moments.live);
    const before = worldOf(emulator);

    expect(await lineOf(runOn(emulator).create(corrected(springSale)))).toContain(`consent: ["adopt:${made.pushId}"]`);
    expect(worldOf(emulator)).toEqual(before);
  });

  test("after a create whose task was removed from the program is told of once an update has run that program", async ({
    emulator,
  }) => {
    const made = await runOn(emulator).create(springSale);
    const other = { ...springSale, identity: identityOf("other") };
    const first = runOn(emulator);
    await first.check(other);
    first.programEnded(other);
    const run = runOn(emulator);
    await run.check(other);
    await run.check(other);

    expect(first.lines).toEqual([]);
    expect(run.lines).toEqual([
      `warning: task "spring-sale" is declared no longer, and no state is known to hold push ${made.pushId} of it; unless it is to go out, cancel it: declare it again with remedy: "cancel", run pulumi up, then remove it`,
    ]);
    await runOn(emulator).create({ ...springSale, remedy: "cancel" });
    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED"]);
  });

  test("and whose task is declared, or was removed by its state, is not told of", async ({ emulator }) => {
    const other = { ...springSale, identity: identityOf("other") };
    const made = runOn(emulator);
    const state = await made.create(springSale);
    made.programEnded(springSale, other);
    // A run that is refused midway does not come to the second task.
    const refused = runOn(emulator);
    await refused.check(other);
    const next = runOn(emulator);
    await next.check(other);
    next.programEnded(other);
    await next.delete(state);
    const last = runOn(emulator);
    await last.check(other);

    expect([refused, next, last].flatMap(({ lines }) => lines)).toEqual([]);
  });
});

describe("two runs of one machine", () => {
  test("do not both push: the second refuses while the first is at work", async ({ emulator }) => {
    const one = runOn(emulator);
    const two = runOn(emulator, { beside: true });

    const made = await one.create(springSale);
    expect(await lineOf(two.create(springSale))).toBe(
      'create task "spring-sale": another run on this machine is at work on it; wait until it has ended, and run the same again',
    );
    one.end();
    const adopted = await two.create(springSale);

    expect([adopted.pushId, pushesTo(emulator)]).toEqual([made.pushId, 1]);
  });

  test("do not both push where the first has ended since the second looked", async ({ emulator }) => {
    const one = runOn(emulator);
    const two = runOn(emulator, { beside: true });
    await two.context.book.all();
    const entriesOf = two.context.journal.entriesOf.bind(two.context.journal);
    let looks = 0;
    two.context.journal.entriesOf = (key) => {
      looks += 1;
      return looks === 1 ? [] : entriesOf(key);
    };
    await one.create(springSale);
    one.end();

    await two.create(springSale);

    expect([pushesTo(emulator), looks > 1]).toEqual([1, true]);
  });
});

describe("a task that is scheduled twice", () => {
  /** The journal was lost with the machine, and the request came after the next run's look. */
  async function twins(emulator: Emulator): Promise<Properties> {
    emulator.failNext({ path: pushPath, fault: "dropBefore" });
    await lineOf(runOn(emulator).create(springSale));
    loseJournal(emulator);
    const state = await runOn(emulator).create(springSale);
    emulator.clock.step(3_600);
    await arrive(emulator, 0);
    expect(statusesOf(emulator)).toEqual(["PUSH_WAIT", "PUSH_WAIT"]);
    return state;
  }

  test("is reported by a refresh, and all but one are cancelled by the next run", async ({ emulator }) => {
    const state = await runOn(emulator).read(await twins(emulator));
    const twin = emulator.tasks[1]?.pushId;
    expect(state.duplicatePushIds).toEqual([twin]);
    const preview = runOn(emulator);

    expect(await preview.diff(state, springSale)).toEqual({ changes: true });
    expect(preview.lines).toEqual([
      `warning: it is scheduled more than once (${twin} besides); pulumi up cancels all but one`,
    ]);
    const made = await runOn(emulator).update(state, springSale);
    finish(emulator);

    expect([made.duplicatePushIds, await runOn(emulator).diff(made, springSale)]).toEqual([
      undefined,
      { changes: false },
    ]);
    expect(alertsOf(emulator)).toEqual(all(first));
  });

  test("is cancelled wholly with its resource", async ({ emulator }) => {
    await runOn(emulator).delete(await runOn(emulator).read(await twins(emulator)));

    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_CANCELED"]);
  });
});

describe("a query that fails while something is in doubt", () => {
  test("leaves the doubt as it is", async ({ emulator }) => {
    const outs = await loseRequest(emulator, (run) => run.create(springSale));
    emulator.clock.step(minutesOfDoubt * 60);
    emulator.failNext({ path: recordPath, fault: { retCode: 1008028 } });

    expect(await lineOf(runOn(emulator).update(outs, springSale))).toContain("takes no more queries");
    expect(pushesTo(emulator)).toBe(0);
  });
});
