/** What the clock needs of the real world; tests may give their own. */
export interface ClockOptions {
  /** Where the service's clock starts: milliseconds since 1970. */
  readonly startMs: number;
  /** Service seconds per real second; 0 stands still. */
  readonly pace: number;
  /** Real milliseconds since any fixed moment, never going back. */
  readonly elapsedMs: () => number;
}

interface Due {
  readonly atMs: number;
  readonly run: () => void;
}

/** The longest wait that `setTimeout` takes; a longer one would fire at once. */
const maxTimeoutMs = 2 ** 31 - 1;

/** Four months a second: nobody needs more, and a typing slip is caught. */
const maxPace = 10_000_000;

/** The latest moment that a `Date` can name. */
const maxDateMs = 8.64e15;

/** The service's clock: it runs at a pace, can be set and stepped, and does what is due at the moment it is due. */
export class Clock {
  #serviceMs: number;
  #realMs: number;
  #pace: number;
  #queue: Due[] = [];
  #timer: NodeJS.Timeout | undefined;
  #dueMs: number | undefined;
  readonly #elapsedMs: () => number;

  constructor(options: ClockOptions) {
    this.#elapsedMs = options.elapsedMs;
    this.#serviceMs = checkedMoment(options.startMs);
    this.#realMs = options.elapsedMs();
    this.#pace = checkedPace(options.pace);
  }

  /** Service seconds per real second. */
  get pace(): number {
    return this.#pace;
  }

  /** The service's time in milliseconds; while something due runs, the moment at which it was due. */
  nowMs(): number {
    if (this.#dueMs !== undefined) return this.#dueMs;
    return Math.floor(this.#serviceMs + (this.#elapsedMs() - this.#realMs) * this.#pace);
  }

  /** The service's time. */
  now(): Date {
    return new Date(this.nowMs());
  }

  /** Goes to a moment; what is due until then is done in order. Going back undoes nothing. The clock runs on. */
  set(time: string | Date): void {
    this.#goTo(momentOf(time));
  }

  /** Goes on by service seconds; what is due until then is done in order. */
  step(seconds: number): void {
    if (!(seconds >= 0)) throw new Error(`step ${seconds} is no number of seconds; write 0 or more`);
    this.#goTo(checkedMoment(this.nowMs() + seconds * 1000));
  }

  /** From now on the clock runs at this pace. */
  setPace(pace: number): void {
    const checked = checkedPace(pace);
    this.catchUp();
    this.#anchor(this.nowMs());
    this.#pace = checked;
    this.#arm();
  }

  /** Calls `run` once the service's clock has reached the moment; at the soonest at the next step, set or tick. */
  schedule(atMs: number, run: () => void): void {
    const after = this.#queue.findIndex((due) => due.atMs > atMs);
    this.#queue.splice(after === -1 ? this.#queue.length : after, 0, { atMs, run });
    this.#arm();
  }

  /** Does what became due since the last look, so that nobody sees the state of a late timer. */
  catchUp(): void {
    if (this.#dueMs !== undefined) return;
    this.#runUntil(this.nowMs());
    this.#arm();
  }

  /** Nothing more becomes due. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#queue = [];
  }

  #goTo(targetMs: number): void {
    this.catchUp();
    this.#runUntil(targetMs);
    this.#anchor(targetMs);
    this.#arm();
  }

  #anchor(serviceMs: number): void {
    this.#serviceMs = serviceMs;
    this.#realMs = this.#elapsedMs();
  }

  #runUntil(targetMs: number): void {
    for (let head = this.#queue[0]; head !== undefined && head.atMs <= targetMs; head = this.#queue[0]) {
      this.#queue.shift();
      this.#dueMs = head.atMs;
      try {
        head.run();
      } finally {
        this.#dueMs = undefined;
      }
    }
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const head = this.#queue[0];
    if (head === undefined || this.#pace === 0 || this.#dueMs !== undefined) return;
    const realMs = Math.ceil((head.atMs - this.nowMs()) / this.#pace);
    this.#timer = setTimeout(() => this.catchUp(), Math.min(Math.max(realMs, 0), maxTimeoutMs));
  }
}

const checkedPace = (pace: number): number => {
  if (pace >= 0 && pace <= maxPace) return pace;
  throw new Error(`pace ${pace} is not between 0 and ${maxPace} service seconds per real second`);
};

const checkedMoment = (ms: number): number => {
  if (Math.abs(ms) <= maxDateMs) return ms;
  throw new Error("the clock cannot be set there; write an ISO 8601 time such as 2027-02-01T08:00:00+08:00");
};

/** Milliseconds since 1970 of an ISO 8601 time, which has to name its offset. */
export const momentOf = (time: string | Date): number => {
  if (time instanceof Date) return checkedMoment(time.getTime());
  if (!/T.*(Z|[+-]\d\d:?\d\d)$/i.test(time)) {
    throw new Error(`time "${time}" names no offset; write it like 2027-02-01T08:00:00+08:00`);
  }
  return checkedMoment(Date.parse(time));
};
