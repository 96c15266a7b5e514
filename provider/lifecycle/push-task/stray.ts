import type { Sighting } from "../../once/look.ts";
import { identityHalf } from "../../once/marker.ts";
import { isPending } from "../../remedy/phase.ts";
import type { Context } from "../context.ts";
import type { Task } from "../task.ts";
import { keyIn, type PushTaskState } from "./state.ts";

/**
 * What is scheduled under a task's name, whether its state knows it or not, and whatever it says: a halt leaves none of it.
 * Another declared resource's pushes are that one's.
 */
export async function scheduledOf(
  { book, run }: Pick<Context, "book" | "run">,
  { urn }: Pick<Task, "urn">,
  state: PushTaskState,
): Promise<readonly Sighting[]> {
  const records = await book.all();
  const names = new Set([keyIn(state).identity, identityHalf(state.marker)]);
  const ours = [...names]
    .flatMap((name) => records.of(name))
    .filter(({ pushId }) => (run.held.get(pushId) ?? urn) === urn);
  const own = records.find(state.pushId ?? "");
  return [...new Set([...ours, ...(own ? [own] : [])])].filter(({ status }) => isPending(status));
}
