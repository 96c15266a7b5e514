import { countsOf } from "./fit.ts";
import { pushPath, type Traffic } from "./result.ts";
import type { SeenRequest } from "./service.ts";

const tooFast = 1_008_028;

/** How long an operation took, and how its two clocks hang together. */
export interface Span {
  readonly seconds: number;
  /** When it began, on the service's clock, in milliseconds. */
  readonly startedAt: number;
  /** Service seconds per real one. */
  readonly pace: number;
}

/** What the service saw of one operation. */
export function trafficOf(requests: readonly SeenRequest[], span: Span): Traffic {
  const refused = requests.filter(({ retCode }) => retCode !== 0);
  const pushes = requests
    .filter(({ path, retCode }) => path === pushPath && retCode === 0)
    .map(({ at }) => (Date.parse(at) - span.startedAt) / 1_000);
  const gaps = pushes.slice(1).map((at, position) => at - (pushes[position] ?? at));
  return {
    calls: Object.fromEntries(countsOf(requests.map(({ path }) => path))),
    refusals: refused.length,
    tooFast: refused.filter(({ retCode }) => retCode === tooFast).length,
    ...(gaps.length > 0 && { leastGapSeconds: Math.min(...gaps) }),
    waitedSeconds: waitedIn(pushes, span),
  };
}

/** The time from the first push to the last is the service's; what the software does besides does not run fast. */
function waitedIn(pushes: readonly number[], { seconds, pace }: Span): number {
  const first = pushes[0] ?? 0;
  const last = pushes.at(-1) ?? 0;
  const between = last - first;
  return seconds - between / pace + between;
}
