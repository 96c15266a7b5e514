import type { Sighting } from "../once/look.ts";

/** One of many records. */
interface Sought {
  readonly name: string;
  readonly pushId: string;
  /** Where the list had it when it was read; undefined where it had not. */
  readonly position: number | undefined;
  /** What a look for another one has shown of it. */
  seen?: Sighting | undefined;
}

/** By so much a list may have moved on, or back, without a look that misses. */
const marginRows = 10;

export interface LookoutOptions {
  /** Asks for one record. */
  readonly one: (name: string, pushId: string) => Promise<Sighting | undefined>;
  /** Lists a page of so many records. */
  readonly page: (offset: number) => Promise<readonly Sighting[]>;
  readonly pageRows: number;
  /** How long a look waits for others to join it, in real time. */
  readonly gatherMilliseconds: number;
}

/**
 * Looks for records as they are now, where the list has many pages: one look at a time, and all that meanwhile wait and
 * stand near each other share the next. So a run that withdraws hundreds of tasks does not spend a query on each.
 */
export class Lookout {
  readonly #options: LookoutOptions;
  readonly #waiting = new Set<Sought>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: LookoutOptions) {
    this.#options = options;
  }

  /** The record by a read that begins after this call; undefined where the service has none. */
  find(name: string, pushId: string, position: number | undefined): Promise<Sighting | undefined> {
    const sought: Sought = { name, pushId, position };
    this.#waiting.add(sought);
    const look = this.#last.then(() => this.#look(sought));
    this.#last = look.catch(() => undefined);
    return look;
  }

  async #look(sought: Sought): Promise<Sighting | undefined> {
    this.#waiting.delete(sought);
    if (sought.seen) return sought.seen;
    await sleep(this.#options.gatherMilliseconds);
    const { name, pushId, position } = sought;
    const shown = position === undefined ? undefined : await this.#lookAround(position, pushId);
    // New pushes of others move the rows on: what has left its page is asked for by itself.
    return shown ?? this.#options.one(name, pushId);
  }

  /** By a page around it that shows as many as can be of those that wait; none where it would show none of them. */
  async #lookAround(position: number, pushId: string): Promise<Sighting | undefined> {
    const { page, pageRows } = this.#options;
    const waiting = [...this.#waiting].flatMap(({ position: at, seen }) => (at === undefined || seen ? [] : [at]));
    const group = largestAround(position, waiting, pageRows - 2 * marginRows);
    if (group.length === 1) return undefined;
    const middle = Math.floor((Math.min(...group) + Math.max(...group)) / 2);
    // Who asks from now on is to have an answer that is newer than that.
    const beside = [...this.#waiting];
    const tasks = new Map<string, Sighting>();
    for (const task of await page(Math.max(0, middle - pageRows / 2))) tasks.set(task.pushId, task);
    for (const other of beside) other.seen ??= tasks.get(other.pushId);
    return tasks.get(pushId);
  }
}

/** A position, and the most others that can stand with it in so many rows. */
function largestAround(position: number, others: readonly number[], rows: number): readonly number[] {
  const groups = [position, ...others]
    .filter((first) => first <= position && position < first + rows)
    .map((first) => [position, ...others].filter((at) => at >= first && at < first + rows));
  return groups.reduce((largest, group) => (group.length > largest.length ? group : largest));
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
