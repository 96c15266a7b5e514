import { readFileSync } from "node:fs";
import { describe, expect } from "vitest";
import * as z from "zod";
import { type App, androidApp, type Emulator, iosApp, type PhoneSpec } from "../../provider/emulator/index.ts";
import { fixtures, textOf } from "../fixtures/index.ts";
import {
  Answer,
  codeOf,
  notification,
  planPath,
  post,
  push,
  pushPath,
  recordPath,
  revokePath,
  test,
  upload,
} from "./fixture.ts";

/** The documents comment their samples. */
const withoutComments = (text: string): string => text.replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*/g, "$1");

const sample = (id: string): Answer => Answer.parse(JSON.parse(withoutComments(textOf(id))));

const ios = { environment: "product" };

/** The names and types of an answer's fields, as deep as the sample goes. */
const shapeOf = (answer: unknown, like: unknown): unknown => {
  if (Array.isArray(like) && Array.isArray(answer)) return like.slice(0, 1).map((item) => shapeOf(answer[0], item));
  if (typeof like !== "object" || like === null || Array.isArray(like)) return typeof answer;
  const fields = Answer.catch({}).parse(answer);
  return Object.fromEntries(Object.entries(like).map(([key, value]) => [key, shapeOf(fields[key], value)]));
};

describe("the samples", () => {
  test("of TPNS are all judged here; those from F51 on are another service's", () => {
    const own = readFileSync(import.meta.filename, "utf8");
    const unjudged = fixtures.map(({ id }) => id).filter((id) => id < "F51" && !own.includes(`"${id}`));

    expect(unjudged).toEqual([]);
  });
});

describe("a documented request", () => {
  test.for<[string, object, App]>([
    ["F02", { ...notification(), ...sample("F02") }, androidApp],
    ["F03", { ...notification(), ...sample("F03") }, androidApp],
    ["F04", { ...notification(), ...sample("F04") }, androidApp],
    ["F05", { ...notification(), ...sample("F05") }, androidApp],
    ["F06", { ...notification(), ...sample("F06") }, androidApp],
    ["F07", { ...notification(), ...sample("F07") }, androidApp],
    ["F08", notification({ message: sample("F08") }), androidApp],
    ["F09", notification({ ...ios, message: sample("F09") }), iosApp],
    ["F10", notification({ message_type: "message", message: sample("F10") }), androidApp],
    ["F11", notification({ ...ios, message_type: "message", message: sample("F11") }), iosApp],
    ["F12", sample("F12"), androidApp],
    ["F14", sample("F14"), iosApp],
    ["F16", { ...notification(), ...sample("F16") }, androidApp],
    ["F18", sample("F18"), androidApp],
    ["F19", sample("F19"), androidApp],
    ["F20", sample("F20"), iosApp],
    ["F34", sample("F34"), androidApp],
    ["F36", sample("F36"), androidApp],
    ["F38", sample("F38"), androidApp],
    ["F39", sample("F39"), androidApp],
  ])("%s is accepted", async ([, request, app], { emulator }) => {
    expect((await post(emulator, pushPath, request, app)).answer).toMatchObject({ ret_code: 0, err_msg: "NO_ERROR" });
  });

  test.for([
    ["F17", "a tag type with a typo", JSON.stringify({ ...notification(), ...sample("F17") }), 1008007],
    ["F21", "0001 is no JSON number", textOf("F21"), 1008001],
    ["F33", "a comma too many", textOf("F33"), 1008001],
    ["F37", "a comma missing", textOf("F37"), 1008001],
  ] as const)("%s is refused: %s", async ([, , text, retCode], { emulator }) => {
    expect(await codeOf(emulator, pushPath, text)).toBe(retCode);
  });

  test("F35 is accepted with an upload id of its own", async ({ emulator }) => {
    const unknown = await codeOf(emulator, pushPath, sample("F35"));
    const { uploadId: upload_id } = await upload(emulator, "accounts.txt", "alice\nbob\n");

    expect(unknown).toBe(1008007);
    expect(await codeOf(emulator, pushPath, { ...sample("F35"), upload_id })).toBe(0);
  });

  test.for([
    ["F22", "/v3/push/stop_push_msg"],
    ["F24", "/v3/push/cancel_timing_task"],
    ["F25", recordPath],
    ["F41", "/v3/statistics/get_push_task_stat_channel"],
  ] as const)("%s is understood: only its push id is unknown", async ([id, path], { emulator }) => {
    expect(await codeOf(emulator, path, textOf(id))).toBe(1008015);
  });

  test.for([
    ["F31", planPath],
    ["F44", "/v3/toolbox/getPushListByToken"],
    ["F48", "/v3/device/account/batchoperate"],
  ] as const)("%s is accepted byte for byte", async ([id, path], { emulator }) => {
    expect(await codeOf(emulator, path, textOf(id))).toBe(0);
  });

  test("F40 uploads: a form with a file in its field file, and Basic", async ({ emulator }) => {
    expect(await upload(emulator, "a.txt", "alice")).toMatchObject({ retCode: 0, uploadId: expect.any(Number) });
  });
});

describe("a documented request of its day", () => {
  test.override("options", { now: "2019-07-15T08:00:00+08:00" });

  test("F27 is accepted byte for byte", async ({ emulator }) => {
    expect(await codeOf(emulator, recordPath, textOf("F27"))).toBe(0);
  });

  test("F43 is accepted byte for byte", async ({ emulator }) => {
    emulator.clock.set("2019-09-12T08:00:00+08:00");

    expect(await codeOf(emulator, "/v3/statistics/get_push_group_stat_channel", textOf("F43"))).toBe(0);
  });
});

describe("a documented recall", () => {
  test.override("options", { switches: { recall: "available" } });

  test("F23 is understood: only its push id is unknown", async ({ emulator }) => {
    expect(await codeOf(emulator, revokePath, textOf("F23"))).toBe(1008015);
  });
});

describe("the documented signature", () => {
  const app: App = { accessId: "1500001048", secretKey: "1452fcebae9f3115ba794fb0fff2fd73", platform: "android" };
  test.override("options", { now: new Date(1565314789_000), apps: [app], phones: [] });

  test("F01 is accepted byte for byte", async ({ emulator }) => {
    expect((await send(emulator, "F01")).ret_code).toBe(0);
  });
});

describe("the documented Basic header", () => {
  const app: App = { accessId: "a5b5f071ff77a", secretKey: "ea512eb7704d5fb5a6a937cafa70e771", platform: "android" };
  const token1: PhoneSpec = { name: "p", accessId: app.accessId, system: "android", channel: "xg", token: "token1" };
  test.override("options", { apps: [app], phones: [token1] });

  test("F46 is accepted byte for byte, and F47 its answer", async ({ emulator }) => {
    expect(await send(emulator, "F46")).toEqual(sample("F47"));
    expect(emulator.phone("p").tags).toEqual(["tag1"]);
  });
});

/** Sends a sample of HTTP as it is printed. */
async function send(emulator: Emulator, id: string): Promise<Answer> {
  const [head = "", body = ""] = textOf(id)
    .trimEnd()
    .split(/\n(?=\{)/);
  const [requestLine = "", ...lines] = head.split("\n");
  const headers = new Headers(lines.map((line): [string, string] => pairOf(line)).filter(([name]) => name !== "Host"));
  const response = await fetch(emulator.url + requestLine.split(" ")[1], { method: "POST", headers, body });
  return Answer.parse(await response.json());
}

const pairOf = (line: string): [string, string] => {
  const [name = "", ...rest] = line.split(": ");
  return [name, rest.join(": ")];
};

describe("an answer has the shape of", () => {
  test.for(["F13", "F30"])("%s after a push", async (id, { emulator }) => {
    const { answer } = await post(emulator, pushPath, notification());

    expect(shapeOf(answer, sample(id))).toEqual(shapeOf(sample(id), sample(id)));
  });

  test("F15 after a push to one token", async ({ emulator }) => {
    const { answer } = await post(emulator, pushPath, sample("F14"), iosApp);

    expect(shapeOf(answer, sample("F15"))).toEqual(shapeOf(sample("F15"), sample("F15")));
    expect(answer).toMatchObject({ result: "[0]", environment: "dev" });
  });

  test("F29 after a push, field by field", async ({ emulator }) => {
    const fields = [...textOf("F29").matchAll(/\["(\w+)"\]=>\s+(int|string|array)/g)];
    const { answer } = await post(emulator, pushPath, notification());
    const typeOf = (value: unknown) => (Array.isArray(value) ? "array" : value === 0 ? "int" : typeof value);

    expect(new Set(Object.entries(answer).map(([key, value]) => `${key} ${typeOf(value)}`))).toEqual(
      new Set(fields.map(([, name, type]) => `${name} ${type}`)),
    );
  });

  test("F26 to a single query", async ({ emulator }) => {
    const tag_list = { tags: ["sale"], op: "OR" };
    const pushId = await push(emulator, { audience_type: "tag", tag_list });
    const { answer } = await post(emulator, recordPath, { pushId });

    expect(shapeOf(answer, sample("F26"))).toEqual(shapeOf(sample("F26"), sample("F26")));
  });

  test("F28 to a range query", async ({ emulator }) => {
    await push(emulator);
    const { answer } = await post(emulator, recordPath, {
      ...sample("F27"),
      startDate: "2027-02-01",
      endDate: "2027-02-01",
    });

    expect(shapeOf(answer, sample("F28"))).toEqual(shapeOf(sample("F28"), sample("F28")));
  });
});

describe("the other answers have the shape of", () => {
  const expectShape = (answer: Answer, id: string): void => {
    expect(shapeOf(answer, sample(id))).toEqual(shapeOf(sample(id), sample(id)));
    expect(Object.keys(answer).sort()).toEqual(Object.keys(sample(id)).sort());
  };

  test("F32 to a new plan", async ({ emulator }) => {
    expectShape((await post(emulator, planPath, textOf("F31"))).answer, "F32");
  });

  test("F42 to the statistics of a task, and its channels", async ({ emulator }) => {
    const pushId = await push(emulator);
    const { answer } = await post(emulator, "/v3/statistics/get_push_task_stat_channel", { pushId });

    expectShape(answer, "F42");
    expect(channelsIn(answer)).toEqual(expect.arrayContaining(channelsIn(sample("F42"))));
  });

  test("F45 to a phone's tasks", async ({ emulator }) => {
    await push(emulator, { audience_type: "tag", tag_list: { tags: ["sale"], op: "OR" } });
    const { token } = emulator.phone("own-channel");
    const { answer } = await post(emulator, "/v3/toolbox/getPushListByToken", { token });

    expectShape(answer, "F45");
    expect(answer.pushTaskList).toMatchObject([{ pushTargetType: "TAG_PUSH" }]);
  });

  test("F49 to a binding of accounts", async ({ emulator }) => {
    expectShape((await post(emulator, "/v3/device/account/batchoperate", textOf("F48"))).answer, "F49");
  });

  test("F50 to a query of accounts", async ({ emulator }) => {
    const account_list = [{ account: "alice" }, { account: "bob" }];
    const { answer } = await post(emulator, "/v3/device/account/query", { operator_type: 1, account_list });

    expectShape(answer, "F50");
  });
});

const channelsIn = (answer: Answer): string[] =>
  z
    .array(z.object({ channel: z.string() }))
    .parse(answer.pushStatDataAll)
    .map(({ channel }) => channel);
