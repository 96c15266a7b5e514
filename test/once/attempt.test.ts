import { describe, expect, test } from "vitest";
import { courseOfAttempt, fingerprintOf, type PlannedPush, type Shown } from "../../provider/once/attempt.ts";

const sendAt = "2027-03-01T02:00:00.000Z";
const shown: Shown = { title: "Spring sale", content: "20 % off today", audience: "all", sendAt: new Date(sendAt) };

const scheduled = "VgQQrDUV5lzfUzmr";
const atOnce = "f1E5wcX-xE0H_5Gl";

describe("the fingerprint of a push", () => {
  test("is the same for ever, or an older version's journal would not find its pushes", () => {
    expect([fingerprintOf(shown, false), fingerprintOf(shown, true)]).toEqual([scheduled, atOnce]);
  });

  test.for<[string, Partial<Shown>]>([
    ["title", { title: "Summer sale" }],
    ["text", { content: "30 % off today" }],
    ["audience", { audience: "tag" }],
    ["title that is a part of another's text", { title: "Spring", content: "sale20 % off today" }],
  ])("differs by its %s", ([, other]) => {
    expect(fingerprintOf({ ...shown, ...other }, false)).not.toBe(scheduled);
    expect(fingerprintOf({ ...shown, ...other }, true)).not.toBe(atOnce);
  });

  test("differs by its send time where it has one", () => {
    const later = { ...shown, sendAt: new Date("2027-03-02T02:00:00.000Z") };

    expect(fingerprintOf(later, false)).not.toBe(scheduled);
    expect(fingerprintOf(later, true)).toBe(atOnce);
  });
});

test("the course of an attempt is that of the push that was planned", () => {
  const push: PlannedPush = {
    marker: "t3689u8788ctm1u00lbq9gnv0",
    marked: true,
    parts: { content: "", messageType: "", sendTime: "", audience: "", audienceWithoutUpload: "", options: "" },
    atOnce: false,
    fingerprint: scheduled,
    sendAt,
    storageSeconds: 3_600,
  };

  expect(courseOfAttempt(push)).toEqual({ sendAt: new Date(sendAt), storageSeconds: 3_600 });
});
