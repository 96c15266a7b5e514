import { describe, expect, test } from "vitest";
import { AccountBindingRequest, DeviceTagRequest } from "../../provider/tpns/schema/device.ts";
import { Message } from "../../provider/tpns/schema/message.ts";
import { AddPlanPushReply, AddPlanPushRequest } from "../../provider/tpns/schema/plan.ts";
import { PushReply } from "../../provider/tpns/schema/push-reply.ts";
import { PushRequest } from "../../provider/tpns/schema/push-request.ts";
import { GetPushRecordRequest, ListPushRecordsRequest, PushRecordReply } from "../../provider/tpns/schema/record.ts";
import { RemedyRequest } from "../../provider/tpns/schema/remedy.ts";
import { Reply } from "../../provider/tpns/schema/reply.ts";
import {
  ChannelStatisticReply,
  GroupStatisticRequest,
  PushListByTokenReply,
  PushListByTokenRequest,
  TaskStatisticRequest,
} from "../../provider/tpns/schema/statistics.ts";
import { readBasicAuth } from "../../provider/tpns/sign.ts";
import { fixtures, textOf } from "../fixtures/index.ts";

/** The documents comment their JSON with //, which no parser takes; a // inside a text stays. */
const withoutComments = (text: string): string => text.replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*/g, "$1");

const jsonOf = (id: string): object => JSON.parse(withoutComments(textOf(id)));

const mended = (id: string, printed: string, right: string): unknown => {
  const text = textOf(id);
  expect(text).toContain(printed);
  return JSON.parse(withoutComments(text.replace(printed, right)));
};

/** The headers and the body of an HTTP sample; these print no empty line between them. */
const httpOf = (id: string): { readonly headers: Map<string, string>; readonly body: string } => {
  const [head = "", body = ""] = textOf(id).split(/\n(?=\{)/);
  const lines = head.split("\n").slice(1);
  return { headers: new Map(lines.map((line) => [line.split(": ")[0] ?? "", line.split(": ")[1] ?? ""])), body };
};

const messagesOf = (schema: typeof PushRequest, value: unknown): string[] =>
  schema.safeParse(value).error?.issues.map(({ message }) => message) ?? [];

describe("the fixtures", () => {
  test("are the 65 samples of the documents, in order", () => {
    const numbers = Array.from({ length: 65 }, (_, index) => `F${String(index + 1).padStart(2, "0")}`);
    expect(fixtures.map(({ id }) => id)).toEqual(numbers);
  });

  test.for(fixtures)("$id names its page and has its file: $title", ({ id, page, date }) => {
    expect([page, date, textOf(id)]).not.toContain("");
  });
});

describe("a documented push request", () => {
  test.for(["F14", "F20", "F34", "F36", "F38"])("%s parses as it is printed", (id) => {
    expect(PushRequest.parse(jsonOf(id))).toEqual(jsonOf(id));
  });

  test("F35 parses, its upload id as text", () => {
    expect(PushRequest.parse(jsonOf("F35"))).toEqual({ ...jsonOf("F35"), upload_id: "11231" });
  });

  test.for(["F12", "F19"])("%s is no JSON for its // comments, and parses without them", (id) => {
    expect(() => JSON.parse(textOf(id))).toThrow(SyntaxError);
    expect(PushRequest.parse(jsonOf(id))).toEqual(jsonOf(id));
  });

  test("F01 parses, its deprecated platform tolerated", () => {
    const { body } = httpOf("F01");
    expect(PushRequest.parse(JSON.parse(body))).toEqual(JSON.parse(body));
  });

  const rest = { message_type: "notify", message: { title: "Title", content: "Content" } };

  test.for(["F02", "F03", "F04", "F05", "F06", "F07", "F16"])(
    "%s is a fragment: refused alone, taken with a message",
    (id) => {
      const fragment = jsonOf(id);
      expect(messagesOf(PushRequest, fragment)).toEqual(["message is missing", "message_type is missing"]);
      expect(PushRequest.parse({ ...fragment, ...rest })).toEqual({ ...fragment, ...rest });
    },
  );

  test("F17 misspells a tag type: refused, and a fragment once that is mended", () => {
    expect(messagesOf(PushRequest, { ...jsonOf("F17"), ...rest })).toEqual([
      'tag_rules[0].tag_items[1].tag_type "xg_auto_verison" is none of xg_user_define, xg_auto_version, ' +
        "xg_auto_province, xg_auto_active, xg_auto_sdkversion, xg_auto_systemlanguage, xg_auto_devicebrand, " +
        "xg_auto_deviceversion, xg_auto_country",
    ]);
    const fragment = mended("F17", "xg_auto_verison", "xg_auto_version");
    expect(messagesOf(PushRequest, fragment)).toEqual(["message is missing", "message_type is missing"]);
    expect(messagesOf(PushRequest, Object.assign({}, fragment, rest))).toEqual([]);
  });

  test.for(["F18", "F39"])("%s writes Title with a capital: refused, and taken once that is mended", (id) => {
    expect(messagesOf(PushRequest, jsonOf(id))).toEqual([
      "message.Title is not documented; remove it, or correct its name",
      "message.title is missing",
    ]);
    const right = mended(id, '"Title"', '"title"');
    expect(PushRequest.parse(right)).toEqual(right);
  });

  test.for<[string, string, string, string]>([
    ["F21", "the collapse id 0001", "0001", "1"],
    ["F33", "a comma before a closing brace", '\\"}",', '\\"}"'],
    ["F37", "no comma between two fields", "true ", "true, "],
  ])("%s is no JSON for %s: refused, and taken once that is mended", ([id, , printed, right]) => {
    expect(() => jsonOf(id)).toThrow(SyntaxError);
    expect(messagesOf(PushRequest, mended(id, printed, right))).toEqual([]);
  });
});

describe("a documented message", () => {
  test.for(["F09", "F10", "F11"])("%s parses as it is printed", (id) => {
    expect(Message.parse(jsonOf(id))).toEqual(jsonOf(id));
  });

  test("F08 is no JSON for its // comments, and parses without them", () => {
    expect(() => JSON.parse(textOf("F08"))).toThrow(SyntaxError);
    expect(Message.parse(jsonOf("F08"))).toEqual(jsonOf("F08"));
  });
});

/** `var_dump` of PHP, as far as F29 has it: integers, texts and an empty array. */
const phpDump = (text: string): object =>
  Object.fromEntries(
    [...text.matchAll(/\["(\w+)"\]=>\s+(?:int\((\d+)\)|string\(\d+\) "(.*)"|array\(0\) \{\s*\})/g)].map(
      ([, key, int, string]) => [key, int === undefined ? (string ?? []) : Number(int)],
    ),
  );

describe("a documented answer", () => {
  test.for<[string, string]>([
    ["F13", "3895624686"],
    ["F15", "427184209"],
    ["F30", "1328245138690125824"],
  ])("%s to a push parses and gives %s", ([id, pushId]) => {
    expect(Reply.parse(jsonOf(id)).retCode).toBe(0);
    expect(PushReply.parse(jsonOf(id))).toEqual({ pushIds: [pushId], invalidTokens: [] });
  });

  test("F29 to a push, dumped by PHP, parses", () => {
    const answer = phpDump(textOf("F29"));
    expect(Reply.parse(answer)).toEqual({ retCode: 0, errMsg: "NO_ERROR" });
    expect(PushReply.parse(answer)).toEqual({ pushIds: ["572728156"], invalidTokens: [] });
  });

  test("F26 to a query of one task parses, its number of an id as text", () => {
    expect(PushRecordReply.parse(jsonOf("F26")).pushRecordData).toMatchObject([
      { pushId: "133703", status: "PUSH_FINISHED", collapseID: "0", uploadId: "0", date: "2019-07-25 20:06:28" },
    ]);
  });

  test("F28 to a query of many tasks parses, without a collapse id", () => {
    const { count, pushRecordData } = PushRecordReply.parse(jsonOf("F28"));
    expect(count).toBe(126);
    expect(pushRecordData).toMatchObject([{ pushId: "12", title: "test title", groupId: "", source: "api" }]);
    expect(pushRecordData[0]).not.toHaveProperty("collapseID");
  });

  test("F32 to a new plan parses, with its ErrMsg", () => {
    expect(Reply.parse(jsonOf("F32"))).toEqual({ retCode: 0, errMsg: "save success" });
    expect(AddPlanPushReply.parse(jsonOf("F32")).result).toMatchObject({ planId: "48", planName: "TPNS_TEST123" });
  });

  test("F42 to a task's statistics parses: nine channels", () => {
    const { pushStatDataAll } = ChannelStatisticReply.parse(jsonOf("F42"));
    expect(pushStatDataAll.map(({ channel }) => channel)).toEqual([
      "xm",
      "mz",
      "vivo",
      "hw",
      "xg",
      "oppo",
      "fcm",
      "rog",
      "all",
    ]);
    expect(jsonOf("F42")).toMatchObject({ pushStatDataAll });
  });

  test("F45 to a device's pushes parses, ids as text", () => {
    expect(PushListByTokenReply.parse(jsonOf("F45")).pushTaskList.map(({ pushId }) => pushId)).toEqual([
      "589840563",
      "590166744",
      "590178525",
      "590179538",
      "590179672",
      "590235722",
    ]);
  });

  test.for(["F47", "F49", "F50"])("%s, to a call that we do not make, has the common code", (id) => {
    expect(Reply.parse(jsonOf(id)).retCode).toBe(0);
  });
});

describe("another documented request", () => {
  test.for([
    ["F25", GetPushRecordRequest],
    ["F27", ListPushRecordsRequest],
    ["F31", AddPlanPushRequest],
    ["F41", TaskStatisticRequest],
    ["F44", PushListByTokenRequest],
    ["F48", AccountBindingRequest],
  ] as const)("%s parses as it is printed", ([id, schema]) => {
    expect(schema.parse(jsonOf(id))).toEqual(jsonOf(id));
  });

  test.for(["F22", "F23", "F24"])(
    "%s writes pushid where the table says pushId: refused, and taken once mended",
    (id) => {
      expect(RemedyRequest.safeParse(jsonOf(id)).success).toBe(false);
      expect(RemedyRequest.safeParse(mended(id, "pushid", "pushId")).success).toBe(true);
    },
  );

  test("F43 writes groupid where the table says groupId: refused, and taken once mended", () => {
    expect(GroupStatisticRequest.safeParse(jsonOf("F43")).success).toBe(false);
    expect(GroupStatisticRequest.safeParse(mended("F43", "groupid", "groupId")).success).toBe(true);
  });

  test("F46 parses, and its Basic header reads", () => {
    const { headers, body } = httpOf("F46");
    expect(DeviceTagRequest.parse(JSON.parse(body))).toEqual(JSON.parse(body));
    expect(readBasicAuth(headers.get("Authorization") ?? "")).toEqual({
      accessId: "a5b5f071ff77a",
      secretKey: "ea512eb7704d5fb5a6a937cafa70e771",
    });
  });

  test("F40 uploads by POST, with Basic, in the field file", () => {
    expect(textOf("F40")).toMatch(/-X POST\s+https:\/\/api\.tpns\.tencent\.com\/v3\/push\/package\/upload\s/);
    expect(textOf("F40")).toMatch(/-H 'Authorization: Basic .*\s-F 'file=@/);
  });
});

describe("a TIMPush sample", () => {
  const samples = fixtures.filter(({ id }) => id > "F50");

  test("is one of 15, held until its backend is written: no schema here reads it", () => {
    expect(samples.map(({ id }) => id)).toEqual(Array.from({ length: 15 }, (_, index) => `F${index + 51}`));
  });

  test.for(["F53", "F60", "F62", "F64", "F65"])("%s is no JSON as printed, for its // comments", (id) => {
    expect(() => JSON.parse(textOf(id))).toThrow(SyntaxError);
  });

  test.for(["F51", "F52", "F54", "F55", "F56", "F57", "F58", "F59", "F61", "F63"])("%s is JSON as printed", (id) => {
    expect(Object.keys(JSON.parse(textOf(id)))).not.toEqual([]);
  });
});
