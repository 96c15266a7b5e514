import { describe, expect, test } from "vitest";
import { isAuthRefusal, PushApiError, PushConnectionError } from "../../provider/tpns/errors.ts";

const action = 'push task "spring-sale"';
const key = "check that access id, secret key and access point belong together, and this machine's clock";

const messageOf = (retCode: number, errMsg = "", httpStatus = 200): string =>
  new PushApiError(action, { httpStatus, retCode, errMsg }).message.slice(action.length + 2);

describe("a refusal says what it means and what to do", () => {
  test.for<[number, string]>([
    [1_008_001, "the service cannot parse the parameters"],
    [1_008_002, "a parameter is missing"],
    [1_008_003, `authentication failed; ${key}`],
    [1_008_004, "a call inside the service failed; try again later"],
    [1_008_006, "a token is invalid; correct it, or set ignore_invalid_token"],
    [1_008_007, "a parameter is invalid"],
    [1_008_011, "the upload failed; try again"],
    [1_008_012, "the uploaded file is empty"],
    [1_008_013, "the certificate cannot be parsed; upload it anew in the console"],
    [1_008_015, "there is no such push id, or it is more than a month old"],
    [1_008_016, "a date has the wrong form; write yyyy-MM-dd"],
    [1_008_019, "the service's review refused the content; change title or content"],
    [1_008_020, "the certificate is of another bundle id; upload the app's own in the console"],
    [1_008_021, "the certificate is no p12 file; upload a p12 file in the console"],
    [1_008_022, "the certificate's password is wrong; upload it anew in the console"],
    [1_008_023, "the iOS push certificate has expired; upload a new one in the console"],
    [1_008_025, "the app exists on this platform"],
    [1_008_026, "the operation failed in part"],
    [1_008_027, "the operation failed as a whole"],
    [1_008_028, "request too fast; wait: 1 push a second, 200 queries an hour"],
    [1_008_029, "a token is not valid; correct it, or set ignore_invalid_token"],
    [1_008_030, "the app is not paid for; renew it in the console"],
    [1_008_031, "the app has expired and its resources are gone; renew it in the console"],
    [1_008_035, "the access id is unknown at this access point; check access id and access point"],
    [1_010_001, "no push resources are deployed for the app; buy them in the console"],
    [10_010_005, "the push target does not exist; check accounts, tokens, tags or upload id"],
    [10_010_012, "the send time is not allowed; write one that is ahead, within 90 days"],
    [10_010_018, "the same push went out within the hour; change it, or wait for an hour"],
    [10_030_002, `access id and secret key do not match; ${key}`],
    [10_030_009, "there is no such app at this access point; check access id and access point"],
    [10_110_008, "neither token nor account is given"],
    [42, "refused with a code that the documents do not list"],
  ])("%i: %s", ([retCode, words]) => {
    expect(messageOf(retCode)).toBe(`${words} (HTTP 200, ret_code ${retCode})`);
  });

  test("an HTTP status alone stands without a code", () => {
    expect(messageOf(403, "", 403)).toBe(
      `access refused; ${key}; an IP allowlist of the app refuses likewise (HTTP 403)`,
    );
  });

  test.for<[number, string, string]>([
    [1_008_007, "collapse_id\n  is unknown", "a parameter is invalid: collapse_id is unknown"],
    [42, "new rule", "refused with a code that the documents do not list: new rule"],
    [1_008_007, "NO_ERROR", "a parameter is invalid"],
    [10_010_005, "internal error", "the push target does not exist; check accounts, tokens, tags or upload id"],
  ])("%i with the service's text %o: %s", ([retCode, errMsg, words]) => {
    expect(messageOf(retCode, errMsg)).toBe(`${words} (HTTP 200, ret_code ${retCode})`);
  });

  test("the service's text is cut to 200 characters", () => {
    expect(messageOf(42, "x".repeat(5_000))).toContain(`: ${"x".repeat(200)} (`);
  });
});

describe("our errors", () => {
  const refusal = new PushApiError(action, { httpStatus: 200, retCode: 1_008_003, errMsg: "" });

  test("have no field that Pulumi or gRPC reads as its own", () => {
    const fields = [refusal, new PushConnectionError(action, "no answer")].map((error) => Object.keys(error).sort());
    expect(fields).toEqual([
      ["httpStatus", "name", "retCode"],
      ["began", "name"],
    ]);
  });

  test.for<[number, number, boolean]>([
    [1_008_003, 200, true],
    [10_030_002, 200, true],
    [403, 403, true],
    [1_008_028, 200, false],
    [1_008_004, 500, false],
  ])("ret_code %i with HTTP %i refuses the credentials: %o", ([retCode, httpStatus, expected]) => {
    expect(isAuthRefusal(new PushApiError(action, { retCode, httpStatus, errMsg: "" }))).toBe(expected);
  });
});
