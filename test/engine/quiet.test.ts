import { describe, expect, test } from "vitest";
import { pushesTo } from "../lifecycle/fixture.ts";
import { cancelInConsole, changesTo, worldOf } from "../lifecycle/push-task/world.ts";
import { succeed } from "./run.ts";
import { alertsOf, everybody, first, openShop, tasksOf, whenLive } from "./shop.ts";

const tasks = { sale: {}, apple: { app: "ios" }, "last-call": { sendTime: "2027-03-01T10:00:00+08:00" } } as const;

describe("a stack without a change", () => {
  test("makes no call in up, and changes nothing on the service by refresh and by preview --refresh", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await shop.up(tasks);

    const requests = emulator.requests.length;
    expect(await succeed(project.up())).toContain("6 unchanged");
    expect(emulator.requests.slice(requests)).toEqual([]);

    emulator.clock.set(whenLive);
    const before = worldOf(emulator);
    expect(await succeed(project.preview("--refresh"))).toContain("6 unchanged");
    expect(await shop.stateOf("sale")).toMatchObject({ phase: "pending" });
    await succeed(project.refresh());
    expect(await shop.stateOf("sale")).toMatchObject({ phase: "live", status: "PUSH_FINISHED" });
    const refreshed = emulator.requests.length;
    expect(await succeed(project.up())).toContain("6 unchanged");
    expect(emulator.requests.slice(refreshed)).toEqual([]);
    expect(await succeed(project.up("--refresh"))).toContain("6 unchanged");
    expect(worldOf(emulator)).toEqual(before);
  });

  test("sees by refresh what somebody did in the service's console, and sends nothing for it", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await shop.up(tasks);
    await cancelInConsole(emulator, await shop.pushIdOf("sale"));
    const before = worldOf(emulator);

    await succeed(project.refresh());
    expect(await shop.stateOf("sale")).toMatchObject({ phase: "withdrawn", status: "PUSH_CANCELED" });
    const reminded = await succeed(project.up());
    expect(reminded).toContain("6 unchanged");
    expect(reminded).toMatch(/warning: .*(withdrawn|PUSH_CANCELED)/);
    const output = await shop.up({ ...tasks, sale: { remedy: "cancel" } });

    expect(output).toContain("1 updated");
    expect(worldOf(emulator)).toEqual(before);
  });
});

describe("a task a year past", () => {
  test("is kept without a call by up and refresh, and destroyed without a push or a cancel", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await shop.up({ seen: {}, unseen: {} });
    emulator.clock.set(whenLive);
    emulator.clock.step(2 * 24 * 3_600);
    await succeed(project.refresh("--target", await shop.urnOf("seen")));
    emulator.clock.step(365 * 24 * 3_600);
    const before = changesTo(emulator);

    expect(await shop.stateOf("seen")).toMatchObject({ phase: "sent" });
    expect(await succeed(project.up())).toContain("4 unchanged");
    await succeed(project.refresh());
    expect([await shop.stateOf("seen"), await shop.stateOf("unseen")]).toMatchObject([
      { phase: "sent" },
      { phase: "archived" },
    ]);
    const requests = emulator.requests.length;
    expect(await succeed(project.up())).toContain("4 unchanged");
    expect(await succeed(project.destroy())).toContain("4 deleted");

    expect(emulator.requests.length).toBe(requests);
    expect([changesTo(emulator), pushesTo(emulator)]).toEqual([before, 2]);
    expect(tasksOf(emulator)).toEqual({ seen: [`PUSH_FINISHED ${first}`], unseen: [`PUSH_FINISHED ${first}`] });
  });

  test("whose state is lost is not sent again", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await shop.up({ sale: {}, skipping: { pastSendTime: "skip" } });
    emulator.clock.set(whenLive);
    emulator.setOnline("own-channel-offline", true);
    emulator.clock.step(365 * 24 * 3_600);
    await succeed(project.pulumi("state", "delete", await shop.urnOf("sale"), "--yes"));
    await succeed(project.pulumi("state", "delete", await shop.urnOf("skipping"), "--yes"));

    const { code, output } = await project.up();

    expect([code, pushesTo(emulator)]).toEqual([1, 2]);
    expect(output).toContain(
      `error: create task "sale": its send time 2027-02-02 10:00 (UTC+8) is past; write a later one, or pastSendTime: "skip" on a new task`,
    );
    expect(await shop.up({ sale: { pastSendTime: "skip" }, skipping: { pastSendTime: "skip" } })).toContain(
      "recorded as never sent: its send time 2027-02-02 10:00 (UTC+8) is past",
    );
    expect(alertsOf(emulator, "sale")).toEqual(everybody("android", first));
    expect(pushesTo(emulator)).toBe(2);
  });
});
