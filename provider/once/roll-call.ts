import type { DatabaseSync } from "node:sqlite";
import { type Entry, entryOf, type PushStep, type TaskKey } from "./journal.ts";
import { stackPart } from "./marker.ts";
import { mayHaveActed } from "./observe.ts";
import type { Store } from "./store.ts";

/** A push of a task that no state holds and no program declares. */
export interface Orphan {
  readonly urn: string;
  /** Undefined where it was not answered. */
  readonly pushId: string | undefined;
}

/**
 * Who is declared. A task that a killed run pushed, and which is gone from the program since, is handed to no handler: it is
 * known by a run that called all that it declares, and did not call this one.
 */
export class RollCall {
  readonly #store: Store;
  readonly #begun = new Set<string>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Notes that this run declares a task. The run's first call in a stack gives what the last run did not declare. */
  call(key: TaskKey): readonly Orphan[] {
    const stack = { app: key.app, stack: stackPart(key.identity) };
    const isKnown = this.#store.read((tables) => rowsOf(tables, stack).length > 0) ?? false;
    if (!isKnown) return [];
    return this.#store.write((tables) => {
      const orphans = this.#isBegun(stack) ? [] : this.#begin(tables, stack);
      tables
        .prepare("update entry set declaredBy = ? where app = ? and identity = ?")
        .run(this.#store.writer, key.app, key.identity);
      return orphans;
    });
  }

  /** What a removal has settled is nobody's orphan. */
  settle({ app, identity }: TaskKey): void {
    const isKnown = this.#store.read((tables) =>
      tables.prepare("select 1 from entry where app = ? and identity = ?").get(app, identity),
    );
    if (isKnown === undefined) return;
    this.#store.write((tables) =>
      tables.prepare("update entry set declaredBy = ? where app = ? and identity = ?").run(settled, app, identity),
    );
  }

  #isBegun({ app, stack }: Stack): boolean {
    return this.#begun.has(`${app} ${stack}`);
  }

  #begin(tables: DatabaseSync, stack: Stack): readonly Orphan[] {
    this.#begun.add(`${stack.app} ${stack.stack}`);
    const last = tables
      .prepare("select writer, upTo from rollCall where app = ? and stack = ?")
      .get(stack.app, stack.stack);
    const rows = rowsOf(tables, stack);
    const upTo = Math.max(...rows.map(({ number }) => Number(number)));
    tables
      .prepare("insert or replace into rollCall (app, stack, writer, upTo) values (?, ?, ?, ?)")
      .run(stack.app, stack.stack, this.#store.writer, upTo);
    if (last === undefined || this.#store.isLiving(String(last.writer))) return [];
    const missed = rows.filter(
      ({ number, declaredBy }) =>
        Number(number) <= Number(last.upTo) && declaredBy !== last.writer && declaredBy !== settled,
    );
    return orphansIn(missed.map(entryOf));
  }
}

/** Stands where a run's name stands. */
const settled = "settled";

interface Stack {
  readonly app: string;
  readonly stack: string;
}

const rowsOf = (tables: DatabaseSync, { app, stack }: Stack) =>
  tables
    .prepare(
      "select number, writer, declaredBy, body from entry where app = ? and substr(identity, 1, length(?)) = ? order by number",
    )
    .all(app, stack, stack);

/** Pushes that may be there, and that no later step has withdrawn. */
function orphansIn(entries: readonly Entry[]): readonly Orphan[] {
  const steps = entries.flatMap(({ urn, steps: all }) => all.map((step) => ({ urn, step })));
  const withdrawn = steps.flatMap(({ step }) => (step.kind !== "push" && step.end === "done" ? [step.pushId] : []));
  return steps.flatMap(({ urn, step }) => (isThere(step, withdrawn) ? [{ urn, pushId: step.pushId }] : []));
}

const isThere = (step: Entry["steps"][number], withdrawn: readonly string[]): step is PushStep =>
  step.kind === "push" && mayHaveActed(step) && !withdrawn.includes(step.pushId ?? "");
