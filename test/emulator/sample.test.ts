import { describe, expect } from "vitest";
import * as z from "zod";
import { type App, androidApp, type Emulator, iosApp } from "../../provider/emulator/index.ts";
import { textOf } from "../fixtures/index.ts";
import { Answer, codeOf, notification, post, push, pushPath, recordPath, test } from "./fixture.ts";

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
    const upload_id = await upload(emulator);

    expect(unknown).toBe(1008007);
    expect(await codeOf(emulator, pushPath, { ...sample("F35"), upload_id })).toBe(0);
  });

  test.for([
    ["F22", "/v3/push/stop_push_msg"],
    ["F24", "/v3/push/cancel_timing_task"],
    ["F25", recordPath],
  ] as const)("%s is understood: only its push id is unknown", async ([id, path], { emulator }) => {
    expect(await codeOf(emulator, path, textOf(id))).toBe(1008015);
  });
});

describe("the documented signature", () => {
  const app: App = { accessId: "1500001048", secretKey: "1452fcebae9f3115ba794fb0fff2fd73", platform: "android" };
  test.override("options", { now: new Date(1565314789_000), apps: [app], phones: [] });

  test("F01 is accepted byte for byte", async ({ emulator }) => {
    const [requestLine = "", ...lines] = textOf("F01").trimEnd().split("\n");
    const body = lines.pop() ?? "";
    const headers = new Headers(
      lines.map((line): [string, string] => pairOf(line)).filter(([name]) => name !== "Host"),
    );
    const response = await fetch(emulator.url + requestLine.split(" ")[1], { method: "POST", headers, body });

    expect(await response.json()).toMatchObject({ ret_code: 0 });
  });
});

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

async function upload(emulator: Emulator): Promise<number> {
  const form = new FormData();
  form.set("file", new File(["alice\nbob\n"], "accounts.txt"));
  const authorization = `Basic ${Buffer.from(`${androidApp.accessId}:${androidApp.secretKey}`).toString("base64")}`;
  const response = await fetch(`${emulator.url}/v3/push/package/upload`, {
    method: "POST",
    headers: { authorization },
    body: form,
  });
  return z.object({ uploadId: z.int() }).parse(await response.json()).uploadId;
}
