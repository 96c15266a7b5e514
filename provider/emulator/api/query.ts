import type { CompactDay } from "../../tpns/schema/calendar.ts";
import type { StoredTask } from "../data/store.ts";
import type { App } from "../fleet.ts";
import { Refusal, retCodes } from "../refusal.ts";
import { dayMs, hourMs, momentOfServiceDay, serviceDayOf } from "../service-time.ts";
import type { World } from "../world.ts";
import { camel, type Endpoint, jsonEndpoint } from "./endpoint.ts";
import { asOf } from "./past.ts";

/** A page of the statistics, which has its own count of queries, whatever path leads to it. */
export const queryEndpoint = (page: string, handle: Endpoint["handle"]): Endpoint => ({
  ...jsonEndpoint(camel, handle),
  admit: (world, { app }) => countQuery(world, app, page),
});

const countQuery = ({ clock, limits, switches }: World, app: App, page: string): void => {
  const key = `${page} ${app.accessId}`;
  if (switches.queriesPerHour > 0 && limits.recent(key, clock.nowMs(), hourMs) >= switches.queriesPerHour) {
    throw new Refusal(retCodes.tooFast, `request too fast: ${switches.queriesPerHour} queries an hour`);
  }
  limits.record(key, clock.nowMs(), hourMs);
};

/** The app's task with an id as of a moment, if the service tells of it; undefined where it answers with an empty list instead of refusing. */
export const taskAskedFor = (
  world: World,
  app: App,
  pushId: string,
  isTold: (task: StoredTask) => boolean,
  atMs: number | undefined,
): StoredTask | undefined => {
  const found = world.store.task(app.accessId, pushId);
  const task = found && asOf(world, found, atMs);
  if (task !== undefined && isTold(task)) return task;
  if (world.switches.unknownPushId === "empty") return undefined;
  throw new Refusal(retCodes.unknownPushId, `push id not exist: ${pushId}`);
};

/** Days of the service, from the first millisecond of one to the last of another. */
export interface DayRange {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Days as statistics ask for them: the first lies no further back than told, and none after today. */
export const dayRangeOf = (
  { clock }: World,
  { startDate, endDate }: { readonly startDate: CompactDay; readonly endDate: CompactDay },
  daysBack: number,
): DayRange => {
  const earliest = compactDayOf(clock.nowMs() - daysBack * dayMs);
  if (startDate < earliest) {
    throw dateError(`startDate ${startDate} is not within the last ${daysBack} days: ${earliest} or later`);
  }
  if (endDate < startDate) throw dateError(`endDate ${endDate} is before startDate ${startDate}`);
  const fromMs = momentOf(startDate);
  const tomorrowMs = momentOf(compactDayOf(clock.nowMs())) + dayMs;
  return { fromMs, untilMs: Math.max(fromMs, Math.min(momentOf(endDate) + dayMs, tomorrowMs)) };
};

/** The first moment of each day. */
export const daysOf = ({ fromMs, untilMs }: DayRange): readonly number[] =>
  Array.from({ length: Math.round((untilMs - fromMs) / dayMs) }, (_, at) => fromMs + at * dayMs);

/** The service's day of a moment as statistics write it, yyyyMMdd. */
export const compactDayOf = (ms: number): CompactDay => serviceDayOf(ms).replaceAll("-", "");

const momentOf = (day: CompactDay): number =>
  momentOfServiceDay(day.replace(/^(....)(..)(..)$/, "$1-$2-$3")) ?? Number.NaN;

const dateError = (reason: string): Refusal => new Refusal(retCodes.dateFormat, reason);
