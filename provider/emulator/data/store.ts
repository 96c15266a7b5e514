import * as z from "zod";
import type { Channel } from "../../tpns/schema/channel.ts";
import { PushStatus } from "../../tpns/schema/record.ts";
import type { Audience } from "../audience.ts";
import type { App } from "../fleet.ts";
import { secondMs } from "../service-time.ts";
import type { Database, Row } from "./database.ts";

/** What an accepted request asks for, with the service's defaults filled in. */
export interface Push {
  readonly audience: Audience;
  readonly title: string;
  readonly content: string;
  readonly messageType: "notify" | "message";
  readonly environment: string;
  /** Milliseconds since 1970 at which it is to be dispatched; undefined: now. */
  readonly sendAtMs: number | undefined;
  /** Seconds that offline storage keeps it. */
  readonly expireTime: number;
  /** Messages a second; undefined: as fast as the service can. */
  readonly pushSpeed: number | undefined;
  /** The collapse id of the task that it overrides. */
  readonly collapseId: number | undefined;
  readonly forceCollapse: boolean;
  readonly disabledChannels: readonly Channel[];
  /** Phones that are connected get it over the own channel. */
  readonly prefersOwnChannel: boolean;
  /** Minutes of the day, in UTC+8, between which the own channel shows it; none: always. */
  readonly acceptTime: readonly MinuteRange[];
  /** What stands for a phone that lacks an attribute which the text names; undefined: nothing is filled in. */
  readonly personal: PersonalText | undefined;
  readonly groupId: string;
  readonly planId: string;
  readonly multiPkg: boolean;
  readonly uploadId: number;
  readonly mediaUrl: string;
  readonly audioUrl: string;
  readonly android: Readonly<Record<string, unknown>>;
  readonly ios: Readonly<Record<string, unknown>>;
}

export interface MinuteRange {
  readonly from: number;
  readonly until: number;
}

export interface PersonalText {
  readonly defaultTitle: string;
  readonly defaultContent: string;
}

/** A task of the service, as it was when it was read. */
export interface StoredTask extends Omit<Push, "sendAtMs" | "collapseId"> {
  /** Counts the tasks; push ids grow with it. */
  readonly number: number;
  readonly pushId: string;
  readonly accessId: string;
  readonly createdMs: number;
  readonly sendAtMs: number;
  /** 0: its audience has none. */
  readonly collapseId: number;
  /** It was pushed with the collapse id of another. */
  readonly overrides: boolean;
  readonly status: PushStatus;
  /** Times that it was dispatched: more than once is a bug of somebody. */
  readonly executions: number;
  readonly dispatchedMs: number | undefined;
  /** The last phone that it was handed out to. */
  readonly handedOut: number;
}

/** Which tasks; an empty text is any. */
export interface TaskSearch {
  readonly search: string;
  readonly status: PushStatus | "";
  readonly accessId: string;
  readonly offset: number;
  readonly limit: number;
}

/** Something that happened to a task. */
export interface TaskEvent {
  readonly atMs: number;
  readonly what: string;
}

/** Seconds after which the ids of an emulator may come again, 2.8 years; 100 ids a second stay apart until then. */
const idCycleSeconds = 90_000_000;
const idsPerSecond = 100;
const firstPushId = 1_000_000_000;

/** What stands before the ten digits of a longer push id. */
const longPushIdPrefix = "132824513";

const AppRow = z.object({ accessId: z.string(), secretKey: z.string(), platform: z.enum(["android", "ios"]) });

/** The apps, their tasks and their uploads. */
export class Store {
  readonly apps: readonly App[];
  readonly #database: Database;
  #lastId: number;

  /** Ids begin at the moment, in milliseconds, so that an emulator started later gives others. */
  constructor(database: Database, apps: readonly App[], beginMs: number) {
    this.#database = database;
    this.apps = this.#kept(apps);
    const lastId = Number(database.get("select value from meta where name = 'lastId'")?.value ?? 0);
    this.#lastId = Math.max(lastId, (Math.floor(beginMs / secondMs) % idCycleSeconds) * idsPerSecond);
  }

  app(accessId: string): App | undefined {
    return this.apps.find((app) => app.accessId === accessId);
  }

  newPushId(digits: number): string {
    return longPushIdPrefix.slice(0, digits - 10) + String(firstPushId + this.#newId());
  }

  /** Collapse, upload and plan ids fit 32 bits. */
  newSmallId(): number {
    return 1 + (this.#newId() % (2 ** 32 - 1));
  }

  /** Gives its number. */
  addTask(task: Omit<StoredTask, "number" | "handedOut" | "executions" | "dispatchedMs">, request: string): number {
    const { pushId, accessId, createdMs, sendAtMs, status, title, content, collapseId, overrides, ...push } = task;
    const values = { pushId, accessId, createdMs, sendAtMs, status, title, content, collapseId, request };
    const row = this.#database.get(
      `insert into task (pushId, app, createdMs, sendAtMs, status, title, content, collapseId, overrides, executions, handedOut, push, request)
       values (:pushId, :accessId, :createdMs, :sendAtMs, :status, :title, :content, :collapseId, :overrides, 0, 0, :push, :request)
       returning number`,
      { ...values, overrides: Number(overrides), push: JSON.stringify(push) },
    );
    return Number(row?.number);
  }

  /** Every task, in the order of creation. */
  tasks(): readonly StoredTask[] {
    return this.#database.all("select * from task order by number").map(taskOf);
  }

  tasksOf(accessId: string): readonly StoredTask[] {
    return this.#database.all("select * from task where app = :accessId order by number", { accessId }).map(taskOf);
  }

  /** Those whose words hold a text or whose push id it is, newest first: some of them, and how many there are. */
  search(wanted: TaskSearch): { count: number; tasks: readonly StoredTask[] } {
    const where = `(:search = '' or pushId = :search or instr(lower(title), lower(:search)) > 0
      or instr(lower(content), lower(:search)) > 0)
      and (:status = '' or status = :status) and (:accessId = '' or app = :accessId)`;
    const values = { ...wanted };
    const count = Number(this.#database.get(`select count(*) as n from task where ${where}`, values)?.n);
    const rows = this.#database.all(
      `select * from task where ${where} order by number desc limit :limit offset :offset`,
      values,
    );
    return { count, tasks: rows.map(taskOf) };
  }

  countByStatus(): Readonly<Partial<Record<PushStatus, number>>> {
    const rows = this.#database.all("select status, count(*) as n from task group by status");
    return Object.fromEntries(rows.map(({ status, n }) => [PushStatus.parse(status), Number(n)]));
  }

  /** A task of the app; the ids of other apps are unknown to it. */
  task(accessId: string, pushId: string): StoredTask | undefined {
    const task = this.taskOfAnyApp(pushId);
    return task?.accessId === accessId ? task : undefined;
  }

  taskOfAnyApp(pushId: string): StoredTask | undefined {
    const row = this.#database.get("select * from task where pushId = :pushId", { pushId });
    return row && taskOf(row);
  }

  taskByNumber(number: number): StoredTask {
    const row = this.#database.get("select * from task where number = :number", { number });
    if (row === undefined) throw new Error(`there is no task number ${number}; please report this`);
    return taskOf(row);
  }

  /** The tasks that share a collapse id. */
  tasksWithCollapseId(accessId: string, collapseId: number): readonly StoredTask[] {
    return this.#database
      .all("select * from task where app = :accessId and collapseId = :collapseId order by number", {
        accessId,
        collapseId,
      })
      .map(taskOf);
  }

  /** The request that made a task, as it came. */
  requestOf({ number }: StoredTask): string {
    return String(this.#database.get("select request from task where number = :number", { number })?.request);
  }

  setStatus({ number }: StoredTask, status: PushStatus): void {
    this.#database.run("update task set status = :status where number = :number", { number, status });
  }

  beginDispatch({ number }: StoredTask, atMs: number): void {
    this.#database.run(
      "update task set status = 'PUSH_STARTED', executions = executions + 1, dispatchedMs = :atMs where number = :number",
      { number, atMs },
    );
  }

  /** It was handed out to all phones up to this one. */
  setHandedOut({ number }: StoredTask, phone: number): void {
    this.#database.run("update task set handedOut = :phone where number = :number", { number, phone });
  }

  addEvent({ number }: Pick<StoredTask, "number">, atMs: number, what: string): void {
    this.#database.run("insert into event (task, atMs, what) values (:number, :atMs, :what)", { number, atMs, what });
  }

  eventsOf({ number }: StoredTask): readonly TaskEvent[] {
    return this.#database
      .all("select atMs, what from event where task = :number order by number", { number })
      .map(({ atMs, what }) => ({ atMs: Number(atMs), what: String(what) }));
  }

  /** Gives its upload id; rows that come again count once. */
  addPackage(accessId: string, name: string, rows: Iterable<string>): number {
    const uploadId = this.newSmallId();
    this.#database.run("insert into package (uploadId, app, name) values (:uploadId, :accessId, :name)", {
      uploadId,
      accessId,
      name,
    });
    for (const some of inParts(rows, rowsAtOnce)) {
      this.#database.run(
        "insert or ignore into packageRow (uploadId, row) select :uploadId, value from json_each(:rows)",
        { uploadId, rows: JSON.stringify(some) },
      );
    }
    return uploadId;
  }

  hasPackage(accessId: string, uploadId: number): boolean {
    const values = { accessId, uploadId };
    return (
      this.#database.get("select 1 from package where uploadId = :uploadId and app = :accessId", values) !== undefined
    );
  }

  /** Gives its plan id. */
  addPlan(accessId: string, name: string, text: string, createdMs: number): number {
    const planId = this.newSmallId();
    this.#database.run(
      "insert into plan (planId, app, name, text, createdMs) values (:planId, :accessId, :name, :text, :createdMs)",
      { planId, accessId, name, text, createdMs },
    );
    return planId;
  }

  hasPlan(accessId: string, planId: string): boolean {
    const values = { accessId, planId };
    const row = this.#database.get(
      "select 1 from plan where cast(planId as text) = :planId and app = :accessId",
      values,
    );
    return row !== undefined;
  }

  #newId(): number {
    this.#lastId += 1;
    this.#database.run("insert or replace into meta (name, value) values ('lastId', :id)", { id: this.#lastId });
    return this.#lastId;
  }

  /** A data file keeps the apps that it began with. */
  #kept(apps: readonly App[]): readonly App[] {
    const known = this.#database.all("select accessId, secretKey, platform from app order by accessId");
    if (known.length > 0) return known.map((row) => AppRow.parse(row));
    for (const { accessId, secretKey, platform } of apps) {
      this.#database.run("insert into app (accessId, secretKey, platform) values (:accessId, :secretKey, :platform)", {
        accessId,
        secretKey,
        platform,
      });
    }
    return apps;
  }
}

/** One statement takes so many, which is faster by far than one each. */
const rowsAtOnce = 10_000;

function* inParts<Item>(items: Iterable<Item>, size: number): Generator<readonly Item[]> {
  let part: Item[] = [];
  for (const item of items) {
    part.push(item);
    if (part.length < size) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

type PushColumn = Omit<Push, "title" | "content" | "sendAtMs" | "collapseId">;

const taskOf = (row: Row): StoredTask => {
  const push: PushColumn = JSON.parse(String(row.push));
  return {
    ...push,
    number: Number(row.number),
    pushId: String(row.pushId),
    accessId: String(row.app),
    createdMs: Number(row.createdMs),
    sendAtMs: Number(row.sendAtMs),
    status: PushStatus.parse(row.status),
    title: String(row.title),
    content: String(row.content),
    collapseId: Number(row.collapseId),
    overrides: row.overrides === 1,
    executions: Number(row.executions),
    dispatchedMs: row.dispatchedMs === null ? undefined : Number(row.dispatchedMs),
    handedOut: Number(row.handedOut),
  };
};
