import { describe, expect, test } from "vitest";
import { type Change, changeBetween, changesRequest, isSameRequest, type Parts } from "../../provider/remedy/change.ts";
import { unchanged } from "./situation.ts";

const parts: Parts = {
  content: '{"content":"20 % off today","title":"Spring sale"}',
  messageType: "notify",
  sendTime: "2027-03-01T02:00:00.000Z",
  audience: '{"audience_type":"package_account_push","upload_id":"1"}',
  audienceWithoutUpload: '{"audience_type":"package_account_push"}',
  options: '{"expire_time":3600}',
  remedy: undefined,
};

const otherAudience = { audience: '{"audience_type":"all"}', audienceWithoutUpload: '{"audience_type":"all"}' };
const otherUpload = { audience: '{"audience_type":"package_account_push","upload_id":"2"}' };

describe("a change", () => {
  test.for<[string, Partial<Parts>, Partial<Change>]>([
    ["of nothing", {}, {}],
    ["of the content", { content: '{"content":"30 % off today","title":"Spring sale"}' }, { content: true }],
    ["of the message type", { messageType: "message" }, { messageType: true }],
    ["of the send time", { sendTime: "2027-03-02T02:00:00.000Z" }, { sendTime: true }],
    ["of the audience", otherAudience, { audience: true }],
    ["of the uploaded package alone", otherUpload, { uploadId: true }],
    ["of an option", { options: "{}" }, { options: true }],
    ["that adds a remedy", { remedy: "cancel" }, { remedy: "added" }],
    [
      "of all at once",
      { ...otherAudience, content: "{}", messageType: "message", sendTime: "", options: "{}", remedy: "recall" },
      {
        content: true,
        messageType: true,
        sendTime: true,
        audience: true,
        options: true,
        remedy: "added",
      },
    ],
  ])("%s", ([, news, change]) => {
    expect(changeBetween(parts, { ...parts, ...news })).toEqual({ ...unchanged, ...change });
  });

  test.for<[string | undefined, string | undefined, Change["remedy"]]>([
    [undefined, undefined, "none"],
    [undefined, "cancel", "added"],
    ["cancel", "cancel", "none"],
    ["cancel", "terminate", "added"],
    ["cancel", undefined, "removed"],
  ])("from remedy %s to %s: %s", ([olds, news, remedy]) => {
    expect(changeBetween({ ...parts, remedy: olds }, { ...parts, remedy: news })).toEqual({ ...unchanged, remedy });
  });

  test.for<[Partial<Change>, boolean]>([
    [{}, false],
    [{ remedy: "added" }, false],
    [{ remedy: "removed" }, false],
    [{ content: true }, true],
    [{ messageType: true }, true],
    [{ sendTime: true }, true],
    [{ audience: true }, true],
    [{ options: true }, true],
    [{ uploadId: true }, true],
  ])("%o changes what would be pushed: %s", ([change, expected]) => {
    expect(changesRequest({ ...unchanged, ...change })).toBe(expected);
  });

  test.for<[string, Partial<Parts>]>([
    ["nothing", {}],
    ["the remedy", { remedy: "cancel" }],
  ])("of %s leaves the request the same", ([, news]) => {
    expect(isSameRequest(parts, { ...parts, ...news })).toBe(true);
    expect(isSameRequest({ ...parts, ...news }, parts)).toBe(true);
  });

  test.for<[string, Partial<Parts>]>([
    ["the content", { content: "{}" }],
    ["the message type", { messageType: "message" }],
    ["the send time", { sendTime: "2027-03-02T02:00:00.000Z" }],
    ["the audience", otherAudience],
    ["the uploaded package alone", otherUpload],
    ["an option", { options: "{}" }],
  ])("of %s makes another request", ([, news]) => {
    expect(isSameRequest(parts, { ...parts, ...news })).toBe(false);
    expect(isSameRequest({ ...parts, ...news }, parts)).toBe(false);
  });
});
