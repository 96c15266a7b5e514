import { describe, expect } from "vitest";
import { iosApp } from "../../provider/emulator/index.ts";
import { codeOf, notification, planPath, post, pushPath, test } from "./fixture.ts";

const plan = { planName: "spring", planDescribe: "sale" };

describe("add_plan_push", () => {
  test("answers as the sample does", async ({ emulator }) => {
    const { answer } = await post(emulator, planPath, plan);

    expect(answer).toEqual({
      retCode: 0,
      ErrMsg: "save success",
      result: {
        planId: expect.stringMatching(/^\d+$/),
        ...plan,
        planPushSource: "api",
        createdAt: 1801440000,
        updateAt: 1801440000,
      },
    });
  });

  test("is refused after 200 in a day, for each app", async ({ emulator }) => {
    const codes = new Set<unknown>();
    for (let call = 0; call < 200; call += 1) codes.add(await codeOf(emulator, planPath, plan));

    expect([...codes]).toEqual([0]);
    expect([await codeOf(emulator, planPath, plan), await codeOf(emulator, planPath, plan, iosApp)]).toEqual([
      1008028, 0,
    ]);
    emulator.clock.step(24 * 60 * 60);
    expect(await codeOf(emulator, planPath, plan)).toBe(0);
  });

  test.for([
    [{ planName: "x".repeat(60) }, 0],
    [{ planName: "x".repeat(61) }, 1008007],
    [{ planName: "" }, 1008007],
    [{ planDescribe: "x".repeat(300) }, 0],
    [{ planDescribe: "x".repeat(301) }, 1008007],
    [{ planName: undefined }, 1008002],
    [{ planDescribe: undefined }, 1008002],
  ] as const)("with %o is answered with %i", async ([fields, retCode], { emulator }) => {
    expect(await codeOf(emulator, planPath, { ...plan, ...fields })).toBe(retCode);
  });

  test("leaves a push free to name another plan", async ({ emulator }) => {
    expect(await codeOf(emulator, pushPath, notification({ plan_id: "20200704" }))).toBe(0);
  });
});
