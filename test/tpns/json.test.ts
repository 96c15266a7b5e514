import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJson, stringifyJson } from "../../provider/tpns/json.ts";
import { DecimalText, RequestId } from "../../provider/tpns/schema/id.ts";
import { PushReply } from "../../provider/tpns/schema/push-reply.ts";
import { PushRecordReply } from "../../provider/tpns/schema/record.ts";

const id = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map(String);

describe("ids", () => {
  test("keep every digit from a number of an answer to text", () => {
    fc.assert(
      fc.property(id, (text) => {
        expect(PushReply.parse(parseJson(`{"push_id":${text}}`)).pushIds).toEqual([text]);
      }),
    );
  });

  test("keep every digit from text to an integer of a request", () => {
    fc.assert(
      fc.property(id, (text) => {
        expect(stringifyJson({ collapse_id: text, upload_id: text })).toBe(
          `{"collapse_id":${text},"upload_id":${text}}`,
        );
      }),
    );
  });

  test.for([
    ['{"push_id":"1328245138690125824"}', ["1328245138690125824"]],
    ['{"push_id":1328245138690125824}', ["1328245138690125824"]],
    ['{"push_id":427184209}', ["427184209"]],
    ['{"push_id":["1","2"]}', ["1", "2"]],
    ['{"push_id":[1328245138690125824,2]}', ["1328245138690125824", "2"]],
    ['{"pushId":5}', ["5"]],
  ] as const)("of %s are %o", ([text, expected]) => {
    expect(PushReply.parse(parseJson(text)).pushIds).toEqual(expected);
  });

  test.for(["{}", '{"push_id":[]}', '{"push_id":""}', '{"push_id":"abc"}', '{"push_id":null}', '{"push_id":1.5}'])(
    "are not in %s",
    (text) => {
      expect(PushReply.safeParse(parseJson(text)).success).toBe(false);
    },
  );

  test("of a record come out as text, the collapse id too", () => {
    const text = '{"pushRecordData":[{"pushId":1328245138690125824,"collapseID":4294967295,"status":"PUSH_WAIT"}]}';
    expect(PushRecordReply.parse(parseJson(text)).pushRecordData).toMatchObject([
      { pushId: "1328245138690125824", collapseID: "4294967295" },
    ]);
  });

  test("are sent as pushId texts, not as integers", () => {
    expect(stringifyJson({ pushId: "1328245138690125824" })).toBe('{"pushId":"1328245138690125824"}');
  });

  test.for([
    ["12", "12"],
    [12, "12"],
    ["0", undefined],
    ["0001", undefined],
    ["-1", undefined],
    [1.5, undefined],
    ["123456789012345678901", undefined],
  ] as const)("of a request: %o gives %o", ([given, expected]) => {
    expect(RequestId.safeParse(given).data).toBe(expected);
  });

  test("of an answer may be 0, which stands for none", () => {
    expect(DecimalText.parse(0)).toBe("0");
  });
});

describe("JSON", () => {
  test("leaves numbers that fit, fractions and texts as they are", () => {
    expect(parseJson('{"a":1,"b":1.5,"c":1e3,"d":"12345678901234567890","e":-9007199254740993}')).toEqual({
      a: 1,
      b: 1.5,
      c: 1_000,
      d: "12345678901234567890",
      e: "-9007199254740993",
    });
  });

  test("throws on what is none", () => {
    expect(() => parseJson("<html>")).toThrow(SyntaxError);
  });
});
