import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { openSqlite } from "../sqlite.ts";

/** Raised when the tables change in a way that older versions would misread. */
const schemaVersion = 1;

/** Others hold the lock for milliseconds; a file that is locked for longer is a file in trouble. */
const busyMilliseconds = 10_000;

const schema = `
  create table entry (
    number integer primary key autoincrement,
    id text not null unique,
    app text not null,
    identity text not null,
    writer text not null,
    writtenAt real not null,
    body text not null
  );
  create index entryOfIdentity on entry (app, identity);
  create table adopted (app text, pushId text, writer text not null, primary key (app, pushId));
  create table pushSlot (app text primary key, freeAt real not null);
  create table query (app text not null, at real not null);
  create index queryOfApp on query (app, at);
  pragma user_version = ${schemaVersion};
`;

/** What the processes of one machine tell each other, in a folder that the first write makes. */
export interface Store {
  /** What is committed; undefined where nothing was ever written. */
  read<T>(work: (tables: DatabaseSync) => T): T | undefined;
  /** One process at a time, and on the disk when it returns. */
  write<T>(work: (tables: DatabaseSync) => T): T;
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
export function openStore(folder: string): Store {
  const writer = randomUUID();
  const path = join(folder, "journal.db");
  let tables: DatabaseSync | undefined;
  let living: DatabaseSync | undefined;

  const open = (): DatabaseSync => {
    tables ??= openTables(path);
    return tables;
  };
  const make = (): DatabaseSync => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return open();
  };
  const enter = (): DatabaseSync => {
    clearAway(folder);
    return hold(lockOf(folder, writer));
  };
  return {
    writer,
    read: (work) => (tables || existsSync(path) ? work(orExplain(folder, open)) : undefined),
    write(work) {
      return inTransaction(orExplain(folder, make), (database) => {
        // Within the transaction: nobody else clears away what this process is about to hold.
        living ??= orExplain(folder, enter);
        return work(database);
      });
    },
    isLiving: (other) => other === writer || isHeld(lockOf(folder, other)),
    close() {
      tables?.close();
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

function openTables(path: string): DatabaseSync {
  const tables = openSqlite(path, busyMilliseconds);
  // One write to the disk for each commit, where the file system can do it.
  tables.exec("pragma journal_mode = wal; pragma synchronous = full");
  const version = inTransaction(tables, () => {
    const { user_version } = tables.prepare("pragma user_version").get() ?? {};
    if (user_version === 0) tables.exec(schema);
    return Number(user_version);
  });
  if (version <= schemaVersion) return tables;
  tables.close();
  throw new Error(`${path} was written by a newer pulumi-tpns; run: npm install pulumi-tpns@latest`);
}

function inTransaction<T>(tables: DatabaseSync, work: (tables: DatabaseSync) => T): T {
  tables.exec("begin immediate");
  try {
    const result = work(tables);
    tables.exec("commit");
    return result;
  } catch (error) {
    if (tables.isTransaction) tables.exec("rollback");
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
