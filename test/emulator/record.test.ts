import { describe, expect } from "vitest";
import * as z from "zod";
import { type Emulator, iosApp } from "../../provider/emulator/index.ts";
import { codeOf, collapseIdOf, iosNotification, post, push, recordPath, test } from "./fixture.ts";

const today = { startDate: "2027-02-01", endDate: "2027-02-01" };
const List = z.object({ count: z.int(), pushRecordData: z.array(z.object({ pushId: z.string() })) });

const list = async (emulator: Emulator, query: object = {}) => {
  const { answer } = await post(emulator, recordPath, { ...today, ...query });
  const { count, pushRecordData } = List.parse(answer);
  return { count, pushIds: pushRecordData.map((record) => record.pushId) };
};

describe("a single query", () => {
  test("tells all that the documents list", async ({ emulator }) => {
    const pushId = await push(emulator, {
      message: { title: "Sale", content: "Today", android: { ring: 0 } },
      send_time: "2027-02-03 10:00:00",
      group_id: "marker",
    });
    const { answer } = await post(emulator, recordPath, { pushId });

    expect(answer).toEqual({
      retCode: 0,
      errMsg: "NO_ERROR",
      pushRecordData: [
        {
          date: "2027-02-03 10:00:00",
          pushId: Number(pushId),
          createTime: 1801440001,
          title: "Sale",
          content: "Today",
          status: "PUSH_WAIT",
          pushType: "all",
          targetList: null,
          tagSet: null,
          uploadId: 0,
          expireTime: 86_400,
          messageType: "notify",
          xgMediaResources: "",
          xgMediaAudioResources: "",
          environment: "product",
          collapseID: collapseIdOf(emulator, pushId),
          pushConfig: {
            android: {
              n_id: 0,
              builder_id: 0,
              ring: 0,
              ring_raw: "",
              vibrate: 1,
              lights: 1,
              clearable: 1,
              icon_type: 0,
              icon_res: "",
              style_id: 1,
              small_icon: "",
              action: { action_type: 1, activity: "", aty_attr: null, browser: null, intent: "" },
              custom_content: "",
            },
            ios: null,
            iot: null,
          },
          multiPkg: false,
        },
      ],
    });
  });

  test("does not know another app's task", async ({ emulator }) => {
    expect(await codeOf(emulator, recordPath, { pushId: await push(emulator) }, iosApp)).toBe(1008015);
  });

  test("forgets a task after a month", async ({ emulator }) => {
    const pushId = await push(emulator);
    emulator.clock.step(31 * 86_400);
    const before = await codeOf(emulator, recordPath, { pushId });
    emulator.clock.step(1);

    expect([before, await codeOf(emulator, recordPath, { pushId })]).toEqual([0, 1008015]);
  });

  describe("with ids of 19 digits", () => {
    test.override("options", { switches: { pushIdDigits: 19 } });

    test("answers a number that no double holds", async ({ emulator }) => {
      const pushId = await push(emulator);
      const { sign } = await import("../../provider/tpns/sign.ts");
      const { androidApp } = await import("../../provider/emulator/index.ts");
      const body = `{"pushId":${pushId}}`;
      const timestampSeconds = Math.floor(emulator.clock.now().getTime() / 1000);
      const headers = { ...sign({ ...androidApp, timestampSeconds, body }) };
      const response = await fetch(emulator.url + recordPath, { method: "POST", headers, body });

      expect(pushId).toHaveLength(19);
      expect(await response.text()).toContain(`"pushId":${pushId},`);
    });
  });

  describe("switched to text and to an empty list", () => {
    test.override("options", {
      switches: { pushIdOfSingleQuery: "text", unknownPushId: "empty", groupIdIn: "everywhere" },
    });

    test("answers so", async ({ emulator }) => {
      const pushId = await push(emulator, { group_id: "marker" });

      expect((await post(emulator, recordPath, { pushId })).answer).toMatchObject({
        pushRecordData: [{ pushId, groupId: "marker" }],
      });
      expect((await post(emulator, recordPath, { pushId: "1" })).answer).toEqual({
        retCode: 0,
        errMsg: "NO_ERROR",
        pushRecordData: [],
      });
    });
  });
});

describe("a range query", () => {
  test("pages through everything once, the newest first", async ({ emulator }) => {
    const pushIds: string[] = [];
    for (let task = 0; task < 5; task += 1) pushIds.unshift(await push(emulator));

    expect(await list(emulator, { limit: 2 })).toEqual({ count: 5, pushIds: pushIds.slice(0, 2) });
    expect(await list(emulator, { limit: 2, offset: 2 })).toEqual({ count: 5, pushIds: pushIds.slice(2, 4) });
    expect(await list(emulator, { limit: 2, offset: 4 })).toEqual({ count: 5, pushIds: pushIds.slice(4) });
    expect(await list(emulator, { offset: 5 })).toEqual({ count: 5, pushIds: [] });
  });

  test("filters by audience and message", async ({ emulator }) => {
    const all = await push(emulator);
    const silent = await push(emulator, { message_type: "message" });
    const tag = await push(emulator, { audience_type: "tag", tag_list: { tags: ["sale"], op: "OR" } });
    const token = await push(emulator, { audience_type: "token", token_list: ["t"] });
    const accounts = await push(emulator, { audience_type: "account_list", account_list: ["a"] });
    const ofOtherApp = await push(emulator, iosNotification(), iosApp);

    expect((await list(emulator)).pushIds).toEqual([accounts, token, tag, silent, all]);
    expect((await list(emulator, { pushType: "all" })).pushIds).toEqual([silent, all]);
    expect((await list(emulator, { pushType: "all", msgType: "notify" })).pushIds).toEqual([all]);
    expect((await list(emulator, { pushType: "tag" })).pushIds).toEqual([tag]);
    expect((await list(emulator, { pushType: "token" })).pushIds).toEqual([token]);
    expect((await list(emulator, { pushType: "account" })).pushIds).toEqual([accounts]);
    expect((await list(emulator)).pushIds).not.toContain(ofOtherApp);
  });

  test("tells the group id, and no collapse id", async ({ emulator }) => {
    const pushId = await push(emulator, { group_id: "marker" });
    const { answer } = await post(emulator, recordPath, today);
    const [record] = z
      .object({ pushRecordData: z.array(z.record(z.string(), z.unknown())) })
      .parse(answer).pushRecordData;

    expect(record).toMatchObject({ pushId, groupId: "marker", source: "api" });
    expect(record).not.toHaveProperty("collapseID");
  });

  test("goes by the day of creation in UTC+8", async ({ emulator }) => {
    emulator.clock.set("2027-02-01T23:59:58+08:00");
    const last = await push(emulator, { send_time: "2027-02-20 10:00:00" });
    const first = await push(emulator, { send_time: "2027-02-20 10:00:00" });

    expect((await list(emulator)).pushIds).toEqual([last]);
    expect((await list(emulator, { startDate: "2027-02-02", endDate: "2027-02-02" })).pushIds).toEqual([first]);
  });

  describe("switched to the date of the push", () => {
    test.override("options", { switches: { recordsBy: "push" } });

    test("lists a task on the day of its send time", async ({ emulator }) => {
      const pushId = await push(emulator, { send_time: "2027-02-20 10:00:00" });

      expect((await list(emulator)).pushIds).toEqual([]);
      expect((await list(emulator, { endDate: "2027-02-20" })).pushIds).toEqual([pushId]);
    });
  });

  describe("with tasks listed a day ahead", () => {
    test.override("options", { switches: { listedAheadDays: 1 } });

    test("does not list one that is farther", async ({ emulator }) => {
      const pushId = await push(emulator, { send_time: "2027-02-03 10:00:00" });
      const before = (await list(emulator)).pushIds;
      emulator.clock.set("2027-02-02T10:00:00+08:00");

      expect([before, (await list(emulator)).pushIds]).toEqual([[], [pushId]]);
    });
  });

  test.for([
    [{ startDate: "2027-01-01" }, 0],
    [{ startDate: "2026-12-31" }, 1008016],
    [{ startDate: "2027-02-02" }, 1008016],
    [{ startDate: "20270201" }, 1008016],
    [{ endDate: undefined }, 1008002],
    [{ limit: 200 }, 0],
    [{ limit: 201 }, 1008007],
  ] as const)("%o is answered with %i", async ([query, retCode], { emulator }) => {
    expect(await codeOf(emulator, recordPath, { ...today, ...query })).toBe(retCode);
  });
});
