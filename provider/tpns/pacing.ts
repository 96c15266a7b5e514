import type { ServiceClock } from "./service-clock.ts";

/** The service takes 1 push a second for each app; a little more keeps clear of its rounding. */
const intervalMilliseconds = 1_050;

/** A wait shorter than this is not worth a line. */
const spokenSeconds = 2;

/** Slots that are lost to other processes until a push goes without one: the service refuses what is too fast. */
const maxLostSlots = 60;

/** So many of them, and more than 2 s are over. */
const spokenLostSlots = 2;

/**
 * Takes the slot of now, of those that all processes of this machine share for one app, and gives 0; or tells how long
 * it is until the next one. All in milliseconds of this machine.
 */
export type TakeSlot = (now: number, interval: number) => number;

export interface PacerOptions {
  readonly clock: Pick<ServiceClock, "elapsed" | "wait" | "localNow" | "pace">;
  /** Without one the pacer knows of no other process. */
  readonly takeSlot?: TakeSlot | undefined;
  /** Told of waits of 2 s and more behind others. */
  readonly onWait?: ((line: string) => void) | undefined;
}

/** Lets one push through at a time, in the order of asking. */
export interface Pacer {
  /** Resolves when a push may be sent now, with what is to be called at its answer. */
  turn(): Promise<() => void>;
}

/** What to say of a push that waits for others; undefined where the wait is too short for a line. */
export function waitLine(tasksBefore: number): string | undefined {
  const seconds = Math.round((tasksBefore * intervalMilliseconds) / 1_000);
  if (seconds < spokenSeconds) return undefined;
  return `waiting about ${seconds} s: 1 push a second, ${tasksBefore} tasks before this one`;
}

/** A pacer for one app: bursts of 1, 1050 ms of service time apart, first come first served. */
export function createPacer({ clock, takeSlot, onWait }: PacerOptions): Pacer {
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

  /** Takes a slot and gives 0, or service milliseconds until the next one. */
  const untilSlot = (): number => {
    const pace = clock.pace();
    // Where the service's clock stands still there are no slots, and nobody but one in-process test.
    if (takeSlot === undefined || !pace) return 0;
    return takeSlot(clock.localNow(), intervalMilliseconds / pace) * pace;
  };

  const waitForSlot = async (): Promise<void> => {
    for (let lost = 0; lost < maxLostSlots; lost += 1) {
      const milliseconds = untilSlot();
      if (milliseconds <= 0) return;
      if (lost === spokenLostSlots)
        onWait?.("waiting in turn with another run on this machine: 1 push a second for both");
      await waitFor(milliseconds);
    }
  };

  const remaining = (): number => lastAt + intervalMilliseconds - clock.elapsed();

  const pass = async (): Promise<() => void> => {
    // The answer to the push before can come during the wait, and late.
    while (remaining() >= 1) await waitFor(remaining());
    await waitForSlot();
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
