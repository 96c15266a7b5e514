import { describe, expect, test } from "vitest";
import { type Measurement, pushPath, type Results, recordPath, type Subject } from "./result.ts";
import { isMeasured, isMet, judge } from "./target.ts";

const subject: Subject = { level: "engine", service: "limited", arm: "ours", n: 100, operation: "up" };

/** An `up` at the real limit that meets every target. */
const good: Measurement = {
  ...subject,
  seconds: 12,
  waitedSeconds: 108,
  leastGapSeconds: 1.05,
  calls: { [pushPath]: 100, [recordPath]: 1 },
  refusals: 0,
  tooFast: 0,
};

const nothing: Results = {
  machine: "none",
  at: "2027-01-01T00:00:00Z",
  omissions: [],
  contentBytes: 100,
  emptyStateBytes: 1_000,
  measurements: [],
  deliveries: [],
  lostAnswers: [],
  costs: [],
};

const missedOf = (results: Partial<Results>): readonly string[] =>
  judge({ ...nothing, ...results })
    .filter((judgement) => isMeasured(judgement) && !isMet(judgement))
    .map(({ target }) => target);

const cost = { ...subject, level: "provider", service: "free", n: 1_000, cpuMilliseconds: undefined } as const;

describe("judge", () => {
  test("misses nothing where nothing was measured", () => {
    expect(missedOf({})).toEqual([]);
  });

  test.for<[what: string, change: Partial<Measurement>, missed: readonly string[]]>([
    ["that meets every target", {}, []],
    ["that waits too long", { waitedSeconds: 110.1 }, ["at the real limit, 100 tasks: what the user waits"]],
    [
      "that pushes too fast",
      { leastGapSeconds: 0.99 },
      ["at the real limit, 100 tasks: shortest time between two pushes"],
    ],
    ["that is refused", { tooFast: 1 }, ["at the real limit: refusals with 1008028"]],
    [
      "that pushes once too often",
      { calls: { [pushPath]: 101, [recordPath]: 1 } },
      ["pushes of an up: 100 tasks, engine, limited"],
    ],
    ["that fails", { failure: "exit code 1" }, ["operations of ours that failed"]],
  ])("of an up %s names what it misses", ([, change, missed]) => {
    expect(missedOf({ measurements: [{ ...good, ...change }] })).toEqual(missed);
  });

  test.for<[n: number, queries: number, missed: number]>([
    [100, 1, 0],
    [100, 2, 1],
    [199, 1, 0],
    [200, 2, 0],
    [1_000, 6, 0],
  ])("of a refresh of %d tasks and one that was cancelled, with %d calls, misses %d", ([n, queries, missed]) => {
    const refresh = { ...good, n, operation: "refresh", calls: { [recordPath]: queries } } as const;
    expect(missedOf({ measurements: [refresh] })).toHaveLength(missed);
  });

  test.for([
    [2, []],
    [3, ["a create beside the protocol and its call, of 1000", "the same with its call, in raw calls"]],
  ] as const)("takes the protocol's cost, and the call's, from a create of %d ms", ([milliseconds, missed]) => {
    const costs = [
      { ...cost, arm: "ours", call: "create", milliseconds },
      { ...cost, arm: "empty", call: "create", milliseconds: 0.5 },
      { ...cost, arm: "raw", call: "create", milliseconds: 1 },
    ] as const;
    expect(missedOf({ costs })).toEqual(missed);
  });

  test("names a task that a phone alerted of twice, and one that none alerted of", () => {
    const { level, service, arm, n } = subject;
    expect(missedOf({ deliveries: [{ level, service, arm, n, once: 99, twice: 1 }] })).toEqual([
      "tasks that reached phones: 100 tasks, limited",
      "tasks that reached a phone more than once: 100 tasks, limited",
    ]);
  });
});
