import { waitLine } from "../../tpns/pacing.ts";
import type { Context } from "../context.ts";

/** In real time: a task that is in turn before that was not kept waiting. */
const unspokenMilliseconds = 100;

/** One task after the other: each look and its push, before the look of the next. */
export function inTurn<T>(context: Context, urn: string, work: () => Promise<T>): Promise<T> {
  const end = sayWait(context, urn);
  return context.run.inTurn(urn, () => {
    end();
    return work();
  });
}

/**
 * A task is cancelled to be pushed anew when its turn is near, so that it stays scheduled until then. Those who wait go on
 * together, and one query confirms all their cancels.
 */
export function nearTurn<T>(context: Context, urn: string, work: () => Promise<T>): Promise<T> {
  const end = sayWait(context, urn);
  return context.run.nearTurn(urn, () => {
    end();
    return work();
  });
}

/** Says how long a task waits for its turn, once it really does, unless that ends before. */
function sayWait({ run, log }: Context, urn: string): () => void {
  const line = waitLine(run.before(urn));
  if (line === undefined) return () => {};
  const timer = setTimeout(() => {
    run.toldToWait.add(urn);
    log.status(line, urn);
  }, unspokenMilliseconds);
  return () => clearTimeout(timer);
}
