import type { Sighting } from "../../once/look.ts";
import { identityMark } from "../../once/marker.ts";
import { isPending, phaseOf } from "../../remedy/phase.ts";
import type { Context } from "../context.ts";
import type { Task } from "../task.ts";
import { consentsOf } from "./situation.ts";
import { keyIn, type PushTaskState } from "./state.ts";
import { entriesFor, openEntries } from "./trace.ts";

/**
 * Who a task without a push of its own is in markers: what a killed hand-over has begun with, or its name's mark; of a name
 * under which another resource was pushed that still has it, the next one. Two with one mark would withdraw each other.
 */
export async function identityFor(context: Context, task: Task, olds: PushTaskState | undefined): Promise<string> {
  const isBegun = olds !== undefined && entriesFor(context, task, openEntries(context, olds)).length > 0;
  if (isBegun) return keyIn(olds).identity;
  const records = await context.book.all();
  for (let use = 1; ; use += 1) {
    const identity = identityMark(task.identity, use);
    if (!records.of(identity).some((sighting) => isAnothers(context, task, sighting))) return identity;
  }
}

/** A declared resource's of this run; or, by consent, one that was sent before. */
function isAnothers(context: Context, task: Task, sighting: Sighting): boolean {
  const { pushId, status } = sighting;
  if ((context.run.held.get(pushId) ?? task.urn) !== task.urn) return true;
  const isGiven = consentsOf(context, task).has(`duplicate-of:${pushId}`);
  return isGiven && !isPending(status) && phaseOf(status, sighting, context.service.now()) === "sent";
}
