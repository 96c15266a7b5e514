import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { PlannedPush } from "./attempt.ts";
import { parseMarker } from "./marker.ts";
import type { Store, Tables } from "./store.ts";

/** Longer than any entry can matter: a task 90 days ahead, three days of storage, a month of records. */
const keptDays = 130;
const dayMilliseconds = 24 * 60 * 60 * 1_000;

/** Eight characters in a state. */
const idBytes = 6;

/** How far a step has come. A step that never began was never sent. */
interface Progress {
  /** Signing time by the service's clock, ISO 8601, written just before the bytes go. */
  readonly begunAt?: string;
  /** The answer: carried out, or certainly not. Without one, nobody knows. */
  readonly end?: "done" | "void";
}

export interface PushStep extends Progress {
  readonly kind: "push";
  readonly push: PlannedPush;
  /** The service's answer. */
  readonly pushId?: string;
}

export interface WithdrawalStep extends Progress {
  readonly kind: "cancel" | "terminate" | "recall";
  readonly pushId: string;
}

/** A call that changes the service. */
export type JournalStep = PushStep | WithdrawalStep;

/** What a handler is about to do, and how far it came. */
export interface Entry {
  /** What a state names that was written after it. */
  readonly id: string;
  readonly action: "create" | "update" | "delete";
  readonly urn: string;
  /** The process that wrote it. */
  readonly writer: string;
  readonly steps: readonly JournalStep[];
}

type Body = Omit<Entry, "writer">;

/** Notes one step as it goes. */
export interface StepNote {
  /** Just before the bytes go; what throws here prevents them. */
  begun(at: Date): void;
  /** The service has answered that it did it. */
  done(pushId?: string): void;
  /** Nothing was done, for sure. */
  void(): void;
}

/** An entry that is being carried out. */
export interface Writing {
  push(): StepNote;
  withdrawal(kind: WithdrawalStep["kind"], pushId: string): StepNote;
}

/** Which task, of which app. */
export interface TaskKey {
  /** Access id and access point: a push id means something there alone. */
  readonly app: string;
  /** The half of the marker that says who. */
  readonly identity: string;
}

/** What this machine's runs have begun and no state is known to hold. */
export class Journal {
  readonly #store: Store;
  readonly #now: () => number;
  /** Closed, and perhaps not yet gone. */
  readonly #closed = new Set<string>();
  #hasDropped = false;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** The entries of one task, oldest first. */
  entriesOf(key: TaskKey): readonly Entry[] {
    return (this.#store.read((tables) => rowsOf(tables, key)) ?? [])
      .map(entryOf)
      .filter(({ id }) => !this.#closed.has(id));
  }

  /** The entries of other tasks of the app whose markers say the same. */
  entriesOfOthers({ app, identity }: TaskKey, content: string): readonly Entry[] {
    const rows = this.#store.read((tables) =>
      tables
        .prepare(
          // Of old entries the content is not noted. In one condition it would be looked for in each entry of the app.
          "select writer, body from entry where app = ?1 and content = ?3 and identity <> ?2 union all select writer, body from entry where app = ?1 and content is null and instr(body, ?3) > 0 and identity <> ?2",
        )
        .all(app, identity, content),
    );
    return (rows ?? []).map(entryOf).filter(({ id }) => !this.#closed.has(id));
  }

  /** Whether the process that wrote it still works on it. */
  isUnderWay({ writer }: Entry): boolean {
    return writer !== this.#store.writer && this.#store.isLiving(writer);
  }

  /** Notes that a declared resource has taken a push over: the old half of its replacement may be another process's. */
  hold(app: string, pushId: string): void {
    this.#store.note((tables) =>
      tables
        .prepare("insert or replace into adopted (app, pushId, writer) values (?, ?, ?)")
        .run(app, pushId, this.#store.writer),
    );
  }

  /** Whether another process that still lives has noted that. */
  isHeldByOther(app: string, pushId: string): boolean {
    const row = this.#store.read((tables) =>
      tables.prepare("select writer from adopted where app = ? and pushId = ?").get(app, pushId),
    );
    const writer = row && String(row.writer);
    return writer !== undefined && writer !== this.#store.writer && this.#store.isLiving(writer);
  }

  /** Whether this process wrote it. */
  isOwn({ writer }: Entry): boolean {
    return writer === this.#store.writer;
  }

  /**
   * Notes what is about to be done, unless another process is at work on the task, or was since `seen` was read: between
   * that look and the writing nobody else writes. It is on the disk before the first byte goes.
   */
  begin(
    key: TaskKey,
    entry: Pick<Entry, "action" | "urn" | "steps">,
    seen: readonly Entry[],
  ): Writing | "underWay" | "changed" {
    const body: Body = { ...entry, id: randomBytes(idBytes).toString("base64url") };
    return this.#store.note((tables) => {
      this.#dropOld(tables);
      const entries = rowsOf(tables, key).map(entryOf);
      if (entries.some((other) => this.isUnderWay(other))) return "underWay";
      if (this.#textOfOthers(entries) !== this.#textOfOthers(seen)) return "changed";
      tables
        .prepare("insert into entry (id, app, identity, writer, writtenAt, body, content) values (?, ?, ?, ?, ?, ?, ?)")
        .run(body.id, key.app, key.identity, this.#store.writer, this.#now(), JSON.stringify(body), contentIn(body));
      return this.#writing(body);
    });
  }

  #textOfOthers(entries: readonly Entry[]): string {
    return JSON.stringify(entries.filter((entry) => !this.isOwn(entry)));
  }

  /** Drops entries that a state covers: with the next write, since who does not know it yet finds the same. */
  close(entries: readonly Entry[]): void {
    for (const { id } of entries) {
      this.#closed.add(id);
      this.#store.later((tables) => tables.prepare("delete from entry where id = ?").run(id));
    }
  }

  /** Drops entries that no state will ever cover: at once, since only that shows that they are over. */
  closeNow(entries: readonly Entry[]): void {
    this.close(entries);
    this.#store.flush();
  }

  /** Once a process. */
  #dropOld(tables: Tables): void {
    if (this.#hasDropped) return;
    this.#hasDropped = true;
    tables.prepare("delete from entry where writtenAt < ?").run(this.#now() - keptDays * dayMilliseconds);
  }

  #writing(begun: Body): Writing {
    let body = begun;
    const change = (
      position: number,
      progress: Progress & { readonly pushId?: string },
      commit: Store["write"] = this.#store.note,
    ): void => {
      const steps = body.steps.map((step, at) => (at === position ? { ...step, ...progress } : step));
      body = { ...body, steps };
      const { changes } = commit((tables) =>
        tables.prepare("update entry set body = ? where id = ?").run(JSON.stringify(body), body.id),
      );
      // Before the bytes go this prevents them.
      if (changes !== 1) throw new Error("the journal's entry is gone; run the same again");
    };
    const noteOf = (isIt: (step: JournalStep) => boolean): StepNote => {
      const position = body.steps.findIndex(isIt);
      if (position < 0) throw new Error("please report this: a step that the journal does not hold");
      return {
        begun: (at) => change(position, { begunAt: at.toISOString() }, this.#store.write),
        done: (pushId) => change(position, { end: "done", ...(pushId !== undefined && { pushId }) }),
        void: () => change(position, { end: "void" }),
      };
    };
    return {
      push: () => noteOf(({ kind }) => kind === "push"),
      withdrawal: (kind, pushId) => noteOf((step) => step.kind === kind && step.pushId === pushId),
    };
  }
}

/** What its push stands for; empty where it has none. */
function contentIn({ steps }: Body): string {
  const push = steps.find((step) => step.kind === "push");
  return parseMarker(push?.push.marker)?.content ?? "";
}

const rowsOf = (tables: Tables, { app, identity }: TaskKey) =>
  tables.prepare("select writer, body from entry where app = ? and identity = ? order by number").all(app, identity);

/** An entry as its row has it. */
export function entryOf({ writer, body }: Record<string, unknown>): Entry {
  const parsed: Body = JSON.parse(String(body));
  return { ...parsed, writer: String(writer) };
}

/** Where the journal is: `TPNS_JOURNAL`, or the user's folder for the state of programs. */
export function journalFolder(env: Readonly<Record<string, string | undefined>>): string {
  if (env.TPNS_JOURNAL) return resolve(env.TPNS_JOURNAL);
  return join(env.XDG_STATE_HOME || join(env.HOME || homedir(), ".local", "state"), "pulumi-tpns");
}
