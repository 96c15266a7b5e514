import type { ServiceClock } from "./service-clock.ts";

/** The service takes 1 push a second for each app; a little more keeps clear of its rounding. */
const intervalMilliseconds = 1_050;

/** A wait shorter than this is not worth a line. */
const spokenSeconds = 2;

export interface PacerOptions {
  readonly clock: Pick<ServiceClock, "elapsed" | "wait">;
  /** Told of waits of 2 s and more behind others. */
  readonly onWait?: ((line: string) => void) | undefined;
}

/** Lets one push through at a time, in the order of asking. */
export interface Pacer {
  /** Resolves when a push may be sent now. */
  turn(): Promise<void>;
}

const tasks = (count: number): string => (count === 1 ? "1 task" : `${count} tasks`);

/** A pacer for one app: bursts of 1, 1050 ms of service time apart, first come first served. */
export function createPacer({ clock, onWait }: PacerOptions): Pacer {
  let queue = Promise.resolve();
  let waiting = 0;
  let lastAt = Number.NEGATIVE_INFINITY;

  const remaining = (): number => Math.max(0, lastAt + intervalMilliseconds - clock.elapsed());

  const announce = (): void => {
    const seconds = Math.ceil((remaining() + waiting * intervalMilliseconds) / 1_000);
    if (waiting === 0 || seconds < spokenSeconds) return;
    onWait?.(`waiting ${seconds} s: 1 push a second, ${tasks(waiting)} before this one`);
  };

  const pass = async (): Promise<void> => {
    const milliseconds = remaining();
    if (milliseconds > 0) await clock.wait(milliseconds / 1_000);
    lastAt = clock.elapsed();
  };

  return {
    turn() {
      announce();
      waiting += 1;
      const turn = queue.then(pass).finally(() => {
        waiting -= 1;
      });
      // Who waits behind a failed wait is not to fail with it.
      queue = turn.catch(() => undefined);
      return turn;
    },
  };
}
