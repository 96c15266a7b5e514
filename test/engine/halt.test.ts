import { describe, expect, test } from "vitest";
import { androidApp } from "../../provider/emulator/index.ts";
import { outputOf, startIn } from "../cli/command.ts";
import { pushesTo } from "../lifecycle/fixture.ts";
import { succeed } from "./run.ts";
import { alertsOf, first, online, openShop, refusalOf, type Shop, second, tasksOf, toVips, whenLive } from "./shop.ts";

const set = ({ project }: Shop, ...args: readonly string[]): Promise<string> =>
  succeed(project.pulumi("config", "set", "tpns:halt", ...args));

const end = ({ project }: Shop): Promise<string> => succeed(project.pulumi("config", "rm", "tpns:halt"));

/** The texts may be taken anew only an hour after the first. */
const anHourLater = ({ emulator }: Shop): void => emulator.clock.step(3_700);

const later = "2027-02-03T10:00:00+08:00";

describe("tpns:halt", () => {
  test("cancels what is pending, pushes nothing while it stands, and its end brings back what is ahead, corrected", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    const asDeclared = { out: { sendTime: "2027-02-01T12:00:00+08:00" }, a: {}, b: { sendTime: later }, c: {} };
    await shop.up(asDeclared);
    emulator.clock.set("2027-02-01T12:05:00+08:00");
    await succeed(project.refresh());
    await set(shop, "wrong price");

    const preview = await succeed(project.preview());
    expect(preview).toContain("tpns:halt (wrong price) stands for app 1500001234");
    expect(preview).toContain(`push ${await shop.pushIdOf("a")} is cancelled, and pushed anew when the halt ends`);
    expect(preview).toContain("it is out, and a halt cancels only what is pending");
    await succeed(project.up());
    const cancelled = [`PUSH_CANCELED ${first}`];
    expect(tasksOf(emulator)).toEqual({
      out: [expect.stringContaining(first)],
      a: cancelled,
      b: cancelled,
      c: cancelled,
    });

    // While it stands: one is corrected, one removed, one is new; and what is out is not overridden.
    const corrected = { ...asDeclared, a: { content: second }, d: {} };
    const { c: _, ...meanwhile } = corrected;
    await shop.up(meanwhile);
    expect(pushesTo(emulator)).toBe(4);
    await shop.declare({ ...meanwhile, out: { ...asDeclared.out, content: second } });
    expect(await refusalOf(project.preview())).toContain("tpns:halt stands, under which nothing is pushed");
    await shop.declare(meanwhile);
    expect(await succeed(project.up())).not.toMatch(/updated|created|deleted/);

    anHourLater(shop);
    await end(shop);
    await succeed(project.up());
    expect(tasksOf(emulator)).toEqual({
      out: [expect.stringContaining(first)],
      a: [`PUSH_CANCELED ${first}`, `PUSH_WAIT ${second}`],
      b: [`PUSH_CANCELED ${first}`, `PUSH_WAIT ${first}`],
      c: cancelled,
      d: [`PUSH_WAIT ${first}`],
    });
    expect(await succeed(project.up())).not.toMatch(/updated|created|deleted/);
    emulator.clock.set("2027-02-03T10:05:00+08:00");
    expect(["a", "b", "c", "d"].map((title) => alertsOf(emulator, title))).toEqual([
      online("android", second),
      online("android", first),
      {},
      online("android", first),
    ]);
  });

  test("leaves what has passed meanwhile, and names it", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await shop.up({ soon: {}, late: { sendTime: later } });
    await set(shop, "true");
    await succeed(project.up());
    await shop.up({ soon: {}, late: { sendTime: later }, never: { sendTime: "2027-02-02T09:00:00+08:00" } });
    emulator.clock.set(whenLive);
    await end(shop);

    const passed = "its send time passed while tpns:halt stood, and it is left unsent; to send it write a new sendTime";
    expect(await succeed(project.preview())).toContain(passed);
    await succeed(project.up());
    expect(tasksOf(emulator)).toEqual({
      soon: [`PUSH_CANCELED ${first}`],
      late: [`PUSH_CANCELED ${first}`, `PUSH_WAIT ${first}`],
    });
    expect(await succeed(project.up())).not.toMatch(/updated|created|deleted/);
  });

  test("works where the stack's own configuration names the app", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    const values = { accessId: androidApp.accessId, platform: "android", accessPoint: emulator.url };
    for (const [key, value] of Object.entries(values))
      await succeed(project.pulumi("config", "set", `tpns:${key}`, value));
    project.setEnv("TPNS_SECRET_KEY", androidApp.secretKey);
    const tasks = { sale: { app: "default", audience: toVips } } as const;
    await shop.up(tasks);
    await set(shop, "wrong price");
    await succeed(project.up());
    expect(tasksOf(emulator)).toEqual({ sale: [`PUSH_CANCELED ${first}`] });
    await end(shop);
    await succeed(project.up());

    expect(tasksOf(emulator)).toEqual({ sale: [`PUSH_CANCELED ${first}`, `PUSH_WAIT ${first}`] });
  });

  test("begun by the command, without the engine, is taken up by the runs that follow", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await shop.up({ a: {}, b: { sendTime: later } });
    const env = {
      TPNS_ACCESS_POINT: emulator.url,
      TPNS_SECRET_KEY: androidApp.secretKey,
      TPNS_JOURNAL: `${project.folder}-of-another-machine`,
    };
    const output = await outputOf(startIn(env, "halt", "--access-id", androidApp.accessId, "--reason", "wrong price"));
    expect(output).toContain("2 cancelled, 0 too late, 0 still pending");
    const [, value = ""] = /config set tpns:halt '(.*)'/.exec(output) ?? [];
    await set(shop, value);
    await succeed(project.up("--refresh"));
    anHourLater(shop);
    await end(shop);
    await succeed(project.up("--refresh"));

    const anew = [`PUSH_CANCELED ${first}`, `PUSH_WAIT ${first}`];
    expect(tasksOf(emulator)).toEqual({ a: anew, b: anew });
  });
});
