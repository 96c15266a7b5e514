import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, describe, expect } from "vitest";
import { androidApp, type Emulator, startEmulator } from "../../../provider/emulator/index.ts";
import { type Context, createContext } from "../../../provider/lifecycle/context.ts";
import { create, type PushTaskState, read, remove, update } from "../../../provider/lifecycle/push-task/index.ts";
import { createQueryCount } from "../../../provider/once/query-count.ts";
import { openStore } from "../../../provider/once/store.ts";
import { corrected, identityOf, springSale, start } from "../fixture.ts";
import { lineOf } from "./world.ts";

/** An emulator whose hour is a minute, and a journal. */
const test = base
  .extend("folder", async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), "pulumi-tpns-journal-"));
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    return folder;
  })
  .extend("emulator", async ({}, { onCleanup }) => {
    const emulator = await startEmulator({ now: start, pace: 60 });
    onCleanup(() => emulator.close());
    return emulator;
  })
  .extend("run", async ({ emulator, folder }, { onCleanup }) => {
    let last: Context | undefined;
    onCleanup(() => last?.close());
    return async (): Promise<Context> => {
      last?.close();
      const context = contextOn(emulator, folder);
      last = context;
      // Its answer tells the pace, and with it how long an hour is.
      await context.service.getPushRecord("none", "1");
      return context;
    };
  });

/** A run of its own, which ends the one before, with real waits and its queries counted, as the engine starts one. */
const contextOn = (emulator: Emulator, folder: string): Context => {
  const settings: Record<string, string> = {
    "tpns:accessId": androidApp.accessId,
    "tpns:platform": androidApp.platform,
    "tpns:accessPoint": emulator.url,
    "tpns:secretKey": androidApp.secretKey,
    "tpns:explicit": "true",
  };
  const silent = { info: () => {}, warning: () => {}, status: () => {} };
  return createContext({ config: (key) => settings[key], env: { TPNS_JOURNAL: folder }, log: silent });
};

/** Leaves so many queries of the hour, as other runs of this machine would. */
function leave(emulator: Emulator, folder: string, left: number): void {
  const store = openStore(folder);
  const count = createQueryCount(store, `${androidApp.accessId}@${emulator.url}`);
  const now = Date.now();
  const made = count.between(now - 60_000, now).length;
  for (let query = made; query < 200 - left; query += 1) count.add(now, { before: 0, after: now });
  store.close();
}

const callsSince = (emulator: Emulator, before: number): readonly string[] =>
  emulator.requests.slice(before).map(({ path }) => path);

describe("with no query left", { timeout: 30_000 }, () => {
  test.for<[string, (context: Context, state: PushTaskState) => Promise<unknown>]>([
    ["create", (context) => create(context, { ...springSale, identity: identityOf("another") })],
    ["update", (context, state) => update(context, state, corrected(springSale))],
    ["delete", (context, state) => remove(context, state)],
  ])(
    "%s is refused before anything is sent, and the line says from when on it works",
    async ([, work], { emulator, folder, run }) => {
      const state = await create(await run(), springSale);
      const context = await run();
      leave(emulator, folder, 0);
      const before = emulator.requests.length;

      expect(await lineOf(work(context, state))).toMatch(
        /200 queries an hour are all .* left; run the same again from 2027-02-01 \d\d:\d\d:\d\d \(UTC\+8\) on; until then only a run that changes nothing works/,
      );
      expect([callsSince(emulator, before), emulator.records.map(({ status }) => status)]).toEqual([[], ["PUSH_WAIT"]]);
    },
  );

  test("a task that was looked at already is read, as a refresh does for all after the first", async ({
    emulator,
    folder,
    run,
  }) => {
    const state = await create(await run(), springSale);
    const context = await run();
    await context.book.all();
    leave(emulator, folder, 0);

    expect((await read(context, state)).phase).toBe("pending");
  });
});

describe("with too few queries left to confirm a cancel", { timeout: 30_000 }, () => {
  test("a correction leaves its task scheduled as it was", async ({ emulator, folder, run }) => {
    const state = await create(await run(), springSale);
    emulator.clock.step(7_200);
    const context = await run();
    await context.book.all();
    leave(emulator, folder, 2);
    const before = emulator.requests.length;

    expect(await lineOf(update(context, state, corrected(springSale)))).toMatch(
      /^update task "spring-sale": 200 queries .* fewer than the 3 that this can take are left; run the same again from /,
    );
    expect(callsSince(emulator, before)).toEqual([]);
    expect(emulator.tasks.map(({ status, content }) => [status, content])).toEqual([["PUSH_WAIT", "20 % off today"]]);
  });

  test("a correction that has just enough is carried out whole", async ({ emulator, folder, run }) => {
    const state = await create(await run(), springSale);
    emulator.clock.step(7_200);
    const context = await run();
    await context.book.all();
    leave(emulator, folder, 3);

    await update(context, state, corrected(springSale));

    expect(emulator.tasks.map(({ status, content }) => [status, content])).toEqual([
      ["PUSH_CANCELED", "20 % off today"],
      ["PUSH_WAIT", "30 % off today"],
    ]);
  });
});
