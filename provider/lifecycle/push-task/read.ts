import { identityHalf, parseIdentity, parseMarker } from "../../once/marker.ts";
import { attemptsOf } from "../../once/observe.ts";
import { isTerminal, phaseOf } from "../../remedy/phase.ts";
import type { Context } from "../context.ts";
import { Refused, Undecided } from "../refusal.ts";
import { inServiceTime } from "../send-time.ts";
import { isOnOtherApp, isSettled, nameIn, refuseOtherApp } from "./app.ts";
import { observe } from "./observe.ts";
import { isTwin, says, stand } from "./standing.ts";
import { keyIn, type PushTaskState, pushIdsOf } from "./state.ts";
import { noTrace } from "./trace.ts";

/** Looks and changes nothing. A task is never read as missing: the engine would make it again, and push it again. */
export async function read(context: Context, olds: PushTaskState): Promise<PushTaskState> {
  if (isTerminal(olds.phase) || (olds.pushId === undefined && olds.unresolved === undefined)) return olds;
  if (isSettled(olds) && isOnOtherApp(context, olds)) return olds;
  const name = nameIn(olds);
  refuseOtherApp(context, `read task "${name}"`, olds);
  return olds.unresolved ? readUnresolved(context, name, olds, olds.unresolved) : readPushed(context, name, olds);
}

async function readPushed(context: Context, name: string, olds: PushTaskState): Promise<PushTaskState> {
  const { duplicatePushIds: _, ...state } = olds;
  const { phase, task } = await observe(context, name, state);
  await tellUnknown(context, state);
  if (task === undefined) return { ...olds, phase };
  const { status, collapseId = state.collapseId } = task;
  const twins = await twinsOf(context, state);
  return {
    ...state,
    phase,
    status,
    ...(collapseId !== undefined && { collapseId }),
    ...(twins.length > 0 && { duplicatePushIds: twins }),
  };
}

const none: ReadonlySet<string> = new Set();

/** Scheduled besides, with the very marker: a request that came late, or another machine's run. */
async function twinsOf({ book, service }: Context, state: PushTaskState): Promise<string[]> {
  const named = (await book.all()).of(identityHalf(state.marker));
  return named.filter((task) => isTwin(state, task, service.now())).map((task) => task.pushId);
}

/** A run of another machine may have pushed it and died: without that machine's journal only the records show it. */
async function tellUnknown({ book, journal, service, log }: Context, state: PushTaskState): Promise<void> {
  const now = service.now();
  const known = pushIdsOf(state);
  // What this machine's journal holds the next update settles.
  const noted = new Set(attemptsOf(journal.entriesOf(keyIn(state))).map(({ marker }) => marker));
  const { urn } = parseIdentity(String(state.inputs.identity));
  const { identity } = keyIn(state);
  for (const task of (await book.all()).of(identity)) {
    const { pushId, groupId, status, title, sendAt } = task;
    if (
      known.has(pushId) ||
      noted.has(groupId ?? "") ||
      isTwin(state, task, now) ||
      phaseOf(status, task, now) !== "pending"
    )
      continue;
    log.warning(
      `push ${pushId} "${title}" of this task is scheduled for ${inServiceTime(sendAt)}, and the state does not know it; to take it over declare what it says, and run pulumi up; then it can be changed or cancelled`,
      urn,
    );
  }
}

/**
 * A push that is found is the task from now on, if it says what the state's declaration says. Otherwise the state would
 * pass for settled, and the next `up` would compare it with the wrong declaration.
 */
async function readUnresolved(
  context: Context,
  name: string,
  olds: PushTaskState,
  unresolved: NonNullable<PushTaskState["unresolved"]>,
): Promise<PushTaskState> {
  if (!says(context, olds, unresolved.parts)) return olds;
  const content = parseMarker(unresolved.marker)?.content;
  const trace = { ...noTrace, attempts: [unresolved] };
  try {
    const { state } = await stand(context, olds, trace, {
      action: `read task "${name}"`,
      name,
      content,
      now: false,
      consents: none,
    });
    return state.marker === unresolved.marker && state.pushId !== undefined ? state : olds;
  } catch (error) {
    if (error instanceof Undecided || error instanceof Refused) return olds;
    throw error;
  }
}
