import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compactDayOf, dateOfSendTime, dayOf, sendTimeOf } from "../../provider/tpns/times.ts";

describe("the service's times are UTC+8", () => {
  test.for([
    ["2027-03-01T02:00:00Z", "2027-03-01 10:00:00", "2027-03-01", "20270301"],
    ["2027-02-28T16:00:00.999Z", "2027-03-01 00:00:00", "2027-03-01", "20270301"],
    ["2027-12-31T15:59:59Z", "2027-12-31 23:59:59", "2027-12-31", "20271231"],
  ] as const)("%s is %s, on %s", ([iso, sendTime, day, compactDay]) => {
    const date = new Date(iso);
    expect([sendTimeOf(date), dayOf(date), compactDayOf(date)]).toEqual([sendTime, day, compactDay]);
  });

  test("a whole second comes back as itself", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        const date = new Date(seconds * 1_000);
        expect(dateOfSendTime(sendTimeOf(date))).toEqual(date);
      }),
    );
  });

  test.for(["", "2027-02-30 10:00:00", "2027-03-01", "2027-03-01T10:00:00", "2027-03-01 24:00:00", "2027-3-1 1:00:00"])(
    "%o is no time of it",
    (text) => {
      expect(() => dateOfSendTime(text)).toThrow(`"${text}" is no time of the service; write yyyy-MM-dd HH:mm:ss`);
    },
  );
});
