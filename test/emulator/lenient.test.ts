import { describe, expect } from "vitest";
import { androidApp } from "../../provider/emulator/index.ts";
import { sign } from "../../provider/tpns/sign.ts";
import {
  Answer,
  cancelPath,
  codeOf,
  notification,
  planPath,
  post,
  push,
  pushPath,
  recordPath,
  stopPath,
  test,
} from "./fixture.ts";

const loop = { startDate: "2027-02-02", endDate: "2027-02-03", loopType: 1, loopDayIndexs: [0] };
const statisticPath = "/v3/statistics/get_push_task_stat_channel";

describe("a key of a request", () => {
  test.for(
    [cancelPath, stopPath, recordPath, statisticPath].flatMap((path) =>
      ["pushId", "pushid", "PushID", "PUSHID"].map((key) => [key, path] as const),
    ),
  )("%s is understood by %s", async ([key, path], { emulator }) => {
    const pushId = await push(emulator, path === cancelPath ? { send_time: "2027-02-01 10:00:00" } : {});

    expect(await codeOf(emulator, path, { [key]: pushId })).toBe(0);
    expect(await codeOf(emulator, path, { [key]: "1" })).toBe(1008015);
  });

  test.for([cancelPath, recordPath])("push_id is not, by %s", async (path, { emulator }) => {
    const pushId = await push(emulator, { send_time: "2027-02-01 10:00:00" });

    expect(await codeOf(emulator, path, { push_id: pushId })).toBe(1008002);
  });

  test.for(["dayTimes", "DayTimes", "daytimes"])("%s is understood in loop_param", async (key, { emulator }) => {
    const loop_param = { ...loop, [key]: ["10:00:00"] };

    expect(await codeOf(emulator, pushPath, notification({ loop_param }))).toBe(0);
    expect(emulator.tasks.map(({ sendTime }) => sendTime)).toEqual(["2027-02-02 10:00:00", "2027-02-03 10:00:00"]);
  });

  test("that is documented in its own case wins over another case", async ({ emulator }) => {
    const message = { title: "right", Title: "wrong", content: "x" };
    await post(emulator, pushPath, notification({ message }));

    expect(emulator.tasks).toMatchObject([{ title: "right" }]);
  });

  test.for<[string, object]>([
    [planPath, { planName: "p", planDescribe: "d", planColour: "red" }],
    ["/v3/device/tag", { operator_type: 1, tag_list: ["a"], token_list: ["t"], colour: "red" }],
    ["/v3/device/account/batchoperate", { operator_type: 5, account_list: [{ account: "a", colour: "red" }] }],
    ["/v3/device/set_custom_attribute", { cmd: 5, token: "t", colour: "red" }],
    [recordPath, { startDate: "2027-02-01", endDate: "2027-02-01", colour: "red" }],
  ])("that nobody documents is passed over by %s", async ([path, request], { emulator }) => {
    expect(await codeOf(emulator, path, request)).toBe(0);
  });
});

describe("platform in a push", () => {
  test.for([
    ["android", 0],
    ["ios", 0],
    ["all", 0],
    ["windows", 1008007],
  ] as const)("may be %s: %i", async ([platform, retCode], { emulator }) => {
    expect(await codeOf(emulator, pushPath, notification({ platform }))).toBe(retCode);
  });
});

describe("a content type", () => {
  test.for([
    "application/json",
    "application/json;charset='utf-8'",
    "application/json; charset=UTF-8",
    "APPLICATION/JSON",
    "text/plain",
  ])("%s is taken", async (contentType, { emulator }) => {
    const body = JSON.stringify(notification());
    const timestampSeconds = emulator.clock.now().getTime() / 1000;
    const headers = { ...sign({ ...androidApp, timestampSeconds, body }), "Content-Type": contentType };
    const response = await fetch(emulator.url + pushPath, { method: "POST", headers, body });

    expect(Answer.parse(await response.json()).ret_code).toBe(0);
  });
});

describe("a value of another type than documented is refused", () => {
  test.for([
    [pushPath, notification({ expire_time: "3600" })],
    [pushPath, notification({ multi_pkg: "true" })],
    [pushPath, notification({ account_push_type: true })],
    [pushPath, notification({ audience_type: ["all"] })],
    [pushPath, notification({ message: { title: 1, content: "x" } })],
    [planPath, { planName: 1, planDescribe: "d" }],
    ["/v3/device/tag", { operator_type: "1", tag_list: ["a"], token_list: ["t"] }],
    ["/v3/device/set_custom_attribute", { cmd: 1, token: "t", attributeInfo: { attributeMap: { age: 9 } } }],
  ] as const)("%s %o", async ([path, request], { emulator }) => {
    expect(await codeOf(emulator, path, request)).toBe(1008007);
  });
});
