import { Temporal } from "temporal-polyfill";
import type { Layer } from "./layer.ts";

type SendTime = Layer["sendTime"];

/** The same send time so many minutes later, over a change of daylight saving too. */
export function later(sendTime: SendTime, minutes: number): SendTime {
  if (minutes === 0 || sendTime === undefined) return sendTime;
  const time = zonedTimeOf(sendTime);
  if (time === undefined)
    throw new Error("waves need a sendTime that is known: ISO 8601 with offset, or a local time in a zone");
  return time.add({ minutes }).toString({ timeZoneName: "never", smallestUnit: "second" });
}

/** Undefined where it is not known, or at once. */
export function instantOf(sendTime: SendTime): Date | undefined {
  const time = sendTime === undefined ? undefined : zonedTimeOf(sendTime);
  return time && new Date(time.epochMilliseconds);
}

/** Undefined for what has no time of its own; what is wrong with it the task itself says. */
function zonedTimeOf(sendTime: SendTime): Temporal.ZonedDateTime | undefined {
  if (typeof sendTime === "string") return ofOffset(sendTime);
  if (typeof sendTime !== "object" || !("local" in sendTime)) return undefined;
  const { local, timeZone, offset } = sendTime;
  if (typeof local !== "string" || typeof timeZone !== "string") return undefined;
  try {
    const wall = Temporal.PlainDateTime.from(local);
    if (offset === undefined) return wall.toZonedDateTime(timeZone, { disambiguation: "reject" });
    return Temporal.ZonedDateTime.from(`${wall}${offset}[${timeZone}]`);
  } catch (error) {
    throw new Error(`sendTime ${local} in ${timeZone}: ${error instanceof Error ? error.message : error}`);
  }
}

function ofOffset(text: string): Temporal.ZonedDateTime | undefined {
  try {
    const offset = /(Z|[+-]\d\d:\d\d)$/.exec(text)?.[1] ?? "Z";
    return Temporal.Instant.from(text).toZonedDateTimeISO(offset === "Z" ? "UTC" : offset);
  } catch {
    return undefined;
  }
}
