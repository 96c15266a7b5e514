import { describe, expect } from "vitest";
import { androidApp, type Fault } from "../../provider/emulator/index.ts";
import { sign } from "../../provider/tpns/sign.ts";
import {
  Answer,
  cancelPath,
  codeOf,
  notification,
  post,
  push,
  pushPath,
  recordPath,
  statusOf,
  test,
} from "./fixture.ts";

const today = { startDate: "2027-02-01", endDate: "2027-02-01" };

describe("a fault", () => {
  test("cuts the answer in the middle after the service acted", async ({ emulator }) => {
    emulator.failNext({ path: pushPath, fault: "cut" });
    const body = JSON.stringify(notification());
    const timestampSeconds = emulator.clock.now().getTime() / 1000;
    const headers = sign({ ...androidApp, timestampSeconds, body });
    const response = await fetch(emulator.url + pushPath, { method: "POST", headers, body });

    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow("terminated");
    expect(emulator.tasks).toHaveLength(1);
    expect(emulator.requests).toMatchObject([{ fault: "cut", retCode: 0 }]);
    expect(await codeOf(emulator, recordPath, today)).toBe(0);
  });

  test("answers with something that is no JSON after the service acted", async ({ emulator }) => {
    emulator.failNext({ path: pushPath, fault: "garbage" });

    await expect(push(emulator)).rejects.toThrow("is not valid JSON");
    expect(emulator.tasks).toHaveLength(1);
    expect(emulator.requests).toMatchObject([{ fault: "garbage", retCode: 0 }]);
  });

  test("throttles, and the service does not act", async ({ emulator }) => {
    emulator.failNext({ path: pushPath, fault: "throttle", times: 2 });
    const codes = [];
    for (let call = 0; call < 3; call += 1) codes.push(await codeOf(emulator, pushPath, notification()));

    expect(codes).toEqual([1008028, 1008028, 0]);
    expect(emulator.tasks).toHaveLength(1);
    expect(emulator.requests.map(({ fault }) => fault)).toEqual(["throttle", "throttle", undefined]);
  });

  test("delays the answer, and acts at once", async ({ emulator }) => {
    emulator.failNext({ path: pushPath, fault: { delaySeconds: 0.3 } });
    const begin = performance.now();
    const pushed = push(emulator);
    while (emulator.tasks.length === 0) await new Promise(setImmediate);
    const acted = performance.now() - begin;
    await pushed;

    expect(performance.now() - begin).toBeGreaterThanOrEqual(290);
    expect(acted).toBeLessThan(performance.now() - begin);
    expect(emulator.requests).toMatchObject([{ fault: "delay", retCode: 0 }]);
  });

  test("delays an answer no longer than somebody waits for it", async ({ emulator }) => {
    emulator.failNext({ path: recordPath, fault: { delaySeconds: 3600 } });
    const signal = AbortSignal.timeout(100);

    await expect(fetch(emulator.url + recordPath, { method: "POST", body: "{}", signal })).rejects.toThrow("timeout");
    await emulator.close();
  });

  test.for([
    [601, 1008003],
    [-601, 1008003],
    [600, 0],
  ] as const)("puts the service's clock %i s off", async ([clockOffSeconds, retCode], { emulator }) => {
    emulator.failNext({ path: recordPath, fault: { clockOffSeconds } });
    const { answer, headers } = await post(emulator, recordPath, today);

    expect(answer.retCode).toBe(retCode);
    expect(Date.parse(headers.get("date") ?? "") - emulator.clock.now().getTime()).toBe(clockOffSeconds * 1000);
    expect(emulator.requests).toMatchObject([{ fault: "clockOff", retCode }]);
    expect((await post(emulator, recordPath, today)).headers.get("date")).toBe(emulator.clock.now().toUTCString());
  });

  test.for<[string, unknown]>([
    ["nothing", { fault: "explode" }],
    ["a delay of no time", { fault: { delaySeconds: 0 } }],
    ["a delay of two days", { fault: { delaySeconds: 172_800 } }],
    ["two at once", { fault: { delaySeconds: 1, clockOffSeconds: 1 } }],
    ["no path", { path: "push", fault: "cut" }],
    ["no times", { times: 0, fault: "cut" }],
  ])("is refused on the control API: %s", async ([, fault], { emulator }) => {
    const body = JSON.stringify(Answer.parse(Object.assign({ path: pushPath }, fault)));
    const headers = { "Content-Type": "application/json" };

    expect((await fetch(`${emulator.url}/emulator/faults`, { method: "POST", headers, body })).status).toBe(400);
  });
});

describe("records that a fault lets look old", () => {
  const ago = (seconds: number): Fault => ({ path: recordPath, fault: { staleListSeconds: seconds } });

  test("do not have the tasks of these seconds", async ({ emulator }) => {
    const old = await push(emulator);
    emulator.clock.step(10);
    const young = await push(emulator);
    emulator.failNext({ ...ago(5), times: 2 });
    const [stale, single] = [
      await post(emulator, recordPath, today),
      await codeOf(emulator, recordPath, { pushId: young }),
    ];
    const fresh = await post(emulator, recordPath, today);

    expect(stale.answer).toMatchObject({ count: 1, pushRecordData: [{ pushId: old }] });
    expect(single).toBe(1008015);
    expect(fresh.answer).toMatchObject({ count: 2 });
    expect(emulator.requests.map(({ fault }) => fault)).toEqual([
      undefined,
      undefined,
      "staleList",
      "staleList",
      undefined,
    ]);
  });

  test("tell each status as it was", async ({ emulator }) => {
    const [cancelled, sent] = [
      await push(emulator, { send_time: "2027-02-01 10:00:00" }),
      await push(emulator, { send_time: "2027-02-01 08:01:00" }),
    ];
    emulator.clock.set("2027-02-01T08:02:00+08:00");
    await post(emulator, cancelPath, { pushId: cancelled });
    const overriding = emulator.tasks[1]?.collapseId;
    emulator.clock.step(10);
    await push(emulator, { collapse_id: overriding });
    const statusAgo = async (pushId: string, seconds: number) => {
      emulator.failNext(ago(seconds));
      return (await post(emulator, recordPath, { pushId })).answer;
    };
    const told = (status: string) => ({ retCode: 0, pushRecordData: [{ status }] });

    expect(statusOf(emulator, sent)).toBe("PUSH_COLLAPSED");
    // It is 08:02:11.
    expect(await statusAgo(sent, 1)).toMatchObject(told("PUSH_FINISHED"));
    expect(await statusAgo(sent, 70)).toMatchObject(told("PUSH_STARTED"));
    expect(await statusAgo(sent, 72)).toMatchObject(told("PUSH_WAIT"));
    expect(await statusAgo(cancelled, 11)).toMatchObject(told("PUSH_CANCELED"));
    expect(await statusAgo(cancelled, 12)).toMatchObject(told("PUSH_WAIT"));
  });

  test.for(["PUSH_FAILED", "PUSH_REVOKED"] as const)("tell what was set by hand: %s", async (status, { emulator }) => {
    const pushId = await push(emulator, { send_time: "2027-02-01 10:00:00" });
    emulator.clock.step(10);
    emulator.setStatus(pushId, status);
    emulator.clock.step(10);
    emulator.setStatus(pushId, "PUSH_DELETED");
    emulator.failNext(ago(5));

    expect((await post(emulator, recordPath, { pushId })).answer).toMatchObject({ pushRecordData: [{ status }] });
  });
});
