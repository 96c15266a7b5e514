import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Entry, entryOf, type PushStep, type TaskKey } from "./journal.ts";
import { identityMark, parseIdentity, stackPart } from "./marker.ts";
import { mayHaveActed } from "./observe.ts";
import type { Store } from "./store.ts";

/** What a program declared that ran to its end; one that failed midway says nothing of the tasks after that. */
interface Roll {
  /** When it ended, in milliseconds. */
  readonly at: number;
  readonly urns: readonly string[];
}

const pathOf = (folder: string, stack: string): string => join(folder, `declared-${stack}.json`);

/**
 * Called by the program at the end of an update, with the identities of all tasks that it declares, of whichever stack. A
 * preview hands nothing to its handler that was removed, so that a state may hold it yet.
 */
export function writeRolls(folder: string, declared: readonly string[], at: number): void {
  const tasks = declared.map(parseIdentity).map((identity) => {
    return { urn: identity.urn, stack: stackPart(identityMark(identity)) };
  });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const stack of new Set(tasks.map((task) => task.stack))) {
    const path = pathOf(folder, stack);
    const roll: Roll = { at, urns: tasks.filter((task) => task.stack === stack).map(({ urn }) => urn) };
    writeFileSync(`${path}.partial`, JSON.stringify(roll));
    renameSync(`${path}.partial`, path);
  }
}

/** A push of a task that no state is known to hold and that the program no longer declares. */
export interface Orphan {
  readonly urn: string;
  /** Undefined where it was not answered. */
  readonly pushId: string | undefined;
}

/**
 * Finds orphans. A task that a killed run pushed, and that is gone from the program since, is handed to no handler: only
 * the list of what the program declares tells of it.
 */
export class RollCall {
  readonly #store: Store;
  readonly #folder: string;
  readonly #called = new Set<string>();
  readonly #now: () => number;

  constructor(store: Store, folder: string, now: () => number) {
    this.#store = store;
    this.#folder = folder;
    this.#now = now;
  }

  /** The orphans of a task's app and stack; none from the second call on, since one line a run is enough. */
  orphansBeside({ app, identity }: TaskKey): readonly Orphan[] {
    const stack = stackPart(identity);
    if (this.#called.has(`${app} ${stack}`)) return [];
    this.#called.add(`${app} ${stack}`);
    const roll = readRoll(pathOf(this.#folder, stack));
    if (roll === undefined) return [];
    const rows = this.#store.read((tables) =>
      tables
        .prepare(
          "select writer, body from entry where app = ? and substr(identity, 1, length(?)) = ? and writtenAt < ? order by number",
        )
        .all(app, stack, stack, roll.at),
    );
    const declared = new Set(roll.urns);
    const missed = (rows ?? []).map(entryOf).filter(({ urn }) => !declared.has(urn));
    // What was changed or removed had a state, which hands it to a handler.
    const left = missed.filter(({ action, writer }) => action === "create" && !this.#store.isLiving(writer));
    return orphansIn(left, this.#now());
  }
}

function readRoll(path: string): Roll | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // No program has ended yet, or its machine went down in the midst of this.
    return undefined;
  }
}

/** Pushes that may be there, that no later step has withdrawn, and that a withdrawal can still reach. */
function orphansIn(entries: readonly Entry[], now: number): readonly Orphan[] {
  const steps = entries.flatMap(({ urn, steps: all }) => all.map((step) => ({ urn, step })));
  const withdrawn = steps.flatMap(({ step }) => (step.kind !== "push" && step.end === "done" ? [step.pushId] : []));
  return steps.flatMap(({ urn, step }) =>
    isThere(step, withdrawn) && now < endOf(step) ? [{ urn, pushId: step.pushId }] : [],
  );
}

const endOf = ({ push: { sendAt, storageSeconds } }: PushStep): number => Date.parse(sendAt) + storageSeconds * 1_000;

const isThere = (step: Entry["steps"][number], withdrawn: readonly string[]): step is PushStep =>
  step.kind === "push" && mayHaveActed(step) && !withdrawn.includes(step.pushId ?? "");
