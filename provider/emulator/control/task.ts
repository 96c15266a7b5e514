import * as z from "zod";
import { PushStatus } from "../../tpns/schema/record.ts";
import type { StoredTask } from "../data/store.ts";
import { hasRemedies, isLive, isPending } from "../dispatch.ts";
import { taskView } from "../view.ts";
import type { World } from "../world.ts";
import type { RemedyName, TaskDetail, TaskPage } from "./answer.ts";
import { paging, queryOf } from "./query.ts";

const Wanted = z.strictObject({
  ...paging,
  status: z.union([z.literal(""), PushStatus]).default(""),
  accessId: z.string().default(""),
});

/** Some of the tasks that match, newest first. */
export const readTaskPage = ({ store }: World, query: URLSearchParams): TaskPage => {
  const wanted = queryOf(Wanted, query);
  const { count, tasks } = store.search(wanted);
  return { count, offset: wanted.offset, tasks: tasks.map(taskView) };
};

/** Everything that is known of a task. */
export const readTask = (world: World, query: URLSearchParams): TaskDetail => {
  const { pushId } = queryOf(z.strictObject({ pushId: z.string() }), query);
  const { store, phones } = world;
  const task = knownTask(world, pushId);
  return {
    task: taskView(task),
    audience: task.audience.type,
    request: store.requestOf(task),
    progress: phones.progressOf(task),
    events: store.eventsOf(task).map(({ atMs, what }) => ({ at: new Date(atMs).toISOString(), what })),
    refusals: refusalsOf(world, task),
  };
};

/** @throws where there is no such task. */
export const knownTask = ({ store }: World, pushId: string): StoredTask => {
  const task = store.taskOfAnyApp(pushId);
  if (task === undefined) throw new Error(`there is no push task ${pushId.slice(0, 100)}`);
  return task;
};

type Refusals = Readonly<Record<RemedyName, string | undefined>>;

const refusalsOf = (world: World, task: StoredTask): TaskDetail["refusals"] => {
  const { clock, switches } = world;
  const ended = isLive(task, clock.nowMs()) ? undefined : whyNotLive(task);
  const audience = hasRemedies(task.audience.type, switches)
    ? undefined
    : `the audience ${task.audience.type} has no such remedy`;
  const platform = world.store.app(task.accessId)?.platform;
  const refusals: Refusals = {
    cancel: isPending(task) ? undefined : "too late: it does not wait any more",
    terminate:
      platform === "ios" && switches.iosTermination === "refused"
        ? "iOS knows no termination (switch iosTermination)"
        : (audience ?? ended),
    recall: switches.recall === "offline" ? "recall was taken offline (switch recall)" : (audience ?? ended),
    override: audience ?? (isPending(task) && switches.overrideOfPending !== "refused" ? undefined : ended),
  };
  return Object.fromEntries(Object.entries(refusals).filter(([, reason]) => reason !== undefined));
};

const whyNotLive = (task: StoredTask): string => {
  if (isPending(task)) return "too early: it still waits, cancel it";
  return task.status === "PUSH_FINISHED" ? "too late: its offline storage has ended" : `too late: it is ${task.status}`;
};
