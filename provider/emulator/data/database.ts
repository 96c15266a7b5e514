import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { openSqlite } from "../../sqlite.ts";

/** Raised when the tables change: an older file is refused, since nobody keeps an emulator's past for long. */
const schemaVersion = 1;

/** By which a file of ours is told from any other of SQLite: "TPNS" in bytes. */
const applicationId = 0x54504e53;

const schema = `
  create table meta (name text primary key, value) without rowid;
  create table app (accessId text primary key, secretKey text not null, platform text not null) without rowid;
  create table phone (
    id integer primary key,
    app text not null,
    name text not null unique,
    token text not null,
    system text not null,
    channel text not null,
    emui integer not null,
    environment text not null,
    online integer not null,
    connected integer not null,
    otherPackage integer not null
  );
  create index phoneOfToken on phone (token);
  create table tag (phone integer, tag text, primary key (phone, tag)) without rowid;
  create table account (
    seq integer primary key,
    app text not null,
    account text not null,
    phone integer not null,
    type integer not null,
    unique (phone, account)
  );
  create index accountOfApp on account (app, account, seq);
  create table attribute (phone integer, name text, value text not null, primary key (phone, name)) without rowid;
  create table task (
    number integer primary key autoincrement,
    pushId text not null unique,
    app text not null,
    createdMs integer not null,
    sendAtMs integer not null,
    status text not null,
    title text not null,
    content text not null,
    collapseId integer not null,
    overrides integer not null,
    executions integer not null,
    dispatchedMs integer,
    handedOut integer not null,
    push text not null,
    request text not null
  );
  create index taskOfCollapseId on task (app, collapseId);
  create table event (number integer primary key, task integer not null, atMs integer not null, what text not null);
  create index eventOfTask on event (task);
  create table delivery (
    task integer,
    phone integer,
    channel text not null,
    state integer not null,
    atMs integer not null,
    storedUntilMs integer not null,
    primary key (task, phone)
  ) without rowid;
  create index deliveryOfPhone on delivery (phone, state);
  create table wording (task integer, phone integer, title text, content text, primary key (task, phone)) without rowid;
  create table package (uploadId integer primary key, app text not null, name text not null);
  create table packageRow (uploadId integer, row text, primary key (uploadId, row)) without rowid;
  create table plan (planId integer primary key, app text not null, name text not null, text text not null, createdMs integer not null);
  create table due (number integer primary key autoincrement, atMs integer not null, kind text not null, task integer not null);
  create index dueAt on due (atMs, number);
  create table moment (name text not null, atMs integer not null);
  create index momentOfName on moment (name, atMs);
  create table request (number integer primary key, entry text not null);
  pragma application_id = ${applicationId};
  pragma user_version = ${schemaVersion};
`;

export type Values = Readonly<Record<string, SQLInputValue>>;
export type Row = Readonly<Record<string, unknown>>;

/** The emulator's data, in memory or in a file that one emulator at a time has open. */
export class Database {
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;
  #beforeCommit: () => void = () => undefined;

  /** @throws where the file is none of ours, of another version, or in use. */
  constructor(path: string | undefined) {
    this.#sqlite = path === undefined ? openSqlite(":memory:", 0) : openFile(path);
    // In one piece: a process that is killed in the midst has made none of it.
    if (this.#sqlite.prepare("pragma user_version").get()?.user_version === 0)
      this.#sqlite.exec(`begin; ${schema} commit`);
  }

  all(sql: string, values: Values = {}): readonly Row[] {
    return this.#statement(sql).all(values);
  }

  get(sql: string, values: Values = {}): Row | undefined {
    return this.#statement(sql).get(values);
  }

  /** Gives how many rows it has changed. */
  run(sql: string, values: Values = {}): number {
    return Number(this.#statement(sql).run(values).changes);
  }

  /** All of it or nothing; within another it is part of that one. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#sqlite.exec("begin");
    this.#depth += 1;
    try {
      const result = work();
      this.#beforeCommit();
      this.#sqlite.exec("commit");
      return result;
    } catch (error) {
      if (this.#sqlite.isTransaction) this.#sqlite.exec("rollback");
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  /** What every transaction writes besides. */
  beforeCommit(write: () => void): void {
    this.#beforeCommit = write;
  }

  close(): void {
    if (this.#sqlite.isOpen) this.#sqlite.close();
  }

  /** Compiled once: the same few statements run a million times. */
  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#sqlite.prepare(sql);
    statement.setAllowUnknownNamedParameters(true);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** A killed process leaves what it has committed; power that fails may take the last moments. */
function openFile(path: string): DatabaseSync {
  const sqlite = orExplain(path, () => openSqlite(path, 0));
  try {
    if (!orExplain(path, () => isOurs(sqlite))) {
      throw new Error(`${path} is no data file of this version of the emulator; name another`);
    }
    // The transaction takes the lock that keeps a second emulator out.
    orExplain(path, () =>
      sqlite.exec(
        "pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = normal; begin immediate; commit",
      ),
    );
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** Reads and changes nothing. */
function isOurs(sqlite: DatabaseSync): boolean {
  const numberOf = (sql: string): number => Number(Object.values(sqlite.prepare(sql).get() ?? {})[0]);
  const isEmpty = numberOf("select count(*) from sqlite_schema") === 0;
  const isKnown =
    numberOf("pragma application_id") === applicationId && numberOf("pragma user_version") === schemaVersion;
  return isEmpty || isKnown;
}

function orExplain<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const why = reason.includes("locked") ? "another emulator has it" : reason;
    throw new Error(`${path} cannot be used as data file: ${why}`);
  }
}
