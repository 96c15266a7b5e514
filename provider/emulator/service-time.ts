/** Every access point lies in UTC+8 and knows no daylight saving. */
const serviceOffsetMs = 8 * 60 * 60 * 1000;

export const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** The service's text for a moment, `yyyy-MM-dd HH:mm:ss` in UTC+8. */
export const serviceTextOf = (ms: number): string =>
  new Date(ms + serviceOffsetMs).toISOString().slice(0, 19).replace("T", " ");

/** The minute of the service's day. */
export const minuteOfServiceDay = (ms: number): number => Math.floor(((ms + serviceOffsetMs) % dayMs) / minuteMs);

/** The service's day of a moment, `yyyy-MM-dd` in UTC+8. */
export const serviceDayOf = (ms: number): string => serviceTextOf(ms).slice(0, 10);

/** Milliseconds since 1970 of `yyyy-MM-dd HH:mm:ss` in UTC+8; undefined for what no calendar has. */
export const momentOfServiceText = (text: string): number | undefined => {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined;
  const ms = Date.parse(`${text.replace(" ", "T")}+08:00`);
  return !Number.isNaN(ms) && serviceTextOf(ms) === text ? ms : undefined;
};

/** First millisecond of a day `yyyy-MM-dd` in UTC+8; undefined for what no calendar has. */
export const momentOfServiceDay = (day: string): number | undefined => momentOfServiceText(`${day} 00:00:00`);
