import { test as base, expect, vi } from "vitest";
import { Lookout } from "../../provider/lifecycle/lookout.ts";
import type { Sighting } from "../../provider/once/look.ts";

const sighting = (pushId: string): Sighting => ({
  pushId,
  status: "PUSH_CANCELED",
  audience: "all",
  createdAt: undefined,
  title: "",
  content: "",
  groupId: undefined,
  collapseId: undefined,
  isFromApi: true,
  sendAt: new Date("2027-02-02T02:00:00.000Z"),
  storageSeconds: 259_200,
});

/** A service with a thousand records, "0" to "999", in pages of 200. */
class Service {
  readonly asked: string[] = [];
  /** Rows that were pushed since the list was read, and stand before the others. */
  moved = 0;
  failures = 0;
  /** What its answers wait for. */
  held: Promise<void> | undefined;
  readonly #known = Array.from({ length: 1_000 }, (_, position) => String(position));

  one = async (name: string, pushId: string): Promise<Sighting | undefined> => {
    this.asked.push(`${name} ${pushId}`);
    await this.held;
    return this.#known.includes(pushId) ? sighting(pushId) : undefined;
  };

  page = async (offset: number): Promise<readonly Sighting[]> => {
    this.asked.push(`page ${offset}`);
    await this.held;
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error("no answer");
    }
    const rows = [...Array.from({ length: this.moved }, (_, row) => `new ${row}`), ...this.#known];
    return rows.slice(offset, offset + 200).map(sighting);
  };
}

const test = base
  .extend("service", async ({}) => new Service())
  .extend("lookout", async ({ service }) => {
    const { one, page } = service;
    return new Lookout({ one, page, pageRows: 200, gatherMilliseconds: 20 });
  });

/** Looks for records where the list had them, all at once. */
const lookFor = (lookout: Lookout, positions: readonly number[]) =>
  Promise.allSettled(
    positions.map(async (position) => (await lookout.find("a task", String(position), position))?.pushId),
  );

const found = (positions: readonly number[]) =>
  positions.map((position) => ({ status: "fulfilled", value: String(position) }));

test.for<[string, readonly number[], readonly string[]]>([
  ["a record that is asked for alone is asked for by itself", [500], ["a task 500"]],
  ["those that are asked for together share a page", [500, 501, 430, 599], ["page 414"]],
  ["at the beginning of the list as well", [3, 1, 0], ["page 0"]],
  ["those that stand apart do not", [500, 680, 320], ["a task 500", "a task 680", "a task 320"]],
  ["the page is the one that shows the most", [500, 350, 640, 650], ["page 475", "a task 350"]],
  ["each group has a page of its own", [0, 500, 1, 501], ["page 0", "page 400"]],
])("%s", async ([, positions, asked], { lookout, service }) => {
  expect(await lookFor(lookout, positions)).toEqual(found(positions));
  expect(service.asked).toEqual(asked);
});

test("what is asked for while a look is under way is looked at anew, together", async ({ lookout, service }) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  service.held = promise;
  const first = lookFor(lookout, [500]);
  await vi.waitFor(() => expect(service.asked).toEqual(["a task 500"]));
  const later = lookFor(lookout, [500, 501, 502]);
  resolve();

  expect(await Promise.all([first, later])).toEqual([found([500]), found([500, 501, 502])]);
  expect(service.asked).toEqual(["a task 500", "page 401"]);
});

test("what is asked for while a page is on its way is not answered by it", async ({ lookout, service }) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  service.held = promise;
  const first = lookFor(lookout, [500, 501]);
  await vi.waitFor(() => expect(service.asked).toEqual(["page 400"]));
  const later = lookFor(lookout, [502]);
  resolve();

  expect(await Promise.all([first, later])).toEqual([found([500, 501]), found([502])]);
  expect(service.asked).toEqual(["page 400", "a task 502"]);
});

test("what new pushes have moved off the page is asked for by itself", async ({ lookout, service }) => {
  service.moved = 99;
  expect(await lookFor(lookout, [500, 599])).toEqual(found([500, 599]));
  expect(service.asked).toEqual(["page 449", "a task 599"]);
});

test("what the list did not have is asked for by itself, and may be unknown", async ({ lookout, service }) => {
  const unlisted = lookout.find("a task", "1001", undefined);
  const listed = lookFor(lookout, [500, 501]);

  expect([await unlisted, await listed]).toEqual([undefined, found([500, 501])]);
  expect(service.asked).toEqual(["a task 1001", "page 400"]);
});

test("a page that fails fails for one, and the others look again", async ({ lookout, service }) => {
  service.failures = 1;
  expect(await lookFor(lookout, [500, 501, 502])).toEqual([
    { status: "rejected", reason: new Error("no answer") },
    ...found([501, 502]),
  ]);
  expect(service.asked).toEqual(["page 401", "page 401"]);
});
