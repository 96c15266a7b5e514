import { expect, test } from "vitest";
import type { Sighting } from "../../provider/once/look.ts";
import { Records } from "../../provider/once/records.ts";

const seen = (pushId: string, groupId: string | undefined): Sighting => ({
  pushId,
  status: "PUSH_WAIT",
  audience: "all",
  createdAt: undefined,
  title: "Spring sale",
  content: "20 % off today",
  groupId,
  collapseId: undefined,
  isFromApi: true,
  sendAt: new Date("2027-02-02T02:00:00Z"),
  storageSeconds: 86_400,
});

const [one, other] = ["t3689u8788ct", "t3689v9pluq0"];
const [a, b] = ["m1u00lbq9gnv", "4tj7nec9c8h5"];

test("records are found by push id, and by both parts of their markers", () => {
  const [first, second, third] = [seen("1", `${one}${a}0`), seen("2", `${one}${b}1`), seen("3", `${other}${a}0`)];
  const records = new Records([first, second]);
  records.add(third);
  records.add(seen("4", "a plan"));
  records.add(seen("5", undefined));

  expect(records.find("2")).toBe(second);
  expect(records.find("9")).toBeUndefined();
  expect(records.of(one)).toEqual([first, second]);
  expect(records.saying(a)).toEqual([first, third]);
  expect(records.of("nobody")).toEqual([]);
  expect(records.list.map(({ pushId }) => pushId)).toEqual(["1", "2", "3", "4", "5"]);
});

test("what is there already stays as it was read", () => {
  const records = new Records([seen("1", `${one}${a}0`)]);
  records.add({ ...seen("1", `${one}${b}0`), status: "PUSH_STARTED" });

  expect([records.find("1")?.status, records.of(one).length, records.saying(b)]).toEqual(["PUSH_WAIT", 1, []]);
});
