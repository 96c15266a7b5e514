import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RecordBook } from "../../provider/lifecycle/record-book.ts";
import { type ListPushRecordsRequest, PushRecord } from "../../provider/tpns/schema/record.ts";
import { dayOf } from "../../provider/tpns/times.ts";

const now = new Date("2027-02-01T08:00:00+08:00");
const dayMilliseconds = 24 * 60 * 60 * 1_000;

/** Age in days, by push id: the higher the id, the younger. */
type Ages = readonly number[];

type Order = "newest" | "oldest" | "scattered";

/** A service with a record for each age, in one order for every list. */
function serviceWith(ages: Ages, order: Order) {
  const asked: string[] = [];
  const rows = ages
    .toSorted((a, b) => b - a)
    .map((age, number) => {
      const createdAt = new Date(now.getTime() - age * dayMilliseconds);
      const createTime = Math.floor(createdAt.getTime() / 1_000);
      const pushId = String(10_000 + number);
      const record = PushRecord.parse({ pushId, createTime, status: "PUSH_WAIT", date: "2027-02-20 10:00:00" });
      return { day: dayOf(createdAt), record };
    });
  if (order === "newest") rows.reverse();
  if (order === "scattered") rows.sort((a, b) => place(a.record.pushId) - place(b.record.pushId));
  return {
    asked,
    now: () => now,
    getPushRecord: async () => undefined,
    async listPushRecords({ startDate, offset = 0, limit }: ListPushRecordsRequest) {
      asked.push(`${startDate} ${offset}`);
      const matching = rows.filter(({ day }) => day >= startDate).map(({ record }) => record);
      return { count: matching.length, records: matching.slice(offset, offset + (limit ?? 10)) };
    },
  };
}

/** Anywhere, and always the same. */
const place = (pushId: string): number => (Number(pushId) * 7_919) % 10_007;

const month = "2027-01-03";
const narrowed = "2027-01-30";

async function readAll(ages: Ages, order: Order) {
  const service = serviceWith(ages, order);
  const book = new RecordBook(service, () => {});
  const { list } = await book.all();
  return { ids: list.map(({ pushId }) => pushId), asked: service.asked };
}

/** So many records in equal steps over some days. */
const spread = (count: number, days: number): Ages => Array.from({ length: count }, (_, at) => (at * days) / count);

describe("the list of an app with more than ten pages of records this month", () => {
  test.for<[string, Ages, Order, number, readonly string[]]>([
    [
      "all of the last two days, is read with a query for each 200",
      spread(2_201, 1),
      "newest",
      2_201,
      [`${month} 0`, ...Array.from({ length: 11 }, (_, page) => `${narrowed} ${199 + 200 * page}`)],
    ],
    [
      "few of the last two days, is read for those alone",
      spread(2_100, 28),
      "newest",
      176,
      [`${month} 0`, `${narrowed} 0`],
    ],
    ["in another order, is read from its beginning", spread(2_100, 28), "oldest", 176, [`${month} 0`, `${narrowed} 0`]],
  ])("%s", async ([, ages, order, records, asked]) => {
    const read = await readAll(ages, order);

    expect(new Set(read.ids).size).toBe(records);
    expect(read.asked).toEqual(asked);
  });

  test("holds each of the last two days' records once, however old the others are, in whichever order", async () => {
    const ages = fc.record({
      young: fc.integer({ min: 0, max: 2_600 }),
      youngDays: fc.constantFrom(0.1, 1, 2),
      old: fc.integer({ min: 0, max: 2_600 }),
    });
    await fc.assert(
      fc.asyncProperty(ages, fc.constantFrom<Order>("newest", "oldest", "scattered"), async (given, order) => {
        const old = spread(given.old, 20).map((age) => age + 5);
        const all = [...spread(given.young, given.youngDays), ...old];
        fc.pre(all.length > 2_000);

        const { ids } = await readAll(all, order);

        expect(ids.length).toBe(given.young);
        // Of those the push ids are the highest.
        expect(Math.min(...ids.map(Number))).toBe(given.young === 0 ? Infinity : 10_000 + given.old);
      }),
      { numRuns: 60 },
    );
  });
});
