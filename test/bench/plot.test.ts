import { expect, test } from "vitest";
import { isLine, plot } from "./plot.ts";

test("a figure has a line for each series that has points, and its name is text", () => {
  const svg = plot({
    title: "Time & again",
    x: "tasks",
    y: "seconds",
    series: [
      {
        name: "ours & theirs",
        points: [
          [1, 1],
          [10, 10],
        ],
      },
      { name: "none", points: [[1, 0]] },
    ],
  });
  expect(svg.match(/<polyline/g)).toHaveLength(1);
  expect(svg).toContain('<polyline points="70.0,350.0 510.0,40.0"');
  expect(svg).toContain("<title>Time &amp; again</title>");
  expect(svg).toContain(">ours &amp; theirs</text>");
  expect(svg).not.toContain("none</text>");
});

test("a row of one number of tasks is no figure", () => {
  const figure = { title: "Time", x: "tasks", y: "seconds" };

  expect(isLine({ ...figure, series: [{ name: "ours", points: [[100, 1]] }] })).toBe(false);
  expect(
    isLine({
      ...figure,
      series: [
        {
          name: "ours",
          points: [
            [1, 1],
            [100, 9],
          ],
        },
      ],
    }),
  ).toBe(true);
});
