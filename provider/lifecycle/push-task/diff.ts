import { changesRequest } from "../../remedy/change.ts";
import { isTerminal } from "../../remedy/phase.ts";
import { isRefusal } from "../../remedy/plan.ts";
import type { Context } from "../context.ts";
import { refused } from "../refusal.ts";
import { type PushTaskInputs, type Task, taskFrom } from "../task.ts";
import { isUnknown } from "../translation.ts";
import { refuseOtherApp } from "./app.ts";
import { decide } from "./decide.ts";
import { wouldDeliver } from "./deliver.ts";
import { describe } from "./describe.ts";
import { changeOf } from "./situation.ts";
import type { PushTaskState } from "./state.ts";

/** What a handler answers to the engine's diff. */
export interface Difference {
  readonly changes: boolean;
  readonly replaces?: string[];
}

/** Says who asks and nothing of the task; a rename changes it. */
const identityName = "identity";

/** An unchanged task costs nothing; a changed one is held against the service, so that the preview refuses and explains. */
export async function diff(context: Context, olds: PushTaskState, news: PushTaskInputs): Promise<Difference> {
  if (isOnOtherApp(context, olds) && !isSettled(olds)) return replaced(context, olds);
  if (olds.owed === undefined && isSameDeclaration(olds.inputs, news)) return { changes: false };
  if (isUnknown(news)) return { changes: true };
  const task = taskFrom(news, context.settings);
  if (needsService(context, task, olds)) await announce(context, task, olds);
  return { changes: true };
}

/** History belongs to the app that it was pushed on, whatever is configured now. */
export const isSettled = ({ phase, owed }: PushTaskState): boolean => isTerminal(phase) && owed === undefined;

export const isOnOtherApp = ({ settings }: Context, { accessId }: PushTaskState): boolean =>
  accessId !== settings.accessId;

/** Another `tpns.Provider` leaves the old one to serve the delete; the default provider is reconfigured in place. */
function replaced(context: Context, olds: PushTaskState): Difference {
  if (!context.settings.explicit) refuseOtherApp(context, "update task", olds);
  return { changes: true, replaces: ["accessId"] };
}

function isSameDeclaration(olds: PushTaskInputs, news: PushTaskInputs): boolean {
  const names = new Set([...Object.keys(olds), ...Object.keys(news)]);
  names.delete(identityName);
  return [...names].every((name) => canonical(olds[name]) === canonical(news[name]));
}

const canonical = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** Settings of ours, and other words for the same request, are recorded without asking anybody. */
function needsService(context: Context, task: Task, olds: PushTaskState): boolean {
  if (isOnOtherApp(context, olds)) return false;
  const change = changeOf(context, task, olds);
  return olds.owed !== undefined || changesRequest(change) || change.remedy === "added";
}

async function announce(context: Context, task: Task, olds: PushTaskState): Promise<void> {
  const { log, settings } = context;
  if (!context.canAsk) {
    log.warning("no secret key, so the service was not asked what this change will do", task.urn);
    return;
  }
  const decision = await decide(context, task, olds);
  const { plan } = decision;
  if (isRefusal(plan)) throw refused(context, `update task "${task.name}"`, plan);
  if (plan.steps.includes("push")) await wouldDeliver(context, { action: "update", task, state: decision.state });
  log.info(describe(settings, task, decision, plan), task.urn);
}
