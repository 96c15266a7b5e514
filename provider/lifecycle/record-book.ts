import type { Sighting } from "../once/look.ts";
import { defaultExpireTimeSeconds } from "../tpns/schema/push-request.ts";
import type { PushRecord } from "../tpns/schema/record.ts";
import { dateOfSendTime, dayOf } from "../tpns/times.ts";
import type { PushService } from "./service.ts";

/** The most rows that the service gives in one answer. @see https://www.tencentcloud.com/document/product/1024/33772 */
const pageRows = 200;

/** Beyond this many pages of the month the list is narrowed: 200 queries an hour serve a whole team. */
const maxPages = 10;

/** The service lists one month back; scheduled tasks reach 90 days ahead. */
const daysBack = 29;
const daysAhead = 91;
const narrowedDaysBack = 2;

const dayMilliseconds = 24 * 60 * 60 * 1_000;

/** The service's record list, read once a run and kept; read anew only to see what a step has done. */
export class RecordBook {
  readonly #service: PushService;
  readonly #warn: (line: string) => void;
  #kept: Promise<Sighting[]> | undefined;
  #queued: Promise<Sighting[]> | undefined;

  constructor(service: PushService, warn: (line: string) => void) {
    this.#service = service;
    this.#warn = warn;
  }

  /** All records, as they were when this run first asked, and what it has pushed since. */
  all(): Promise<Sighting[]> {
    return this.#kept ?? this.fresh();
  }

  /** All records by a read that begins after this call; calls that come together share one. */
  fresh(): Promise<Sighting[]> {
    const before = this.#kept;
    this.#queued ??= (async () => {
      await before?.catch(() => undefined);
      this.#queued = undefined;
      this.#kept = this.#read();
      this.#kept.catch(() => {
        this.#kept = undefined;
      });
      return this.#kept;
    })();
    return this.#queued;
  }

  /** A task by its push id: from the kept list, by a query of its own only where the list does not hold it. */
  async find(name: string, pushId: string): Promise<Sighting | undefined> {
    return (await this.all()).find((task) => task.pushId === pushId) ?? this.query(name, pushId);
  }

  /** The same, as it is now. */
  async findNow(name: string, pushId: string): Promise<Sighting | undefined> {
    const size = (await this.all()).length;
    if (size > pageRows) return this.query(name, pushId);
    return (await this.fresh()).find((task) => task.pushId === pushId) ?? this.query(name, pushId);
  }

  /** One task, by the one call that tells its `collapse_id`. */
  async query(name: string, pushId: string): Promise<Sighting | undefined> {
    const record = await this.#service.getPushRecord(name, pushId);
    return record && sightingOf(record);
  }

  /** Adds what this run has pushed, so that its own next look sees it. */
  async add(task: Sighting): Promise<void> {
    (await this.all()).push(task);
  }

  async #read(): Promise<Sighting[]> {
    const month = await this.#page(daysBack, 0);
    if (month.count <= pageRows * maxPages) return this.#rest(daysBack, month);
    this.#warn(
      `the app has ${month.count} push records this month; only those of the last ${narrowedDaysBack} days are read, and a lost state's older tasks would not be found`,
    );
    return this.#rest(narrowedDaysBack, await this.#page(narrowedDaysBack, 0));
  }

  async #rest(back: number, first: Page): Promise<Sighting[]> {
    const tasks = first.tasks;
    while (tasks.length < first.count) {
      const page = await this.#page(back, tasks.length);
      if (page.tasks.length === 0) break;
      tasks.push(...page.tasks);
    }
    return tasks;
  }

  /** Asks again where the answer shows that this machine's clock took another day for today. */
  async #page(back: number, offset: number): Promise<Page> {
    const asked = this.#service.now();
    const answer = await this.#list(asked, back, offset).catch((error: unknown) => {
      if (dayOf(asked) === dayOf(this.#service.now())) throw error;
      return undefined;
    });
    if (answer === undefined || dayOf(asked) !== dayOf(this.#service.now())) return this.#page(back, offset);
    return { count: answer.count, tasks: answer.records.map(sightingOf) };
  }

  #list(now: Date, back: number, offset: number) {
    return this.#service.listPushRecords({
      startDate: dayOf(new Date(now.getTime() - back * dayMilliseconds)),
      endDate: dayOf(new Date(now.getTime() + daysAhead * dayMilliseconds)),
      offset,
      limit: pageRows,
    });
  }
}

interface Page {
  readonly count: number;
  readonly tasks: Sighting[];
}

/** From the service's words to ours. */
function sightingOf(record: PushRecord): Sighting {
  const { pushId, status, title, content, groupId, collapseID, date, createTime, expireTime } = record;
  return {
    pushId,
    status,
    title,
    content,
    groupId: groupId ?? undefined,
    collapseId: collapseID === "0" ? undefined : (collapseID ?? undefined),
    sendAt: date === "" ? new Date((createTime ?? 0) * 1_000) : dateOfSendTime(date),
    storageSeconds: expireTime ?? defaultExpireTimeSeconds,
  };
}
