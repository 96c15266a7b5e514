import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { expect } from "vitest";
import { openStore } from "../../provider/once/store.ts";
import { test } from "./folder.ts";

test("a folder in which nothing was written is not made by reading", ({ folder }) => {
  const inner = join(folder, "state", "pulumi-tpns");

  expect(openStore(inner).read(() => "read")).toBeUndefined();
  expect(() => readdirSync(inner)).toThrow("ENOENT");
});

test("what one process writes another reads", ({ folder }) => {
  const inner = join(folder, "state", "pulumi-tpns");
  openStore(inner).write((tables) => tables.prepare("insert into query (app, at) values ('a', 1)").run());

  expect(openStore(inner).read((tables) => ({ ...tables.prepare("select app, at from query").get() }))).toEqual({
    app: "a",
    at: 1,
  });
});

test("a write that throws has written nothing", ({ folder }) => {
  const store = openStore(folder);
  const fail = (): void =>
    store.write((tables) => {
      tables.prepare("insert into query (app, at) values ('a', 1)").run();
      throw new Error("no");
    });

  expect(fail).toThrow("no");
  expect(store.read((tables) => tables.prepare("select count(*) as rows from query").get()?.rows)).toBe(0);
});

test("a process lives from its first write until it is closed", ({ folder }) => {
  const [first, second] = [openStore(folder), openStore(folder)];
  const living: boolean[] = [second.isLiving(first.writer)];
  first.write(() => {});
  living.push(second.isLiving(first.writer), first.isLiving(first.writer));
  first.close();
  living.push(second.isLiving(first.writer));

  expect(living).toEqual([false, true, true, false]);
});

test("the files of processes that were killed are cleared away by the next that writes", ({ folder }) => {
  writeFileSync(join(folder, "killed.lock"), "");
  const store = openStore(folder);
  store.write(() => {});

  expect(readdirSync(folder).filter((name) => name.endsWith(".lock"))).toEqual([`${store.writer}.lock`]);
});

test("a journal of a newer version is refused, and left as it is", ({ folder }) => {
  openStore(folder).write(() => {});
  const path = join(folder, "journal.db");
  new DatabaseSync(path).exec("pragma user_version = 99");

  expect(() => openStore(folder).write(() => {})).toThrow(
    `${path} was written by a newer pulumi-tpns; run: npm install pulumi-tpns@latest`,
  );
});

test("a folder that cannot be written is told in one line, with what to write", ({ folder }) => {
  const inner = join(folder, "taken");
  writeFileSync(inner, "a file");

  expect(() => openStore(inner).write(() => {})).toThrow(
    /^the journal in .*taken cannot be used \(EEXIST.*\); set TPNS_JOURNAL to a folder that can be written$/,
  );
});

test("a file that is no journal is told likewise", ({ folder }) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "journal.db"), "this is no database".repeat(100));

  expect(() => openStore(folder).read(() => {})).toThrow(/cannot be used \(file is not a database\); set TPNS_JOURNAL/);
});

const add = "insert into query (app, at) values ('a', 1)";
const count = "select count(*) as rows from query";

test("what is to be done later is done with the next write, or when the process ends", ({ folder }) => {
  const [store, other] = [openStore(folder), openStore(folder)];
  const rows = () => other.read((tables) => tables.prepare(count).get()?.rows);
  store.write(() => {});
  store.later((tables) => tables.prepare(add).run());
  const seen = [rows()];
  store.note(() => {});
  seen.push(rows());
  store.later((tables) => tables.prepare(add).run());
  store.close();

  expect([...seen, rows()]).toEqual([0, 1, 2]);
});

test("what is to be done later is still to be done where the next write fails", ({ folder }) => {
  const [store, other] = [openStore(folder), openStore(folder)];
  store.write(() => {});
  store.later((tables) => tables.prepare(add).run());
  const fail = () => {
    throw new Error("the disk is full");
  };

  expect(() => store.note(fail)).toThrow("the disk is full");
  expect(other.read((tables) => tables.prepare(count).get()?.rows)).toBe(0);
  store.flush();
  expect(other.read((tables) => tables.prepare(count).get()?.rows)).toBe(1);
});

test("what is to be done later is done after a while without either", async ({ folder }) => {
  const [store, other] = [openStore(folder, 20), openStore(folder)];
  store.write(() => {});
  store.later((tables) => tables.prepare(add).run());

  await expect.poll(() => other.read((tables) => tables.prepare(count).get()?.rows)).toBe(1);
});

/** Long enough for processes to start, so that all begin together. */
const startMilliseconds = 1_000;
const rounds = 10;

test("folders whose first writers come together take what each of them writes", async ({ folder }) => {
  const program = `
    import { openStore } from ${JSON.stringify(join(import.meta.dirname, "..", "..", "provider", "once", "store.ts"))};
    for (let round = 0; round < ${rounds}; round += 1) {
      const store = openStore(${JSON.stringify(folder)} + "/" + round);
      while (Date.now() < ${Date.now() + startMilliseconds} + round * 100);
      store.write((tables) => tables.prepare(${JSON.stringify(add)}).run());
    }
  `;
  const writers = [1, 2, 3].map(() => promisify(execFile)(execPath, ["--input-type=module", "--eval", program]));

  await Promise.all(writers);

  const written = Array.from({ length: rounds }, (_, round) =>
    openStore(join(folder, String(round))).read((tables) => tables.prepare(count).get()?.rows),
  );
  expect(written).toEqual(Array(rounds).fill(writers.length));
}, 20_000);

test("a file of an older version gets the columns that came later", ({ folder }) => {
  const path = join(folder, "journal.db");
  const old = new DatabaseSync(path);
  old.exec(`
    create table entry (number integer primary key autoincrement, id text not null unique, app text not null,
      identity text not null, writer text not null, writtenAt real not null, body text not null);
    create table adopted (app text, pushId text, writer text not null, primary key (app, pushId));
    create table pushSlot (app text primary key, freeAt real not null);
    create table query (app text not null, at real not null);
    insert into entry (id, app, identity, writer, writtenAt, body) values ('x', 'a', 'i', 'w', 1, '{}');
    pragma user_version = 1;
  `);
  old.close();

  expect(openStore(folder).read((tables) => ({ ...tables.prepare("select id, content from entry").get() }))).toEqual({
    id: "x",
    content: null,
  });
});
