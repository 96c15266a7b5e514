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

    expect(await refusalOf(project.preview())).toContain(
      "it is new task 3 of this run, and maxPushesPerRun is 2; raise it on the provider, or declare fewer at once",
    );
    expect(emulator.requests).toEqual([]);
    await shop.up({ a: {}, b: {} });
    await shop.up(tasks(first));
    expect(pushesTo(emulator)).toBe(3);

    await shop.declare(tasks(second));
    expect(await refusalOf(project.up())).toContain("maxPushesPerRun is 2; raise it on the provider, or run again");
    expect(pushesTo(emulator)).toBe(5);
    expect(
      Object.values(tasksOf(emulator))
        .map((statuses) => statuses.at(-1))
        .sort(),
    ).toEqual([`PUSH_WAIT ${first}`, `PUSH_WAIT ${second}`, `PUSH_WAIT ${second}`]);
    expect(await succeed(project.up())).toContain("1 updated");
    expect(Object.values(tasksOf(emulator))).toEqual(Array(3).fill([`PUSH_CANCELED ${first}`, `PUSH_WAIT ${second}`]));
  });

  test("onlyStacks keeps other stacks out, and minimumLeadSeconds what is too near", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await shop.declare({ sale: {} }, { onlyStacks: ["prod", "staging"] });
    for (const operation of [project.preview(), project.up()]) {
      expect(await refusalOf(operation)).toContain(
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
