import { describe, expect } from "vitest";
import * as z from "zod";
import { type App, androidApp, type Emulator, iosApp, type PhoneSpec } from "../../provider/emulator/index.ts";
import { codeOf, iosNotification, planPath, post, push, test } from "./fixture.ts";

const taskPath = "/v3/statistics/get_push_task_stat_channel";
const groupPath = "/v3/statistics/get_push_group_stat_channel";
const overviewPath = "/v3/statistics/get_push_channel_stat_overview";
const devicePath = "/v3/statistics/get_device_stat_overview";
const distributionPath = "/v3/statistics/get_device_distribute_info";
const listPath = "/v3/toolbox/getPushListByToken";

const today = { startDate: "20270201", endDate: "20270201" };

const Statistics = z.array(z.object({ channel: z.string(), pushState: z.record(z.string(), z.int()) }));

/** The counts of each channel that has any. */
const countsIn = (statistics: unknown) =>
  Object.fromEntries(
    Statistics.parse(statistics)
      .filter(({ pushState }) => Object.values(pushState).some((count) => count > 0))
      .map(({ channel, pushState }) => [channel, Object.values(pushState)]),
  );

const countsOf = async (emulator: Emulator, path: string, request: object, app: App = androidApp) =>
  countsIn((await post(emulator, path, request, app)).answer.pushStatDataAll);

const tagged = { audience_type: "tag", tag_list: { tags: ["sale"], op: "OR" } };

describe("get_push_task_stat_channel", () => {
  test("counts planned, sent, arrived, shown and clicked by channel", async ({ emulator }) => {
    const pushId = await push(emulator);
    emulator.click("huawei-emui9", pushId);

    const sums = [5, 4, 4, 3, 4, 4, 1, 0];
    expect(await countsOf(emulator, taskPath, { pushId })).toEqual({
      hw: [2, 2, 2, 2, 2, 2, 1, 0],
      oppo: [1, 1, 1, 1, 1, 1, 0, 0],
      xg: [2, 1, 1, 0, 1, 1, 0, 0],
      all: sums,
    });
    emulator.setOnline("own-channel-offline", true);
    expect(await countsOf(emulator, taskPath, { pushId })).toMatchObject({ xg: [2, 2, 2, 0, 2, 2, 0, 0] });
  });

  test("has four counts on iOS", async ({ emulator }) => {
    const pushId = await push(emulator, iosNotification(), iosApp);
    emulator.click("iphone", pushId);

    expect(await countsOf(emulator, taskPath, { pushId }, iosApp)).toEqual({ apns: [2, 2, 2, 1], all: [2, 2, 2, 1] });
  });

  test("knows nothing of a task that waits, is another app's, or is older than 30 days", async ({ emulator }) => {
    const waiting = await push(emulator, { send_time: "2027-04-01 08:00:00" });
    const other = await push(emulator, iosNotification(), iosApp);

    expect(await countsOf(emulator, taskPath, { pushId: waiting })).toEqual({});
    expect(await codeOf(emulator, taskPath, { pushId: other })).toBe(1008015);
    emulator.clock.step(31 * 24 * 3600);
    expect(await codeOf(emulator, taskPath, { pushId: waiting })).toBe(1008015);
  });
});

describe("get_push_group_stat_channel", () => {
  test.for([groupPath, "/v3/statistics/get_push_group_stat"])(
    "%s sums the tasks of a plan",
    async (path, { emulator }) => {
      const { answer } = await post(emulator, planPath, { planName: "p", planDescribe: "d" });
      const { planId } = z.object({ planId: z.string() }).parse(answer.result);
      await push(emulator, { plan_id: planId });
      await push(emulator, { ...tagged, plan_id: planId });
      await push(emulator);

      expect(await countsOf(emulator, path, { planId, groupId: "ignored", ...today })).toMatchObject({
        hw: [4, 4, 4, 4, 4, 4, 0, 0],
      });
      expect(await countsOf(emulator, path, { planId: "1", ...today })).toEqual({});
    },
  );

  test("sums the tasks of a group, and of the day's own group", async ({ emulator }) => {
    await push(emulator, { group_id: "mine" });
    await push(emulator, tagged);

    expect(await countsOf(emulator, groupPath, { groupid: "mine", ...today })).toMatchObject({
      oppo: expect.anything(),
    });
    const own = await countsOf(emulator, groupPath, { groupId: "tpns_20270201", ...today });
    expect(Object.keys(own)).toEqual(["hw", "xg", "all"]);
  });

  test.for([
    [{ planId: "1", startDate: "20270125", endDate: "20270201" }, 0],
    [{ planId: "1", startDate: "20270124", endDate: "20270201" }, 1008016],
    [{ planId: "1", startDate: "20270201", endDate: "20270131" }, 1008016],
    [{ planId: "1", startDate: "2027-02-01", endDate: "20270201" }, 1008016],
    [{ planId: "1", endDate: "20270201" }, 1008002],
    [{ startDate: "20270201", endDate: "20270201" }, 1008002],
  ] as const)("%o is answered with %i", async ([request, retCode], { emulator }) => {
    expect(await codeOf(emulator, groupPath, request)).toBe(retCode);
  });
});

describe("get_push_channel_stat_overview", () => {
  const Days = z.array(z.object({ date: z.string(), channelDatas: z.unknown() }));

  test.for([overviewPath, "/v3/statistics/get_push_stat_overview"])("%s counts by day", async (path, { emulator }) => {
    await push(emulator, tagged);
    await push(emulator, { ...tagged, send_time: "2027-02-03 08:00:00" });
    emulator.clock.step(3 * 24 * 3600);
    const { answer } = await post(emulator, path, { startDate: "20270201", endDate: "20270203" });

    const days = Days.parse(answer.pushDateChannelStat);
    expect(days.map(({ date, channelDatas }) => [date, Object.keys(countsIn(channelDatas))])).toEqual([
      ["20270201", ["hw", "xg", "all"]],
      ["20270202", []],
      ["20270203", ["hw", "xg", "all"]],
    ]);
  });

  test("ends today, however far it is asked to go", async ({ emulator }) => {
    const { answer } = await post(emulator, overviewPath, { startDate: "20270131", endDate: "99991231" });

    expect(Days.parse(answer.pushDateChannelStat).map(({ date }) => date)).toEqual(["20270131", "20270201"]);
  });
});

describe("get_device_stat_overview", () => {
  test("counts the app's devices, and those online", async ({ emulator }) => {
    const { answer } = await post(emulator, devicePath, { startDate: "20270131", endDate: "20270201" });

    const counts = { accuUv: 5, newUv: 0, activeUv: 4, invalidUv: 0, availableUv: 5 };
    const notifications = { notificationOpen: 5, notificationClose: 0, notificationUnknown: 0 };
    expect(answer).toEqual({
      retCode: 0,
      errMsg: "",
      getDeviceStatOverviewData: [
        { date: 20270131, ...counts, ...notifications },
        { date: 20270201, ...counts, ...notifications },
      ],
    });
  });
});

describe("get_device_distribute_info", () => {
  const phone = (name: string, ...tags: readonly string[]): PhoneSpec => {
    return { name, accessId: androidApp.accessId, system: "android", channel: "xg", tags };
  };
  test.override("options", {
    phones: [
      phone("a", "xg_auto_province:hunan", "vip"),
      phone("b", "xg_auto_province:guangdong"),
      phone("c", "xg_auto_province:guangdong", "xg_auto_sdkversion:1.3.3.0"),
    ],
  });

  test.for([
    [
      "province",
      [
        { province: "guangdong", count: 2 },
        { province: "hunan", count: 1 },
      ],
    ],
    ["sdk_version", [{ sdk_version: "1.3.3.0", count: 1 }]],
    ["city", []],
  ] as const)("tells the values of %s", async ([type, data], { emulator }) => {
    const { answer } = await post(emulator, distributionPath, { date: "20270201", type });

    expect(answer).toEqual({ retCode: 0, errMsg: "", data });
  });

  test.for([
    [{ date: "20270201", type: "colour" }, 1008007],
    [{ date: "20270201", type: "constructor" }, 1008007],
    [{ date: "20261231", type: "city" }, 1008016],
    [{ type: "city" }, 1008002],
  ] as const)("%o is answered with %i", async ([request, retCode], { emulator }) => {
    expect(await codeOf(emulator, distributionPath, request)).toBe(retCode);
  });
});

describe("getPushListByToken", () => {
  test.override("options", { switches: { pushIdDigits: 19 } });

  test("tells today's tasks of a phone, the oldest first", async ({ emulator }) => {
    await push(emulator, { send_time: "2027-02-01 23:00:00" });
    emulator.clock.set("2027-02-02T08:00:00+08:00");
    await push(emulator, tagged);
    const { token } = emulator.phone("oppo");
    const all = await push(emulator);
    const one = await push(emulator, { audience_type: "token", token_list: [token] });
    const { answer, text } = await post(emulator, listPath, { token });

    expect(answer).toEqual({
      retCode: 0,
      errMsg: "NO_ERROR",
      pushTaskList: [
        { pushId: Number(all), pushTime: 1801526402, pushTargetType: "ALL_PUSH" },
        { pushId: Number(one), pushTime: 1801526403, pushTargetType: "TOKEN_PUSH" },
      ],
    });
    expect(text).toContain(`"pushId":${one},`);
  });

  test("tells nothing of a token that nobody has", async ({ emulator }) => {
    expect((await post(emulator, listPath, { token: "t" })).answer).toMatchObject({ retCode: 0, pushTaskList: [] });
  });
});

describe("the 200 queries of an hour", () => {
  test("are counted by page, whatever its path, and by app", async ({ emulator }) => {
    const codes = new Set<unknown>();
    for (let call = 0; call < 100; call += 1) {
      codes.add(await codeOf(emulator, overviewPath, today));
      codes.add(await codeOf(emulator, "/v3/statistics/get_push_stat_overview", today));
    }

    expect([...codes]).toEqual([0]);
    expect([
      await codeOf(emulator, overviewPath, today),
      await codeOf(emulator, overviewPath, today, iosApp),
      await codeOf(emulator, devicePath, today),
    ]).toEqual([1008028, 0, 0]);
  });
});
