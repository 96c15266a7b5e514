import type { Clock } from "../clock.ts";
import type { Database } from "./database.ts";

const dueKinds = ["dispatch", "handOut", "finish", "release", "cancel", "stop", "revoke"] as const;

/** What becomes due with a task. */
export type DueKind = (typeof dueKinds)[number];

/** Does what is due with a task. */
export type DueWork = (kind: DueKind, number: number) => void;

/** What is still to be done, and when by the service's clock; it outlives the process where the data does. */
export class Schedule {
  readonly #database: Database;
  readonly #clock: Clock;
  #work: DueWork = () => undefined;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Names who does the work, and takes up what an earlier process left. */
  begin(work: DueWork): void {
    this.#work = work;
    for (const { number, atMs } of this.#database.all("select number, atMs from due order by atMs, number")) {
      this.#await(Number(number), Number(atMs));
    }
  }

  add(atMs: number, kind: DueKind, task: number): void {
    const values = { atMs, kind, task };
    const row = this.#database.get(
      "insert into due (atMs, kind, task) values (:atMs, :kind, :task) returning number",
      values,
    );
    this.#await(Number(row?.number), atMs);
  }

  /** The work and the note that it is done are one: a process that is killed in the midst has done neither. */
  #await(number: number, atMs: number): void {
    this.#clock.schedule(atMs, () =>
      this.#database.transaction(() => {
        const due = this.#database.get("delete from due where number = :number returning kind, task", { number });
        const kind = dueKinds.find((candidate) => candidate === due?.kind);
        if (kind !== undefined) this.#work(kind, Number(due?.task));
      }),
    );
  }
}
