import { describe, expect } from "vitest";
import { iosApp } from "../../provider/emulator/index.ts";
import {
  alertsOn,
  cancelPath,
  codeOf,
  iosNotification,
  notification,
  post,
  push,
  pushPath,
  recordPath,
  revokePath,
  shownOn,
  statusOf,
  stopPath,
  test,
} from "./fixture.ts";

const scheduled = { send_time: "2027-02-01 10:00:00" };
const sendTime = "2027-02-01T10:00:00+08:00";

describe("a scheduled task", () => {
  test("is dispatched once, at its send time", async ({ emulator }) => {
    const pushId = await push(emulator, scheduled);
    emulator.clock.set("2027-02-01T09:59:59+08:00");
    const before = [statusOf(emulator, pushId), alertsOn(emulator, "own-channel")];
    emulator.clock.step(1);
    const at = emulator.phone("own-channel").alerts.map((alert) => alert.at);
    emulator.clock.step(86_400);

    expect(before).toEqual(["PUSH_WAIT", []]);
    expect(at).toEqual(["2027-02-01T02:00:00.000Z"]);
    expect(emulator.tasks.map(({ executions, status }) => [executions, status])).toEqual([[1, "PUSH_FINISHED"]]);
    expect(alertsOn(emulator, "own-channel")).toEqual([pushId]);
  });

  test("is dispatched at its send time even when the clock leaps over it", async ({ emulator }) => {
    await push(emulator, scheduled);
    emulator.clock.set("2027-02-05T10:00:00+08:00");

    expect(emulator.phone("own-channel").alerts.map((alert) => alert.at)).toEqual(["2027-02-01T02:00:00.000Z"]);
  });

  test("goes from PUSH_STARTED to PUSH_FINISHED after some seconds", async ({ emulator }) => {
    const pushId = await push(emulator, scheduled);
    emulator.clock.set(sendTime);
    const started = statusOf(emulator, pushId);
    emulator.clock.step(3);

    expect([started, statusOf(emulator, pushId)]).toEqual(["PUSH_STARTED", "PUSH_FINISHED"]);
  });

  test("takes as long as its push_speed wants", async ({ emulator }) => {
    const pushId = await push(emulator, { push_speed: 1000 });
    emulator.clock.step(100);
    const before = statusOf(emulator, pushId);
    emulator.clock.step(1);

    expect([before, statusOf(emulator, pushId)]).toEqual(["PUSH_STARTED", "PUSH_FINISHED"]);
  });

  test("is never dispatched once it is cancelled", async ({ emulator }) => {
    const pushId = await push(emulator, scheduled);
    const { answer } = await post(emulator, cancelPath, { pushId });
    emulator.clock.step(86_400);

    expect(answer).toEqual({ retCode: 0, errMsg: "NO_ERROR" });
    expect(emulator.records).toEqual([{ pushId, status: "PUSH_CANCELED", title: expect.any(String) }]);
    expect(alertsOn(emulator, "own-channel")).toEqual([]);
  });

  test.for([
    ["2027-02-01 07:50:00", 0, "PUSH_STARTED"],
    ["2027-02-01 07:49:59", 10010012, undefined],
    ["2027-05-02 08:00:00", 0, "PUSH_WAIT"],
    ["2027-05-02 08:00:01", 10010012, undefined],
    ["2027-02-30 08:00:00", 10010012, undefined],
    ["tomorrow", 10010012, undefined],
  ] as const)("for %s is answered with %i", async ([send_time, retCode, status], { emulator }) => {
    expect(await codeOf(emulator, pushPath, notification({ send_time }))).toBe(retCode);
    expect(emulator.records.map((record) => record.status)).toEqual(status === undefined ? [] : [status]);
  });

  describe("with past send times switched to immediate", () => {
    test.override("options", { switches: { pastSendTime: "immediate" } });

    test("of last year is sent at once", async ({ emulator }) => {
      const pushId = await push(emulator, { send_time: "2026-02-01 08:00:00" });

      expect(alertsOn(emulator, "own-channel")).toEqual([pushId]);
    });
  });
});

describe("a send time for an account", () => {
  const request = { audience_type: "account", account_list: ["bob"], ...scheduled };

  test("is ignored", async ({ emulator }) => {
    expect(statusOf(emulator, await push(emulator, request))).toBe("PUSH_STARTED");
  });

  describe("switched to refused", () => {
    test.override("options", { switches: { unsupportedOptions: "refused" } });

    test("is refused", async ({ emulator }) => {
      expect(await codeOf(emulator, pushPath, notification(request))).toBe(1008007);
    });
  });
});

describe("cancel_timing_task", () => {
  test("is refused for a task that is out", async ({ emulator }) => {
    const pushId = await push(emulator);

    expect(await codeOf(emulator, cancelPath, { pushId })).toBe(1008007);
    expect(statusOf(emulator, pushId)).toBe("PUSH_STARTED");
  });

  test("does not know the task of another app", async ({ emulator }) => {
    const pushId = await push(emulator, scheduled);

    expect(await codeOf(emulator, cancelPath, { pushId }, iosApp)).toBe(1008015);
  });

  test.for(["pushId", "pushid", "PushID"])("reads the key %s", async (key, { emulator }) => {
    expect(await codeOf(emulator, cancelPath, { [key]: await push(emulator, scheduled) })).toBe(0);
  });

  test("is refused without a push id", async ({ emulator }) => {
    expect(await codeOf(emulator, cancelPath, {})).toBe(1008002);
  });

  describe("with late cancels switched to accepted, and snake answers", () => {
    test.override("options", { switches: { cancelTooLate: "accepted", remedyAnswers: "snake" } });

    test("says yes and changes nothing", async ({ emulator }) => {
      const pushId = await push(emulator);

      expect((await post(emulator, cancelPath, { pushId })).answer).toEqual({ ret_code: 0, err_msg: "NO_ERROR" });
      expect(statusOf(emulator, pushId)).toBe("PUSH_STARTED");
    });
  });

  describe("with a delay", () => {
    test.override("options", { switches: { remedyDelaySeconds: 10 } });

    test("acts later, unless the dispatch wins", async ({ emulator }) => {
      const early = await push(emulator, scheduled);
      const late = await push(emulator, { send_time: "2027-02-01 08:00:09" });
      await post(emulator, cancelPath, { pushId: early });
      await post(emulator, cancelPath, { pushId: late });
      const before = statusOf(emulator, early);
      emulator.clock.step(10);

      expect([before, statusOf(emulator, early), statusOf(emulator, late)]).toEqual([
        "PUSH_WAIT",
        "PUSH_CANCELED",
        "PUSH_FINISHED",
      ]);
    });
  });
});

describe("stop_push_msg", () => {
  test("deletes what offline storage keeps, and leaves what is shown", async ({ emulator }) => {
    const pushId = await push(emulator);
    const retCode = await codeOf(emulator, stopPath, { pushId });
    emulator.setOnline("own-channel-offline", true);

    expect(retCode).toBe(0);
    expect(statusOf(emulator, pushId)).toBe("PUSH_DELETED_PUSH_MSG");
    expect(alertsOn(emulator, "own-channel-offline")).toEqual([]);
    expect(shownOn(emulator, "own-channel")).toEqual([pushId]);
  });

  test("is refused on iOS", async ({ emulator }) => {
    const pushId = await push(emulator, iosNotification(), iosApp);

    expect(await codeOf(emulator, stopPath, { pushId }, iosApp)).toBe(1008007);
  });

  test.for([
    ["of one token", { audience_type: "token", token_list: ["t"] }],
    ["that waits", scheduled],
  ] as const)("is refused for a task %s", async ([, fields], { emulator }) => {
    expect(await codeOf(emulator, stopPath, { pushId: await push(emulator, fields) })).toBe(1008007);
  });

  test("is refused when offline storage is over", async ({ emulator }) => {
    const pushId = await push(emulator, { expire_time: 800 });
    emulator.clock.step(800);

    expect(await codeOf(emulator, stopPath, { pushId })).toBe(1008007);
    expect(statusOf(emulator, pushId)).toBe("PUSH_FINISHED");
  });
});

describe("revoke_push_msg", () => {
  test("is offline", async ({ emulator }) => {
    expect(await codeOf(emulator, revokePath, { pushId: await push(emulator) })).toBe(1008007);
  });

  describe("switched to available", () => {
    test.override("options", { switches: { recall: "available" } });

    test("removes what nobody opened, and what is stored", async ({ emulator }) => {
      const other = await push(emulator);
      const pushId = await push(emulator);
      const retCode = await codeOf(emulator, revokePath, { pushId });
      emulator.setOnline("own-channel-offline", true);

      expect(retCode).toBe(0);
      expect(statusOf(emulator, pushId)).toBe("PUSH_REVOKED");
      expect(shownOn(emulator, "own-channel")).toEqual([other]);
      expect(alertsOn(emulator, "own-channel")).toEqual([other, pushId]);
      expect(alertsOn(emulator, "own-channel-offline")).toEqual([other]);
    });
  });
});

describe("setStatus", () => {
  test("keeps a failed task from being dispatched", async ({ emulator }) => {
    const pushId = await push(emulator, scheduled);
    emulator.setStatus(pushId, "PUSH_FAILED");
    emulator.clock.set(sendTime);

    expect((await post(emulator, recordPath, { pushId })).answer).toMatchObject({
      pushRecordData: [{ status: "PUSH_FAILED" }],
    });
    expect(emulator.tasks.map((task) => task.executions)).toEqual([0]);
  });
});
