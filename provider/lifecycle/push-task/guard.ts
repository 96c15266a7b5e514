import { brokenRules, type Guarded } from "../../guard/rule.ts";
import type { Context } from "../context.ts";
import { Refused } from "../refusal.ts";
import { inServiceTime, instantOf } from "../send-time.ts";
import type { Task } from "../task.ts";
import { lastPushOf, type PushTaskState, sentInputsOf } from "./state.ts";

const hourMilliseconds = 60 * 60 * 1_000;
const dayMilliseconds = 24 * hourMilliseconds;

/** The service takes send times within 90 days. @see https://www.tencentcloud.com/document/product/1024/33764 */
const maxDaysAhead = 90;

/** Longer, and a state lost and found could send what everybody has forgotten. */
const maxAsapDays = 7;

/** By the service's clock, which sends past times at once. `action` begins the line. */
export function guardTime(context: Context, action: string, task: Task): void {
  guardLead(context, action, task, context.settings.minimumLeadSeconds);
  guardRules(context, action, task, task.sendTime.kind === "at" ? task.sendTime.at : context.service.now());
}

/** The provider's rules for whatever is pushed. */
export function guardRules(
  { settings }: Pick<Context, "settings">,
  action: string,
  task: Task,
  sendAt: Date | undefined,
): void {
  const [broken] = brokenRules(settings.rules, guardedOf(task, sendAt));
  if (broken !== undefined) throw new Refused(`${action}: ${broken}`);
}

/** The same for what is recorded now and pushed by a later run, for which it may be too far ahead yet. */
export function guardLater(context: Context, action: string, task: Task): void {
  if (instantOf(task.sendTime) <= context.service.now()) guardPast(context, action, task);
  guardRules(context, action, task, sendAtOf(task));
}

/** Undefined where it goes out at once, whenever that is. */
const sendAtOf = ({ sendTime }: Task): Date | undefined => (sendTime.kind === "at" ? sendTime.at : undefined);

/** What the rules look at. */
const guardedOf = ({ request, approvalHash, approvedBy }: Task, sendAt: Date | undefined): Guarded => ({
  sendAt,
  message: [request.message, request.sms_info],
  audience: request.audience_type,
  approvalHash,
  approvedBy,
});

/** One line for each of the provider's rules that a new task breaks. */
export const brokenBy = ({ settings }: Pick<Context, "settings">, task: Task): readonly string[] =>
  brokenRules(settings.rules, guardedOf(task, sendAtOf(task)));

/** After a cancel only what is past is refused: a push with a short lead beats none. */
export const guardPast = (context: Context, action: string, task: Task): void => guardLead(context, action, task, 1);

function guardLead({ service }: Context, action: string, { sendTime }: Task, minimumLeadSeconds: number): void {
  const now = service.now().getTime();
  const problem =
    sendTime.kind === "asap"
      ? limitProblem(sendTime.notAfter, now)
      : sendTimeProblem(sendTime.at, now, minimumLeadSeconds);
  if (problem !== undefined) throw new Refused(`${action}: ${problem}`);
}

function limitProblem(notAfter: Date, now: number): string | undefined {
  const told = (problem: string): string => `its notAfter ${inServiceTime(notAfter)} is ${problem}`;
  if (now > notAfter.getTime()) return told("past; write a later one to send it");
  if (notAfter.getTime() - now <= maxAsapDays * dayMilliseconds) return undefined;
  return told(`more than ${maxAsapDays} days ahead; write an earlier one`);
}

function sendTimeProblem(sendAt: Date, now: number, minimumLeadSeconds: number): string | undefined {
  const told = (problem: string): string => `its send time ${inServiceTime(sendAt)} is ${problem}`;
  const lead = Math.floor((sendAt.getTime() - now) / 1_000);
  if (lead <= 0) return told(`past; write a later one, or pastSendTime: "skip" on a new task`);
  if (lead < minimumLeadSeconds) {
    return told(`${lead} seconds ahead, and minimumLeadSeconds is ${minimumLeadSeconds}; write a later one`);
  }
  if (lead * 1_000 <= maxDaysAhead * dayMilliseconds) return undefined;
  return told(`more than ${maxDaysAhead} days ahead, which the service refuses; write an earlier one`);
}

/** Takes one of the run's pushes; with nothing awaited in between, two tasks cannot take the same one. */
export function takePush({ run, settings }: Context, action: string): void {
  if (settings.halt !== undefined) throw new Refused(`${action}: tpns:halt stands, under which nothing is pushed`);
  if (run.pushed >= settings.maxPushesPerRun) {
    throw new Refused(
      `${action}: this run has made ${run.pushed} pushes, and maxPushesPerRun is ${settings.maxPushesPerRun}; raise it on the provider, or run again`,
    );
  }
  run.pushed += 1;
}

/** The same for the preview, so that it refuses before the first push goes out. */
export function announcePush({ run, settings }: Context): string | undefined {
  run.announced += 1;
  if (run.announced <= settings.maxPushesPerRun) return undefined;
  return `it is push ${run.announced} of this run, and maxPushesPerRun is ${settings.maxPushesPerRun}; raise it on the provider, or declare fewer at once`;
}

/** After a cancel its push would be refused. @see `repeatProblem` */
export async function guardRepeat(context: Context, action: string, task: Task, state: PushTaskState): Promise<void> {
  const problem = await repeatProblem(context, task, state);
  if (problem !== undefined) throw new Refused(`${action}: ${problem}`);
}

/** To all, the service takes the same title and content once an hour. */
export async function repeatProblem(context: Context, task: Task, state: PushTaskState): Promise<string | undefined> {
  const { audience_type, message } = task.request;
  if (audience_type !== "all") return undefined;
  const listed = (await context.book.all()).list
    .filter((other) => other.audience === "all" && other.title === (message.title ?? ""))
    .filter((other) => other.content === (message.content ?? ""))
    .flatMap(({ createdAt }) => (createdAt ? [createdAt.getTime()] : []));
  const last = Math.max(...listed, ...ownPush(state, task));
  const works = new Date(last + hourMilliseconds);
  if (last === Number.NEGATIVE_INFINITY || context.service.now() >= works) return undefined;
  return `the service takes the same title and content to all only once an hour, and it was pushed ${inServiceTime(new Date(last))}; change one of them, or wait until ${inServiceTime(works)}`;
}

/** The state knows when it pushed, where the record does not tell. */
function ownPush(state: PushTaskState, { request }: Task): number[] {
  const last = lastPushOf(state);
  const { message } = sentInputsOf(state);
  if (last === undefined || typeof message !== "object" || message === null) return [];
  const isSame = (["title", "content"] as const).every((name) => Reflect.get(message, name) === request.message[name]);
  return isSame ? [new Date(last.at).getTime()] : [];
}

/** What would keep a task that nothing of is out from being pushed now; it counts as one of the run's pushes. */
export async function pushProblem(context: Context, task: Task, olds: PushTaskState): Promise<string | undefined> {
  const action = `update task "${task.name}"`;
  try {
    guardTime(context, action, task);
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
  const problem = announcePush(context) ?? (await repeatProblem(context, task, olds));
  return problem === undefined ? undefined : `${action}: ${problem}`;
}
