import { isLoopback } from "../../tpns/access-point.ts";
import type { Context } from "../context.ts";
import { nameOfHalt } from "../halt.ts";
import { inServiceTime, instantOf } from "../send-time.ts";
import type { Task } from "../task.ts";
import type { PushTaskState } from "./state.ts";

const dayMilliseconds = 24 * 60 * 60 * 1_000;

/** From when on a task is handed to the service; undefined where that is at once. */
function handOverAt({ handOverDays, sendTime, remedy }: Task): Date | undefined {
  if (handOverDays === undefined || sendTime.kind !== "at" || remedy !== undefined) return undefined;
  return new Date(sendTime.at.getTime() - handOverDays * dayMilliseconds);
}

/** What keeps a task from being handed over in this run: its day is ahead, as far as the service's time is known, or a halt. */
export function hindrance(context: Pick<Context, "service" | "settings">, task: Task): "day" | "halt" | undefined {
  const at = handOverAt(task);
  if (at !== undefined && context.service.now() < at) return "day";
  return context.settings.halt !== undefined && task.remedy === undefined ? "halt" : undefined;
}

/** Held back by a halt until it was too late. */
export const hasPassedHalted = (
  { service }: Pick<Context, "service">,
  { halted }: PushTaskState,
  task: Task,
): boolean => halted === true && instantOf(task.sendTime) <= service.now();

/** This machine's clock is near enough to count days; an emulator's stands anywhere, and only its answers tell. */
export async function knowTheDay({ settings, book }: Pick<Context, "settings" | "book">): Promise<void> {
  if (isLoopback(settings.baseUrl)) await book.all();
}

/** By when the next `up` must happen, or what must be taken away before it. */
export function plannedLine({ settings }: Pick<Context, "settings">, task: Task, why: "day" | "halt"): string {
  const sendAt = inServiceTime(instantOf(task.sendTime));
  if (why === "halt") {
    const halt = settings.halt === undefined ? "the halt" : nameOfHalt(settings.halt);
    return `planned: ${halt} holds it back; the pulumi up that follows its end hands it to the service, if that runs before ${sendAt}`;
  }
  const at = inServiceTime(handOverAt(task) ?? instantOf(task.sendTime));
  return `planned: a pulumi up from ${at} on hands it to the service, and must run before its send time ${sendAt}`;
}
