import { describe, expect } from "vitest";
import type { Emulator } from "../../../provider/emulator/index.ts";
import { cancelPath, pushPath, recordPath } from "../../emulator/fixture.ts";
import { alertsOf, corrected, identityOf, type Properties, pushesTo, springSale, test } from "../fixture.ts";
import {
  alertsFor,
  androidApp,
  bring,
  finish,
  laterTime,
  lineOf,
  moments,
  outsOf,
  pastTime,
  runOn,
  statusesOf,
} from "./world.ts";

const first = "20 % off today";
const second = "30 % off today";

const named = (name: string): Properties => ({
  ...springSale,
  identity: identityOf(name),
  message: { title: name, content: first },
});

const all = (...contents: readonly string[]) =>
  alertsFor(androidApp, { replacing: contents, keeping: contents, offline: contents });

const codesOf = (emulator: Emulator, path: string): readonly (number | undefined)[] =>
  emulator.requests.filter((request) => request.path === path).map(({ retCode }) => retCode);

describe("one push a second", () => {
  test("is kept by a run of many", async ({ emulator }) => {
    const run = runOn(emulator);

    await Promise.all(["one", "two", "three"].map((name) => run.create(named(name))));

    expect(codesOf(emulator, pushPath)).toEqual([0, 0, 0]);
    expect(emulator.tasks.map(({ title }) => title)).toEqual(["one", "two", "three"]);
  });

  test("is waited for when another run was faster", async ({ emulator }) => {
    await runOn(emulator).create(named("one"));

    await runOn(emulator).create(named("two"));

    expect(codesOf(emulator, pushPath)).toEqual([0, 1008028, 0]);
    expect(statusesOf(emulator)).toEqual(["PUSH_WAIT", "PUSH_WAIT"]);
  });

  test("is waited for after a cancel too, and nothing is lost", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    emulator.failNext({ path: pushPath, fault: { retCode: 1008028 }, times: 3 });

    await runOn(emulator).update(state, corrected(springSale));
    finish(emulator);

    expect(alertsOf(emulator)).toEqual(all(second));
  });

  test("that never comes is told", async ({ emulator }) => {
    emulator.failNext({ path: pushPath, fault: { retCode: 1008028 }, times: 11 });

    expect(await lineOf(runOn(emulator).create(springSale))).toEqual(
      'push task "spring-sale": request too fast; wait: 1 push a second, 200 queries an hour (HTTP 200, ret_code 1008028)',
    );
    expect(pushesTo(emulator)).toBe(0);
  });
});

describe("a query that is refused", () => {
  test.for(["create", "diff", "update", "read", "delete"] as const)(
    "is no absence: %s fails, and changes nothing",
    async (handler, { emulator }) => {
      const { state } = await bring(emulator, "pending");
      emulator.failNext({ path: recordPath, fault: { retCode: 1008028 } });
      const run = runOn(emulator);
      const work = {
        create: () => run.create(springSale),
        diff: () => run.diff(state, corrected(springSale)),
        update: () => run.update(state, corrected(springSale)),
        read: () => run.read(state),
        delete: () => run.delete(state),
      } as const;

      expect(await lineOf(work[handler]())).toEqual(
        "list push records: the service takes no more queries of the app for now: it has 200 an hour, those of other machines included; run the same again, at 2027-02-01 11:00:00 (UTC+8) at the latest; until then only a run that changes nothing works; what cannot wait is cancelled by pulumi-tpns halt, with a query for 200 tasks, or in the service's console (HTTP 200, ret_code 1008028)",
      );
      expect([statusesOf(emulator), pushesTo(emulator)]).toEqual([["PUSH_WAIT"], 1]);
    },
  );

  test("is repeated where its answer is lost", async ({ emulator }) => {
    emulator.failNext({ path: recordPath, fault: "dropBefore" });

    await runOn(emulator).create(springSale);

    expect(statusesOf(emulator)).toEqual(["PUSH_WAIT"]);
  });
});

const hour = 3_600_000;
const clocks = [
  ["a year ahead", 365 * 24 * hour],
  ["a year behind", -365 * 24 * hour],
  ["a day ahead", 24 * hour],
  ["an hour behind", -hour],
] as const;

describe.for(clocks)("on a machine whose clock is %s", ([, offset]) => {
  const run = (emulator: Emulator) => runOn(emulator, { localNow: () => emulator.clock.now().getTime() + offset });

  test("a task is pushed once, signed anew where its time was refused", async ({ emulator }) => {
    await run(emulator).create(springSale);

    expect(codesOf(emulator, pushPath)).toEqual([0]);
    expect(codesOf(emulator, recordPath).filter((code) => code === 1008003).length).toBe(1);
  });

  test("a task goes through its life", async ({ emulator }) => {
    const state = await run(emulator).create(springSale);
    emulator.clock.set(moments.pending);
    const read = await run(emulator).read(state);
    const updated = await run(emulator).update(read, corrected(springSale));
    emulator.clock.set(moments.live);
    const live = await run(emulator).read(updated);
    emulator.clock.set(moments.sent);
    const sent = await run(emulator).read(live);

    expect([read.phase, updated.phase, live.phase, sent.phase]).toEqual(["pending", "pending", "live", "sent"]);
    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_FINISHED"]);
  });

  test("a past send time is refused by the service's clock", async ({ emulator }) => {
    expect(await lineOf(run(emulator).create({ ...springSale, sendTime: pastTime }))).toMatch(/is past/);
    expect(pushesTo(emulator)).toBe(0);
  });

  test("a task that was skipped is pushed for a time that is ahead on the service's clock", async ({ emulator }) => {
    const { declared, state } = await bring(emulator, "skipped");
    const news = { ...declared, sendTime: laterTime };

    await run(emulator).diff(state, news);
    await run(emulator).update(state, news);

    expect(statusesOf(emulator)).toEqual(["PUSH_WAIT"]);
  });

  test("a task that was withdrawn is pushed for a time that is ahead on the service's clock", async ({ emulator }) => {
    const { declared, state } = await bring(emulator, "withdrawn");
    const withdrawn = await run(emulator).read(state);
    const news = { ...declared, sendTime: laterTime };

    await run(emulator).diff(withdrawn, news);
    await run(emulator).update(withdrawn, news);

    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_WAIT"]);
  });

  test("an owed push is made for a time that is ahead on the service's clock", async ({ emulator }) => {
    const { state } = await bring(emulator, "pending");
    emulator.failNext({ path: pushPath, fault: { retCode: 1008019 } });
    const { outs } = await outsOf(run(emulator).update(state, corrected(springSale)));

    await run(emulator).diff(outs, corrected(springSale));
    await run(emulator).update(outs, corrected(springSale));

    expect(statusesOf(emulator)).toEqual(["PUSH_CANCELED", "PUSH_WAIT"]);
  });
});

describe("where wrong credentials are answered by HTTP 403", () => {
  test.override("emulatorOptions", { switches: { badCredentials: "403" } });

  test("a wrong clock is found out all the same", async ({ emulator }) => {
    await runOn(emulator, { localNow: () => emulator.clock.now().getTime() - hour }).create(springSale);

    expect(statusesOf(emulator)).toEqual(["PUSH_WAIT"]);
  });

  test("a wrong key is told, and tried once", async ({ emulator }) => {
    const line = await lineOf(runOn(emulator, { config: { "tpns:secretKey": "wrong" } }).create(springSale));

    expect(line).toEqual(
      "list push records: access refused; check that access id, secret key and access point belong together, and this machine's clock; an IP allowlist of the app refuses likewise (HTTP 403)",
    );
    expect(emulator.requests.length).toBe(1);
  });
});

describe("the secret key", () => {
  const canary = androidApp.secretKey;
  const basic = Buffer.from(`${androidApp.accessId}:${canary}`).toString("base64");

  test.for(["signature", "basic"] as const)(
    "with %s stands in no line, error or state",
    { timeout: 20_000 },
    async (authentication, { emulator }) => {
      const config = { "tpns:authentication": authentication };
      const seen: unknown[] = [];
      const run = () => {
        const process = runOn(emulator, { config });
        seen.push(process.lines);
        return process;
      };
      const told = async (work: Promise<unknown>): Promise<void> => {
        const end = await work.catch((error: unknown) => error);
        seen.push(end, end instanceof Error && { ...end, text: `${end.message} ${end.stack}` });
      };
      const echoing = { retCode: 1008007, errMsg: `wrong: ${canary} ${basic}` } as const;

      const state = await run().create(springSale);
      seen.push(state, await run().check({ ...springSale, audience: { type: canary.length } }));
      emulator.clock.set(moments.pending);
      for (const path of [pushPath, recordPath, cancelPath]) {
        for (const fault of [echoing, "dropBefore"] as const) {
          emulator.failNext({ path, fault, times: path === recordPath ? 5 : 1 });
          await told(run().create(named(`task ${seen.length}`)));
          await told(run().update(state, corrected(springSale)));
          await told(run().read(state));
          await told(run().diff(state, corrected(springSale)));
          await told(run().delete(state));
          emulator.clock.step(10);
        }
      }
      await told(runOn(emulator, { config: { ...config, "tpns:accessId": "1599999999" } }).create(springSale));

      const text = JSON.stringify(seen);
      expect([text.includes(canary), text.includes(basic), text.length > 1_000]).toEqual([false, false, true]);
    },
  );
});
