/** Lets work begin in batches, first come first served: the next one when no more than one of the last is left. */
export class Batches {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #begun = 0;

  /** At most so many begin at once. */
  constructor(most: number) {
    this.#most = most;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const begun = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#begin();
    await begun;
    try {
      return await work();
    } finally {
      this.#begun -= 1;
      this.#begin();
    }
  }

  #begin(): void {
    if (this.#begun > 1) return;
    for (const begin of this.#waiting.splice(0, this.#most)) {
      this.#begun += 1;
      begin();
    }
  }
}
