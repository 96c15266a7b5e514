import { describe, expect, test } from "vitest";
import { createPushClient } from "../../provider/tpns/client.ts";
import { PushApiError, PushConnectionError } from "../../provider/tpns/errors.ts";
import { createQueryLimit, type QueryCount, QueryLimitError } from "../../provider/tpns/query-limit.ts";
import { drop, type Handler, json, startService } from "./service.ts";

const start = Date.parse("2027-02-01T08:00:00+08:00");
const minute = 60_000;

/** A count that is kept in memory, with so many queries made at the start. */
const countOf = (made: number) => {
  const times = Array<number>(made).fill(start);
  const count: QueryCount = {
    between: (from, to) => times.filter((at) => at > from && at <= to),
    add: (now) => void times.push(now),
  };
  return { count, times };
};

interface World {
  /** Queries that were made at the start. */
  readonly made?: number;
  /** Real milliseconds since then. */
  readonly passed?: number;
  readonly pace?: number | undefined;
  readonly loopback?: boolean;
}

const worldOf = ({ made = 0, passed = 0, loopback = false, ...rest }: World) => {
  const { count, times } = countOf(made);
  const pace = "pace" in rest ? rest.pace : 1;
  const clock = {
    localNow: () => start + passed,
    stamp: () => ({ at: start + passed * (pace ?? 1), elapsed: 0 }),
    pace: () => pace,
  };
  return { limit: createQueryLimit({ clock, count, loopback }), times };
};

const failureOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

const lineOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no failure",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

const meanwhile =
  "until then only a run that changes nothing works; what cannot wait is cancelled by pulumi-tpns halt, with a query for 200 tasks, or in the service's console";

describe("a query", () => {
  test("is counted before it is made", () => {
    const { limit, times } = worldOf({ made: 199, passed: minute });

    limit.take("list push records");

    expect(times.slice(199)).toEqual([start + minute]);
  });

  test("beyond 200 in an hour is not made, and the line says from when on and what is possible until then", () => {
    const { limit, times } = worldOf({ made: 200, passed: minute });

    expect(failureOf(() => limit.take("list push records"))).toEqual(
      new QueryLimitError(
        "list push records",
        `200 queries an hour are all that the service answers for the app, and runs on this machine have made so many that none is left; run the same again from 2027-02-01 09:00:00 (UTC+8) on; ${meanwhile}`,
        false,
      ),
    );
    expect(times).toHaveLength(200);
  });

  test("to an emulator that may have been started anew is refused with the way on", () => {
    const { limit } = worldOf({ made: 200, loopback: true });

    expect(String(failureOf(() => limit.take("list push records")))).toMatch(
      /; an emulator that was started anew counts from nothing: give it an empty folder as TPNS_JOURNAL$/,
    );
  });

  test("is made again once the first of them is an hour old", () => {
    expect([60 * minute - 1, 60 * minute].map((passed) => failedAt({ made: 200, passed }))).toEqual([true, false]);
  });

  test("has the hour of a fast emulator", () => {
    const world = { made: 200, pace: 60, loopback: true };

    expect([minute - 1, minute].map((passed) => failedAt({ ...world, passed }))).toEqual([true, false]);
    expect(String(failureOf(() => worldOf({ ...world, passed: minute / 2 }).limit.take("list")))).toContain(
      "from 2027-02-01 09:00:00 (UTC+8) on",
    );
  });

  test.for<[string, number | undefined]>([
    ["has not told its pace yet", undefined],
    ["stands still", 0],
  ])("is counted and never refused where an emulator %s", ([, pace]) => {
    const { limit, times } = worldOf({ made: 200, pace, loopback: true });

    limit.take("list push records");

    expect(times).toHaveLength(201);
  });

  test.for<[string, number, boolean]>([
    ["a minute", -minute, true],
    ["more than a minute", -minute - 1, false],
    ["a day", -24 * 60 * minute, false],
  ])("is refused for those that a clock set back by %s has made: %o", ([, passed, refused]) => {
    expect(failedAt({ made: 200, passed })).toBe(refused);
  });

  test("that is repeated counts each time that it begins", () => {
    const { limit, times } = worldOf({});

    const onBegin = limit.take("list push records");
    for (let begin = 1; begin <= 3; begin += 1) onBegin();

    expect(times).toHaveLength(3);
  });
});

const failedAt = (world: World): boolean =>
  failureOf(() => worldOf(world).limit.take("list")) instanceof QueryLimitError;

describe("a plan that takes queries", () => {
  test("is not begun where too few are left, and the line says from when on", async () => {
    const { limit } = worldOf({ made: 197, passed: minute });
    const begun: string[] = [];

    const line = await lineOf(limit.withQueries('update task "a"', 4, async () => begun.push("a")));

    expect([begun, line]).toEqual([
      [],
      `update task "a": 200 queries an hour are all that the service answers for the app, and runs on this machine have made so many that fewer than the 4 that this can take are left; run the same again from 2027-02-01 09:00:00 (UTC+8) on; ${meanwhile}`,
    ]);
  });

  test("has them to itself while it is under way", async () => {
    const { limit } = worldOf({ made: 194 });
    const done = Promise.withResolvers<string>();

    const first = limit.withQueries("a", 4, () => done.promise);
    const second = await lineOf(limit.withQueries("b", 3, async () => "b"));
    const third = await limit.withQueries("c", 2, async () => "c");
    done.resolve("a");
    await first;
    const fourth = await limit.withQueries("d", 6, async () => "d");

    expect([second.slice(0, 3), third, await first, fourth]).toEqual(["b: ", "c", "a", "d"]);
  });

  test("gives them back where it fails, and its failure is its own", async () => {
    const { limit } = worldOf({ made: 196 });
    const failure = new Error("raced");

    await expect(limit.withQueries("a", 4, () => Promise.reject(failure))).rejects.toBe(failure);

    expect(await limit.withQueries("b", 4, async () => "b")).toBe("b");
  });
});

describe("a query that the service refuses as too fast", () => {
  const refusal = new PushApiError("list push records", { httpStatus: 200, retCode: 1_008_028, errMsg: "" });

  test("is explained in the same way", () => {
    expect(worldOf({}).limit.explain("list push records", refusal)).toEqual(
      new QueryLimitError(
        "list push records",
        `the service takes no more queries of the app for now: it has 200 an hour, those of other machines included; run the same again, at 2027-02-01 09:00:00 (UTC+8) at the latest; ${meanwhile} (HTTP 200, ret_code 1008028)`,
      ),
    );
  });

  test.for([
    new PushApiError("list push records", { httpStatus: 200, retCode: 1_008_015, errMsg: "" }),
    new PushConnectionError("list push records", "no answer"),
    new Error("another"),
  ])("is not taken for %o", (error) => {
    expect(worldOf({}).limit.explain("list push records", error)).toBe(error);
  });
});

/** What a client has sent and counted of one query, to a service that answers so. */
async function countedOf(made: number, ...handlers: readonly Handler[]) {
  const { count, times } = countOf(made);
  await using service = await startService(...handlers);
  const client = createPushClient({
    accessId: "1500001234",
    secretKey: "key",
    baseUrl: service.baseUrl,
    queries: count,
    localNow: () => start,
    deadlines: { retry: 1 },
  });
  const first = await lineOf(client.getPushRecord("a", "1"));
  const second = await lineOf(client.listPushRecords({ startDate: "2027-02-01", endDate: "2027-02-01", limit: 1 }));
  await client.close();
  return { first, second, calls: service.calls.length, counted: times.length - made };
}

describe("a client's queries", () => {
  const none = json({ retCode: 0, count: 0, pushRecordData: [] });
  const paced = json({ retCode: 0, count: 0, pushRecordData: [] }, { "x-emulator-pace": "1" });
  const serviceNow = "Mon, 01 Mar 2027 02:00:00 GMT";

  test.for<[string, Handler[], number]>([
    ["once each", [none], 2],
    ["also those that undici repeats", [drop, json("", {}, 503), none, none], 4],
    ["also those that are signed anew", [json({ retCode: 1_008_003 }, { date: serviceNow }), none, none], 3],
  ])("are counted: %s", async ([, handlers, calls]) => {
    expect(await countedOf(0, ...handlers)).toEqual({
      first: "no failure",
      second: "no failure",
      calls,
      counted: calls,
    });
  });

  test("are not sent once none is left", async () => {
    const { first, second, calls, counted } = await countedOf(200, paced);

    expect([first, second.slice(0, 41), calls, counted]).toEqual([
      "no failure",
      "list push records: 200 queries an hour ar",
      1,
      1,
    ]);
  });
});
