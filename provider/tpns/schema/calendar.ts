import * as z from "zod";
import { worded, wordedAs } from "./wording.ts";

const dayForm = /^\d{4}-\d\d-\d\d$/;
const compactForm = /^(\d{4})(\d\d)(\d\d)$/;
const timeForm = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

/** Whether a text names a day that the calendar has: 2027-02-30 does not. */
function isDay(text: string): boolean {
  const time = dayForm.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const isCompactDay = (text: string): boolean => compactForm.test(text) && isDay(text.replace(compactForm, "$1-$2-$3"));

function isSendTime(text: string): boolean {
  const [day = "", time = "", ...rest] = text.split(" ");
  return rest.length === 0 && isDay(day) && timeForm.test(time);
}

/** A day of the service, yyyy-MM-dd in UTC+8. */
export const Day = z.string(worded).refine(isDay, wordedAs("a day as yyyy-MM-dd"));

export type Day = z.output<typeof Day>;

/** A day of the service as its statistics want it, yyyyMMdd in UTC+8. */
export const CompactDay = z.string(worded).refine(isCompactDay, wordedAs("a day as yyyyMMdd"));

export type CompactDay = z.output<typeof CompactDay>;

/** A time of day, HH:mm:ss in UTC+8. */
export const DayTime = z.string(worded).regex(timeForm, wordedAs("a time as HH:mm:ss"));

export type DayTime = z.output<typeof DayTime>;

/** When to push, yyyy-MM-dd HH:mm:ss; no page states the zone, and all four access points are at UTC+8. */
export const SendTime = z.string(worded).refine(isSendTime, wordedAs("yyyy-MM-dd HH:mm:ss"));

export type SendTime = z.output<typeof SendTime>;
