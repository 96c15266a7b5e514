import { createServer as createSecureServer } from "node:https";
import { createServer as createRawServer } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { createPushClient, type PushClient, type PushClientOptions } from "../../provider/tpns/client.ts";
import { PushApiError, PushConnectionError } from "../../provider/tpns/errors.ts";
import type { PushRequest } from "../../provider/tpns/schema/push-request.ts";
import { isSignedBy } from "../../provider/tpns/sign.ts";
import { textOf } from "../fixtures/index.ts";
import { selfSigned } from "./certificate.ts";
import { drop, type Handler, json, type Service, silence, startService } from "./service.ts";

const accessId = "1500001234";
const secretKey = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

const springSale: PushRequest = {
  audience_type: "all",
  message_type: "notify",
  message: { title: "Spring sale", content: "20 % off today" },
};

const pushed = json({ ret_code: 0, push_id: "15003211" });
const done = json({ retCode: 0, errMsg: "NO_ERROR" });
const refused = (retCode: number, errMsg = ""): Handler => json({ ret_code: retCode, err_msg: errMsg });

/** What one test has: a service with these answers, a client, and the waits that it asked for. */
async function worldOf(handlers: readonly Handler[], options: Partial<PushClientOptions> = {}) {
  const service = await startService(...handlers);
  const waits: number[] = [];
  const lines: string[] = [];
  const client = createPushClient({
    accessId,
    secretKey,
    baseUrl: service.baseUrl,
    wait: async (seconds) => void waits.push(seconds),
    onWait: (line) => lines.push(line),
    deadlines: { retry: 1 },
    ...options,
  });
  const dispose = async () => {
    await service[Symbol.asyncDispose]();
    await client.close();
  };
  return { service, client, waits, lines, [Symbol.asyncDispose]: dispose };
}

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "no failure",
    (error: unknown) => error,
  );

const bodiesOf = ({ calls }: Service): unknown[] => calls.map(({ path, body }) => [path, JSON.parse(body)]);

const isSigned = ({ calls }: Service, index: number): boolean => {
  const call = calls[index];
  const timestampSeconds = Number(call?.headers.timestamp);
  return isSignedBy({ accessId, secretKey, timestampSeconds, body: call?.body ?? "" }, String(call?.headers.sign));
};

describe("push", () => {
  test("sends the request, signed over its bytes, and gives the id", async () => {
    await using world = await worldOf([pushed], { localNow: () => 1_565_314_789_000 });
    const { client, service } = world;

    expect(await client.push("spring-sale", { ...springSale, collapse_id: "9007199254740993" })).toBe("15003211");

    const [call] = service.calls;
    expect(call?.path).toBe("/v3/push/app");
    expect(call?.body).toContain('"collapse_id":9007199254740993');
    expect(call?.headers).toMatchObject({
      "content-type": "application/json",
      accessid: accessId,
      timestamp: "1565314789",
    });
    expect(call?.headers.authorization).toBeUndefined();
    expect(isSigned(service, 0)).toBe(true);
  });

  test("sends Basic where that is asked for", async () => {
    await using world = await worldOf([pushed], { auth: "basic" });

    await world.client.push("spring-sale", springSale);

    expect(world.service.calls[0]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from(`${accessId}:${secretKey}`).toString("base64")}`,
    });
    expect(world.service.calls[0]?.headers).not.toHaveProperty("sign");
  });

  test("sends nothing that the documents forbid", async () => {
    await using world = await worldOf([pushed]);

    expect(await failureOf(world.client.push("spring-sale", { ...springSale, expire_time: 300_000 }))).toEqual(
      new Error('push task "spring-sale": expire_time 300000 exceeds 259200'),
    );
    expect(world.service.calls).toEqual([]);
  });

  test("sends no recurrence, which no remedy stops", async () => {
    await using world = await worldOf([pushed]);
    const request: PushRequest = {
      ...springSale,
      loop_param: {
        startDate: "2027-03-01",
        endDate: "2027-03-02",
        loopType: 1,
        loopDayIndexs: [0],
        dayTimes: ["10:00:00"],
      },
    };

    expect(await failureOf(world.client.push("spring-sale", request))).toEqual(
      new Error('push task "spring-sale": loop_param has no remedies; write a task for each date'),
    );
    expect(world.service.calls).toEqual([]);
  });

  test("is paced: three at once wait 1.05 s between them and arrive in order", async () => {
    await using world = await worldOf([pushed], { localNow: () => 0 });
    const titles = ["a", "b", "c"];

    await Promise.all(
      titles.map((title) => world.client.push(title, { ...springSale, message: { title, content: "x" } })),
    );

    expect(bodiesOf(world.service)).toMatchObject(titles.map((title) => ["/v3/push/app", { message: { title } }]));
    expect(world.waits).toEqual([1.05, 1.05]);
    expect(world.lines).toEqual(["waiting about 2 s: 1 push a second, 2 tasks before this one"]);
  });

  test("to accounts is not paced", async () => {
    await using world = await worldOf([pushed], { localNow: () => 0 });
    const request: PushRequest = { ...springSale, audience_type: "account", account_list: ["a"] };

    await Promise.all([world.client.push("a", request), world.client.push("b", request)]);

    expect(world.waits).toEqual([]);
  });

  test("that is too fast waits 1 to 2 s, signs anew and is sent again", async () => {
    await using world = await worldOf([refused(1_008_028), refused(1_008_028), pushed]);

    expect(await world.client.push("spring-sale", springSale)).toBe("15003211");

    expect(world.service.calls).toHaveLength(3);
    expect(world.waits.filter((seconds) => seconds >= 1 && seconds < 2)).toHaveLength(2);
    expect(world.lines).toEqual(Array(2).fill('push task "spring-sale": waiting 2 s: request too fast'));
  });

  test("that is too fast is given up after ten waits", async () => {
    await using world = await worldOf([refused(1_008_028)]);

    expect(await failureOf(world.client.push("spring-sale", springSale))).toMatchObject({
      name: "PushApiError",
      retCode: 1_008_028,
      message:
        'push task "spring-sale": request too fast; wait: 1 push a second, 200 queries an hour (HTTP 200, ret_code 1008028)',
    });
    expect(world.service.calls).toHaveLength(11);
  });

  test.for<[string, Handler, RegExp]>([
    ["a connection dropped after it was read", drop, /: no answer from http:\S+ \(UND_ERR_SOCKET\)$/],
    [
      "a 502 of a gateway",
      json("<html>Bad gateway</html>", {}, 502),
      /: the answer is not the service's \(HTTP 502\)$/,
    ],
    ["a 503", json("", {}, 503), /\(HTTP 503\)$/],
    ["a 429", json("", { "retry-after": "0" }, 429), /\(HTTP 429\)$/],
    ["a 500 that says success", json({ ret_code: 0, push_id: "1" }, {}, 500), /\(HTTP 500\)$/],
    ["a page in HTTP 200", json("<html>Log in</html>"), /: the answer is not the service's \(HTTP 200\)$/],
    ["an answer without a code", json({ push_id: "1" }), /: the answer is not the service's \(HTTP 200\)$/],
    [
      "a success without an id",
      json({ ret_code: 0 }),
      /: the answer has another form: the answer has no push_id; please report this$/,
    ],
    [
      "a redirect",
      json("", { location: "/elsewhere" }, 307),
      /: the answer is a redirect, which is not followed \(HTTP 307\)$/,
    ],
    ["silence", silence, /: no answer from http:\S+ \(UND_ERR_HEADERS_TIMEOUT\)$/],
  ])("that meets %s is sent once, and has no answer", async ([, handler, words]) => {
    await using world = await worldOf([handler, pushed], { deadlines: { retry: 1, headers: 300 } });

    const failure = await failureOf(world.client.push("spring-sale", springSale));

    expect(failure).toMatchObject({ name: "PushConnectionError", began: true });
    expect(String(failure)).toMatch(words);
    expect(world.service.calls).toHaveLength(1);
  });

  test("that nobody listens for names the address", async () => {
    const { baseUrl, [Symbol.asyncDispose]: dispose } = await startService(pushed);
    await dispose();
    await using world = await worldOf([pushed], { baseUrl });

    expect(await failureOf(world.client.push("spring-sale", springSale))).toEqual(
      new PushConnectionError(
        'push task "spring-sale"',
        `no connection to ${baseUrl} (ECONNREFUSED); check accessPoint and the network`,
        false,
      ),
    );
  });

  test("has a deadline over all of it", async () => {
    const drip: Handler = (response) => {
      response.writeHead(200).write("{");
      const timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
    };
    await using world = await worldOf([drip], { deadlines: { overall: 200 } });

    expect(String(await failureOf(world.client.push("spring-sale", springSale)))).toMatch(
      /no answer from .*TimeoutError/,
    );
  });

  test("has a deadline for the rest of a body", async () => {
    const half: Handler = (response) => void response.writeHead(200).write('{"ret_code":');
    await using world = await worldOf([half], { deadlines: { body: 200 } });

    expect(String(await failureOf(world.client.push("spring-sale", springSale)))).toMatch(/UND_ERR_BODY_TIMEOUT/);
  });

  test("has a deadline for a handshake that is never answered", async () => {
    const server = createRawServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    await using world = await worldOf([], { baseUrl: `https://127.0.0.1:${port}`, deadlines: { connect: 200 } });

    const failure = await failureOf(world.client.push("spring-sale", springSale));

    expect(String(failure)).toMatch(/UND_ERR_CONNECT_TIMEOUT/);
    expect(failure).toMatchObject({ began: false });
    server.close();
  });
});

describe("who is told before the bytes", () => {
  const serviceNow = "Mon, 01 Mar 2027 02:00:00 GMT";
  const refusal = new Error('push task "spring-sale": too late');

  /** Notes the signing times, and how many calls had arrived by then. */
  const noteOf = ({ service }: { service: Service }) => {
    const told: [string, number][] = [];
    return { told, note: (at: Date) => void told.push([at.toISOString(), service.calls.length]) };
  };

  test("of a push hears the time of its signature", async () => {
    await using world = await worldOf([pushed], { localNow: () => 1_565_314_789_250 });
    const { told, note } = noteOf(world);

    await world.client.push("spring-sale", springSale, note);

    expect(told).toEqual([["2019-08-09T01:39:49.250Z", 0]]);
    expect(world.service.calls[0]?.headers.timestamp).toBe("1565314789");
  });

  test("of a push hears of each attempt, after the wait before it", async () => {
    await using world = await worldOf([refused(1_008_028), refused(1_008_028), pushed]);
    const { service, client, waits } = world;
    const told: [waits: number, calls: number][] = [];

    await client.push("a", { ...springSale, audience_type: "account", account_list: ["a"] }, () =>
      told.push([waits.length, service.calls.length]),
    );

    expect(told).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
  });

  test("of a push to all hears after its place among others has come", async () => {
    await using world = await worldOf([pushed], { localNow: () => 0 });
    const { client, waits } = world;
    const told: number[] = [];

    await Promise.all(["a", "b"].map((name) => client.push(name, springSale, () => told.push(waits.length))));

    expect(told).toEqual([0, 1]);
  });

  test("of a push that is signed anew hears the new time", async () => {
    const refusedAt = json({ ret_code: 1_008_003 }, { date: serviceNow });
    await using world = await worldOf([refusedAt, pushed], { localNow: () => 0 });
    const { told, note } = noteOf(world);

    await world.client.push("spring-sale", springSale, note);

    expect(told).toEqual([
      ["1970-01-01T00:00:00.000Z", 0],
      ["2027-03-01T02:00:00.000Z", 1],
    ]);
  });

  test("may refuse, and then nothing is sent and the refusal comes out as it is", async () => {
    await using world = await worldOf([pushed]);
    const failure = await failureOf(
      world.client.push("spring-sale", springSale, () => {
        throw refusal;
      }),
    );

    expect(failure).toBe(refusal);
    expect(world.service.calls).toEqual([]);
  });

  test("may refuse the second attempt", async () => {
    await using world = await worldOf([refused(1_008_028), pushed]);
    const { service } = world;
    const failure = await failureOf(
      world.client.push("spring-sale", springSale, () => {
        if (service.calls.length === 1) throw refusal;
      }),
    );

    expect(failure).toBe(refusal);
    expect(service.calls).toHaveLength(1);
  });

  test.for(["cancelTimingTask", "stopPushMsg", "revokePushMsg"] as const)("of %s hears too", async (method) => {
    await using world = await worldOf([done], { localNow: () => 0 });
    const { told, note } = noteOf(world);

    await world.client[method]("spring-sale", "7", note);

    expect(told).toEqual([["1970-01-01T00:00:00.000Z", 0]]);
  });
});

describe("the clock", () => {
  const serviceNow = "Mon, 01 Mar 2027 02:00:00 GMT";
  const refusedAt = json({ ret_code: 1_008_003 }, { date: serviceNow });

  test("that was off is put right by the Date header, and the call signed anew once", async () => {
    await using world = await worldOf([refusedAt, json({ ret_code: 0, push_id: "7" }, { date: serviceNow })], {
      localNow: () => 0,
    });

    expect(await world.client.push("spring-sale", springSale)).toBe("7");

    expect(world.service.calls.map(({ headers }) => headers.timestamp)).toEqual([
      "0",
      String(Date.parse(serviceNow) / 1_000),
    ]);
    expect([isSigned(world.service, 0), isSigned(world.service, 1)]).toEqual([true, true]);
    expect(world.client.now()).toEqual(new Date(serviceNow));
  });

  test("that was off is put right by a query's answer, before the first push is signed", async () => {
    const records = json({ retCode: 0, pushRecordData: [] }, { date: serviceNow });
    await using world = await worldOf([records, pushed], { localNow: () => 0 });

    await world.client.listPushRecords({ startDate: "2027-03-01", endDate: "2027-03-01" });
    await world.client.push("spring-sale", springSale);

    expect(world.service.calls.map(({ headers }) => headers.timestamp)).toEqual([
      "0",
      String(Date.parse(serviceNow) / 1_000),
    ]);
  });

  test("that was off is so after an HTTP 403 as well", async () => {
    await using world = await worldOf([json("Forbidden", { date: serviceNow }, 403), pushed], { localNow: () => 0 });

    expect(await world.client.push("spring-sale", springSale)).toBe("15003211");
  });

  test("is put right once, and the second refusal stands", async () => {
    await using world = await worldOf([refusedAt], { localNow: () => 0 });

    expect(await failureOf(world.client.push("spring-sale", springSale))).toMatchObject({ retCode: 1_008_003 });
    expect(world.service.calls).toHaveLength(2);
  });

  test.for<[string, Handler]>([
    ["1008003", refusedAt],
    ["HTTP 403", json("Forbidden", { date: serviceNow }, 403)],
  ])("that is right leaves a refusal by %s as it is", async ([, handler]) => {
    await using world = await worldOf([handler, pushed], { localNow: () => Date.parse(serviceNow) });

    expect(await failureOf(world.client.push("spring-sale", springSale))).toBeInstanceOf(PushApiError);
    expect(world.service.calls).toHaveLength(1);
  });

  test("does not matter to Basic, which is not sent again", async () => {
    await using world = await worldOf([refusedAt, pushed], { auth: "basic", localNow: () => 0 });

    expect(await failureOf(world.client.push("spring-sale", springSale))).toMatchObject({ retCode: 1_008_003 });
    expect(world.service.calls).toHaveLength(1);
  });

  test("runs at the emulator's pace, and real waits are divided by it", async () => {
    const headers = { date: serviceNow, "x-emulator-pace": "10000" };
    await using world = await worldOf([json({ ret_code: 0, push_id: "1" }, headers)], { wait: undefined });
    await world.client.push("spring-sale", springSale);
    const before = performance.now();

    await world.client.wait(1_000);

    expect(performance.now() - before).toBeLessThan(1_000);
    expect(world.client.now().getTime() - Date.parse(serviceNow)).toBeGreaterThanOrEqual(1_000_000);
  });
});

describe("a remedy", () => {
  test.for<["cancelTimingTask" | "stopPushMsg" | "revokePushMsg", string, string]>([
    ["cancelTimingTask", "/v3/push/cancel_timing_task", "cancel"],
    ["stopPushMsg", "/v3/push/stop_push_msg", "terminate"],
    ["revokePushMsg", "/v3/push/revoke_push_msg", "recall"],
  ])("%s posts the push id to %s", async ([method, path, verb]) => {
    await using world = await worldOf([done, refused(1_008_007, "too late"), drop]);
    const { client, service } = world;

    await client[method]("spring-sale", "1328245138690125824");
    expect(bodiesOf(service)).toEqual([[path, { pushId: "1328245138690125824" }]]);

    expect(await failureOf(client[method]("spring-sale", "7"))).toMatchObject({
      message: `${verb} task "spring-sale": a parameter is invalid: too late (HTTP 200, ret_code 1008007)`,
    });
    expect(await failureOf(client[method]("spring-sale", "7"))).toBeInstanceOf(PushConnectionError);
    expect(service.calls).toHaveLength(3);
  });

  test("needs the service's own id", async () => {
    await using world = await worldOf([done]);

    expect(await failureOf(world.client.cancelTimingTask("spring-sale", "unresolved:x"))).toEqual(
      new Error(
        'cancel task "spring-sale": pushId "unresolved:x" has the wrong form; write the decimal digits that the service gave',
      ),
    );
    expect(world.service.calls).toEqual([]);
  });
});

describe("a query", () => {
  const query = { startDate: "2019-11-01", endDate: "2019-11-30" };

  test("of one task gives its record", async () => {
    await using world = await worldOf([json(textOf("F26"))]);

    expect(await world.client.getPushRecord("spring-sale", "133703")).toMatchObject({
      pushId: "133703",
      status: "PUSH_FINISHED",
    });
    expect(bodiesOf(world.service)).toEqual([["/v3/statistics/get_push_record", { pushId: "133703" }]]);
  });

  test.for<[string, Handler]>([
    ["1008015", refused(1_008_015)],
    ["an empty list", json({ retCode: 0, pushRecordData: [] })],
    ["no list", json({ retCode: 0, pushRecordData: null })],
  ])("of one task gives undefined for %s", async ([, handler]) => {
    await using world = await worldOf([handler]);

    expect(await world.client.getPushRecord("spring-sale", "1")).toBeUndefined();
  });

  test("that is too fast is an error, never absence", async () => {
    await using world = await worldOf([refused(1_008_028)]);

    expect(await failureOf(world.client.getPushRecord("spring-sale", "1"))).toMatchObject({ retCode: 1_008_028 });
    expect(await failureOf(world.client.listPushRecords(query))).toMatchObject({ retCode: 1_008_028 });
    expect(world.service.calls).toHaveLength(2);
  });

  test("that is answered with another task is no answer", async () => {
    await using world = await worldOf([json(textOf("F26"))]);

    expect(await failureOf(world.client.getPushRecord("spring-sale", "1"))).toEqual(
      new PushConnectionError('query task "spring-sale"', "the answer is of push 133703, not of 1"),
    );
  });

  test("of many gives one page and the count of all", async () => {
    await using world = await worldOf([json(textOf("F28"))]);

    const { count, records } = await world.client.listPushRecords({ ...query, limit: 200, offset: 0 });

    expect([count, records.map(({ pushId }) => pushId)]).toEqual([126, ["12"]]);
    expect(bodiesOf(world.service)).toEqual([["/v3/statistics/get_push_record", { ...query, limit: 200, offset: 0 }]]);
  });

  test.for<[string, Handler]>([
    ["a dropped connection", drop],
    ["a 502 of a gateway", json("<html>", {}, 502)],
    ["a 429", json("", { "retry-after": "0" }, 429)],
  ])("is repeated after %s", async ([, handler]) => {
    await using world = await worldOf([handler, handler, json(textOf("F28"))]);

    expect((await world.client.listPushRecords(query)).count).toBe(126);
    expect(world.service.calls).toHaveLength(3);
  });

  test.for<[string, Handler, string]>([
    ["a connection that is dropped each time", drop, "UND_ERR_SOCKET"],
    ["a 502 each time", json("<html>", {}, 502), "HTTP 502"],
  ])("is given up after three repetitions for %s", async ([, handler, words]) => {
    await using world = await worldOf([handler]);

    const failure = await failureOf(world.client.listPushRecords(query));

    expect(failure).toBeInstanceOf(PushConnectionError);
    expect(String(failure)).toContain(words);
    expect(world.service.calls).toHaveLength(4);
  });

  test("that meets a redirect does not follow it", async () => {
    await using world = await worldOf([json("", { location: "/elsewhere" }, 307), json(textOf("F28"))]);

    expect(String(await failureOf(world.client.listPushRecords(query)))).toMatch(/redirect.*HTTP 307/);
    expect(world.service.calls.map(({ path }) => path)).toEqual(["/v3/statistics/get_push_record"]);
  });

  test.for<[string, (client: PushClient) => Promise<unknown>, string, object, object]>([
    [
      "getPushTaskStatChannel",
      (client) => client.getPushTaskStatChannel({ pushId: "130248" }),
      "/v3/statistics/get_push_task_stat_channel",
      { pushId: "130248" },
      { pushStatDataAll: [] },
    ],
    [
      "getPushGroupStatChannel",
      (client) => client.getPushGroupStatChannel({ planId: "48", startDate: "20190912", endDate: "20190912" }),
      "/v3/statistics/get_push_group_stat_channel",
      { planId: "48", startDate: "20190912", endDate: "20190912" },
      { pushStatDataAll: [] },
    ],
    [
      "getPushChannelStatOverview",
      (client) => client.getPushChannelStatOverview({ startDate: "20190912", endDate: "20190913" }),
      "/v3/statistics/get_push_channel_stat_overview",
      { startDate: "20190912", endDate: "20190913" },
      { pushDateChannelStat: [] },
    ],
    [
      "getDeviceStatOverview",
      (client) => client.getDeviceStatOverview({ startDate: "20190912", endDate: "20190913" }),
      "/v3/statistics/get_device_stat_overview",
      { startDate: "20190912", endDate: "20190913" },
      { getDeviceStatOverviewData: [{ date: "20190912", accuUv: 3, newUv: 2, activeUv: 1 }] },
    ],
    [
      "getDeviceDistributeInfo",
      (client) => client.getDeviceDistributeInfo({ date: "20190912", type: "brand" }),
      "/v3/statistics/get_device_distribute_info",
      { date: "20190912", type: "brand" },
      { data: [{ brand: "x" }] },
    ],
    [
      "getPushListByToken",
      (client) => client.getPushListByToken({ token: "05a305f6" }),
      "/v3/toolbox/getPushListByToken",
      { token: "05a305f6" },
      { pushTaskList: [{ pushId: "5", pushTime: 1, pushTargetType: "TAG_PUSH" }] },
    ],
  ])("%s asks its endpoint", async ([, call, path, body, answer]) => {
    await using world = await worldOf([json({ retCode: 0, ...answer })]);

    expect(await call(world.client)).toEqual(answer);
    expect(bodiesOf(world.service)).toEqual([[path, body]]);
  });
});

describe("an upload", () => {
  const file = { name: "accounts.txt", bytes: new TextEncoder().encode("account1\naccount2\n") };

  test("posts the file as F40 does: multipart, Basic, the field file", async () => {
    await using world = await worldOf([json({ retCode: 0, errMsg: "ok", uploadId: 11_231 })]);

    expect(await world.client.uploadPackage("accounts", file)).toBe("11231");

    const [call] = world.service.calls;
    expect(call?.path).toBe("/v3/push/package/upload");
    expect(call?.headers).toMatchObject({
      "content-type": expect.stringMatching(/^multipart\/form-data; boundary=/),
      "content-length": expect.stringMatching(/^\d+$/),
      authorization: `Basic ${Buffer.from(`${accessId}:${secretKey}`).toString("base64")}`,
    });
    expect(call?.body).toMatch(
      /Content-Disposition: form-data; name="file"; filename="accounts\.txt"\r\n[\s\S]*\r\n\r\naccount1\naccount2\n\r\n/,
    );
  });

  test("is sent once", async () => {
    await using world = await worldOf([drop, done]);

    expect(await failureOf(world.client.uploadPackage("accounts", file))).toBeInstanceOf(PushConnectionError);
    expect(world.service.calls).toHaveLength(1);
  });
});

test("a new plan is answered with its id", async () => {
  await using world = await worldOf([json(textOf("F32"))]);

  expect(
    await world.client.addPlanPush("sales", { planName: "TPNS_TEST123", planDescribe: "plan_test" }),
  ).toMatchObject({
    planId: "48",
    planPushSource: "api",
  });
  expect(bodiesOf(world.service)).toEqual([["/v3/push/plan/add_plan_push", JSON.parse(textOf("F31"))]]);
});

describe("an error", () => {
  const echo: Handler = (response, { headers, body }) => {
    json({ ret_code: 1_008_007, err_msg: `${secretKey} ${headers.authorization} ${body.length}` })(response, {
      path: "",
      headers,
      body,
    });
  };

  test.for(["signature", "basic"] as const)("holds no key where the service echoes it, with %s", async (auth) => {
    await using world = await worldOf([echo], { auth });

    const failure = await failureOf(world.client.push("spring-sale", springSale));

    const text = failure instanceof Error ? `${failure.message} ${failure.stack} ${JSON.stringify(failure)}` : "";
    expect(text).toContain("a parameter is invalid: ***");
    expect(text).not.toContain(secretKey);
    expect(text).not.toContain(Buffer.from(`${accessId}:${secretKey}`).toString("base64"));
  });

  test.for<[string, Handler]>([
    ["no answer", drop],
    ["a page", json(`<html>${secretKey}</html>`, {}, 502)],
    ["another form", json({ ret_code: 0, push_id: secretKey })],
  ])("of %s holds neither key, signature nor body, and no cause", async ([, handler]) => {
    await using world = await worldOf([handler]);

    const failure = await failureOf(world.client.push("spring-sale", springSale));

    const text = failure instanceof Error ? `${failure.stack} ${JSON.stringify(failure)}` : "";
    expect(text).toContain('push task "spring-sale"');
    for (const secret of [secretKey, String(world.service.calls[0]?.headers.sign), "20 % off"]) {
      expect(text).not.toContain(secret);
    }
    expect(failure).not.toHaveProperty("cause");
  });
});

test("a certificate that nobody vouches for is refused, whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
  let handled = 0;
  const server = createSecureServer(selfSigned(), (_request, response) => {
    handled += 1;
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const baseUrl = `https://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  await using world = await worldOf([], { baseUrl });

  const failure = await failureOf(world.client.push("spring-sale", springSale));

  vi.unstubAllEnvs();
  server.close();
  expect(failure).toEqual(
    new PushConnectionError(
      'push task "spring-sale"',
      `the certificate of ${baseUrl} is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)`,
      false,
    ),
  );
  expect(failure).toMatchObject({ began: false });
  expect(handled).toBe(0);
});
