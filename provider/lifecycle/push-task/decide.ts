import { type Finding, isOut } from "../../once/look.ts";
import { contentMark } from "../../once/marker.ts";
import type { Change } from "../../remedy/change.ts";
import { isTerminal } from "../../remedy/phase.ts";
import { isRefusal, type Plan, passedNote, plan, type Steps } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import type { Task } from "../task.ts";
import { find, standsInTheWay } from "./deliver.ts";
import { consentsOf, situationOf } from "./situation.ts";
import { type Standing, stand, unknownParts } from "./standing.ts";
import { isUnsettled, type PushTaskState } from "./state.ts";
import { scheduledOf } from "./stray.ts";
import type { Inquiry } from "./taken.ts";
import { noTrace, type Trace } from "./trace.ts";

/** What the service shows and what is to be done about it. */
export interface Decision {
  readonly standing: Standing;
  readonly change: Change;
  readonly plan: Plan;
}

export interface Question {
  readonly action: string;
  readonly task: Task;
  readonly state: PushTaskState;
  readonly trace: Trace;
  /** A race was lost: what this run has read is too old. */
  readonly now: boolean;
  /** The state's push is known to say something else than what is declared. */
  readonly isOther?: true;
}

/** The one way from a declaration to steps, for the preview as for create and update. */
export async function decide(context: Context, question: Question): Promise<Decision> {
  const { action, task, state: olds, trace, now } = question;
  const inquiry = { action, name: task.name, content: contentOf(task), now, consents: consentsOf(context, task) };
  // Also the answer from which the service's time is known.
  if (!isOver(task, olds)) await context.book.all();
  const stood = await gathered(context, question, await stand(context, olds, trace, inquiry));
  const finding: Finding = isOver(task, stood.state)
    ? { kind: "nothing" }
    : await find(context, task, olds, stood.known);
  const isTakenOver = finding.kind === "otherContent" && consentsOf(context, task).has(`adopt:${finding.task.pushId}`);
  const standing = isTakenOver ? await takenOver(context, stood, inquiry, finding) : stood;
  const situation = situationOf(context, task, standing.state.pushId ?? "", standing.seen.phase, standing);
  const decision = { standing, change: situation.change };
  const planned = plan(situation);
  if (!mayPush(planned) || isTakenOver || task.remedy !== undefined)
    return { ...decision, plan: withNote(planned, olds, standing) };
  // A run that died after its push left a task that the state does not know.
  if (finding.kind === "same" && isOut(finding.phase)) return { ...decision, plan: found };
  const unknown = finding.kind === "otherContent" ? standsInTheWay(context, task, finding) : undefined;
  return { ...decision, plan: unknown ?? planned };
}

/** Now, or later; or it would have, if it had not been too late. */
const mayPush = (planned: Plan): boolean =>
  isRefusal(planned) ||
  planned.steps[0] === "push" ||
  (planned.steps.length === 0 && (planned.owes === true || planned.note === passedNote));

/** Under a halt all that is scheduled for the task counts, whether its state knows it or not. */
async function gathered(context: Context, { task, isOther }: Question, standing: Standing): Promise<Standing> {
  const stood = isOther ? { ...standing, said: standing.said ?? unknownParts } : standing;
  if (context.settings.halt === undefined || task.remedy !== undefined) return stood;
  const ids = new Set(stood.seen.alive.map(({ pushId }) => pushId));
  const scheduled = await scheduledOf(context, task, stood.state);
  const strays = scheduled.filter(({ pushId }) => !ids.has(pushId) && pushId !== stood.state.pushId);
  return {
    ...stood,
    seen: {
      ...stood.seen,
      alive: [...stood.seen.alive, ...strays.map(({ pushId }) => ({ pushId, phase: "pending" as const }))],
    },
    known: new Set([...stood.known, ...strays.map(({ pushId }) => pushId)]),
  };
}

/** What is to be taken back has no right content. */
const contentOf = ({ remedy, canonical }: Task): string | undefined =>
  remedy === undefined ? contentMark(canonical) : undefined;

/** By consent, a push that only the records know is the task from now on. */
async function takenOver(
  context: Context,
  { state, known }: Standing,
  inquiry: Inquiry,
  { task, phase }: Exclude<Finding, { kind: "nothing" }>,
): Promise<Standing> {
  const { pushId, status, sendAt } = task;
  const found = { ...state, pushId, phase, status, sendAt: sendAt.toISOString(), marker: task.groupId ?? state.marker };
  const standing = await stand(context, found, noTrace, inquiry);
  return { ...standing, known: new Set([...known, pushId]) };
}

/** A remedy for what is over asks nobody. */
const isOver = ({ remedy }: Task, state: PushTaskState): boolean =>
  remedy !== undefined && isTerminal(state.phase) && !isUnsettled(state);

/** What the preview says of a push that the state does not know. */
export const foundNote = "an earlier run has pushed it already; it is taken over, and nothing is sent";

/** The look before the push finds it. */
const found: Steps = { steps: ["push"], note: foundNote };

const withNote = (planned: Plan, olds: PushTaskState, { state, surplus }: Standing): Plan => {
  const isFound = !isRefusal(planned) && planned.steps.length === 0 && state.pushId !== olds.pushId;
  return isFound && surplus.length === 0 ? { ...planned, note: foundNote } : planned;
};
