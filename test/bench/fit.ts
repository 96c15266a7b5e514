/** The middle one; of none, not a number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** By which power of `x` the points grow: the slope of the line that fits their logarithms best. */
export function exponentOf(points: readonly (readonly [x: number, y: number])[]): number {
  const logarithms = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = meanOf(logarithms.map(([value]) => value));
  const y = meanOf(logarithms.map(([, value]) => value));
  const rise = logarithms.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0);
  return rise / logarithms.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
}

/** How often each occurs. */
export function countsOf(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
