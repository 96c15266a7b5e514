import type { Sighting } from "../../once/look.ts";
import { isArchived, isTerminal, type KnownPhase, phaseOf } from "../../remedy/phase.ts";
import type { Context } from "../context.ts";
import { courseOf, type PushTaskState, pushIdsOf } from "./state.ts";

/** A task as the service shows it now. */
export interface Seen {
  readonly phase: KnownPhase;
  /** The record of the current push; undefined where it is not listed. */
  readonly task: Sighting | undefined;
  /** Every revision that is still to go out, or being delivered. */
  readonly alive: readonly { readonly pushId: string; readonly phase: "pending" | "live" }[];
}

/** Reads the record list, kept from this run unless `now` asks for a new one; for what is history it reads nothing. */
export async function observe(context: Context, name: string, state: PushTaskState, now = false): Promise<Seen> {
  const { pushId } = state;
  if (pushId === undefined || isTerminal(state.phase)) {
    return { phase: rememberedPhase(state), task: undefined, alive: [] };
  }
  const { book, service } = context;
  const task = await (now ? book.findNow(name, pushId) : book.find(name, pushId));
  const listed = await book.all();
  const others = [...pushIdsOf(state)].filter((id) => id !== pushId);
  const alive = [task, ...others.map((id) => listed.find((other) => other.pushId === id))].flatMap((sighting) => {
    const phase = sighting && phaseOf(sighting.status, sighting, service.now());
    return phase === "pending" || phase === "live" ? [{ pushId: sighting?.pushId ?? pushId, phase }] : [];
  });
  if (task !== undefined) return { phase: phaseOf(task.status, courseOf(state), service.now()), task, alive };
  const phase = unlistedPhase(state, service.now());
  return { phase, task, alive: phase === "pending" ? [...alive, { pushId, phase }] : alive };
}

/** A task far ahead may not be listed yet: it stays what it was, and its cancel goes by its id. */
const unlistedPhase = (state: PushTaskState, now: Date): KnownPhase =>
  isArchived(courseOf(state), now) ? "archived" : rememberedPhase(state);

function rememberedPhase({ phase }: PushTaskState): KnownPhase {
  if (phase === "planned" || phase === "unresolved") {
    throw new Error(`its state says ${phase}, which this version does not write; please report this`);
  }
  return phase;
}
