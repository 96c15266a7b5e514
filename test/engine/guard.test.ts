import { describe, expect, test } from "vitest";
import { pushesTo } from "../lifecycle/fixture.ts";
import { succeed } from "./run.ts";
import { first, openShop, refusalOf, second, tasksOf } from "./shop.ts";

describe("a provider's guards", () => {
  test("maxPushesPerRun refuses new tasks in the preview, and corrections before their cancel", async () => {
    await using shop = await openShop({ guards: { maxPushesPerRun: 2 } });
    const { emulator, project } = shop;
    const tasks = (content: string) => ({ a: { content }, b: { content }, c: { content } });
    await shop.declare(tasks(first));

    const line =
      "it is push 3 of this run, and maxPushesPerRun is 2; raise it on the provider, or declare fewer at once";
    expect(await refusalOf(project.preview())).toContain(line);
    expect(emulator.requests).toEqual([]);
    await shop.up({ a: {}, b: {} });
    await shop.up(tasks(first));
    expect(pushesTo(emulator)).toBe(3);

    await shop.declare(tasks(second));
    expect(await refusalOf(project.preview())).toContain(line);
    await shop.up({ ...tasks(second), c: {} });
    await shop.up(tasks(second));
    const corrected = [`PUSH_CANCELED ${first}`, `PUSH_WAIT ${second}`];
    expect(tasksOf(emulator)).toEqual({ a: corrected, b: corrected, c: corrected });
  });

  test("rules refuse in the preview by their names, and let through what obeys them", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    const timeZone = "Asia/Shanghai";
    const rules = [
      [{ freezeDays: { days: ["2027-02-02"], timeZone } }, "freezeDays: nothing goes out on 2027-02-02"],
      [{ allowedHours: { from: "12:00", until: "21:00", timeZone } }, "allowedHours: it goes out at 10:00"],
      [{ linkHosts: ["shop.example"] }, "linkHosts: https://other.example points to none of shop.example"],
      [{ bannedWords: ["cheap"] }, 'bannedWords: the message has "cheap"; write it without'],
      [
        { approval: ["all"] },
        'approval: a message to all needs approvedBy; who approves it writes approvedBy: ["<name>:',
      ],
    ] as const;
    const sale = { sale: { content: "cheap: https://other.example" } };
    for (const [guards, line] of rules) {
      await shop.declare(sale, { guards });
      expect(await refusalOf(project.preview())).toContain(line);
    }
    expect(emulator.requests).toEqual([]);
    await shop.up(sale, { guards: { freezeDays: { days: ["2027-02-03"], timeZone }, linkHosts: ["other.example"] } });
    expect(tasksOf(emulator)).toEqual({ sale: ["PUSH_WAIT cheap: https://other.example"] });
  });

  test("handOverDays keeps a task planned until its day; a day that was missed is refused, and a later one sends it", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    const far = { sale: { sendTime: "2027-05-20T10:00:00+08:00", handOverDays: 7 } };
    await shop.up(far);
    expect(await succeed(project.preview())).toContain(
      "planned: a pulumi up from 2027-05-13 10:00 (UTC+8) on hands it to the service, and must run before its send time 2027-05-20 10:00 (UTC+8)",
    );
    await shop.up({ sale: { ...far.sale, content: second } });
    expect(tasksOf(emulator)).toEqual({});
    emulator.clock.set("2027-05-21T10:00:00+08:00");
    expect(await succeed(project.preview())).toContain("its send time 2027-05-20 10:00 (UTC+8) is past");
    expect(await refusalOf(project.up())).toContain(
      "its send time 2027-05-20 10:00 (UTC+8) is past; write a later one",
    );
    await shop.up({ sale: { ...far.sale, content: second, sendTime: "2027-05-22T10:00:00+08:00" } });
    expect(tasksOf(emulator)).toEqual({ sale: [`PUSH_WAIT ${second}`] });
  });

  test("onlyStacks keeps other stacks out, and minimumLeadSeconds what is too near", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await shop.declare({ sale: {} }, { onlyStacks: ["prod", "staging"] });
    for (const operation of ["preview", "up"] as const) {
      expect(await refusalOf(project[operation]())).toContain(
        "stack dev may not use app 1500001234; its provider allows onlyStacks prod, staging",
      );
    }
    expect(emulator.requests).toEqual([]);
    await shop.declare(
      { near: { sendTime: "2027-02-01T09:00:00+08:00" }, far: {} },
      { onlyStacks: ["dev"], minimumLeadSeconds: 7_200 },
    );

    expect(await refusalOf(project.up("--continue-on-error"))).toMatch(
      /create task "near": its send time 2027-02-01 09:00 \(UTC\+8\) is \d{4} seconds ahead, and minimumLeadSeconds is 7200; write a later one\n/,
    );
    expect(tasksOf(emulator)).toEqual({ far: [`PUSH_WAIT ${first}`] });
  });
});
