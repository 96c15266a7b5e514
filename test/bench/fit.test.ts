import { describe, expect, test } from "vitest";
import { countsOf, exponentOf, median } from "./fit.ts";

describe("median", () => {
  test.for<[readonly number[], number]>([
    [[3], 3],
    [[5, 1, 3], 3],
    [[4, 1, 3, 2], 2.5],
  ])("of %o is %d", ([values, middle]) => {
    expect(median(values)).toBe(middle);
  });
});

describe("exponent", () => {
  test.for<[power: number]>([[0], [0.2], [1], [2]])("of points on a power of %d is that power", ([power]) => {
    const points = [100, 1_000, 10_000].map((x) => [x, 7 * x ** power] as const);
    expect(exponentOf(points)).toBeCloseTo(power, 10);
  });
});

test("counts tell how often each value occurs", () => {
  expect(countsOf(["a", "b", "a"])).toEqual(
    new Map([
      ["a", 2],
      ["b", 1],
    ]),
  );
});
