import { describe, expect, test } from "vitest";
import { pushesTo } from "../lifecycle/fixture.ts";
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
