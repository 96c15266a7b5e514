import { describe, expect } from "vitest";
import { alertsOf, corrected, processOn, springSale, test } from "../fixture.ts";

describe("a scheduled task", () => {
  test("is corrected before it goes out, and its first text reaches nobody", async ({ emulator }) => {
    const state = await processOn(emulator).create(springSale);
    const next = processOn(emulator);

    expect(await next.diff(state, corrected(springSale))).toEqual({ changes: true });
    await next.update(state, corrected(springSale));
    emulator.clock.step(3 * 24 * 3600);

    expect(alertsOf(emulator)).toEqual({
      "own-channel": ["30 % off today"],
      "huawei-emui9": ["30 % off today"],
      "huawei-emui10": ["30 % off today"],
      oppo: ["30 % off today"],
    });
  });
});
