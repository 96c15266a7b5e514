import { describe, expect, test } from "vitest";
import { occurrencesOf, type RecurrenceArgs } from "../../provider/campaign/recurrence.ts";

const daily: RecurrenceArgs = {
  every: "day",
  at: "10:00",
  timeZone: "Asia/Shanghai",
  from: "2027-03-01",
  until: "2027-03-03",
};

const timesOf = (recurrence: RecurrenceArgs) => occurrencesOf(recurrence).map(({ sendTime }) => sendTime);
const datesOf = (recurrence: RecurrenceArgs) => occurrencesOf(recurrence).map(({ date }) => date);

describe("a recurrence", () => {
  test("comes every day, from the first to the last, but for exceptions", () => {
    expect(occurrencesOf({ ...daily, except: ["2027-03-02"] })).toEqual([
      { date: "2027-03-01", sendTime: "2027-03-01T10:00:00+08:00" },
      { date: "2027-03-03", sendTime: "2027-03-03T10:00:00+08:00" },
    ]);
  });

  test("comes on days of the week", () => {
    const weekly: RecurrenceArgs = { ...daily, every: "week", on: ["monday", "sunday"], until: "2027-03-14" };
    expect(datesOf(weekly)).toEqual(["2027-03-01", "2027-03-07", "2027-03-08", "2027-03-14"]);
  });

  test("comes on days of the month, where the month has them", () => {
    const monthly: RecurrenceArgs = { ...daily, every: "month", on: [1, 31], until: "2027-05-31" };
    expect(datesOf(monthly)).toEqual(["2027-03-01", "2027-03-31", "2027-04-01", "2027-05-01", "2027-05-31"]);
  });

  // Berlin: 28 March 2027 skips 02:00 to 03:00, 31 October 2027 has it twice.
  const berlin: RecurrenceArgs = { ...daily, timeZone: "Europe/Berlin" };

  test("keeps its wall-clock time over a change of daylight saving", () => {
    expect(timesOf({ ...berlin, from: "2027-03-27", until: "2027-03-28" })).toEqual([
      "2027-03-27T10:00:00+01:00",
      "2027-03-28T10:00:00+02:00",
    ]);
  });

  test("takes the first of two times, or the second", () => {
    const twice: RecurrenceArgs = { ...berlin, at: "02:30", from: "2027-10-31", until: "2027-10-31" };
    expect([timesOf(twice), timesOf({ ...twice, overlap: "second" })]).toEqual([
      ["2027-10-31T02:30:00+02:00"],
      ["2027-10-31T02:30:00+01:00"],
    ]);
  });

  test("has offsets of half an hour, and changes of half an hour", () => {
    // Lord Howe Island goes back by half an hour on 4 April 2027.
    const island: RecurrenceArgs = {
      ...daily,
      timeZone: "Australia/Lord_Howe",
      from: "2027-04-03",
      until: "2027-04-04",
    };
    expect(timesOf(island)).toEqual(["2027-04-03T10:00:00+11:00", "2027-04-04T10:00:00+10:30"]);
  });

  test.for<[string, Partial<RecurrenceArgs>, string]>([
    [
      "a time that daylight saving skips",
      { timeZone: "Europe/Berlin", at: "02:30", from: "2027-03-27", until: "2027-03-29" },
      'repeat.at 02:30 does not exist on 2027-03-28 in Europe/Berlin, the clock skips it for daylight saving; write another time, or except: ["2027-03-28"]',
    ],
    ["a day that is none", { from: "2027-02-29" }, 'repeat.from 2027-02-29 is no day; write for example "2027-03-01"'],
    ["a time that is none", { at: "25:00" }, 'repeat.at 25:00 is no time of day; write for example "10:00"'],
    ["a time with one digit", { at: "9:00" }, 'repeat.at 9:00 is no time of day; write for example "10:00"'],
    [
      "a zone that is none",
      { timeZone: "Shanghai" },
      'repeat.timeZone Shanghai is no IANA time zone; write for example "Asia/Shanghai"',
    ],
    [
      "an end before its beginning",
      { until: "2027-02-01" },
      "repeat.until 2027-02-01 is before repeat.from 2027-03-01; exchange them",
    ],
    [
      "a slip in the years",
      { until: "3027-02-01" },
      "repeat.until 3027-02-01 is more than ten years after repeat.from",
    ],
    ["an exception of no effect", { except: ["2027-04-05"] }, "repeat.except 2027-04-05 is no day of it; leave it out"],
    [
      "no day that is left",
      { except: ["2027-03-01", "2027-03-02", "2027-03-03"] },
      "repeat has no day from 2027-03-01 until 2027-03-03; write others",
    ],
    ["days of a day", { on: ["monday"] }, 'repeat.on is for every: "week" and every: "month"; leave it out'],
    [
      "a week without days",
      { every: "week" },
      "repeat.on names no day; write some of monday, tuesday, wednesday, thursday, friday, saturday, sunday",
    ],
    ["the 32nd", { every: "month", on: [1, 32] }, "repeat.on 32; write days of the month, 1 to 31"],
  ])("refuses %s", ([, wrong, line]) => {
    expect(() => occurrencesOf({ ...daily, ...wrong })).toThrow(new Error(line));
  });
});
