import { describe, expect, test } from "vitest";
import { PackageFile } from "../../../provider/tpns/schema/package.ts";
import { PushReply } from "../../../provider/tpns/schema/push-reply.ts";
import {
  ListPushRecordsRequest,
  PushRecord,
  PushRecordReply,
  PushStatus,
} from "../../../provider/tpns/schema/record.ts";
import { Reply } from "../../../provider/tpns/schema/reply.ts";

describe("the code of an answer is read", () => {
  test.for<[object, Reply]>([
    [
      { ret_code: 0, err_msg: "NO_ERROR" },
      { retCode: 0, errMsg: "NO_ERROR" },
    ],
    [
      { retCode: 1, errMsg: "bad" },
      { retCode: 1, errMsg: "bad" },
    ],
    [
      { retCode: "0", ErrMsg: "save success" },
      { retCode: 0, errMsg: "save success" },
    ],
    [{ ret_code: 1_008_028 }, { retCode: 1_008_028, errMsg: "" }],
    [
      { ret_code: 0, err_msg: null, more: [1] },
      { retCode: 0, errMsg: "" },
    ],
  ])("from %o", ([answer, reply]) => {
    expect(Reply.parse(answer)).toEqual(reply);
  });

  test.for([{}, { push_id: "1" }, { ret_code: "none" }, "text", null])("never from %o", (answer) => {
    expect(Reply.safeParse(answer).success).toBe(false);
  });
});

describe("a push answer", () => {
  test("is taken whatever stands beside its id", () => {
    const answer = { push_id: "1", result: { a: 1 }, invalid_targe_list: 7, seq: "x", err_msg_zh: null };
    expect(PushReply.parse(answer)).toEqual({ pushIds: ["1"], invalidTokens: [] });
  });
});

describe("a record", () => {
  const bare = { pushId: 12, status: "PUSH_WAIT" };

  test("needs its id and its status alone", () => {
    expect(PushRecord.parse(bare)).toEqual({
      pushId: "12",
      status: "PUSH_WAIT",
      date: "",
      title: "",
      content: "",
      pushType: "",
      messageType: "",
    });
  });

  test("has one of ten statuses, and a word that is new makes neither it nor the others unreadable", () => {
    const rows = [bare, { ...bare, status: "PUSH_PAUSED" }];

    expect(PushStatus.options).toHaveLength(10);
    expect(PushRecordReply.parse({ pushRecordData: rows }).pushRecordData.map(({ status }) => status)).toEqual([
      "PUSH_WAIT",
      "PUSH_PAUSED",
    ]);
  });

  test("of a message type mistranslated in the English table is a notify", () => {
    expect(PushRecord.parse({ ...bare, messageType: "notification" }).messageType).toBe("notify");
  });

  test.for([{}, { pushRecordData: null }, { pushRecordData: [] }])("is none in %o", (answer) => {
    expect(PushRecordReply.parse(answer).pushRecordData).toEqual([]);
  });
});

describe("a record query is refused", () => {
  const days = { startDate: "2027-03-01", endDate: "2027-03-02" };

  test.for<[string, object]>([
    ["limit 201 exceeds 200", { ...days, limit: 201 }],
    ["offset -1 is below 0", { ...days, offset: -1 }],
    ['startDate "2027-02-29" has the wrong form; write a day as yyyy-MM-dd', { ...days, startDate: "2027-02-29" }],
    ["endDate is missing", { startDate: "2027-03-01" }],
    ['pushType "token_list" is none of all, tag, token, account', { ...days, pushType: "token_list" }],
  ])("%s", ([words, query]) => {
    expect(ListPushRecordsRequest.safeParse(query).error?.issues.map(({ message }) => message)).toEqual([words]);
  });
});

describe("a package file is refused", () => {
  const bytes = new TextEncoder().encode("account1\n");

  test.for<[string, object]>([
    ['the package file "accounts.xlsx" is none of .zip, .txt, .csv', { name: "accounts.xlsx", bytes }],
    ["name has 104 characters, which exceeds 100", { name: `${"n".repeat(100)}.txt`, bytes }],
    ["the package file is empty", { name: "a.txt", bytes: new Uint8Array() }],
    [
      "the package file has 104857601 bytes, which exceeds 104857600; split it",
      { name: "a.txt", bytes: new Uint8Array(104_857_601) },
    ],
  ])("%s", ([words, file]) => {
    expect(PackageFile.safeParse(file).error?.issues.map(({ message }) => message)).toEqual([words]);
  });
});
