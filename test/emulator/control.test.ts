import { request } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect } from "vitest";
import * as z from "zod";
import { type Emulator, startEmulator } from "../../provider/emulator/index.ts";
import { cancelPath, notification, post, push, pushPath, statusOf, test } from "./fixture.ts";

const read = async (emulator: Emulator, path: string): Promise<unknown> =>
  (await fetch(`${emulator.url}/emulator/${path}`)).json();

const change = async (emulator: Emulator, path: string, body: object): Promise<unknown> =>
  (await fetch(`${emulator.url}/emulator/${path}`, { method: "POST", body: JSON.stringify(body) })).json();

const named = (title: string) => ({ message: { title, content: "Content" } });

/** `fetch` lets nobody name the host. */
async function ask(emulator: Emulator, path: string, headers: Record<string, string>, method = "GET") {
  const { port } = new URL(emulator.url);
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const asked = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
    text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
  });
  asked.on("error", reject);
  asked.end(method === "POST" ? '{"step":1}' : undefined);
  return promise;
}

describe("task-page", () => {
  test("gives some of what matches, newest first", async ({ emulator }) => {
    for (const title of ["Spring sale", "Summer sale", "Autumn"]) await push(emulator, named(title));
    const [, summer] = emulator.tasks;

    expect(await read(emulator, "task-page?search=SALE&limit=1")).toEqual({ count: 2, offset: 0, tasks: [summer] });
    expect(await read(emulator, "task-page?offset=1&limit=1")).toEqual({ count: 3, offset: 1, tasks: [summer] });
    expect(await read(emulator, `task-page?search=${summer?.pushId}`)).toEqual({
      count: 1,
      offset: 0,
      tasks: [summer],
    });
    expect(await read(emulator, "task-page?status=PUSH_CANCELED")).toEqual({ count: 0, offset: 0, tasks: [] });
    expect(await read(emulator, "task-page?accessId=1600001234")).toEqual({ count: 0, offset: 0, tasks: [] });
  });

  test.for([
    ["task-page?limit=1000", "✖ Too big: expected number to be <=200   → at limit"],
    ["task-page?offset=-1", "✖ Too small: expected number to be >=0   → at offset"],
    ["task-page?status=SENT", "✖ Invalid input   → at status"],
    ["task-page?sort=title", '✖ Unrecognized key: "sort"'],
    ["task", "✖ Invalid input: expected string, received undefined   → at pushId"],
    ["task?pushId=1", "there is no push task 1"],
    ["request-page?refused=all", '✖ Invalid option: expected one of ""|"only"   → at refused'],
  ] as const)("refuses %s", async ([path, error], { emulator }) => {
    expect(await read(emulator, path)).toEqual({ error });
  });
});

describe("task", () => {
  test("tells everything of one", async ({ emulator }) => {
    const body = notification();
    await post(emulator, pushPath, body);
    const [task] = emulator.tasks;

    expect(await read(emulator, `task?pushId=${task?.pushId}`)).toEqual({
      task,
      audience: "all",
      request: JSON.stringify(body),
      progress: [
        { channel: "hw", state: "shown", count: 2 },
        { channel: "oppo", state: "shown", count: 1 },
        { channel: "xg", state: "stored", count: 1 },
        { channel: "xg", state: "shown", count: 1 },
      ],
      events: [
        { at: "2027-02-01T00:00:00.000Z", what: "created" },
        { at: "2027-02-01T00:00:00.000Z", what: "dispatch began" },
      ],
      refusals: {
        cancel: "too late: it does not wait any more",
        recall: "recall was taken offline (switch recall)",
      },
    });
  });
});

describe("remedy", () => {
  test("does what the app could", async ({ emulator }) => {
    const pushId = await push(emulator, { send_time: "2027-02-01 10:00:00" });

    expect(await change(emulator, "remedy", { remedy: "cancel", pushId })).toEqual({ pushId });
    expect(statusOf(emulator, pushId)).toBe("PUSH_CANCELED");
    expect(await change(emulator, "remedy", { remedy: "cancel", pushId })).toEqual({
      error: `ret_code 1008007: push task ${pushId} is PUSH_CANCELED`,
    });
  });

  test("overrides at once, whatever the case of the request's keys", async ({ emulator }) => {
    const pushId = await push(emulator, {
      Message: { Title: "Old", Content: "Words", android: { ring: 0 } },
      message: undefined,
      send_time: "2027-02-01 08:01:00",
    });
    emulator.clock.step(90);
    const answer = await change(emulator, "remedy", { remedy: "override", pushId, title: "New", content: "Better" });
    const { pushId: next } = z.object({ pushId: z.string() }).parse(answer);
    const detail = z.object({ request: z.string() }).parse(await read(emulator, `task?pushId=${next}`));

    expect(JSON.parse(detail.request)).toMatchObject({
      message: { android: { ring: 0 }, title: "New", content: "Better" },
    });
    expect(emulator.records).toEqual([
      { pushId, status: "PUSH_COLLAPSED", title: "Old" },
      { pushId: next, status: "PUSH_STARTED", title: "New" },
    ]);
  });

  test("is written, not read", async ({ emulator }) => {
    expect(await read(emulator, "remedy")).toEqual({ error: "write POST" });
  });
});

describe("phone-page and phone", () => {
  test("tell phones and what became of each message", async ({ emulator }) => {
    const pushId = await push(emulator, named("Sale"));
    const offline = emulator.phone("own-channel-offline");
    const message = { pushId, title: "Sale", content: "Content", at: "2027-02-01T00:00:01.000Z", channel: "xg" };

    expect(await read(emulator, "phone-page?search=own&offset=1")).toEqual({ count: 2, offset: 1, phones: [offline] });
    expect(await read(emulator, "phone?name=own-channel-offline")).toEqual({
      phone: offline,
      messages: [{ ...message, state: "stored" }],
    });
  });
});

describe("request-page", () => {
  test("tells what was refused, newest first", async ({ emulator }) => {
    await push(emulator);
    await post(emulator, cancelPath, { pushId: "1" });
    const [, refused] = emulator.requests;

    expect(await read(emulator, "request-page?refused=only")).toEqual({
      count: 1,
      offset: 0,
      requests: [{ ...refused, errMsg: "push id not exist: 1", number: 2 }],
    });
    expect(await read(emulator, "request-page?search=APP&limit=1")).toMatchObject({
      count: 1,
      offset: 0,
      requests: [{ number: 1 }],
    });
  });
});

describe("overview and switch-list", () => {
  test("tell the world without its keys, and the switches with what each can be", async ({ emulator }) => {
    await push(emulator);
    const switches = z.array(z.looseObject({ name: z.string() })).parse(await read(emulator, "switch-list"));

    expect(await read(emulator, "overview")).toEqual({
      apps: [
        { accessId: "1500001234", platform: "android" },
        { accessId: "1600001234", platform: "ios" },
      ],
      tasks: { PUSH_STARTED: 1 },
      phones: 7,
      requests: 1,
      endpoints: expect.arrayContaining([pushPath, cancelPath]),
    });
    expect(switches.find(({ name }) => name === "recall")).toMatchObject({
      value: "offline",
      default: "offline",
      choices: ["offline", "available"],
    });
    expect(switches.map(({ name }) => name)).toEqual(
      Object.keys(z.looseObject({}).parse(await read(emulator, "switches"))),
    );
  });
});

describe("events", () => {
  test("say that something changed, and where the clock is", async ({ emulator }) => {
    const response = await fetch(`${emulator.url}/emulator/events`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const hear = async (length: number): Promise<string> => {
      let heard = "";
      while (heard.length < length) heard += (await reader?.read())?.value;
      return heard;
    };
    const change = "event: change\ndata: {}\n\n";
    const at = (time: string): string =>
      `event: clock\ndata: {"now":"2027-02-01T00:${time}.000Z","pace":0}\n\n${change}`;
    const first = await hear(at("00:00").length);
    emulator.clock.step(60);
    const moved = await hear(at("01:00").length);
    await post(emulator, cancelPath, { pushId: "1" });
    const changed = await hear(change.length);
    await reader?.cancel();

    expect([response.headers.get("Content-Type"), first, moved, changed]).toEqual([
      "text/event-stream",
      at("00:00"),
      at("01:00"),
      change,
    ]);
  });
});

describe("a request on another site's behalf", () => {
  const paths = ["/", "/emulator/clock", "/emulator/events", "/page/main.js"];
  const ours = "localhost:1";
  const json = "application/json";

  test.for(["evil.example", "evil.example:8790", "127.0.0.1.evil.example", "10.0.0.1", "local host"])(
    "is refused where it names the host %o",
    async (host, { emulator }) => {
      const answers = await Promise.all(paths.map((path) => ask(emulator, path, { host })));

      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
      expect(answers[0]?.body).toBe(
        JSON.stringify({ error: `the host ${host} is not this emulator's; write localhost` }),
      );
    },
  );

  test.for(["localhost", "LOCALHOST:8790", "127.0.0.1:8790", "[::1]:8790", "tpns.localhost"])(
    "is none where it names the host %s",
    async (host, { emulator }) => {
      expect((await ask(emulator, "/emulator/clock", { host })).status).toBe(200);
    },
  );

  test.for([
    [{ origin: "http://evil.example", "content-type": json }, 403],
    [{ origin: "https://localhost:1", "content-type": json }, 403],
    [{ origin: "http://localhost:2", "content-type": json }, 403],
    [{ origin: "null", "content-type": json }, 403],
    [{ origin: "http://localhost:1", "content-type": "text/plain" }, 415],
    [{ origin: "http://localhost:1" }, 415],
    [{ origin: "http://localhost:1", "content-type": `${json}; charset=utf-8` }, 200],
    [{ "content-type": "application/x-www-form-urlencoded" }, 200],
  ] as const)("is answered by its headers: %o gives %i", async ([headers, status], { emulator }) => {
    const answer = await ask(emulator, "/emulator/clock", { host: ours, ...headers }, "POST");

    expect([answer.status, emulator.clock.now().toISOString()]).toEqual([
      status,
      status === 200 ? "2027-02-01T00:00:01.000Z" : "2027-02-01T00:00:00.000Z",
    ]);
  });

  test("may name any address where the emulator listens on all", async () => {
    await using emulator = await startEmulator({ host: "0.0.0.0", pace: 0 });
    const statuses = ["10.0.0.1:8790", "[2001:db8::1]", "evil.example"].map(
      async (host) => (await ask(emulator, "/emulator/clock", { host })).status,
    );

    expect(await Promise.all(statuses)).toEqual([200, 200, 403]);
  });
});

describe("the page", () => {
  test("allows nothing but what is its own", async ({ emulator }) => {
    const { status, headers } = await fetch(emulator.url);

    expect([status, headers.get("Content-Type"), headers.get("X-Content-Type-Options")]).toEqual([
      200,
      "text/html; charset=utf-8",
      "nosniff",
    ]);
    expect(headers.get("Content-Security-Policy")).toMatch(
      /^default-src 'none'; script-src 'self' 'sha256-[\w+/]+='; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
  });

  test.for([
    "/page/../index.js",
    "/page/..%2findex.js",
    "/page/%2e%2e/index.js",
    "/library/../../package.json",
    "/page/main.ts",
    "/page/",
    "/index.js",
    "/constructor",
  ])("has no %s", async (path, { emulator }) => {
    expect((await ask(emulator, path, { host: "localhost" })).status).toBe(404);
  });
});
