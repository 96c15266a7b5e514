import { describe, expect } from "vitest";
import type { PhoneSpec } from "../../provider/emulator/index.ts";
import { androidApp, iosApp } from "../../provider/emulator/index.ts";
import {
  alertsOn,
  codeOf,
  collapseIdOf,
  iosNotification,
  notification,
  post,
  push,
  pushPath,
  shownOn,
  statusOf,
  test,
} from "./fixture.ts";

const android = { accessId: androidApp.accessId, system: "android" } as const;

const phones: readonly PhoneSpec[] = [
  { ...android, name: "xg", channel: "xg" },
  { ...android, name: "xm", channel: "xm" },
  { ...android, name: "mz", channel: "mz" },
  { ...android, name: "hw9", channel: "hw", emui: 9 },
  { ...android, name: "hw10", channel: "hw", emui: 10 },
  { ...android, name: "hw11", channel: "hw", emui: 11 },
  { ...android, name: "oppo", channel: "oppo" },
  { ...android, name: "vivo", channel: "vivo" },
  { ...android, name: "honor", channel: "honor" },
  { ...android, name: "fcm", channel: "fcm" },
  { name: "apns", accessId: iosApp.accessId, system: "ios", channel: "apns" },
];

type Outcome = "replaced" | "both shown" | "not delivered";

describe("an override", () => {
  test.override("options", { phones });

  test.for<[string, boolean, Outcome]>([
    ["xg", false, "replaced"],
    ["xg", true, "replaced"],
    ["xm", false, "replaced"],
    ["xm", true, "replaced"],
    ["mz", false, "replaced"],
    ["mz", true, "replaced"],
    ["apns", false, "replaced"],
    ["apns", true, "replaced"],
    ["hw10", false, "replaced"],
    ["hw11", true, "replaced"],
    ["hw9", false, "not delivered"],
    ["hw9", true, "both shown"],
    ["oppo", false, "not delivered"],
    ["oppo", true, "both shown"],
    ["vivo", false, "not delivered"],
    ["vivo", true, "both shown"],
    ["honor", false, "not delivered"],
    ["honor", true, "both shown"],
    ["fcm", false, "not delivered"],
    ["fcm", true, "both shown"],
  ])("on %s with force_collapse %s: %s", async ([name, force_collapse, outcome], { emulator }) => {
    const app = name === "apns" ? iosApp : androidApp;
    const of = name === "apns" ? iosNotification : notification;
    const first = await push(emulator, of(), app);
    const second = await push(emulator, of({ collapse_id: collapseIdOf(emulator, first), force_collapse }), app);

    const shown = { replaced: [second], "both shown": [first, second], "not delivered": [first] };
    expect(shownOn(emulator, name)).toEqual(shown[outcome]);
    expect(alertsOn(emulator, name)).toEqual(outcome === "not delivered" ? [first] : [first, second]);
    expect(statusOf(emulator, first)).toBe("PUSH_COLLAPSED");
    expect(statusOf(emulator, second)).toBe("PUSH_STARTED");
  });

  test("keeps the collapse id, so that it can be overridden in turn", async ({ emulator }) => {
    const first = await push(emulator);
    const collapse_id = collapseIdOf(emulator, first);
    const second = await push(emulator, { collapse_id });
    const third = await push(emulator, { collapse_id });

    expect(collapseIdOf(emulator, second)).toBe(collapse_id);
    expect(emulator.records.map(({ status }) => status)).toEqual(["PUSH_COLLAPSED", "PUSH_COLLAPSED", "PUSH_STARTED"]);
    expect(shownOn(emulator, "xg")).toEqual([third]);
  });

  test("reaches a phone that opened the message before as a new notification", async ({ emulator }) => {
    const first = await push(emulator);
    emulator.click("xg");
    const second = await push(emulator, { collapse_id: collapseIdOf(emulator, first) });

    expect(shownOn(emulator, "xg")).toEqual([second]);
    expect(alertsOn(emulator, "xg")).toEqual([first, second]);
  });

  test("ends the offline storage of the message before", async ({ emulator }) => {
    emulator.setOnline("xg", false);
    const first = await push(emulator);
    const second = await push(emulator, { collapse_id: collapseIdOf(emulator, first) });
    emulator.setOnline("xg", true);

    expect(alertsOn(emulator, "xg")).toEqual([second]);
  });

  test("with a send time ends the message before when it is dispatched", async ({ emulator }) => {
    const first = await push(emulator);
    const collapse_id = collapseIdOf(emulator, first);
    const second = await push(emulator, { collapse_id, send_time: "2027-02-01 10:00:00" });
    const before = shownOn(emulator, "xg");
    emulator.clock.set("2027-02-01T10:00:00+08:00");

    expect(before).toEqual([first]);
    expect(shownOn(emulator, "xg")).toEqual([second]);
    expect(statusOf(emulator, first)).toBe("PUSH_COLLAPSED");
  });

  test("is refused for an id that the service did not generate", async ({ emulator }) => {
    await push(emulator);
    emulator.clock.step(1);

    expect(await codeOf(emulator, pushPath, notification({ collapse_id: 7 }))).toBe(1008007);
  });

  test("is refused for the id of another app", async ({ emulator }) => {
    const first = await push(emulator);
    const collapse_id = collapseIdOf(emulator, first);

    expect(await codeOf(emulator, pushPath, iosNotification({ collapse_id }), iosApp)).toBe(1008007);
  });

  test.for([
    ["refused", undefined, 1008007],
    ["taken where Huawei is left out", [{ channel: "hw", disable: true }], 0],
  ] as const)("with custom_content is %s", async ([, channel_rules, retCode], { emulator }) => {
    const collapse_id = collapseIdOf(emulator, await push(emulator));
    const message = { title: "New", content: "words", android: { custom_content: "{}" } };
    emulator.clock.step(1);

    expect(await codeOf(emulator, pushPath, notification({ collapse_id, message, channel_rules }))).toBe(retCode);
  });
});

describe("an override of a task that waits", () => {
  const pending = { send_time: "2027-02-01 10:00:00" };

  test("is a push of its own", async ({ emulator }) => {
    const first = await push(emulator, pending);
    const second = await push(emulator, { collapse_id: collapseIdOf(emulator, first) });
    emulator.clock.set("2027-02-01T10:00:00+08:00");

    expect(alertsOn(emulator, "own-channel")).toEqual([second, first]);
    expect(statusOf(emulator, first)).toBe("PUSH_STARTED");
  });

  describe("switched to replaced", () => {
    test.override("options", { switches: { overrideOfPending: "replaced" } });

    test("takes its place", async ({ emulator }) => {
      const first = await push(emulator, pending);
      const second = await push(emulator, { collapse_id: collapseIdOf(emulator, first) });
      emulator.clock.set("2027-02-01T10:00:00+08:00");

      expect(alertsOn(emulator, "own-channel")).toEqual([second]);
      expect(statusOf(emulator, first)).toBe("PUSH_COLLAPSED");
    });
  });

  describe("switched to refused", () => {
    test.override("options", { switches: { overrideOfPending: "refused" } });

    test("is refused", async ({ emulator }) => {
      const collapse_id = collapseIdOf(emulator, await push(emulator, pending));
      emulator.clock.step(1);

      expect((await post(emulator, pushPath, notification({ collapse_id }))).answer).toMatchObject({
        ret_code: 1008007,
      });
    });
  });
});

describe("override switched on for Honor and FCM", () => {
  test.override("options", { phones, switches: { overrideOnHonorAndFcm: "yes" } });

  test.for(["honor", "fcm"])("replaces on %s", async (name, { emulator }) => {
    const first = await push(emulator);
    const second = await push(emulator, { collapse_id: collapseIdOf(emulator, first) });

    expect(shownOn(emulator, name)).toEqual([second]);
  });
});
