import { identityMark, nameOf, parseIdentity, stackOf } from "../../once/marker.ts";
import type { Context } from "../context.ts";
import { nameOfHalt } from "../halt.ts";
import { type PushTaskInputs, readTask, type Task } from "../task.ts";
import { announcePush, brokenBy } from "./guard.ts";
import { hindrance, knowTheDay } from "./hand-over.ts";
import { appName } from "./state.ts";

/** What a handler answers to the engine's check; `property` stays empty, or the engine would print the value. */
export interface Checked {
  readonly inputs: PushTaskInputs;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

/** Form, limits and capability; the clock only to know what is planned, and a call only where an emulator must tell it. */
export async function check(context: Context, olds: PushTaskInputs, news: PushTaskInputs): Promise<Checked> {
  context.run.declared.add(String(news.identity));
  tellHalt(context);
  tellOrphans(context, news);
  const reading = readTask(news, context.settings);
  const failures = reading.kind === "wrong" ? [...reading.failures] : [];
  failures.push(...stackFailures(context, news));
  if (Object.keys(olds).length === 0 && failures.length === 0) {
    const task = reading.kind === "task" ? reading.task : undefined;
    if (task) failures.push(...ruleFailures(context, task));
    if (!(task && (await isHeldBack(context, task)))) failures.push(...countFailures(context, news));
  }
  return { inputs: news, failures: failures.map((reason) => ({ property: "", reason })) };
}

/** Whether a first create would push nothing yet. */
async function isHeldBack(context: Context, task: Task): Promise<boolean> {
  if (!context.canAsk) return false;
  // Where the emulator does not answer, this machine's clock will do: nothing is pushed by it.
  if (task.handOverDays !== undefined) await knowTheDay(context).catch(() => undefined);
  return hindrance(context, task) !== undefined;
}

/** Once a run, whatever it changes. */
function tellHalt({ run, settings, log }: Context): void {
  if (settings.halt === undefined || run.declared.size > 1) return;
  log.warning(
    `${nameOfHalt(settings.halt)} stands for app ${settings.accessId}: what is pending is cancelled, and nothing is pushed; what is ahead then is pushed anew by the pulumi up that follows: pulumi config rm tpns:halt`,
  );
}

/** What a killed run has pushed and the program declares no longer comes to no handler: the next run says so. */
function tellOrphans({ rollCall, settings, log }: Context, { identity }: PushTaskInputs): void {
  const mark = identityMark(parseIdentity(String(identity)));
  for (const { urn, pushId } of rollCall.orphansBeside({ app: appName(settings), identity: mark })) {
    const what =
      pushId === undefined
        ? "a push of it that was not answered may be scheduled"
        : `no state is known to hold push ${pushId} of it`;
    log.warning(
      `task "${nameOf({ urn })}" is declared no longer, and ${what}; unless it is to go out, cancel it: declare it again with remedy: "cancel", run pulumi up, then remove it`,
    );
  }
}

function stackFailures({ settings }: Context, { identity }: PushTaskInputs): string[] {
  const { onlyStacks, accessId } = settings;
  const stack = stackOf(parseIdentity(String(identity)));
  if (onlyStacks === undefined || onlyStacks.includes(stack)) return [];
  return [
    `stack ${stack} may not use app ${accessId}; its provider allows ${onlyStacks.length === 0 ? "no stack" : `onlyStacks ${onlyStacks.join(", ")}`}`,
  ];
}

/** Of what is pushed for the first time; what was pushed before is judged where it is pushed again. */
const ruleFailures = (context: Context, task: Task): readonly string[] =>
  task.remedy === undefined ? brokenBy(context, task) : [];

/** A first check announces a push, so that the preview refuses before the first one goes out. */
function countFailures(context: Context, { remedy }: PushTaskInputs): string[] {
  if (remedy !== undefined) return [];
  const tooMany = announcePush(context);
  return tooMany === undefined ? [] : [tooMany];
}
