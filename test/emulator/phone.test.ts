import { describe, expect } from "vitest";
import { iosApp } from "../../provider/emulator/index.ts";
import { alertsOn, iosNotification, push, shownOn, test } from "./fixture.ts";

const tokenOf = (name: string) => `1500001234-${name}`.padEnd(36, "0");

describe("an offline phone", () => {
  test("gets what is stored when it comes online, in the order of the push ids", async ({ emulator }) => {
    const first = await push(emulator);
    const second = await push(emulator);
    const before = emulator.phone("own-channel-offline");
    emulator.setOnline("own-channel-offline", true);

    expect([before.alerts, before.stored]).toEqual([[], [first, second]]);
    expect(alertsOn(emulator, "own-channel-offline")).toEqual([first, second]);
  });

  test("gets nothing twice", async ({ emulator }) => {
    const pushId = await push(emulator);
    for (const online of [true, false, true]) emulator.setOnline("own-channel-offline", online);

    expect(alertsOn(emulator, "own-channel-offline")).toEqual([pushId]);
  });

  test("on the own channel gets the last three", async ({ emulator }) => {
    const pushIds = [await push(emulator), await push(emulator), await push(emulator), await push(emulator)];
    emulator.setOnline("own-channel-offline", true);

    expect(alertsOn(emulator, "own-channel-offline")).toEqual(pushIds.slice(1));
  });

  test("on APNs gets the last one", async ({ emulator }) => {
    await push(emulator, iosNotification(), iosApp);
    const last = await push(emulator, iosNotification(), iosApp);
    emulator.setOnline("iphone-offline", true);

    expect(alertsOn(emulator, "iphone-offline")).toEqual([last]);
  });

  test("on APNs gets nothing that is a day old", async ({ emulator }) => {
    await push(emulator, { ...iosNotification(), expire_time: 259_200 }, iosApp);
    emulator.clock.step(86_400);
    emulator.setOnline("iphone-offline", true);

    expect(alertsOn(emulator, "iphone-offline")).toEqual([]);
  });

  test.for([
    [undefined, 86_399, 1],
    [undefined, 86_400, 0],
    [0, 0, 0],
    [1, 799, 1],
    [1, 800, 0],
    [259_200, 259_199, 1],
  ] as const)(
    "with expire_time %s gets after %i s %i message",
    async ([expire_time, seconds, messages], { emulator }) => {
      await push(emulator, { expire_time });
      emulator.clock.step(seconds);
      emulator.setOnline("own-channel-offline", true);

      expect(alertsOn(emulator, "own-channel-offline")).toHaveLength(messages);
    },
  );
});

describe("an audience", () => {
  const item = { is_not: false, tags_operator: "OR", items_operator: "AND", tag_type: "xg_user_define" };
  const rule = { operator: "OR", is_not: false };

  test.for<[string, object, readonly string[]]>([
    ["all", { audience_type: "all" }, ["own-channel", "huawei-emui9", "huawei-emui10", "oppo"]],
    ["tag_list OR", { audience_type: "tag", tag_list: { tags: ["vip", "none"], op: "OR" } }, ["own-channel", "oppo"]],
    ["tag_list AND", { audience_type: "tag", tag_list: { tags: ["vip", "sale"], op: "AND" } }, ["own-channel"]],
    [
      "tag_rules: sale and not vip",
      {
        audience_type: "tag",
        tag_rules: [
          {
            ...rule,
            tag_items: [
              { ...item, tags: ["sale"] },
              { ...item, tags: ["vip"], is_not: true },
            ],
          },
        ],
      },
      ["huawei-emui9", "huawei-emui10"],
    ],
    [
      "tag_rules: not (sale)",
      { audience_type: "tag", tag_rules: [{ ...rule, is_not: true, tag_items: [{ ...item, tags: ["sale"] }] }] },
      ["oppo"],
    ],
    [
      "token, the first alone",
      { audience_type: "token", token_list: [tokenOf("oppo"), tokenOf("own-channel")] },
      ["oppo"],
    ],
    [
      "token_list",
      { audience_type: "token_list", token_list: [tokenOf("oppo"), tokenOf("own-channel")] },
      ["own-channel", "oppo"],
    ],
    ["account, its newest device", { audience_type: "account", account_list: ["alice", "carol"] }, ["oppo"]],
    [
      "account, all its devices",
      { audience_type: "account", account_list: ["alice"], account_push_type: 1 },
      ["own-channel", "oppo"],
    ],
    [
      "account_list",
      { audience_type: "account_list", account_list: ["carol", "dave"] },
      ["huawei-emui9", "huawei-emui10"],
    ],
    [
      "all but Huawei",
      {
        audience_type: "all",
        channel_rules: [
          { channel: "hw", disable: true },
          { channel: "xg", disable: false },
        ],
      },
      ["own-channel", "oppo"],
    ],
  ])("%s", async ([, fields, names], { emulator }) => {
    await push(emulator, fields);

    expect(emulator.phones.filter((phone) => phone.alerts.length > 0).map((phone) => phone.name)).toEqual(names);
  });

  test("of the other environment is nobody", async ({ emulator }) => {
    await push(emulator, { ...iosNotification(), environment: "dev" }, iosApp);

    expect(alertsOn(emulator, "iphone")).toEqual([]);
  });
});

describe("a silent message", () => {
  test("is received on the own channel, and shown nowhere", async ({ emulator }) => {
    const pushId = await push(emulator, { message_type: "message" });

    expect(emulator.phones.flatMap((phone) => [...phone.alerts, ...phone.notifications])).toEqual([]);
    expect(emulator.phones.filter((phone) => phone.received.length > 0).map((phone) => phone.name)).toEqual([
      "own-channel",
    ]);
    expect(emulator.phone("own-channel").received.map((received) => received.pushId)).toEqual([pushId]);
  });
});

describe("a click", () => {
  test("takes the newest notification out of the centre, or the named one", async ({ emulator }) => {
    const pushIds = [await push(emulator), await push(emulator), await push(emulator)];
    emulator.click("own-channel");
    emulator.click("own-channel", pushIds[0]);

    expect(shownOn(emulator, "own-channel")).toEqual([pushIds[1]]);
    expect(alertsOn(emulator, "own-channel")).toEqual(pushIds);
    expect(() => emulator.click("own-channel", pushIds[0])).toThrow(`shows no notification ${pushIds[0]}`);
  });

  test("on an unknown phone names the phones", async ({ emulator }) => {
    expect(() => emulator.click("nokia")).toThrow(/there is no phone "nokia"; write one of own-channel, /);
  });
});
