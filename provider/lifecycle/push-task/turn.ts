import { waitLine } from "../../tpns/pacing.ts";
import type { Context } from "../context.ts";

/** In real time: a task that is in turn before that was not kept waiting. */
const unspokenMilliseconds = 100;

/** One task after the other: each look and its push, before the look of the next. `work` is told whether it was said to wait. */
export function inTurn<T>(context: Context, urn: string, work: (wasSaid: boolean) => Promise<T>): Promise<T> {
  const wait = sayWait(context, urn);
  return context.run.inTurn(urn, () => work(wait.end()));
}

/**
 * A task is cancelled to be pushed anew when its turn is near, so that it stays scheduled until then. Those who wait go on
 * together, and one query confirms all their cancels.
 */
export function nearTurn<T>(context: Context, urn: string, work: () => Promise<T>): Promise<T> {
  const wait = sayWait(context, urn);
  return context.run.nearTurn(urn, () => {
    wait.end();
    return work();
  });
}

/** Says how long a task waits for its turn, once it really does; its end tells whether that was said. */
function sayWait({ run, log }: Context, urn: string): { end(): boolean } {
  const line = waitLine(run.before(urn));
  let wasSaid = false;
  const say = (): void => {
    wasSaid = line !== undefined;
    if (line !== undefined) log.status(line, urn);
  };
  const timer = setTimeout(say, unspokenMilliseconds);
  return {
    end() {
      clearTimeout(timer);
      return wasSaid;
    },
  };
}
