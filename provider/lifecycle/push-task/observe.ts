import type { Sighting } from "../../once/look.ts";
import { isArchived, isTerminal, type KnownPhase, phaseOf } from "../../remedy/phase.ts";
import type { Context } from "../context.ts";
import { courseOf, type PushTaskState, pushIdsOf } from "./state.ts";

/** A push that is still to go out, or being delivered. */
export interface Alive {
  readonly pushId: string;
  readonly phase: "pending" | "live";
}

/** A task as the service shows it now. */
export interface Seen {
  readonly phase: KnownPhase;
  /** The record of the current push; undefined where it is not listed. */
  readonly task: Sighting | undefined;
  /** Every push of the task that a withdrawal can still reach. */
  readonly alive: readonly Alive[];
}

/** Reads the record list, kept from this run unless `now` asks for a new one; for what is history it reads nothing. */
export async function observe(context: Context, name: string, state: PushTaskState, now = false): Promise<Seen> {
  const { pushId } = state;
  if (pushId === undefined || isTerminal(state.phase)) {
    return { phase: historyPhase(state, context.service.now()), task: undefined, alive: [] };
  }
  const task = await (now ? context.book.findNow(name, pushId) : context.book.find(name, pushId));
  const at = context.service.now();
  const phase = task ? phaseOf(task.status, courseOf(state), at) : unlistedPhase(state, at);
  const current = phase === "pending" || phase === "live" ? [{ pushId, phase }] : [];
  return { phase, task, alive: [...current, ...(await otherRevisions(context, state, pushId))] };
}

/** Revisions before the current push that are not over, as the list shows them. */
async function otherRevisions(
  { book, service }: Context,
  state: PushTaskState,
  current: string,
): Promise<readonly Alive[]> {
  const ids = pushIdsOf(state);
  const records = await book.all();
  return [...ids].flatMap((id) => {
    const task = id === current ? undefined : records.find(id);
    if (task === undefined) return [];
    const phase = phaseOf(task.status, task, service.now());
    return phase === "pending" || phase === "live" ? [{ pushId: task.pushId, phase }] : [];
  });
}

/** History grows old: after a month the service no longer lists it, and no change of it has an effect. */
const historyPhase = (state: PushTaskState, now: Date): KnownPhase => {
  const canAge = (state.phase === "sent" || state.phase === "withdrawn") && state.owed === undefined;
  return canAge && isArchived(courseOf(state), now) ? "archived" : rememberedPhase(state, now);
};

/** A task far ahead may not be listed yet: it stays what it was, and its cancel goes by its id. */
const unlistedPhase = (state: PushTaskState, now: Date): KnownPhase =>
  isArchived(courseOf(state), now) ? "archived" : rememberedPhase(state, now);

/** What is in doubt is settled elsewhere; here stands what was there before it. */
function rememberedPhase(state: PushTaskState, now: Date): KnownPhase {
  const { phase, status } = state;
  // Nothing of it is at the service, as far as the state knows.
  if (phase === "planned") return "skipped";
  if (phase !== "unresolved") return phase;
  return status === undefined ? "skipped" : phaseOf(status, courseOf(state), now);
}
