import { request as httpRequest } from "node:http";
import { connect, type Socket } from "node:net";
import { describe, expect } from "vitest";
import * as z from "zod";
import { androidApp, type Emulator, startEmulator } from "../../provider/emulator/index.ts";
import { basicAuth } from "../../provider/tpns/sign.ts";
import { cancelPath, codeOf, notification, pushPath, recordPath, test } from "./fixture.ts";

const megabyte = 1024 * 1024;
const uploadPath = "/v3/push/package/upload";
const Answered = z.object({ ret_code: z.int().optional(), retCode: z.int().optional() });

/** Sends bytes as they are, with a credential. */
async function send(emulator: Emulator, path: string, body: Uint8Array<ArrayBuffer>, contentType = "application/json") {
  const headers = { ...basicAuth(androidApp), "Content-Type": contentType };
  const response = await fetch(emulator.url + path, { method: "POST", headers, body });
  const { ret_code, retCode } = Answered.parse(await response.json());
  return ret_code ?? retCode;
}

/** Writes until the emulator closes the connection, and says how many bytes were handed to it by then. */
const sendForEver = (emulator: Emulator, path: string): Promise<number> =>
  new Promise((resolve) => {
    const part = new Uint8Array(megabyte);
    const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1");
    const fill = () => {
      if (socket.write(part)) setImmediate(fill);
      else socket.once("drain", fill);
    };
    socket.once("connect", () => {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: emulator\r\nContent-Length: ${Number.MAX_SAFE_INTEGER}\r\n\r\n`);
      fill();
    });
    // Whoever still writes into what was closed may learn of it before it has read the answer.
    socket.on("error", () => undefined);
    socket.resume().once("close", () => resolve(socket.bytesWritten));
  });

const stillWorks = async (emulator: Emulator): Promise<void> => {
  emulator.clock.step(1);
  expect(await codeOf(emulator, pushPath, notification())).toBe(0);
};

describe("a body", () => {
  test.for([
    [pushPath, "application/json", 1008007],
    [uploadPath, "multipart/form-data; boundary=x", 1008011],
    [recordPath, "application/json", 1008007],
  ] as const)(
    "of 200 MB to %s is refused and not kept",
    { timeout: 60_000 },
    async ([path, contentType, retCode], { emulator }) => {
      const body = new Uint8Array(200 * megabyte).fill(32);

      expect(await send(emulator, path, body, contentType)).toBe(retCode);
      expect(emulator.requests.at(-1)?.body).toBe("(too long)");
      await stillWorks(emulator);
    },
  );

  test("that does not end is cut off", { timeout: 60_000 }, async ({ emulator }) => {
    const sent = await sendForEver(emulator, pushPath);

    expect(sent).toBeGreaterThan(200 * megabyte);
    expect(sent).toBeLessThan(300 * megabyte);
    expect(emulator.requests.at(-1)?.body).toBe("(too long)");
    await stillWorks(emulator);
  });

  test.for([
    ["arrays", `{"pushId":${"[".repeat(100)}${"]".repeat(100)}}`],
    ["objects", `{"pushId":${'{"a":'.repeat(3000)}1${"}".repeat(3000)}}`],
    ["both, by the hundred thousand", `${'[{"a":'.repeat(100_000)}1${"}]".repeat(100_000)}`],
  ] as const)("of nested %s is refused", async ([, body], { emulator }) => {
    expect(await codeOf(emulator, cancelPath, body)).toBe(1008001);
    await stillWorks(emulator);
  });

  test("may nest, and have brackets in its texts", async ({ emulator }) => {
    const strange = JSON.parse(`${"[".repeat(98)}${"]".repeat(98)}`);
    const message = { title: `${"[".repeat(500)}\\"{`, content: "x" };

    expect(await codeOf(emulator, pushPath, notification({ strange, message }))).toBe(0);
  });

  test("of other bytes than UTF-8 is refused", async ({ emulator }) => {
    const bytes = Buffer.from('{"pushId":"1","title":"\xe9"}', "latin1");

    expect(await send(emulator, cancelPath, new Uint8Array(bytes))).toBe(1008001);
  });

  test.for<[string, object, number]>([
    ["a title of blanks that begins like an attribute", personal(`{{${" ".repeat(3900)}`), 0],
    ["501 tags", tagged(501), 1008007],
    ["500 tags, each a rule", tagged(500), 0],
    ["a recurrence since the year 1", loop({ startDate: "0001-01-01" }), 0],
    ["a recurrence of 20,000 times a day", loop({ dayTimes: timesOfDay(20_000) }), 1008007],
    ["a recurrence that names a time 20,000 times", loop({ dayTimes: Array(20_000).fill("10:00:00") }), 0],
  ])("with %s is answered at once", { timeout: 5000 }, async ([, fields, retCode], { emulator }) => {
    expect(await codeOf(emulator, pushPath, notification(fields))).toBe(retCode);
  });

  test("with 500 tags is dispatched when it is due", async ({ emulator }) => {
    await codeOf(emulator, pushPath, notification({ ...tagged(500), send_time: "2027-02-01 09:00:00" }));
    emulator.clock.step(7200);

    expect(emulator.tasks.map(({ status }) => status)).toEqual(["PUSH_FINISHED"]);
  });

  function personal(title: string) {
    return { ntf_wt_attrs: true, message: { title, content: "x", default_title: "t", default_content: "c" } };
  }

  function tagged(rules: number) {
    const item = { tags: ["a"], is_not: true, tags_operator: "OR", items_operator: "AND", tag_type: "xg_user_define" };
    const rule = { tag_items: [item], operator: "AND", is_not: true };
    return { audience_type: "tag", tag_rules: Array(rules).fill(rule) };
  }

  function loop(fields: object) {
    const days = { startDate: "2027-02-02", endDate: "2027-02-03", loopType: 1, loopDayIndexs: [0] };
    return { loop_param: { ...days, dayTimes: ["10:00:00"], ...fields } };
  }

  function timesOfDay(count: number) {
    return Array.from({ length: count }, (_, at) => new Date(at * 1000).toISOString().slice(11, 19));
  }
});

describe("a path", () => {
  /** What a path is answered with that no URL parser has tidied. */
  const statusOfPath = (emulator: Emulator, path: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(emulator.url);
      const request = httpRequest({ port, host: "127.0.0.1", method: "POST", path, headers: basicAuth(androidApp) });
      request.on("response", (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on("error", reject);
      request.end("{}");
    });

  test.for([
    "/v3/push/../push/app",
    "/v3/push/./app",
    "/v3/push/app/",
    "/v3/push/app/..",
    "/v3//push/app",
    "//v3/push/app",
    "/v3/push%2Fapp",
    "/V3/push/app",
    "/../../../etc/passwd",
    "/emulator/../v3/push/app",
    "/__proto__",
    "/constructor",
    "http://other/v3/push/app",
    `/${"a".repeat(10_000)}`,
  ])("%s leads nowhere", async (path, { emulator }) => {
    expect(await statusOfPath(emulator, path)).toBe(404);
    expect(emulator.requests).toEqual([]);
  });

  test("may have a query, which is passed over", async ({ emulator }) => {
    expect(await codeOf(emulator, `${pushPath}?x=../..`, notification())).toBe(0);
  });
});

describe("sockets", () => {
  /** A thousand that are open, and have sent what is told. */
  const open = (emulator: Emulator, text: string): Promise<readonly Socket[]> =>
    Promise.all(
      Array.from(
        { length: 1000 },
        () =>
          new Promise<Socket>((resolve, reject) => {
            const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1", () => {
              socket.write(text);
              resolve(socket);
            });
            socket.on("error", reject);
          }),
      ),
    );

  test.for([
    ["nothing", ""],
    ["half a head", "POST /v3/push/app HTTP/1.1\r\nHost: x\r\n"],
    ["half a body", "POST /v3/push/app HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"],
  ] as const)("that sent %s keep nobody waiting, and are closed with the emulator", async ([, text]) => {
    const emulator = await startEmulator({ pace: 0 });
    const sockets = await open(emulator, text);
    const closed = sockets.map((socket) => new Promise((resolve) => socket.on("error", resolve).on("close", resolve)));
    await stillWorks(emulator);
    await emulator.close();

    expect(await Promise.all(closed)).toHaveLength(1000);
  });

  test.for([
    ["no HTTP", "hello\r\n\r\n", "HTTP/1.1 400"],
    ["a head of 100 KB", `POST /v3/push/app HTTP/1.1\r\nX: ${"x".repeat(100_000)}`, "HTTP/1.1 431"],
    [
      "two lengths",
      "POST /v3/push/app HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
      "HTTP/1.1 400",
    ],
  ] as const)("that send %s are refused", async ([, text, status], { emulator }) => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1", () => socket.write(text));
      socket.on("error", () => undefined);
      socket.once("data", (bytes) => resolve(String(bytes)));
    });

    expect(answer).toContain(status);
    await stillWorks(emulator);
  });
});
