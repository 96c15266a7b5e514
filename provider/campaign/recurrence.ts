import { Temporal } from "temporal-polyfill";

/** The days of a week, as a recurrence names them. */
export type Weekday = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";

/** A send time that comes again; each occurrence is a task of its own. */
export interface RecurrenceArgs {
  every: "day" | "week" | "month";
  /** Of a week its days; of a month 1 to 31, where a shorter month leaves out what it has not. Not for `day`. */
  on?: Weekday[] | number[];
  /** Wall-clock time, `10:00` or `10:00:00`. */
  at: string;
  /** Such as `Asia/Shanghai`. */
  timeZone: string;
  /** First day, `2027-03-01`. */
  from: string;
  /** Last day, included. */
  until: string;
  /** Days that are left out. */
  except?: string[];
  /** Which of two, where daylight saving makes the time occur twice. Default `first`. */
  overlap?: "first" | "second";
}

/** One time of a recurrence. */
export interface Occurrence {
  /** Its day in the recurrence's zone, `2027-03-01`; it names the task. */
  readonly date: string;
  /** ISO 8601 with offset. */
  readonly sendTime: string;
}

/** A slip in the years makes thousands. */
const maxDays = 3_660;

const weekdays: readonly Weekday[] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** @throws one line that says what is wrong with it and what to write; a time that a day does not have is none. */
export function occurrencesOf(recurrence: RecurrenceArgs): readonly Occurrence[] {
  const from = dayOf("from", recurrence.from);
  const until = dayOf("until", recurrence.until);
  const length = from.until(until, { largestUnit: "day" }).days;
  if (length < 0)
    throw new Error(`repeat.until ${recurrence.until} is before repeat.from ${recurrence.from}; exchange them`);
  if (length > maxDays) throw new Error(`repeat.until ${recurrence.until} is more than ten years after repeat.from`);
  const days = Array.from({ length: length + 1 }, (_, days) => from.add({ days })).filter(daysIn(recurrence));
  const left = without(recurrence, days);
  if (left.length === 0)
    throw new Error(`repeat has no day from ${recurrence.from} until ${recurrence.until}; write others`);
  return left.map((day) => ({ date: day.toString(), sendTime: timeOn(recurrence, day) }));
}

function dayOf(name: string, text: string): Temporal.PlainDate {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Temporal.PlainDate.from(text, { overflow: "reject" });
  } catch {
    // Told below: a day that no calendar has.
  }
  throw new Error(`repeat.${name} ${text} is no day; write for example "2027-03-01"`);
}

/** Whether the recurrence takes a day. */
function daysIn({ every, on }: RecurrenceArgs): (day: Temporal.PlainDate) => boolean {
  if (every === "day") {
    if (on !== undefined) throw new Error('repeat.on is for every: "week" and every: "month"; leave it out');
    return () => true;
  }
  const days: readonly (Weekday | number)[] = on ?? [];
  if (every === "week") {
    const wrong = days.find((day) => !weekdays.some((known) => known === day));
    if (wrong !== undefined || days.length === 0) {
      throw new Error(`repeat.on ${wrong ?? "names no day"}; write some of ${weekdays.join(", ")}`);
    }
    return ({ dayOfWeek }) => days.some((day) => day === weekdays[dayOfWeek - 1]);
  }
  const wrong = days.find((day) => typeof day !== "number" || !Number.isInteger(day) || day < 1 || day > 31);
  if (wrong !== undefined || days.length === 0) {
    throw new Error(`repeat.on ${wrong ?? "names no day"}; write days of the month, 1 to 31`);
  }
  return ({ day }) => days.includes(day);
}

/** An exception that excepts nothing is a slip. */
function without({ except = [] }: RecurrenceArgs, days: readonly Temporal.PlainDate[]): readonly Temporal.PlainDate[] {
  const left = new Set(except.map((day) => dayOf("except", day).toString()));
  for (const day of left) {
    if (!days.some((taken) => taken.toString() === day))
      throw new Error(`repeat.except ${day} is no day of it; leave it out`);
  }
  return days.filter((day) => !left.has(day.toString()));
}

function timeOn({ at, timeZone, overlap = "first" }: RecurrenceArgs, day: Temporal.PlainDate): string {
  const wall = day.toPlainDateTime(timeOf(at));
  const [first, second] = [inZone(wall, timeZone, "earlier"), inZone(wall, timeZone, "later")];
  if (!first.toPlainDateTime().equals(wall)) {
    throw new Error(
      `repeat.at ${at} does not exist on ${day} in ${timeZone}, the clock skips it for daylight saving; write another time, or except: ["${day}"]`,
    );
  }
  return textOf(overlap === "first" ? first : second);
}

function timeOf(at: string): Temporal.PlainTime {
  try {
    if (/^\d{2}:\d{2}(:\d{2})?$/.test(at)) return Temporal.PlainTime.from(at, { overflow: "reject" });
  } catch {
    // Told below: an hour that no day has.
  }
  throw new Error(`repeat.at ${at} is no time of day; write for example "10:00"`);
}

function inZone(wall: Temporal.PlainDateTime, timeZone: string, disambiguation: "earlier" | "later") {
  try {
    return wall.toZonedDateTime(timeZone, { disambiguation });
  } catch {
    throw new Error(`repeat.timeZone ${timeZone} is no IANA time zone; write for example "Asia/Shanghai"`);
  }
}

const textOf = (time: Temporal.ZonedDateTime): string =>
  time.toString({ timeZoneName: "never", smallestUnit: "second" });
