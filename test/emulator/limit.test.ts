import { describe, expect } from "vitest";
import { androidApp, iosApp } from "../../provider/emulator/index.ts";
import { cancelPath, codeOf, iosNotification, notification, push, pushPath, recordPath, test } from "./fixture.ts";

const hello = { message: { title: "Hello", content: "World" } };

describe("the rate of pushes", () => {
  test("is one a second and app", async ({ emulator }) => {
    const codes = [
      await codeOf(emulator, pushPath, notification()),
      await codeOf(emulator, pushPath, notification()),
      await codeOf(emulator, pushPath, iosNotification(), iosApp),
    ];
    emulator.clock.step(0.999);
    codes.push(await codeOf(emulator, pushPath, notification()));
    emulator.clock.step(0.001);
    codes.push(await codeOf(emulator, pushPath, notification()));

    expect(codes).toEqual([0, 1008028, 0, 1008028, 0]);
  });

  test("does not count refused pushes", async ({ emulator }) => {
    expect(await codeOf(emulator, pushPath, notification({ expire_time: 300_000 }))).toBe(1008007);
    expect(await codeOf(emulator, pushPath, notification())).toBe(0);
  });

  test("does not hold for accounts", async ({ emulator }) => {
    const request = notification({ audience_type: "account", account_list: ["alice"] });

    expect([await codeOf(emulator, pushPath, request), await codeOf(emulator, pushPath, request)]).toEqual([0, 0]);
  });
});

describe("the same content to all", () => {
  test("is refused for an hour of the service's time", async ({ emulator }) => {
    const codes = [await codeOf(emulator, pushPath, notification(hello))];
    for (const seconds of [1, 3598, 1]) {
      emulator.clock.step(seconds);
      codes.push(await codeOf(emulator, pushPath, notification(hello)));
    }

    expect(codes).toEqual([0, 10010018, 10010018, 0]);
  });

  test("counts though it was cancelled", async ({ emulator }) => {
    const pushId = await push(emulator, { ...hello, send_time: "2027-02-01 10:00:00" });
    await codeOf(emulator, cancelPath, { pushId });
    emulator.clock.step(1);

    expect(await codeOf(emulator, pushPath, notification(hello))).toBe(10010018);
  });

  test("is taken for tags", async ({ emulator }) => {
    const tagged = { ...hello, audience_type: "tag", tag_list: { tags: ["sale"], op: "OR" } };
    await push(emulator, tagged);
    emulator.clock.step(1);

    expect(await codeOf(emulator, pushPath, notification(tagged))).toBe(0);
  });
});

describe("queries", () => {
  test("are refused after 200 in an hour, for each app", async ({ emulator }) => {
    const query = { startDate: "2027-02-01", endDate: "2027-02-01" };
    for (let call = 0; call < 200; call += 1) await codeOf(emulator, recordPath, query);
    const codes = [
      await codeOf(emulator, recordPath, query),
      await codeOf(emulator, recordPath, query, iosApp),
      await codeOf(emulator, recordPath, { pushId: "1" }),
    ];
    emulator.clock.step(3600);
    codes.push(await codeOf(emulator, recordPath, query));

    expect(codes).toEqual([1008028, 0, 1008028, 0]);
  });
});

describe("a push is refused", () => {
  const ios = { ...iosNotification(), audience_type: "all" };

  test.for([
    ["without an audience", { audience_type: undefined }, androidApp, 1008002],
    ["without a title", { message: { content: "x" } }, androidApp, 1008002],
    ["with an unknown audience", { audience_type: "everybody" }, androidApp, 1008007],
    ["with 72 hours and a second", { expire_time: 259_201 }, androidApp, 1008007],
    ["with a message over 4 KB", { message: { title: "x", content: "x".repeat(4096) } }, androidApp, 1008007],
    ["with 1,001 tokens", { audience_type: "token_list", token_list: Array(1001).fill("t") }, androidApp, 1008007],
    ["with a push_speed of 999", { push_speed: 999 }, androidApp, 1008007],
    ["for tags without tags", { audience_type: "tag" }, androidApp, 1008002],
    [
      "with a recurrence for tokens",
      { audience_type: "token", token_list: ["t"], loop_param: loop() },
      androidApp,
      1008007,
    ],
    ["on iOS without ios", { environment: "product" }, iosApp, 1008002],
    ["on iOS without environment", { message: ios.message }, iosApp, 1008002],
  ] as const)("%s", async ([, fields, app, retCode], { emulator }) => {
    expect(await codeOf(emulator, pushPath, notification(fields), app)).toBe(retCode);
    expect(emulator.tasks).toEqual([]);
  });

  function loop() {
    return { startDate: "2027-02-02", endDate: "2027-02-03", loopType: 1, loopDayIndexs: [0], dayTimes: ["10:00:00"] };
  }
});

describe("unknown targets switched to refused", () => {
  test.override("options", { switches: { unknownTargets: "refused" } });

  test.for([
    [{ audience_type: "token", token_list: ["t"] }, 1008029],
    [{ audience_type: "token", token_list: ["t"], ignore_invalid_token: 1 }, 0],
    [{ audience_type: "account", account_list: ["zoe"] }, 10010005],
    [{ audience_type: "account", account_list: ["alice"] }, 0],
  ] as const)("%o is answered with %i", async ([fields, retCode], { emulator }) => {
    expect(await codeOf(emulator, pushPath, notification(fields))).toBe(retCode);
  });
});

describe("an unknown field", () => {
  test("is passed over wherever it stands", async ({ emulator }) => {
    const message = { title: "x", content: "y", android: { strange: 1 }, stranger: {} };

    expect(await codeOf(emulator, pushPath, notification({ message, strangest: null }))).toBe(0);
  });
});
