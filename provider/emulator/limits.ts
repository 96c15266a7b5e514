/** Counts what happened lately, by key, in the service's time. */
export class Limits {
  readonly #moments = new Map<string, number[]>();

  /** How often `record` was called for the key within the window that ends now. */
  recent(key: string, nowMs: number, windowMs: number): number {
    return this.#within(key, nowMs, windowMs).length;
  }

  /** Counts once more, and forgets what is older than the window. */
  record(key: string, nowMs: number, windowMs: number): void {
    this.#moments.set(key, [...this.#within(key, nowMs, windowMs), nowMs]);
  }

  /** A clock that was set back leaves moments in its future: they count no more. */
  #within(key: string, nowMs: number, windowMs: number): number[] {
    const moments = this.#moments.get(key) ?? [];
    return moments.filter((moment) => moment <= nowMs && moment > nowMs - windowMs);
  }
}
