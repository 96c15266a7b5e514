import { type PushStatus, pushStatuses } from "../../tpns/schema/status.ts";
import type { StoredTask, TaskEvent } from "../data/store.ts";
import type { World } from "../world.ts";

/** A task as it was at a moment; undefined if it was none yet. */
export const asOf = (world: World, task: StoredTask, atMs = world.clock.nowMs()): StoredTask | undefined => {
  if (atMs >= world.clock.nowMs()) return task;
  const passed = world.store
    .eventsOf(task)
    .filter((event) => event.atMs <= atMs)
    .map((event) => statusAfter(world, event));
  const status = passed.findLast((some) => some !== undefined);
  return task.createdMs <= atMs && status !== undefined ? { ...task, status } : undefined;
};

/** What an event made of its task, by the words that it is noted in. */
const statusAfter = ({ switches }: World, { what }: TaskEvent): PushStatus | undefined => {
  if (what === "created") return switches.statusOfWaiting;
  return (
    statuses.find(([words]) => what.startsWith(words))?.[1] ??
    pushStatuses.find((status) => what === `set to ${status}`)
  );
};

const statuses: readonly (readonly [words: string, status: PushStatus])[] = [
  ["dispatch began", "PUSH_STARTED"],
  ["dispatch ended", "PUSH_FINISHED"],
  ["cancelled", "PUSH_CANCELED"],
  ["terminated", "PUSH_DELETED_PUSH_MSG"],
  ["recalled", "PUSH_REVOKED"],
  ["overridden by", "PUSH_COLLAPSED"],
];
