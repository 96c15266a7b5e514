import { expect, test } from "vitest";
import { pushPath, recordPath } from "./result.ts";
import { trafficOf } from "./traffic.ts";

const at = (seconds: number): string => new Date(seconds * 1_000).toISOString();

test("what a user waits is the service's time from the first push to the last, and real time before and after", () => {
  // Ten service seconds a real one: the first push after 2 real seconds, the last one 4 service seconds later.
  const requests = [
    { path: recordPath, at: at(110), retCode: 0 },
    { path: pushPath, at: at(120), retCode: 0 },
    { path: pushPath, at: at(121), retCode: 1_008_028 },
    { path: pushPath, at: at(122), retCode: 0 },
    { path: pushPath, at: at(124), retCode: 0 },
  ];
  expect(trafficOf(requests, { seconds: 3.4, startedAt: 100_000, pace: 10 })).toEqual({
    calls: { [recordPath]: 1, [pushPath]: 4 },
    refusals: 1,
    tooFast: 1,
    leastGapSeconds: 2,
    waitedSeconds: 3.4 - 0.4 + 4,
  });
});

test("an operation without a push waits for what it takes", () => {
  expect(trafficOf([], { seconds: 2, startedAt: 0, pace: 10 })).toEqual({
    calls: {},
    refusals: 0,
    tooFast: 0,
    waitedSeconds: 2,
  });
});
