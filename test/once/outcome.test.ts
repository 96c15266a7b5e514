import { describe, expect, test } from "vitest";
import { type Outcome, outcomeOf } from "../../provider/once/outcome.ts";
import { PushApiError, PushConnectionError } from "../../provider/tpns/errors.ts";

const action = 'push task "spring-sale"';

/** A well-formed answer of the service, or a status that stands alone where the code is the same. */
const answered = (retCode: number, httpStatus = 200): PushApiError =>
  new PushApiError(action, { httpStatus, retCode, errMsg: "" });

describe("an answer with the service's code", () => {
  test.for<[number, Outcome]>([
    [1_008_001, "refused"],
    [1_008_002, "refused"],
    [1_008_003, "refused"],
    // "invoke service error": who called whom inside, and how far it came, the answer does not tell.
    [1_008_004, "ambiguous"],
    [1_008_006, "refused"],
    [1_008_007, "refused"],
    // An upload that breaks in the midst.
    [1_008_011, "ambiguous"],
    [1_008_012, "refused"],
    [1_008_013, "refused"],
    [1_008_015, "refused"],
    [1_008_016, "refused"],
    [1_008_019, "refused"],
    [1_008_020, "refused"],
    [1_008_021, "refused"],
    [1_008_022, "refused"],
    [1_008_023, "refused"],
    [1_008_025, "refused"],
    // Of a batch some were done; which, it does not tell.
    [1_008_026, "ambiguous"],
    // Documented of account batches alone, as what came of the work and not as a test before it.
    [1_008_027, "ambiguous"],
    [1_008_028, "refused"],
    [1_008_029, "refused"],
    [1_008_030, "refused"],
    [1_008_031, "refused"],
    [1_008_035, "refused"],
    [1_010_001, "refused"],
    // Its text is "internal error", its documented meaning that there is no such target.
    [10_010_005, "refused"],
    [10_010_012, "refused"],
    [10_010_018, "duplicate"],
    [10_030_002, "refused"],
    [10_030_009, "refused"],
    [10_110_008, "refused"],
    // Of the old service, of the Java SDK itself, of no list.
    [10_100, "ambiguous"],
    [10_101, "ambiguous"],
    [42, "ambiguous"],
    [-1, "ambiguous"],
    [1_008_005, "ambiguous"],
    // As codes in a body they are on no list.
    [401, "ambiguous"],
    [403, "ambiguous"],
  ])("%i is %s", ([retCode, outcome]) => {
    expect(outcomeOf(answered(retCode))).toBe(outcome);
  });

  test.for<[number, number, Outcome]>([
    [1_008_007, 400, "refused"],
    [1_008_028, 503, "refused"],
    [1_008_004, 500, "ambiguous"],
    [10_010_018, 409, "duplicate"],
    [42, 403, "ambiguous"],
    [403, 401, "ambiguous"],
  ])("%i with HTTP %i is %s: the code counts, not the status", ([retCode, httpStatus, outcome]) => {
    expect(outcomeOf(answered(retCode, httpStatus))).toBe(outcome);
  });
});

describe("an HTTP status that stands alone", () => {
  test.for<[number, Outcome]>([
    [401, "refused"],
    [403, "refused"],
    [400, "ambiguous"],
    [404, "ambiguous"],
    [429, "ambiguous"],
    [502, "ambiguous"],
  ])("%i is %s", ([httpStatus, outcome]) => {
    expect(outcomeOf(answered(httpStatus, httpStatus))).toBe(outcome);
  });
});

describe("no answer", () => {
  test("is not sent where not a byte went out", () => {
    expect(outcomeOf(new PushConnectionError(action, "no connection", false))).toBe("notSent");
  });

  test("is ambiguous once the request began", () => {
    expect(outcomeOf(new PushConnectionError(action, "no answer", true))).toBe("ambiguous");
  });

  test("is ambiguous unless it is proved that it did not begin", () => {
    expect(outcomeOf(new PushConnectionError(action, "no answer"))).toBe("ambiguous");
  });
});

test.for<[string, unknown]>([
  ["an error of ours", new Error("please report this")],
  ["an error with the code of a refused connection", Object.assign(new Error("x"), { code: "ECONNREFUSED" })],
  ["an object that looks like a refusal", { name: "PushApiError", retCode: 1_008_003, httpStatus: 200 }],
  ["an object that looks unsent", { name: "PushConnectionError", began: false }],
  ["nothing", undefined],
])("%s is ambiguous", ([, error]) => {
  expect(outcomeOf(error)).toBe("ambiguous");
});
