import type { ServiceClock } from "./service-clock.ts";

/** The service takes 1 push a second for each app; a little more keeps clear of its rounding. */
const intervalMilliseconds = 1_050;

/** A wait shorter than this is not worth a line. */
const spokenSeconds = 2;

/**
 * Takes the next slot of those that all processes of this machine share for one app, and tells how long it is until
 * then; all in milliseconds of this machine.
 */
export type ReserveSlot = (now: number, interval: number) => number;

export interface PacerOptions {
  readonly clock: Pick<ServiceClock, "elapsed" | "wait" | "localNow" | "pace">;
  /** Without one the pacer knows of no other process. */
  readonly reserve?: ReserveSlot | undefined;
  /** Told of waits of 2 s and more behind others. */
  readonly onWait?: ((line: string) => void) | undefined;
}

/** Lets one push through at a time, in the order of asking. */
export interface Pacer {
  /** Resolves when a push may be sent now, with what is to be called at its answer. */
  turn(): Promise<() => void>;
}

const tasks = (count: number): string => (count === 1 ? "1 task" : `${count} tasks`);

const secondsIn = (milliseconds: number): number => Math.round(milliseconds / 1_000);

/** What to say of a push that waits for others; undefined where the wait is too short for a line. */
export function waitLine(tasksBefore: number): string | undefined {
  const seconds = secondsIn(tasksBefore * intervalMilliseconds);
  if (seconds < spokenSeconds) return undefined;
  return `waiting about ${seconds} s: 1 push a second, ${tasks(tasksBefore)} before this one`;
}

/** A pacer for one app: bursts of 1, 1050 ms of service time apart, first come first served. */
export function createPacer({ clock, reserve, onWait }: PacerOptions): Pacer {
  let queue: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  /** The least time that an answer has taken; the service counts when a push arrives, and a slow one arrives late. */
  let quickest = 0;

  const waitFor = async (milliseconds: number): Promise<void> => {
    if (milliseconds > 0) await clock.wait(milliseconds / 1_000);
  };

  const answered = (sentAt: number): void => {
    const now = clock.elapsed();
    lastAt = Math.max(lastAt, now - quickest);
    quickest = quickest === 0 ? now - sentAt : Math.min(quickest, now - sentAt);
  };

  /** Service milliseconds until the slot that no other process has. */
  const untilSlot = (): number => {
    const pace = clock.pace();
    // Where the service's clock stands still there are no slots, and nobody but one in-process test.
    if (reserve === undefined || !pace) return 0;
    return reserve(clock.localNow(), intervalMilliseconds / pace) * pace;
  };

  const tellSlot = (milliseconds: number): void => {
    const seconds = secondsIn(milliseconds);
    if (seconds < spokenSeconds) return;
    onWait?.(`waiting about ${seconds} s: 1 push a second, and another run on this machine pushes to the same app`);
  };

  const remaining = (): number => lastAt + intervalMilliseconds - clock.elapsed();

  const pass = async (): Promise<() => void> => {
    // The answer to the push before can come during the wait, and late.
    while (remaining() >= 1) await waitFor(remaining());
    const milliseconds = untilSlot();
    tellSlot(milliseconds);
    await waitFor(milliseconds);
    const sentAt = clock.elapsed();
    lastAt = sentAt;
    return () => answered(sentAt);
  };

  return {
    turn() {
      const line = waitLine(waiting);
      if (line !== undefined) onWait?.(line);
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
