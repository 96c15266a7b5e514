import { connect } from "node:net";
import { describe, expect } from "vitest";
import * as z from "zod";
import { Database } from "../../provider/emulator/data/database.ts";
import { Store } from "../../provider/emulator/data/store.ts";
import { androidApp, type Emulator, startEmulator } from "../../provider/emulator/index.ts";
import { basicAuth, sign } from "../../provider/tpns/sign.ts";
import {
  alertsOn,
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

const now = 1801440000;

async function answerTo(emulator: Emulator, headers: Record<string, string>, body = "{}", path = recordPath) {
  const response = await fetch(emulator.url + path, { method: "POST", headers, body });
  return { status: response.status, text: await response.text() };
}

const codeIn = (text: string): unknown => z.looseObject({ retCode: z.int() }).parse(JSON.parse(text)).retCode;

describe("authentication", () => {
  const query = '{"pushId":"1"}';
  const signed = { ...androidApp, body: query };

  test.for<[string, Record<string, string>, number]>([
    ["Basic", basicAuth(androidApp), 1008015],
    ["a signature", sign({ ...signed, timestampSeconds: now }), 1008015],
    ["a signature 600 s old", sign({ ...signed, timestampSeconds: now - 600 }), 1008015],
    ["a signature 600 s ahead", sign({ ...signed, timestampSeconds: now + 600 }), 1008015],
    ["a signature 601 s old", sign({ ...signed, timestampSeconds: now - 601 }), 1008003],
    ["a signature 601 s ahead", sign({ ...signed, timestampSeconds: now + 601 }), 1008003],
    ["a signature of other bytes", sign({ ...signed, body: "{}", timestampSeconds: now }), 1008003],
    ["a signature by another key", sign({ ...signed, secretKey: "x", timestampSeconds: now }), 1008003],
    ["a time that was not signed", { ...sign({ ...signed, timestampSeconds: now }), TimeStamp: "1801440001" }, 1008003],
    ["no time", { AccessId: androidApp.accessId, TimeStamp: "now", Sign: "x" }, 1008003],
    ["nothing", {}, 1008003],
    ["a wrong key in Basic", basicAuth({ ...androidApp, secretKey: "x" }), 1008003],
    ["another scheme", { Authorization: "Bearer x" }, 1008003],
    ["an unknown app", basicAuth({ ...androidApp, accessId: "1500009999" }), 1008035],
  ])("with %s", async ([, headers, retCode], { emulator }) => {
    const { status, text } = await answerTo(emulator, headers, query);

    expect([status, codeIn(text)]).toEqual([200, retCode]);
    expect(text).not.toContain(androidApp.secretKey);
  });

  describe("switched to 403", () => {
    test.override("options", { switches: { badCredentials: "403" } });

    test("refuses by status alone", async ({ emulator }) => {
      expect(await answerTo(emulator, {})).toEqual({ status: 403, text: "403 Forbidden" });
    });
  });

  describe("without a window", () => {
    test.override("options", { switches: { signatureWindowSeconds: 0 } });

    test("takes an old signature", async ({ emulator }) => {
      expect(codeIn((await answerTo(emulator, sign({ ...signed, timestampSeconds: 1 }), query)).text)).toBe(1008015);
    });
  });
});

describe("every answer", () => {
  test("tells the service's time and its pace", async ({ emulator }) => {
    const { headers } = await post(emulator, pushPath, notification());

    expect([headers.get("Date"), headers.get("X-Emulator-Pace")]).toEqual(["Mon, 01 Feb 2027 00:00:00 GMT", "0"]);
  });

  describe("of refusal switched to 400", () => {
    test.override("options", { switches: { refusalHttpStatus: 400 } });

    test("has that status", async ({ emulator }) => {
      expect(await post(emulator, cancelPath, { pushId: "1" })).toMatchObject({
        status: 400,
        answer: { retCode: 1008015 },
      });
    });
  });
});

describe("failNext", () => {
  test("drops a request before the service acts", async ({ emulator }) => {
    emulator.failNext({ path: pushPath, fault: "dropBefore" });

    await expect(post(emulator, pushPath, notification())).rejects.toThrow("fetch failed");
    expect(emulator.tasks).toEqual([]);
    expect(emulator.requests.map(({ fault, retCode }) => [fault, retCode])).toEqual([["dropBefore", undefined]]);
  });

  test("drops the answer after the service acted", async ({ emulator }) => {
    emulator.failNext({ path: pushPath, fault: "dropAfter" });

    await expect(post(emulator, pushPath, notification())).rejects.toThrow("fetch failed");
    expect(emulator.tasks.map((task) => task.status)).toEqual(["PUSH_STARTED"]);
    expect(emulator.requests.map(({ fault, retCode }) => [fault, retCode])).toEqual([["dropAfter", 0]]);
  });

  test("refuses as often as told, on its path alone", async ({ emulator }) => {
    emulator.failNext({ path: pushPath, fault: { retCode: 1008004, errMsg: "internal" }, times: 2 });
    const codes = [await codeOf(emulator, recordPath, { pushId: "1" })];
    for (let call = 0; call < 3; call += 1) codes.push(await codeOf(emulator, pushPath, notification()));

    expect(codes).toEqual([1008015, 1008004, 1008004, 0]);
  });

  test("refuses what is no fault", async ({ emulator }) => {
    expect(() => emulator.failNext({ path: "push", fault: "dropAfter" })).toThrow();
  });
});

describe("requests", () => {
  test("tells each call with its body, code and time", async ({ emulator }) => {
    await post(emulator, cancelPath, { pushId: "1" });
    await post(emulator, cancelPath, "nonsense");

    const logged = { method: "POST", path: cancelPath, at: "2027-02-01T00:00:00.000Z" };
    expect(emulator.requests).toEqual([
      { ...logged, body: { pushId: "1" }, retCode: 1008015, errMsg: "push id not exist: 1" },
      { ...logged, body: "nonsense", retCode: 1008001, errMsg: "parameter parse error: the body is no JSON" },
    ]);
  });
});

describe("hostile input", () => {
  test("stays readable in the log", async ({ emulator }) => {
    await codeOf(emulator, cancelPath, "[".repeat(50_000) + "]".repeat(50_000));

    expect((await fetch(`${emulator.url}/emulator/requests`)).status).toBe(200);
  });

  test.for([
    ["no JSON", "{", 1008001],
    ["nothing", "", 1008001],
    ["no object", "[]", 1008001],
    ["null", "null", 1008001],
    ["a push id that is an object", '{"pushId":{}}', 1008007],
    ["a push id with letters", '{"pushId":"1e9"}', 1008007],
    ["a million bytes and more", " ".repeat(1024 * 1024 + 1), 1008007],
    ["deep nesting", `{"pushId":${"[".repeat(50_000)}${"]".repeat(50_000)}}`, 1008001],
  ] as const)("is refused: %s", async ([, body, retCode], { emulator }) => {
    expect(await codeOf(emulator, cancelPath, body)).toBe(retCode);
    expect(await codeOf(emulator, pushPath, notification())).toBe(0);
  });

  test("leaves the prototypes alone", async ({ emulator }) => {
    const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"audience_type":"all"}';

    expect(await codeOf(emulator, pushPath, body)).toBe(1008002);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  test.for([
    ["GET", "/v3/push/app", 200],
    ["POST", "/", 404],
    ["POST", "//", 404],
    ["POST", "/v3/push/../app", 404],
    ["POST", "/v3/push/app%00", 404],
    ["DELETE", "/emulator/clock", 405],
    ["POST", "/emulator/nothing", 404],
  ] as const)("%s %s is answered with HTTP %i", async ([method, path, status], { emulator }) => {
    const response = await fetch(emulator.url + path, { method });

    expect(response.status).toBe(status);
    expect(await response.json()).not.toMatchObject({ retCode: 0 });
  });

  test("of a client that hangs up does not stop the others", async ({ emulator }) => {
    const { port } = new URL(emulator.url);
    const socket = connect(Number(port), "127.0.0.1");
    await new Promise<void>((resolve) =>
      socket.write("POST /v3/push/app HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{", () => resolve()),
    );
    socket.destroy();

    expect(await codeOf(emulator, pushPath, notification())).toBe(0);
  });
});

describe("package/upload", () => {
  const send = async (emulator: Emulator, body: FormData | string) => {
    const headers = basicAuth(androidApp);
    const response = await fetch(`${emulator.url}/v3/push/package/upload`, { method: "POST", headers, body });
    return z.looseObject({ retCode: z.int() }).parse(await response.json());
  };

  const form = (name: string, content: string) => {
    const data = new FormData();
    data.set("file", new File([content], name));
    return data;
  };

  test.for([
    ["accounts.txt", "bob\r\ncarol\n"],
    ["accounts.csv", '\uFEFF"bob"\n"carol"'],
  ] as const)("reaches the accounts of %s", async ([name, content], { emulator }) => {
    const { uploadId } = await send(emulator, form(name, content));
    await push(emulator, { audience_type: "package_account_push", upload_id: uploadId });
    emulator.setOnline("own-channel-offline", true);

    const reached = emulator.phones.filter((phone) => phone.alerts.length > 0).map((phone) => phone.name);
    expect(reached).toEqual(["own-channel-offline", "huawei-emui9"]);
  });

  test("reaches the tokens of a file", async ({ emulator }) => {
    const { uploadId } = await send(emulator, form("tokens.txt", emulator.phone("oppo").token));
    await push(emulator, { audience_type: "package_token_push", upload_id: uploadId });

    expect(alertsOn(emulator, "oppo")).toHaveLength(1);
    expect(alertsOn(emulator, "own-channel")).toEqual([]);
  });

  test.for([
    ["an empty file", form("a.txt", ""), 1008012],
    ["blank lines", form("a.txt", "\n\n"), 1008012],
    ["another kind", form("a.pdf", "x"), 1008011],
    ["a name of 101 characters", form(`${"a".repeat(97)}.txt`, "x"), 1008011],
    ["a form without a file", new FormData(), 1008002],
    ["no form", "{}", 1008011],
  ] as const)("refuses %s", async ([, body, retCode], { emulator }) => {
    expect(await send(emulator, body)).toMatchObject({ retCode });
  });
});

describe("the control API", () => {
  const ask = async (emulator: Emulator, path: string, body?: object): Promise<unknown> => {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    return (await fetch(`${emulator.url}/emulator/${path}`, init)).json();
  };

  test("reads and moves the clock", async ({ emulator }) => {
    const before = await ask(emulator, "clock");
    const stepped = await ask(emulator, "clock", { step: 60 });
    const set = await ask(emulator, "clock", { set: "2027-02-02T08:00:00+08:00", pace: 0 });

    expect([before, stepped, set]).toEqual([
      { now: "2027-02-01T00:00:00.000Z", pace: 0 },
      { now: "2027-02-01T00:01:00.000Z", pace: 0 },
      { now: "2027-02-02T00:00:00.000Z", pace: 0 },
    ]);
  });

  test("tells phones, tasks and requests as the emulator itself does", async ({ emulator }) => {
    await push(emulator);

    expect(await ask(emulator, "phones")).toEqual(emulator.phones);
    expect(await ask(emulator, "tasks")).toEqual(emulator.tasks);
    expect(await ask(emulator, "requests")).toEqual(emulator.requests);
  });

  test("turns a phone on, and opens its notification", async ({ emulator }) => {
    const pushId = await push(emulator);
    await ask(emulator, "phones", { name: "own-channel-offline", online: true });
    await ask(emulator, "phones", { name: "own-channel-offline", click: true });

    expect(emulator.phone("own-channel-offline")).toMatchObject({
      online: true,
      notifications: [],
      alerts: [{ pushId }],
    });
  });

  test("puts a task into a status", async ({ emulator }) => {
    const pushId = await push(emulator, { send_time: "2027-02-01 10:00:00" });
    await ask(emulator, "tasks", { pushId, status: "PUSH_FAILED" });

    expect(statusOf(emulator, pushId)).toBe("PUSH_FAILED");
  });

  test("queues faults", async ({ emulator }) => {
    const fault = { path: pushPath, fault: { retCode: 1008019, errMsg: "evil" } };

    expect(await ask(emulator, "faults", fault)).toEqual([{ ...fault, times: 1 }]);
    expect(await codeOf(emulator, pushPath, notification())).toBe(1008019);
    expect(await ask(emulator, "faults")).toEqual([]);
  });

  test("turns one switch and leaves the others", async ({ emulator }) => {
    await ask(emulator, "switches", { remedyAnswers: "snake" });
    const switches = await ask(emulator, "switches", { recall: "available" });

    expect(switches).toMatchObject({ remedyAnswers: "snake", recall: "available", dispatchSeconds: 3 });
  });

  test.for([
    ["clock", { step: -1 }, "step -1 is no number of seconds; write 0 or more"],
    ["clock", { leap: 1 }, '✖ Unrecognized key: "leap"'],
    ["phones", { name: "nokia", online: true }, 'there is no phone "nokia"'],
    ["tasks", { pushId: "1", status: "PUSH_FAILED" }, "there is no push task 1"],
    ["switches", { recal: "available" }, '✖ Unrecognized key: "recal"'],
  ] as const)("refuses on %s %o", async ([path, body, reason], { emulator }) => {
    expect(await ask(emulator, path, body)).toEqual({ error: expect.stringContaining(reason) });
  });
});

describe("startEmulator", () => {
  test("listens where it is told, once", async ({ emulator }) => {
    const port = Number(new URL(emulator.url).port);

    await expect(startEmulator({ port })).rejects.toThrow("EADDRINUSE");
  });

  test("gives ids that one started a second later does not give", () => {
    const [early, late] = [1000, 2000].map((beginMs) => new Store(new Database(undefined), [], beginMs));
    const idsOf = (store: Store | undefined) => [store?.newPushId(10), store?.newPushId(19), store?.newSmallId()];

    expect(idsOf(early)).toEqual(["1000000101", "1328245131000000102", 104]);
    expect(idsOf(late)).toEqual(["1000000201", "1328245131000000202", 204]);
  });

  test("leaves nothing behind when it is closed", async () => {
    const emulator = await startEmulator({ pace: 0 });
    await emulator.close();

    await expect(fetch(emulator.url)).rejects.toThrow("fetch failed");
  });

  test("runs a scheduled task by its own clock", async () => {
    await using emulator = await startEmulator({ now: "2027-02-01T08:00:00+08:00", pace: 3600 });
    const pushId = await push(emulator, { send_time: "2027-02-01 08:00:30" });
    emulator.clock.step(60);

    expect(statusOf(emulator, pushId)).toBe("PUSH_FINISHED");
  });
});
