import { SendTime } from "./schema/calendar.ts";

/** All four access points are at UTC+8 without daylight saving; no page names a zone. */
const serviceOffsetMilliseconds = 8 * 60 * 60 * 1_000;

const shifted = (date: Date): string => new Date(date.getTime() + serviceOffsetMilliseconds).toISOString();

/** A moment as `send_time`: yyyy-MM-dd HH:mm:ss in UTC+8, fractions of a second cut off. */
export const sendTimeOf = (date: Date): string =>
  shifted(date).slice(0, "yyyy-MM-ddTHH:mm:ss".length).replace("T", " ");

/** The moment that a `send_time` or a record's `date` means. Throws on any other form. */
export function dateOfSendTime(text: string): Date {
  if (!SendTime.safeParse(text).success)
    throw new Error(`"${text}" is no time of the service; write yyyy-MM-dd HH:mm:ss`);
  return new Date(`${text.replace(" ", "T")}+08:00`);
}

/** The day of a moment in UTC+8, yyyy-MM-dd, as the record list takes it. */
export const dayOf = (date: Date): string => shifted(date).slice(0, "yyyy-MM-dd".length);

/** The day of a moment in UTC+8, yyyyMMdd, as the statistics take it. */
export const compactDayOf = (date: Date): string => dayOf(date).replaceAll("-", "");
