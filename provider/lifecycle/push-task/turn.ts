import { waitLine } from "../../tpns/pacing.ts";
import type { Context } from "../context.ts";

/** In real time: a task that is in turn before that was not kept waiting. */
const unspokenMilliseconds = 100;

/** One task after the other: each look and its push, before the look of the next. */
export const inTurn = <T>(context: Context, urn: string, work: () => Promise<T>): Promise<T> =>
  context.run.inTurn(urn, sayingWait(context, urn, work));

/**
 * A task is cancelled to be pushed anew when its turn is near, so that it stays scheduled until then. Those who wait go on
 * together, and one query confirms all their cancels.
 */
export const nearTurn = <T>(context: Context, urn: string, work: () => Promise<T>): Promise<T> =>
  context.run.nearTurn(urn, sayingWait(context, urn, work));

/** Says how long a task waits for its work, once it really does. */
function sayingWait<T>({ run, log }: Context, urn: string, work: () => T): () => T {
  const line = waitLine(run.before(urn));
  if (line === undefined) return work;
  const timer = setTimeout(() => {
    run.toldToWait.add(urn);
    log.status(line, urn);
  }, unspokenMilliseconds);
  return () => {
    clearTimeout(timer);
    return work();
  };
}
