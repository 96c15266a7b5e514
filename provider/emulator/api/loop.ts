import type { LoopParam } from "../../tpns/schema/delivery.ts";
import type { PushRequest } from "../../tpns/schema/push-request.ts";
import { Refusal, retCodes } from "../refusal.ts";
import { dayMs, momentOfServiceDay, momentOfServiceText, serviceDayOf } from "../service-time.ts";
import type { World } from "../world.ts";
import { maxAheadDays, scheduledAudiences } from "./push-rule.ts";

/** No page states a limit; each time is a task of its own, and more of them would keep everybody waiting. */
const maxOccurrences = 1_000;

/** The moments of a recurrence that are still to come; undefined for a push without one. */
export const occurrencesOf = (world: World, request: PushRequest): readonly number[] | undefined => {
  const { audience_type, loop_param: loop } = request;
  if (loop === undefined) return undefined;
  if (!scheduledAudiences.includes(audience_type)) {
    throw new Refusal(retCodes.invalidParameter, `loop_param is not supported for audience_type ${audience_type}`);
  }
  const nowMs = world.clock.nowMs();
  const lastDay = serviceDayOf(nowMs + maxAheadDays * dayMs);
  if (loop.endDate > lastDay) {
    throw new Refusal(
      retCodes.illegalPushTime,
      `illegal push time: loop_param.endDate ${loop.endDate} is after ${lastDay}`,
    );
  }
  const days = daysOf(loop, nowMs).filter((day) => takes(world, loop, day));
  const times = [...new Set(loop.dayTimes)];
  if (days.length * times.length > maxOccurrences) {
    throw new Refusal(
      retCodes.invalidParameter,
      `loop_param has ${days.length * times.length} times, which exceeds ${maxOccurrences}`,
    );
  }
  const moments = days
    .flatMap((day) => times.map((time) => momentOfServiceText(`${day} ${time}`) ?? 0))
    .filter((moment) => moment > nowMs)
    .sort((a, b) => a - b);
  if (moments.length > 0) return moments;
  throw new Refusal(retCodes.illegalPushTime, "illegal push time: loop_param has no time that is still to come");
};

/** The days from the first to the last, `yyyy-MM-dd`, without those that are over. */
const daysOf = ({ startDate, endDate }: LoopParam, nowMs: number): readonly string[] => {
  const today = serviceDayOf(nowMs);
  const [first = 0, last = 0] = [startDate < today ? today : startDate, endDate].map(momentOfServiceDay);
  return Array.from({ length: Math.max(0, Math.round((last - first) / dayMs) + 1) }, (_, at) =>
    serviceDayOf(first + at * dayMs),
  );
};

const takes = ({ switches }: World, { loopType, loopDayIndexs }: LoopParam, day: string): boolean => {
  if (loopType === 1) return true;
  const date = new Date(`${day}T00:00:00Z`);
  if (loopType === 3) return loopDayIndexs.includes(date.getUTCDate());
  const sinceFirst = switches.loopWeek === "sunday" ? date.getUTCDay() : (date.getUTCDay() + 6) % 7;
  return loopDayIndexs.includes(sinceFirst);
};
