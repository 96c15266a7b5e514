import type { Sighting } from "../once/look.ts";
import { Records } from "../once/records.ts";
import { defaultExpireTimeSeconds } from "../tpns/schema/push-request.ts";
import type { PushRecord } from "../tpns/schema/record.ts";
import { dateOfSendTime, dayOf } from "../tpns/times.ts";
import { Lookout } from "./lookout.ts";
import type { PushService } from "./service.ts";

/** The most rows that the service gives in one answer. @see https://www.tencentcloud.com/document/product/1024/33772 */
const pageRows = 200;

/** Beyond this many pages of the month the list is narrowed: 200 queries an hour serve a whole team. */
const maxPages = 10;

/** The service lists one month back; scheduled tasks reach 90 days ahead. */
const daysBack = 29;
const daysAhead = 91;
const narrowedDaysBack = 2;

/** About as long as a call takes: what the engine has under way beside it is asked for together. */
const gatherMilliseconds = 200;

const dayMilliseconds = 24 * 60 * 60 * 1_000;

/** The list as one read gave it. */
export interface Listing {
  readonly tasks: Records;
  /** Which of the run's reads it was. */
  readonly number: number;
  /** The service's time at its first answer. */
  readonly readAt: Date;
  /** Days back from then that it reaches. */
  readonly daysBack: number;
}

/** What it asks of the service. */
type RecordService = Pick<PushService, "now" | "getPushRecord" | "listPushRecords">;

/** The service's record list, read once a run and kept; read anew only to see what a step has done. */
export class RecordBook {
  readonly #service: RecordService;
  readonly #warn: (line: string) => void;
  /** What this run has pushed: a list that lags behind must not hide it. */
  readonly #own: Sighting[] = [];
  readonly #lookout: Lookout;
  #latest: Records | undefined;
  /** How many of them the service listed. */
  #listed = 0;
  #kept: Promise<Listing> | undefined;
  #queued: Promise<Listing> | undefined;
  #reads = 0;
  #daysNeeded = narrowedDaysBack;

  constructor(service: RecordService, warn: (line: string) => void) {
    this.#service = service;
    this.#warn = warn;
    this.#lookout = new Lookout({
      one: (name, pushId) => this.query(name, pushId),
      page: async (offset) => (await this.#page((await this.after(0)).daysBack, offset + this.#movedOn())).tasks,
      pageRows,
      gatherMilliseconds,
    });
  }

  /** How many reads of the list have begun. */
  get reads(): number {
    return this.#reads;
  }

  /** All records, as they were when this run first asked, and what it has pushed since. */
  async all(): Promise<Records> {
    return (await this.after(0)).tasks;
  }

  /** All records by a read that begins after this call; calls that come together share one. */
  async fresh(): Promise<Records> {
    return (await this.after(this.#reads)).tasks;
  }

  /** The kept list if it is a later read than the one of that number, and reaches back so far; a new one if not. */
  async after(number: number, since?: Date): Promise<Listing> {
    const kept = await this.#kept?.catch(() => undefined);
    this.#need(since);
    const isEnough = kept && kept.number > number && kept.daysBack >= this.#daysNeeded;
    return isEnough ? kept : await this.#reread();
  }

  /** A day more, since the list is asked for by days. */
  #need(since: Date | undefined): void {
    if (since === undefined) return;
    const days = Math.ceil((this.#service.now().getTime() - since.getTime()) / dayMilliseconds) + 1;
    this.#daysNeeded = Math.min(daysBack, Math.max(this.#daysNeeded, days));
  }

  #reread(): Promise<Listing> {
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
    return (await this.all()).find(pushId) ?? this.query(name, pushId);
  }

  /** The same, as it is now; those that are asked for together share a query. */
  async findNow(name: string, pushId: string): Promise<Sighting | undefined> {
    const { list } = await this.all();
    if (list.length <= pageRows) return (await this.fresh()).find(pushId) ?? this.query(name, pushId);
    const position = list.findIndex((task) => task.pushId === pushId);
    return this.#lookout.find(name, pushId, position < 0 ? undefined : position);
  }

  /** By how many rows the list has moved on since it was read: what this run has pushed stands before it where the newest does. */
  #movedOn(): number {
    const { list } = this.#latest ?? new Records();
    const [first, last] = [list[0], list[this.#listed - 1]];
    const isNewestFirst = (first?.createdAt?.getTime() ?? 0) > (last?.createdAt?.getTime() ?? 0);
    return isNewestFirst ? list.length - this.#listed : 0;
  }

  /** One task, by the one call that tells its `collapse_id`. */
  async query(name: string, pushId: string): Promise<Sighting | undefined> {
    const record = await this.#service.getPushRecord(name, pushId);
    return record && sightingOf(record);
  }

  /** Adds what this run has pushed, so that its own next look sees it. */
  add(task: Sighting): void {
    this.#own.push(task);
    this.#latest?.add(task);
  }

  /** What a read gave, and what this run has pushed until now. */
  #recordsOf(sightings: readonly Sighting[]): Records {
    this.#latest = new Records(sightings);
    this.#listed = this.#latest.list.length;
    for (const task of this.#own) this.#latest.add(task);
    return this.#latest;
  }

  async #read(): Promise<Listing> {
    this.#reads += 1;
    const number = this.#reads;
    const month = await this.#page(daysBack, 0);
    // The first answer of a run is the one that tells the service's time.
    const readAt = this.#service.now();
    if (month.count <= pageRows * maxPages) {
      return { tasks: this.#recordsOf(await this.#rest(daysBack, month)), number, readAt, daysBack };
    }
    const back = this.#daysNeeded;
    this.#warn(
      `the app has ${month.count} push records this month; only those of the last ${back} days are read, and a lost state's older tasks would not be found`,
    );
    const narrowed = await this.#rest(back, (await this.#continued(back, month)) ?? (await this.#page(back, 0)));
    return { tasks: this.#recordsOf(narrowed), number, readAt, daysBack: back };
  }

  /**
   * The month's first page and the one that follows, where it is the first of so many days, too: then both lists, whose order
   * is one, have the same row at its end.
   */
  async #continued(back: number, month: Page): Promise<Page | undefined> {
    const oldest = this.#service.now().getTime() - back * dayMilliseconds;
    if (!month.tasks.every(({ createdAt }) => createdAt && createdAt.getTime() > oldest)) return undefined;
    const [last, ...known] = month.tasks.toReversed();
    const next = await this.#page(back, known.length);
    if (last === undefined || next.tasks[0]?.pushId !== last.pushId) return undefined;
    return { count: next.count, tasks: [...known.toReversed(), ...next.tasks] };
  }

  async #rest(back: number, first: Page): Promise<readonly Sighting[]> {
    const tasks = first.tasks;
    while (tasks.length < first.count) {
      const page = await this.#page(back, tasks.length);
      if (page.tasks.length === 0) break;
      tasks.push(...page.tasks);
    }
    return tasks;
  }

  /** Asks once more where the answer, or the refusal, shows that this machine's clock took another day for today. */
  async #page(back: number, offset: number): Promise<Page> {
    const asked = this.#service.now();
    const isOtherDay = (): boolean => dayOf(asked) !== dayOf(this.#service.now());
    const first = await this.#list(asked, back, offset).catch((error: unknown) => {
      if (!isOtherDay()) throw error;
    });
    const answer = first && !isOtherDay() ? first : await this.#list(this.#service.now(), back, offset);
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

/** What the service writes of a push that came through the API. */
const apiSource = "api";

/** From the service's words to ours. */
function sightingOf(record: PushRecord): Sighting {
  const { pushId, status, pushType, title, content, groupId, collapseID, date, createTime, expireTime, source } =
    record;
  return {
    pushId,
    status,
    audience: pushType,
    createdAt: typeof createTime === "number" ? new Date(createTime * 1_000) : undefined,
    title,
    content,
    groupId: groupId ?? undefined,
    collapseId: collapseID === "0" ? undefined : (collapseID ?? undefined),
    isFromApi: (source ?? apiSource) === apiSource,
    sendAt: pushTimeOf(date) ?? new Date((createTime ?? 0) * 1_000),
    storageSeconds: expireTime ?? defaultExpireTimeSeconds,
  };
}

/** One record with a date of another form must not make the others unreadable. */
function pushTimeOf(date: string): Date | undefined {
  try {
    return dateOfSendTime(date);
  } catch {
    return undefined;
  }
}
