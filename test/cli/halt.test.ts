import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { Emulator } from "../../provider/emulator/index.ts";
import { test as base, cancelPath, push } from "../emulator/fixture.ts";
import { alertsOf, androidApp, corrected, identityOf, type Properties, springSale } from "../lifecycle/fixture.ts";
import { alertsFor, finish, pushIdOf, runOn, statusesOf } from "../lifecycle/push-task/world.ts";
import { outputOf, startIn } from "./command.ts";

const test = base.extend("journal", async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-tpns-halt-"));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  return folder;
});

/** What the command says, and its exit code. */
async function halt(emulator: Emulator, journal: string, ...args: readonly string[]) {
  const env = {
    TPNS_ACCESS_ID: androidApp.accessId,
    TPNS_ACCESS_POINT: emulator.url,
    TPNS_SECRET_KEY: androidApp.secretKey,
    TPNS_JOURNAL: journal,
  };
  const child = startIn(env, "halt", ...args);
  return { output: await outputOf(child), code: child.exitCode };
}

/** Two tasks of a stack, the later one first, and one from the console. */
async function threePending(emulator: Emulator): Promise<readonly Properties[]> {
  const later = { ...corrected(springSale), identity: identityOf("later"), sendTime: "2027-02-03T10:00:00+08:00" };
  const states = [await runOn(emulator).create(later), await runOn(emulator).create(springSale)];
  await push(emulator, { send_time: "2027-02-04 10:00:00" });
  return states;
}

const configured = (output: string): string => /config set tpns:halt '(.*)'/.exec(output)?.[1] ?? "";

describe("pulumi-tpns halt", () => {
  test("cancels what stacks have pending, the first to go out first, and says what to commit", async ({
    emulator,
    journal,
  }) => {
    const [later = {}, sooner = {}] = await threePending(emulator);
    const { output, code } = await halt(emulator, journal, "--reason", "it's the wrong price");
    const ids = [sooner, later].map(pushIdOf);

    expect(output.split("\n").slice(0, 5)).toEqual([
      `app ${androidApp.accessId} at ${emulator.url}`,
      `  cancelled  ${ids[0]}  2027-02-02 10:00 (UTC+8)  "Spring sale"`,
      `  cancelled  ${ids[1]}  2027-02-03 10:00 (UTC+8)  "Spring sale"`,
      expect.stringMatching(/^ {2}not of a stack {2}\d+ {2}2027-02-04 10:00 \(UTC\+8\) {2}"Title \d+"$/),
      "2 cancelled, 0 too late, 0 still pending; 1 that no stack has pushed are left, --unmarked takes them too",
    ]);
    expect(output).toContain(`  pulumi config set tpns:halt 'it'\\''s the wrong price cancelled:${ids.join(",")}'\n`);
    expect([code, statusesOf(emulator)]).toEqual([0, ["PUSH_CANCELED", "PUSH_CANCELED", "PUSH_WAIT"]]);
  });

  test("is known to the runs that follow by what it says to commit, and its end pushes anew", async ({
    emulator,
    journal,
  }) => {
    const [, state = {}] = await threePending(emulator);
    const { output } = await halt(emulator, journal, "--unmarked");
    const under = runOn(emulator, { config: { "tpns:halt": configured(output) } });
    expect(await under.diff(state, springSale)).toEqual({ changes: true });
    const halted = await under.update(state, springSale);
    emulator.clock.step(7_200);
    await runOn(emulator).update(halted, springSale);
    finish(emulator);

    const words = ["20 % off today"];
    expect(alertsOf(emulator)).toEqual(alertsFor(androidApp, { replacing: words, keeping: words, offline: words }));
  });

  test("run again tells of what the first run cancelled as well, as long as that is ahead", async ({
    emulator,
    journal,
  }) => {
    const [later = {}, sooner = {}] = await threePending(emulator);
    await halt(emulator, journal);
    const third = pushIdOf(
      await runOn(emulator).create({
        ...springSale,
        identity: identityOf("third"),
        message: { title: "Third", content: "new" },
      }),
    );
    const again = await halt(emulator, journal);
    emulator.clock.set("2027-02-02T12:00:00+08:00");
    const last = await halt(emulator, journal);

    expect(again.output).toContain(
      `  cancelled before  ${pushIdOf(sooner)}  2027-02-02 10:00 (UTC+8)  "Spring sale"\n`,
    );
    expect(configured(again.output).split(/[:,]/).toSorted()).toEqual(
      ["cancelled", pushIdOf(sooner), pushIdOf(later), third].toSorted(),
    );
    expect(configured(last.output)).toBe(`cancelled:${pushIdOf(later)}`);
  });

  test("shows what it would do, and does nothing", async ({ emulator, journal }) => {
    await threePending(emulator);
    const before = emulator.tasks;
    const { output, code } = await halt(emulator, journal, "--dry-run");

    expect(output).toContain("2 pending would be cancelled; 1 that no stack has pushed are left");
    expect([code, emulator.tasks, output.includes("config set")]).toEqual([0, before, false]);
  });

  test("ends with 1 where something is still pending, and says why", async ({ emulator, journal }) => {
    await threePending(emulator);
    for (let time = 0; time < 9; time += 1) emulator.failNext({ path: cancelPath, fault: "dropBefore" });
    const { output, code } = await halt(emulator, journal);

    expect(output).toMatch(/ {2}STILL PENDING {2}\d+ {2}2027-02-02 10:00 \(UTC\+8\) {2}"Spring sale" {2}cancel task/);
    expect(output).toContain("0 cancelled, 0 too late, 2 still pending");
    expect([code, statusesOf(emulator).includes("PUSH_CANCELED")]).toEqual([1, false]);
  });

  test("has nothing to do where nothing is pending", async ({ emulator, journal }) => {
    const { output, code } = await halt(emulator, journal);

    expect(output).toContain("0 cancelled, 0 too late, 0 still pending");
    expect([code, configured(output)]).toEqual([0, "true"]);
  });

  test.for([
    ["TPNS_ACCESS_ID", "pulumi-tpns: write --access-id, or set TPNS_ACCESS_ID\n"],
    ["TPNS_ACCESS_POINT", "pulumi-tpns: write --access-point, or set TPNS_ACCESS_POINT\n"],
    ["TPNS_SECRET_KEY", `no secret key for app ${androidApp.accessId}; set TPNS_SECRET_KEY_${androidApp.accessId} or`],
  ] as const)("without %s says what to write", async ([name, line], { emulator, journal }) => {
    const env = {
      TPNS_ACCESS_ID: androidApp.accessId,
      TPNS_ACCESS_POINT: emulator.url,
      TPNS_SECRET_KEY: androidApp.secretKey,
      TPNS_JOURNAL: journal,
      [name]: "",
    };
    const child = startIn(env, "halt");

    expect(await outputOf(child)).toContain(line);
    expect(child.exitCode).toBe(1);
  });
});
