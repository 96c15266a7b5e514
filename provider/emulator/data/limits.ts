import type { Database } from "./database.ts";

/** Counts what happened lately, by key, in the service's time. */
export class Limits {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** How often `record` was called for the key within the window that ends now; a clock that was set back has a future. */
  recent(name: string, nowMs: number, windowMs: number): number {
    const row = this.#database.get(
      "select count(*) as count from moment where name = :name and atMs <= :nowMs and atMs > :fromMs",
      { name, nowMs, fromMs: nowMs - windowMs },
    );
    return Number(row?.count);
  }

  /** Counts once more, and forgets what is older than the window. */
  record(name: string, nowMs: number, windowMs: number): void {
    this.#database.run("delete from moment where name = :name and atMs <= :fromMs", { name, fromMs: nowMs - windowMs });
    this.#database.run("insert into moment (name, atMs) values (:name, :nowMs)", { name, nowMs });
  }
}
