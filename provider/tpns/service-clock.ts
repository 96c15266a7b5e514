/** A difference up to this is the header's whole seconds and the answer's own way, not a clock that is off. */
const toleratedMilliseconds = 2_000;

const paceHeader = "x-emulator-pace";

/** An answer's headers, names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface ServiceClockOptions {
  /** This machine's time in milliseconds. */
  readonly localNow: () => number;
  /** Sleeps service seconds; without it real time is slept, divided by the emulator's pace. */
  readonly wait?: ((seconds: number) => Promise<void>) | undefined;
  /** Whether the service is an emulator on this machine, whose clock is its own and may run fast. */
  readonly loopback: boolean;
}

/** The moment at which a call was stamped. */
interface Stamp {
  /** Milliseconds since 1970 on the service's clock, as far as it was known then. */
  readonly at: number;
  /** The same moment on the clock that never jumps. */
  readonly elapsed: number;
}

/** The service's time, as its answers tell it. */
export interface ServiceClock {
  /** Now; this machine's time before the first answer. */
  stamp(): Stamp;
  /** Service milliseconds that passed for this client: learning the service's time does not make it jump. */
  elapsed(): number;
  /** Waits service seconds. */
  wait(seconds: number): Promise<void>;
  /** This machine's time in milliseconds, as the other processes of this machine see it. */
  localNow(): number;
  /** Service seconds per real one; 0 for an emulator that stands still, undefined for one that has not answered yet. */
  pace(): number | undefined;
  /** Learns from the answer to a call; true if the call's stamp was off by more than 2 s. */
  learn(headers: AnswerHeaders, stamp: Stamp): boolean;
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const dateOf = ({ date }: AnswerHeaders): number => (typeof date === "string" ? Date.parse(date) : Number.NaN);

const paceOf = (headers: AnswerHeaders): number | undefined => {
  const text = headers[paceHeader];
  const pace = typeof text === "string" ? Number(text) : Number.NaN;
  return Number.isFinite(pace) && pace >= 0 ? pace : undefined;
};

/** How far a time lies outside a range. */
const distance = (time: number, from: number, to: number): number => Math.max(from - time, time - to, 0);

/** A clock that follows the service's. */
export function createServiceClock({ localNow, wait, loopback }: ServiceClockOptions): ServiceClock {
  let pace = 1;
  let isPaceKnown = !loopback;
  let passed = 0;
  let lastLocal = localNow();
  let offset = lastLocal;

  const elapsed = (): number => {
    const local = localNow();
    // A machine's clock that is set back must not make time run backwards.
    passed += Math.max(0, local - lastLocal) * pace;
    lastLocal = local;
    return passed;
  };

  // A clock that stands still is an in-process test's, which injects its wait; anybody else waits in real time.
  const sleepSeconds = wait ?? ((seconds: number) => sleep((seconds * 1_000) / (pace || 1)));

  return {
    elapsed,
    localNow,
    pace: () => (isPaceKnown ? pace : undefined),
    stamp() {
      const at = elapsed();
      return { at: offset + at, elapsed: at };
    },
    async wait(seconds) {
      const end = elapsed() + seconds * 1_000;
      await sleepSeconds(seconds);
      // What an injected wait skips has passed all the same.
      passed = Math.max(end, elapsed());
    },
    learn(headers, stamp) {
      const received = elapsed();
      if (loopback) pace = paceOf(headers) ?? pace;
      isPaceKnown = true;
      const date = dateOf(headers);
      if (Number.isNaN(date)) return false;
      const isOff = distance(date, stamp.at, stamp.at + received - stamp.elapsed) > toleratedMilliseconds;
      if (isOff || loopback) offset = date - (stamp.elapsed + received) / 2;
      return isOff;
    },
  };
}
