/** A line of a figure. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What a figure says. */
export interface Figure {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
}

const width = 640;
const height = 400;
const frame = { left: 70, right: 130, top: 40, bottom: 50 };
/** Told apart on white and on black. */
const colours = ["#0072b2", "#d55e00", "#009e73", "#8c8c8c", "#cc79a7"];
const fontSize = 12;

/** Powers of ten that hold the values. */
function decadesOf(values: readonly number[]): readonly number[] {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: high - low + 1 }, (_, step) => 10 ** (low + step));
}

/** From a value to its place, by logarithm. */
function scaleOf(decades: readonly number[], from: number, to: number): (value: number) => number {
  const low = Math.log10(decades[0] ?? 1);
  const high = Math.log10(decades.at(-1) ?? 10);
  return (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from);
}

const escaped = (content: string): string => content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const text = (x: number, y: number, anchor: string, content: string): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(content)}</text>`;

const rule = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#8884"/>`;

const tick = (value: number): string =>
  value >= 1 ? value.toLocaleString("en", { notation: "compact" }) : String(Number(value.toPrecision(1)));

/** Whether some line has two ends. */
export const isLine = ({ series }: Figure): boolean => series.some(({ points }) => points.length > 1);

/** Both axes by logarithm, so that a slope is a power. */
export function plot({ title, x, y, series }: Figure): string {
  const drawn = series
    .map(({ name, points }) => ({ name, points: points.filter(([, value]) => value > 0) }))
    .filter(({ points }) => points.length > 0);
  const all = drawn.flatMap(({ points }) => points);
  const columns = decadesOf(all.map(([at]) => at));
  const rows = decadesOf(all.map(([, value]) => value));
  const [left, right, top, bottom] = [frame.left, width - frame.right, frame.top, height - frame.bottom];
  const across = scaleOf(columns, left, right);
  const up = scaleOf(rows, bottom, top);
  const grid = [
    ...columns.map(
      (at) => rule(across(at), top, across(at), bottom) + text(across(at), bottom + 18, "middle", tick(at)),
    ),
    ...rows.map((at) => rule(left, up(at), right, up(at)) + text(left - 8, up(at) + 4, "end", tick(at))),
  ];
  const ends = spread(drawn.map(({ points }) => up(points.at(-1)?.[1] ?? 1)));
  const lines = drawn.map(({ name, points }, position) => {
    const colour = colours[position % colours.length];
    const places = points.map(([at, value]) => [across(at), up(value)] as const);
    const path = places.map(([at, value]) => `${at.toFixed(1)},${value.toFixed(1)}`).join(" ");
    const dots = places.map(
      ([at, value]) => `<circle cx="${at.toFixed(1)}" cy="${value.toFixed(1)}" r="3" fill="${colour}"/>`,
    );
    const label = text((places.at(-1)?.[0] ?? right) + 8, (ends[position] ?? 0) + 4, "start", name);
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join("")}<g fill="${colour}">${label}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="${fontSize}" fill="#888">`,
    `<title>${escaped(title)}</title>`,
    text(left, frame.top - 18, "start", title),
    text((left + right) / 2, height - 10, "middle", x),
    `<g transform="rotate(-90)">${text(-(top + bottom) / 2, 16, "middle", y)}</g>`,
    ...grid,
    ...lines,
    "</svg>\n",
  ].join("\n");
}

/** Labels must not lie on each other: each keeps its order and some distance. */
function spread(places: readonly number[]): readonly number[] {
  const order = places
    .map((place, position) => ({ place, position }))
    .toSorted((left, right) => left.place - right.place);
  const moved = [...places];
  let last = Number.NEGATIVE_INFINITY;
  for (const { place, position } of order) {
    last = Math.max(place, last + fontSize + 2);
    moved[position] = last;
  }
  return moved;
}
