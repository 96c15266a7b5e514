import { Temporal } from "temporal-polyfill";
import { z } from "zod";

/** When a task goes out: at an instant, or in this run unless that comes too late. */
export type SendTime = { readonly kind: "at"; readonly at: Date } | { readonly kind: "asap"; readonly notAfter: Date };

const example = '"2027-03-01T10:00:00+08:00"';

const Local = z.strictObject({ local: z.string(), timeZone: z.string(), offset: z.string().optional() });
const Asap = z.strictObject({ asap: z.literal(true), notAfter: z.string() });

/** @throws one line that says what is wrong with it and what to write. */
export function parseSendTime(declared: unknown): SendTime {
  if (declared === undefined) throw new Error(`sendTime is missing; write for example ${example}`);
  if (typeof declared === "string") return { kind: "at", at: parseInstant("sendTime", declared) };
  const asap = Asap.safeParse(declared);
  if (asap.success) return { kind: "asap", notAfter: parseInstant("sendTime.notAfter", asap.data.notAfter) };
  const local = Local.safeParse(declared);
  if (local.success) return { kind: "at", at: localInstantOf(local.data) };
  throw new Error(
    `sendTime is none of the three forms; write ${example}, { local: "2027-03-01T10:00", timeZone: "Asia/Shanghai" } or { asap: true, notAfter: ${example} }`,
  );
}

function parseInstant(name: string, text: string): Date {
  try {
    return wholeSeconds(name, Temporal.Instant.from(text));
  } catch (error) {
    if (error instanceof RangeError) {
      throw new Error(`${name} ${text} is not ISO 8601 with an offset; write for example ${example}`);
    }
    throw error;
  }
}

function localInstantOf({ local, timeZone, offset }: z.output<typeof Local>): Date {
  const wall = wallClock(local);
  const [first, second] = (["earlier", "later"] as const).map((disambiguation) =>
    inZone(wall, timeZone, disambiguation),
  );
  if (first === undefined || second === undefined) throw new Error("please report this: no instant of a local time");
  if (!first.toPlainDateTime().equals(wall)) {
    throw new Error(
      `sendTime ${local} does not exist in ${timeZone}, the clock skips it for daylight saving; write ${second.toPlainDateTime().toString()}`,
    );
  }
  if (offset !== undefined) return atOffset(local, timeZone, offset, [first, second]);
  if (!first.equals(second)) {
    throw new Error(
      `sendTime ${local} occurs twice in ${timeZone}, for daylight saving; add offset: "${first.offset}" or "${second.offset}"`,
    );
  }
  return wholeSeconds("sendTime.local", first.toInstant());
}

function wallClock(local: string): Temporal.PlainDateTime {
  try {
    // A date alone, or one with an offset, must not pass for a wall-clock time.
    if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(local)) return Temporal.PlainDateTime.from(local);
  } catch {
    // Told below: a day or an hour that no calendar has.
  }
  throw new Error(`sendTime.local ${local} is not a wall-clock time; write for example "2027-03-01T10:00"`);
}

function inZone(wall: Temporal.PlainDateTime, timeZone: string, disambiguation: "earlier" | "later") {
  try {
    return wall.toZonedDateTime(timeZone, { disambiguation });
  } catch {
    throw new Error(`sendTime.timeZone ${timeZone} is not an IANA time zone; write for example "Asia/Shanghai"`);
  }
}

function atOffset(local: string, timeZone: string, offset: string, candidates: Temporal.ZonedDateTime[]): Date {
  const meant = candidates.find((candidate) => candidate.offset === offset);
  if (meant) return wholeSeconds("sendTime.local", meant.toInstant());
  const offsets = [...new Set(candidates.map((candidate) => `"${candidate.offset}"`))].join(" or ");
  throw new Error(`sendTime.offset ${offset} is not the offset of ${local} in ${timeZone}; write ${offsets}`);
}

/** The service's send times have no fraction of a second. */
function wholeSeconds(name: string, instant: Temporal.Instant): Date {
  if (instant.epochMilliseconds % 1_000 !== 0) throw new Error(`${name} has a fraction of a second; leave it out`);
  return new Date(instant.epochMilliseconds);
}

/** When it goes out, or the last moment at which it may. */
export const instantOf = (sendTime: SendTime): Date => (sendTime.kind === "at" ? sendTime.at : sendTime.notAfter);

/** For people: the service's own zone, which all its access points are in. */
export const inServiceTime = (date: Date): string =>
  `${Temporal.Instant.fromEpochMilliseconds(date.getTime())
    .toZonedDateTimeISO("+08:00")
    .toPlainDateTime()
    .toString({ smallestUnit: "minute" })
    .replace("T", " ")} (UTC+8)`;

/** Records go back one month, so what is scheduled further ahead may not be listed yet. */
export const listedDaysAhead = 28;

const minuteMilliseconds = 60_000;

/** The same for an instant to wait for: the minute that begins when it is over. */
export const untilMinute = (date: Date): string =>
  inServiceTime(new Date(Math.ceil(date.getTime() / minuteMilliseconds) * minuteMilliseconds));
