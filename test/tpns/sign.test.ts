import { describe, expect, test } from "vitest";
import { basicAuth, isSameSecret, isSignedBy, readBasicAuth, sign } from "../../provider/tpns/sign.ts";
import { textOf } from "../fixtures/index.ts";

/** The key, the time and the app of the documents' sample. */
const sample = {
  accessId: "1500001048",
  secretKey: "1452fcebae9f3115ba794fb0fff2fd73",
  timestampSeconds: 1_565_314_789,
};

const printed = "Y2QyMDc3NDY4MmJmNzhiZmRiNDNlMTdkMWQ1ZDU2YjNlNWI3ODlhMTY3MGZjMTUyN2VmNTRjNjVkMmQ3Yjc2ZA==";

/** The Chinese page's body: the last line of F01, without its line break. */
const body = textOf("F01").trimEnd().split("\n").at(-1) ?? "";

/** The English page left this out of the body, and kept the old signature. */
const englishBody = body.replace('"platform": "android",', "");

describe("the signature", () => {
  test("of the Chinese sample is the printed one", () => {
    expect(sign({ ...sample, body })).toEqual({ AccessId: "1500001048", TimeStamp: "1565314789", Sign: printed });
  });

  test("of the English sample is not the printed one", () => {
    expect(sign({ ...sample, body: englishBody }).Sign).toBe(
      "MDlmMDdkMmE1MThhODgxNGUzNjlkY2Q5NTM0ZjEwYjhhMjlkMTI4NTMxYTE5YWRhYTI4Y2IyNDc2MDVjMWU4NA==",
    );
  });

  test("is over bytes: text and its UTF-8 give the same", () => {
    const text = '{"content":"今天 20 % off"}';
    expect(sign({ ...sample, body: Buffer.from(text) })).toEqual(sign({ ...sample, body: text }));
  });

  test.for([
    ["the right call", {}, true],
    ["another body", { body: englishBody }, false],
    ["another time", { timestampSeconds: 1_565_314_790 }, false],
    ["another app", { accessId: "1500001049" }, false],
    ["another key", { secretKey: "1452fcebae9f3115ba794fb0fff2fd74" }, false],
  ] as const)("verified for %s is %o: %o", ([, change, expected]) => {
    expect(isSignedBy({ ...sample, body, ...change }, printed)).toBe(expected);
  });
});

describe("HTTP Basic", () => {
  test("is the app and its key in base64", () => {
    expect(basicAuth(sample)).toEqual({
      Authorization: `Basic ${Buffer.from("1500001048:1452fcebae9f3115ba794fb0fff2fd73").toString("base64")}`,
    });
  });

  test.for([
    [basicAuth(sample).Authorization, { accessId: sample.accessId, secretKey: sample.secretKey }],
    [basicAuth({ accessId: "1", secretKey: "a:b" }).Authorization, { accessId: "1", secretKey: "a:b" }],
    ["Bearer abc", undefined],
    ["Basic", undefined],
    [`Basic ${Buffer.from("no colon").toString("base64")}`, undefined],
  ] as const)("%s reads as %o", ([header, expected]) => {
    expect(readBasicAuth(header)).toEqual(expected);
  });
});

test.for([
  ["key", "key", true],
  ["key", "kez", false],
  ["key", "key2", false],
] as const)("%s and %s are the same secret: %o", ([left, right, expected]) => {
  expect(isSameSecret(left, right)).toBe(expected);
});
