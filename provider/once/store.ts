import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { openSqlite } from "../sqlite.ts";

/** Raised when the tables change in a way that older versions would misread. */
const schemaVersion = 1;

/** Others hold the lock for milliseconds; a file that is locked for longer is a file in trouble. */
const busyMilliseconds = 10_000;

const schema = `
  create table entry (
    number integer primary key,
    id text not null unique,
    app text not null,
    identity text not null,
    writer text not null,
    writtenAt real not null,
    body text not null,
    content text
  );
  create index entryOfIdentity on entry (app, identity);
  create table adopted (app text, pushId text, writer text not null, primary key (app, pushId));
  create table pushSlot (app text primary key, freeAt real not null);
  create table query (app text not null, at real not null);
  create index queryOfApp on query (app, at);
  pragma user_version = ${schemaVersion};
`;

/** Columns and indexes that came later, and that older versions do not mind. */
const additions = `
  create index if not exists entryOfContent on entry (app, content);
`;

/** Bytes of a new file: a commit writes whole pages, of each table and index that it touches. */
const pageBytes = 1_024;

/** After what is done later has waited so long, it is done, with all that waits: seldom, since one commit for all writes least. */
const laterMilliseconds = 30_000;

/** Pages that wait in the log until they are written to their places: what is written again by then goes there once. */
const checkpointPages = 4_000;

/** The tables, as far as they are used: a statement is prepared once. */
export interface Tables {
  prepare(sql: string): StatementSync;
}

/** What the processes of one machine tell each other, in a folder that the first write makes. */
export interface Store {
  /** What is committed; undefined where nothing was ever written. */
  read<T>(work: (tables: Tables) => T): T | undefined;
  /** One process at a time, and on the disk when it returns, with all that was noted before. */
  write<T>(work: (tables: Tables) => T): T;
  /** One process at a time; all others see it, and a killed process does not take it back, but a machine that fails may. */
  note<T>(work: (tables: Tables) => T): T;
  /**
   * With the next write, when this process ends, or after a while; not at all where nothing can be written: what is lost is
   * only done anew.
   */
  later(work: (tables: Tables) => void): void;
  /** Does now what was to be done later. */
  flush(): void;
  /** This process's name among those that write. */
  readonly writer: string;
  /** Whether the process of that name is still there. */
  isLiving(writer: string): boolean;
  /** Ends this process, as far as the others can see. */
  close(): void;
}

/**
 * SQLite serves as a file with a lock: what is committed is on the disk, and the kernel drops the locks of a process
 * that was killed. So a process shows that it lives by holding a file of its own locked.
 */
export function openStore(folder: string, patienceMilliseconds = laterMilliseconds): Store {
  const writer = randomUUID();
  const path = join(folder, "journal.db");
  let tables: OpenTables | undefined;
  let living: DatabaseSync | undefined;
  let waiting: ((tables: Tables) => void)[] = [];
  let timer: NodeJS.Timeout | undefined;

  const open = (): OpenTables => {
    tables ??= openTables(path);
    return tables;
  };
  const make = (): OpenTables => {
    if (tables) return tables;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return open();
  };
  const enter = (): DatabaseSync => {
    clearAway(folder);
    return hold(lockOf(folder, writer));
  };
  const commit = <T>(isDurable: boolean, work: (tables: Tables) => T): T => {
    const made = orExplain(folder, make);
    made.setDurable(isDurable);
    const result = inTransaction(made.database, () => {
      // Within the transaction: nobody else clears away what this process is about to hold.
      living ??= orExplain(folder, enter);
      for (const one of waiting) one(made);
      return work(made);
    });
    clearTimeout(timer);
    waiting = [];
    return result;
  };
  const flush = (): void => {
    if (waiting.length === 0) return;
    try {
      commit(false, () => {});
    } catch {
      // It is done anew by whoever comes next.
    }
  };
  return {
    writer,
    read: (work) => (tables || existsSync(path) ? work(orExplain(folder, open)) : undefined),
    write: (work) => commit(true, work),
    note: (work) => commit(false, work),
    later(work) {
      waiting.push(work);
      if (waiting.length === 1) timer = setTimeout(flush, patienceMilliseconds).unref();
    },
    flush,
    isLiving: (other) => other === writer || isHeld(lockOf(folder, other)),
    close() {
      flush();
      tables?.database.close();
      living?.close();
      if (living) rmSync(lockOf(folder, writer), { force: true });
      tables = undefined;
      living = undefined;
    },
  };
}

/** @throws one line that says where to go on, instead of the library's. */
function orExplain<T>(folder: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the journal in ${folder} cannot be used (${why}); set TPNS_JOURNAL to a folder that can be written`,
    );
  }
}

const lockEnding = ".lock";

const lockOf = (folder: string, writer: string): string => join(folder, `${writer}${lockEnding}`);

/** Removes the files of processes that were killed. */
function clearAway(folder: string): void {
  for (const name of readdirSync(folder)) if (name.endsWith(lockEnding)) isHeld(join(folder, name));
}

interface OpenTables extends Tables {
  readonly database: DatabaseSync;
  /** Whether the next commit writes to the disk, and with it all that were made before. */
  setDurable(is: boolean): void;
}

function openTables(path: string): OpenTables {
  const database = openSqlite(path, busyMilliseconds);
  // One write to the disk for each commit that wants it, where the file system can do it.
  patiently(() =>
    database.exec(`pragma page_size = ${pageBytes}; pragma journal_mode = wal; pragma synchronous = full`),
  );
  database.exec(`pragma wal_autocheckpoint = ${checkpointPages}`);
  const version = inTransaction(database, () => {
    const { user_version } = database.prepare("pragma user_version").get() ?? {};
    if (user_version === 0) database.exec(schema);
    if (Number(user_version) <= schemaVersion) addWhatIsNew(database);
    return Number(user_version);
  });
  if (version > schemaVersion) {
    database.close();
    throw new Error(`${path} was written by a newer pulumi-tpns; run: npm install pulumi-tpns@latest`);
  }
  const statements = new Map<string, StatementSync>();
  let isDurable = true;
  return {
    database,
    prepare(sql) {
      const statement = statements.get(sql) ?? database.prepare(sql);
      statements.set(sql, statement);
      return statement;
    },
    setDurable(is) {
      if (is !== isDurable) database.exec(`pragma synchronous = ${is ? "full" : "normal"}`);
      isDurable = is;
    },
  };
}

const pauseMilliseconds = 10;

/** While another process makes the same new file, SQLite refuses at once, however long it waits for a lock. */
function patiently(work: () => void): void {
  for (let pauses = busyMilliseconds / pauseMilliseconds; ; pauses -= 1) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || pauses <= 0) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMilliseconds);
  }
}

function addWhatIsNew(database: DatabaseSync): void {
  const columns = database.prepare("select name from pragma_table_info('entry')").all();
  if (!columns.some(({ name }) => name === "content")) database.exec("alter table entry add column content text");
  database.exec(additions);
}

function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("begin immediate");
  try {
    const result = work();
    database.exec("commit");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("rollback");
    throw error;
  }
}

/** Keeps a file locked until it is closed, or its process ends in whatever way. */
function hold(path: string): DatabaseSync {
  const lock = openSqlite(path, 0);
  lock.exec("pragma journal_mode = memory; begin exclusive");
  return lock;
}

/** Whether some process holds the file; one that nobody holds is cleared away. */
function isHeld(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    hold(path).close();
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  }
  rmSync(path, { force: true });
  return false;
}

const sqliteBusy = 5;

const isBusy = (error: unknown): boolean =>
  error instanceof Error && "errcode" in error && error.errcode === sqliteBusy;
