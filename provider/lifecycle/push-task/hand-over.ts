import { isLoopback } from "../../tpns/access-point.ts";
import type { Context } from "../context.ts";
import { inServiceTime, instantOf } from "../send-time.ts";
import type { Task } from "../task.ts";

const dayMilliseconds = 24 * 60 * 60 * 1_000;

/** From when on a task is handed to the service; undefined where that is at once. */
function handOverAt({ handOverDays, sendTime, remedy }: Task): Date | undefined {
  if (handOverDays === undefined || sendTime.kind !== "at" || remedy !== undefined) return undefined;
  return new Date(sendTime.at.getTime() - handOverDays * dayMilliseconds);
}

/** Whether it stays planned for now, as far as the service's time is known. */
export function isAheadOfHandOver({ service }: Pick<Context, "service">, task: Task): boolean {
  const at = handOverAt(task);
  return at !== undefined && service.now() < at;
}

/** This machine's clock is near enough to count days; an emulator's stands anywhere, and only its answers tell. */
export async function knowTheDay({ settings, book }: Context): Promise<void> {
  if (isLoopback(settings.baseUrl)) await book.all();
}

/** By when the next `up` must happen. */
export function plannedLine(task: Task): string {
  const at = inServiceTime(handOverAt(task) ?? instantOf(task.sendTime));
  return `planned: a pulumi up from ${at} on hands it to the service, and must run before its send time ${inServiceTime(instantOf(task.sendTime))}`;
}
