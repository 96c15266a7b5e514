import { describe, expect, test } from "vitest";
import { inServiceTime, parseSendTime, type SendTime } from "../../provider/lifecycle/send-time.ts";

const at = (instant: string): SendTime => ({ kind: "at", at: new Date(instant) });

/** A wall-clock time, as `LocalSendTime` has it. */
const local = (text: string, timeZone: string, offset?: string) => ({
  local: text,
  timeZone,
  ...(offset !== undefined && { offset }),
});

const ambiguous = (text: string, timeZone: string, first: string, second: string): string =>
  `sendTime ${text} occurs twice in ${timeZone}, for daylight saving; add offset: "${first}" or "${second}"`;

const skipped = (text: string, timeZone: string, after: string): string =>
  `sendTime ${text} does not exist in ${timeZone}, the clock skips it for daylight saving; write ${after}`;

const noForm =
  'sendTime is none of the three forms; write "2027-03-01T10:00:00+08:00", { local: "2027-03-01T10:00", timeZone: "Asia/Shanghai" } or { asap: true, notAfter: "2027-03-01T10:00:00+08:00" }';

describe("a send time", () => {
  test.for<[declared: unknown, SendTime]>([
    ["2027-03-01T10:00:00+08:00", at("2027-03-01T02:00:00Z")],
    ["2027-03-01T10:00+08:00", at("2027-03-01T02:00:00Z")],
    ["2027-03-01T02:00:00Z", at("2027-03-01T02:00:00Z")],
    ["2027-03-01T02:00:00.000Z", at("2027-03-01T02:00:00Z")],
    ["2027-02-28T21:00:00-05:00", at("2027-03-01T02:00:00Z")],
    [local("2027-03-01T10:00", "Asia/Shanghai"), at("2027-03-01T02:00:00Z")],
    [local("2027-03-01T10:00:30", "Asia/Shanghai"), at("2027-03-01T02:00:30Z")],
    [local("2027-03-01T10:00", "Asia/Shanghai", "+08:00"), at("2027-03-01T02:00:00Z")],
    [local("2027-07-01T10:00", "Asia/Shanghai"), at("2027-07-01T02:00:00Z")],
    [local("2027-01-01T10:00", "Europe/Berlin"), at("2027-01-01T09:00:00Z")],
    [local("2027-07-01T10:00", "Europe/Berlin"), at("2027-07-01T08:00:00Z")],
    [local("2027-07-01T10:00", "America/New_York"), at("2027-07-01T14:00:00Z")],
    [local("2027-01-01T10:00", "Australia/Lord_Howe"), at("2026-12-31T23:00:00Z")],
    [local("2027-07-01T10:00", "Australia/Lord_Howe"), at("2027-06-30T23:30:00Z")],
    [
      { asap: true, notAfter: "2027-03-01T10:00:00+08:00" },
      { kind: "asap", notAfter: new Date("2027-03-01T02:00:00Z") },
    ],
  ])("%o is taken", ([declared, expected]) => {
    expect(parseSendTime(declared)).toEqual(expected);
  });
});

describe("a time that the clock repeats", () => {
  test.for<[text: string, timeZone: string, first: string, second: string]>([
    ["2027-10-31T02:00", "Europe/Berlin", "+02:00", "+01:00"],
    ["2027-10-31T02:30", "Europe/Berlin", "+02:00", "+01:00"],
    ["2027-11-07T01:30", "America/New_York", "-04:00", "-05:00"],
    ["2027-04-04T01:30", "Australia/Lord_Howe", "+11:00", "+10:30"],
    ["2027-04-04T01:59", "Australia/Lord_Howe", "+11:00", "+10:30"],
  ])("%s in %s needs an offset: %s or %s", ([text, timeZone, first, second]) => {
    const wrong = `sendTime.offset +03:00 is not the offset of ${text} in ${timeZone}; write "${first}" or "${second}"`;

    expect(() => parseSendTime(local(text, timeZone))).toThrow(new Error(ambiguous(text, timeZone, first, second)));
    expect(parseSendTime(local(text, timeZone, first))).toEqual(at(`${text}:00${first}`));
    expect(parseSendTime(local(text, timeZone, second))).toEqual(at(`${text}:00${second}`));
    expect(() => parseSendTime(local(text, timeZone, "+03:00"))).toThrow(new Error(wrong));
  });

  test.for<[text: string, timeZone: string, instant: string]>([
    ["2027-10-31T01:59:59", "Europe/Berlin", "2027-10-31T01:59:59+02:00"],
    ["2027-10-31T03:00", "Europe/Berlin", "2027-10-31T03:00:00+01:00"],
    ["2027-11-07T02:00", "America/New_York", "2027-11-07T02:00:00-05:00"],
    ["2027-04-04T01:29", "Australia/Lord_Howe", "2027-04-04T01:29:00+11:00"],
    ["2027-04-04T02:00", "Australia/Lord_Howe", "2027-04-04T02:00:00+10:30"],
  ])("has neighbours that need none: %s in %s", ([text, timeZone, instant]) => {
    expect(parseSendTime(local(text, timeZone))).toEqual(at(instant));
  });
});

describe("a time that the clock skips", () => {
  test.for<[text: string, timeZone: string, after: string]>([
    ["2027-03-28T02:00", "Europe/Berlin", "2027-03-28T03:00:00"],
    ["2027-03-28T02:30", "Europe/Berlin", "2027-03-28T03:30:00"],
    ["2027-03-14T02:30", "America/New_York", "2027-03-14T03:30:00"],
    ["2027-10-03T02:00", "Australia/Lord_Howe", "2027-10-03T02:30:00"],
    ["2027-10-03T02:29", "Australia/Lord_Howe", "2027-10-03T02:59:00"],
  ])("%s in %s is refused, with the time after it", ([text, timeZone, after]) => {
    expect(() => parseSendTime(local(text, timeZone))).toThrow(new Error(skipped(text, timeZone, after)));
    expect(() => parseSendTime(local(text, timeZone, "+01:00"))).toThrow(new Error(skipped(text, timeZone, after)));
  });

  test.for<[text: string, timeZone: string, instant: string]>([
    ["2027-03-28T01:59:59", "Europe/Berlin", "2027-03-28T01:59:59+01:00"],
    ["2027-03-28T03:00", "Europe/Berlin", "2027-03-28T03:00:00+02:00"],
    ["2027-03-14T03:00", "America/New_York", "2027-03-14T03:00:00-04:00"],
    ["2027-10-03T02:30", "Australia/Lord_Howe", "2027-10-03T02:30:00+11:00"],
  ])("has neighbours that exist: %s in %s", ([text, timeZone, instant]) => {
    expect(parseSendTime(local(text, timeZone))).toEqual(at(instant));
  });
});

const notIso = (name: string, text: string): string =>
  `${name} ${text} is not ISO 8601 with an offset; write for example "2027-03-01T10:00:00+08:00"`;

const notWallClock = (text: string): string =>
  `sendTime.local ${text} is not a wall-clock time; write for example "2027-03-01T10:00"`;

const notAZone = (timeZone: string): string =>
  `sendTime.timeZone ${timeZone} is not an IANA time zone; write for example "Asia/Shanghai"`;

const fraction = (name: string): string => `${name} has a fraction of a second; leave it out`;

describe("a send time is refused in one line", () => {
  test.for<[line: string, declared: unknown]>([
    [notIso("sendTime", "2027-03-01T10:00:00"), "2027-03-01T10:00:00"],
    [notIso("sendTime", "2027-03-01"), "2027-03-01"],
    [notIso("sendTime", "2027-03-01 10:00:00"), "2027-03-01 10:00:00"],
    [notIso("sendTime", "2027-02-29T10:00:00+08:00"), "2027-02-29T10:00:00+08:00"],
    [notIso("sendTime", "2027-03-01T25:00:00+08:00"), "2027-03-01T25:00:00+08:00"],
    [notIso("sendTime", "tomorrow"), "tomorrow"],
    [notIso("sendTime", ""), ""],
    [notIso("sendTime.notAfter", "2027-03-01T10:00:00"), { asap: true, notAfter: "2027-03-01T10:00:00" }],
    [fraction("sendTime"), "2027-03-01T10:00:00.5+08:00"],
    [fraction("sendTime"), "2027-03-01T10:00:00.001+08:00"],
    [fraction("sendTime.notAfter"), { asap: true, notAfter: "2027-03-01T10:00:00.5+08:00" }],
    [notWallClock("2027-03-01"), local("2027-03-01", "Asia/Shanghai")],
    [notWallClock("2027-03-01T10"), local("2027-03-01T10", "Asia/Shanghai")],
    [notWallClock("2027-03-01 10:00"), local("2027-03-01 10:00", "Asia/Shanghai")],
    [notWallClock("2027-03-01T10:00+08:00"), local("2027-03-01T10:00+08:00", "Asia/Shanghai")],
    [notWallClock("2027-03-01T10:00Z"), local("2027-03-01T10:00Z", "Asia/Shanghai")],
    [notWallClock("2027-02-29T10:00"), local("2027-02-29T10:00", "Asia/Shanghai")],
    [notWallClock("2027-03-01T24:00"), local("2027-03-01T24:00", "Asia/Shanghai")],
    [notWallClock("2027-03-01T10:00:00.5"), local("2027-03-01T10:00:00.5", "Asia/Shanghai")],
    [notWallClock(""), local("", "Asia/Shanghai")],
    [notAZone("Shanghai"), local("2027-03-01T10:00", "Shanghai")],
    [notAZone("Asia/Nowhere"), local("2027-03-01T10:00", "Asia/Nowhere")],
    [notAZone(""), local("2027-03-01T10:00", "")],
    [
      'sendTime.offset +01:00 is not the offset of 2027-03-01T10:00 in Asia/Shanghai; write "+08:00"',
      local("2027-03-01T10:00", "Asia/Shanghai", "+01:00"),
    ],
    [
      'sendTime.offset 8 is not the offset of 2027-03-01T10:00 in Asia/Shanghai; write "+08:00"',
      local("2027-03-01T10:00", "Asia/Shanghai", "8"),
    ],
    [noForm, { local: "2027-03-01T10:00" }],
    [noForm, { timeZone: "Asia/Shanghai" }],
    [noForm, { ...local("2027-03-01T10:00", "Asia/Shanghai"), zone: "Asia/Shanghai" }],
    [noForm, { asap: true }],
    [noForm, { asap: false, notAfter: "2027-03-01T10:00:00+08:00" }],
    [noForm, {}],
    [noForm, 1_803_866_400],
    [noForm, null],
  ])("%s", ([line, declared]) => {
    expect(() => parseSendTime(declared)).toThrow(new Error(line));
  });
});

describe("a time for people", () => {
  test("is the service's, to the minute", () => {
    expect(inServiceTime(new Date("2027-02-28T18:05:59Z"))).toBe("2027-03-01 02:05 (UTC+8)");
  });
});
