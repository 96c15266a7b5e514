import { describe, expect } from "vitest";
import * as z from "zod";
import { androidApp, type Emulator, type PhoneSpec } from "../../provider/emulator/index.ts";
import {
  alertsOn,
  cancelPath,
  codeOf,
  notification,
  post,
  push,
  pushPath,
  shownOn,
  statusOf,
  test,
} from "./fixture.ts";

const android = { accessId: androidApp.accessId, system: "android" } as const;

/** The names of the phones that a push reached. */
const reachedBy = (emulator: Emulator, pushId: string): readonly string[] =>
  emulator.phones.filter(({ received }) => received.some((one) => one.pushId === pushId)).map(({ name }) => name);

/** The push ids that a recurrence answered with. */
async function loop(emulator: Emulator, loop_param: object): Promise<readonly string[]> {
  emulator.clock.step(1);
  const { answer } = await post(emulator, pushPath, notification({ loop_param }));
  return z.object({ push_id: z.array(z.string()) }).parse(answer).push_id;
}

describe("a recurrence", () => {
  // 1 February 2027 is a Monday.
  const daily = { startDate: "2027-02-01", endDate: "2027-02-03", loopType: 1, loopDayIndexs: [0] };

  test("is a task for each time that is still to come, each with its push id", async ({ emulator }) => {
    const pushIds = await loop(emulator, { ...daily, dayTimes: ["07:00:00", "10:00:00"] });

    expect(emulator.tasks.map(({ pushId, sendTime }) => [pushId, sendTime])).toEqual(
      pushIds.map((pushId, at) => [
        pushId,
        [
          "2027-02-01 10:00:00",
          "2027-02-02 07:00:00",
          "2027-02-02 10:00:00",
          "2027-02-03 07:00:00",
          "2027-02-03 10:00:00",
        ][at],
      ]),
    );
    expect(pushIds).toHaveLength(5);
    await codeOf(emulator, cancelPath, { pushId: pushIds[1] });
    emulator.clock.set("2027-02-04T00:00:00+08:00");
    expect(alertsOn(emulator, "own-channel")).toEqual(pushIds.filter((_, at) => at !== 1));
  });

  test("answers with an array for one time too", async ({ emulator }) => {
    expect(await loop(emulator, { ...daily, endDate: "2027-02-01", dayTimes: ["10:00:00"] })).toHaveLength(1);
  });

  test("takes days of the month", async ({ emulator }) => {
    await loop(emulator, {
      ...daily,
      endDate: "2027-04-30",
      loopType: 3,
      loopDayIndexs: [3, 30],
      dayTimes: ["10:00:00"],
    });

    expect(emulator.tasks.map(({ sendTime }) => sendTime.slice(0, 10))).toEqual([
      "2027-02-03",
      "2027-03-03",
      "2027-03-30",
      "2027-04-03",
      "2027-04-30",
    ]);
  });

  const weekly = { ...daily, endDate: "2027-02-08", loopType: 2, loopDayIndexs: [0, 1], dayTimes: ["10:00:00"] };
  const daysOf = (emulator: Emulator) => emulator.tasks.map(({ sendTime }) => sendTime.slice(0, 10));

  test("takes 0 for Sunday, as the newer pages do", async ({ emulator }) => {
    await loop(emulator, weekly);
    expect(daysOf(emulator)).toEqual(["2027-02-01", "2027-02-07", "2027-02-08"]);
  });

  describe("where the week begins on Monday", () => {
    test.override("options", { switches: { loopWeek: "monday" } });

    test("takes 0 for Monday, as the older pages do", async ({ emulator }) => {
      await loop(emulator, weekly);
      expect(daysOf(emulator)).toEqual(["2027-02-01", "2027-02-02", "2027-02-08"]);
    });
  });

  test.for([
    ["without a time to come", { ...daily, endDate: "2027-02-01", dayTimes: ["07:00:00"] }],
    ["beyond 90 days", { ...daily, endDate: "2027-05-03", dayTimes: ["10:00:00"] }],
  ] as const)("%s is refused", async ([, loop_param], { emulator }) => {
    expect(await codeOf(emulator, pushPath, notification({ loop_param }))).toBe(10010012);
    expect(emulator.tasks).toEqual([]);
  });
});

describe("hours of acceptance", () => {
  const message = {
    title: "Title",
    content: "Content",
    accept_time: [
      { start: { hour: "09", min: "30" }, end: { hour: "12", min: "00" } },
      { start: { hour: "22", min: "00" }, end: { hour: "01", min: "00" } },
    ],
  };

  test("hold the own channel's messages back until they begin, and no other channel's", async ({ emulator }) => {
    const pushId = await push(emulator, { message });
    const before = reachedBy(emulator, pushId);
    emulator.clock.set("2027-02-01T09:29:59+08:00");
    const still = alertsOn(emulator, "own-channel");
    emulator.clock.set("2027-02-01T09:30:00+08:00");

    expect([before, still, alertsOn(emulator, "own-channel")]).toEqual([
      ["huawei-emui9", "huawei-emui10", "oppo"],
      [],
      [pushId],
    ]);
  });

  test.for(["11:59:59", "22:00:00", "00:59:59"])("let through what is pushed at %s", async (time, { emulator }) => {
    emulator.clock.set(`2027-02-02T${time}+08:00`);
    emulator.clock.setPace(0);
    const body = notification({ message });
    await codeOf(emulator, pushPath, body);

    expect(alertsOn(emulator, "own-channel")).toHaveLength(1);
  });

  test("hold back what a phone that comes online outside them would get", async ({ emulator }) => {
    emulator.clock.set("2027-02-01T10:00:00+08:00");
    const pushId = await push(emulator, { message });
    emulator.clock.set("2027-02-01T14:00:00+08:00");
    emulator.setOnline("own-channel-offline", true);
    const before = alertsOn(emulator, "own-channel-offline");
    emulator.clock.set("2027-02-01T22:00:00+08:00");

    expect([before, alertsOn(emulator, "own-channel-offline")]).toEqual([[], [pushId]]);
  });

  test("show nothing of what was terminated meanwhile", async ({ emulator }) => {
    const pushId = await push(emulator, { message });
    await codeOf(emulator, "/v3/push/stop_push_msg", { pushId });
    emulator.clock.set("2027-02-01T10:00:00+08:00");

    expect([alertsOn(emulator, "own-channel"), statusOf(emulator, pushId)]).toEqual([[], "PUSH_DELETED_PUSH_MSG"]);
  });
});

describe("a personalised message", () => {
  const phones: readonly PhoneSpec[] = [
    { ...android, name: "known", channel: "xg", attributes: { name: "Alice", city: "Changsha" } },
    { ...android, name: "half-known", channel: "xg", attributes: { name: "Bob" } },
    { ...android, name: "unknown", channel: "xg", online: false },
  ];
  test.override("options", { phones });

  test("names who has the attributes, and says the default to all others", async ({ emulator }) => {
    await push(emulator, {
      ntf_wt_attrs: true,
      message: {
        title: "Hello {{name}}",
        content: "Rain in {{ city }} for {{name}}",
        default_title: "Hello",
        default_content: "Rain",
      },
    });
    emulator.setOnline("unknown", true);

    const saidTo = (name: string) => emulator.phone(name).alerts.map(({ title, content }) => `${title}: ${content}`);
    expect([saidTo("known"), saidTo("half-known"), saidTo("unknown")]).toEqual([
      ["Hello Alice: Rain in Changsha for Alice"],
      ["Hello Bob: Rain"],
      ["Hello: Rain"],
    ]);
  });

  test("shows the braces where it is not asked for", async ({ emulator }) => {
    await push(emulator, { message: { title: "Hello {{name}}", content: "Rain" } });
    expect(emulator.phone("known").notifications.map(({ title }) => title)).toEqual(["Hello {{name}}"]);
  });
});

describe("the app running on a vendor's phone", () => {
  const phones: readonly PhoneSpec[] = [
    { ...android, name: "open", channel: "oppo", connected: true },
    { ...android, name: "closed", channel: "oppo" },
  ];
  test.override("options", { phones });

  test("gets it over the own channel, which can replace it; unless that is not preferred, or off", async ({
    emulator,
  }) => {
    const ways = [{}, { tpns_online_push_type: 1 }, { channel_rules: [{ channel: "xg", disable: true }] }];
    const pushIds: string[] = [];
    for (const way of ways) pushIds.push(await push(emulator, way));
    const collapseIds = emulator.tasks.map(({ collapseId }) => collapseId);
    for (const [at, collapse_id] of collapseIds.entries()) {
      await push(emulator, { ...ways[at], collapse_id });
    }
    const overrides = emulator.tasks.slice(3).map(({ pushId }) => pushId);

    // Over OPPO's channel an override is not delivered, since it could not replace anything.
    expect(alertsOn(emulator, "open")).toEqual([...pushIds, overrides[0]]);
    expect(shownOn(emulator, "open")).toEqual([pushIds[1], pushIds[2], overrides[0]]);
    expect(alertsOn(emulator, "closed")).toEqual(pushIds);
  });
});

describe("an app under another package name", () => {
  const phones: readonly PhoneSpec[] = [
    { ...android, name: "main", channel: "xg" },
    { ...android, name: "other", channel: "xg", otherPackage: true },
  ];
  test.override("options", { phones });

  test.for([
    [{}, ["main"]],
    [{ multi_pkg: true }, ["main", "other"]],
  ] as const)("is reached by multi_pkg alone: %o", async ([fields, names], { emulator }) => {
    expect(reachedBy(emulator, await push(emulator, fields))).toEqual(names);
  });
});

describe("accounts", () => {
  test("of another type are others", async ({ emulator }) => {
    const fields = { audience_type: "account_list", account_list: ["alice"], account_push_type: 1 };

    expect(reachedBy(emulator, await push(emulator, fields))).toEqual(["own-channel", "oppo"]);
    expect(reachedBy(emulator, await push(emulator, { ...fields, account_type: 2 }))).toEqual([]);
    expect(reachedBy(emulator, await push(emulator, { ...fields, account_push_type: 0 }))).toEqual(["oppo"]);
  });
});

describe("a dispatch to more phones than go out at once", () => {
  test.override("options", {
    phones: { count: 50_000, mix: { xg: 4, apns: 1 }, offline: 0 },
    switches: { dispatchSeconds: 10 },
  });

  test("reaches each once, part by part, and can be terminated between the parts", async ({ emulator }) => {
    const reached = (pushId: string) =>
      ["phone-1", "phone-25000", "phone-49999"].map(
        (name) => emulator.phone(name).alerts.filter((one) => one.pushId === pushId).length,
      );
    const whole = await push(emulator);
    const begun = reached(whole);
    emulator.clock.step(10);
    const ended = reached(whole);
    const stopped = await push(emulator);
    emulator.clock.step(4);
    await codeOf(emulator, "/v3/push/stop_push_msg", { pushId: stopped });
    emulator.clock.step(60);

    expect([begun, ended, reached(stopped)]).toEqual([
      [1, 0, 0],
      [1, 1, 1],
      [1, 1, 0],
    ]);
    expect(statusOf(emulator, stopped)).toBe("PUSH_DELETED_PUSH_MSG");
  });
});

describe("hours of acceptance that end in the midst of a dispatch", () => {
  test.override("options", {
    phones: { count: 50_000, mix: { xg: 1 }, offline: 0 },
    switches: { dispatchSeconds: 600 },
  });

  test("hold the later parts back until they begin again", async ({ emulator }) => {
    const accept_time = [{ start: { hour: "08", min: "00" }, end: { hour: "08", min: "03" } }];
    const pushId = await push(emulator, { message: { title: "Title", content: "Content", accept_time } });
    emulator.clock.step(3_600);
    const before = alertsOn(emulator, "phone-50000");
    emulator.clock.set("2027-02-02T08:00:00+08:00");

    expect([alertsOn(emulator, "phone-1"), before, alertsOn(emulator, "phone-50000")]).toEqual([
      [pushId],
      [],
      [pushId],
    ]);
  });
});

describe("a generated fleet", () => {
  test.override("options", { phones: { count: 600_000 } });

  test("has the same mixture everywhere, whatever one looks at", { timeout: 60_000 }, async ({ emulator }) => {
    const { phones } = emulator.findPhones({ offset: 590_000, limit: 2_000 });
    const among = phones.filter(({ channel }) => channel === "vivo");
    const share = (some: typeof phones, is: (phone: (typeof phones)[number]) => boolean): number =>
      some.filter(is).length / some.length;

    expect(share(phones, ({ channel }) => channel === "xg")).toBeCloseTo(0.25, 1);
    expect(share(phones, ({ channel }) => channel === "xm")).toBeCloseTo(0.17, 1);
    expect(share(phones, ({ online }) => online)).toBeCloseTo(0.9, 1);
    expect(share(phones, ({ tags }) => tags.includes("sale"))).toBeCloseTo(0.5, 1);
    expect(among.length).toBeGreaterThan(100);
    expect(share(among, ({ online }) => online)).toBeCloseTo(0.9, 0);
    expect(share(among, ({ tags }) => tags.includes("sale"))).toBeCloseTo(0.5, 0);
  });
});
