import type { PushStatus } from "../tpns/schema/status.ts";
import { pushTypeOf } from "./api/record.ts";
import type { StoredTask } from "./data/store.ts";
import type { Phone } from "./phone.ts";
import { serviceTextOf } from "./service-time.ts";
import type { Task } from "./task.ts";
import type { World } from "./world.ts";

/** Every task of every app, in the order of creation. */
export const tasksOf = ({ store }: World): readonly Task[] => store.tasks().map(taskView);

/** A task as one sees it. */
export const taskView = (task: StoredTask): Task => ({
  pushId: task.pushId,
  accessId: task.accessId,
  status: task.status,
  title: task.title,
  content: task.content,
  pushType: pushTypeOf(task),
  messageType: task.messageType,
  environment: task.environment,
  sendTime: serviceTextOf(task.sendAtMs),
  createdAt: new Date(task.createdMs).toISOString(),
  collapseId: task.collapseId,
  overrides: task.overrides,
  groupId: task.groupId,
  expireTime: task.expireTime,
  executions: task.executions,
});

/** Every phone as it is now. */
export const phonesOf = ({ clock, phones }: World): readonly Phone[] => phones.all(clock.nowMs());

/** Puts a task into a status, whatever it was: for what no request brings about. */
export const setStatus = ({ clock, store }: World, pushId: string, status: PushStatus): void => {
  const task = store.taskOfAnyApp(pushId);
  if (task === undefined) throw new Error(`there is no push task ${pushId}`);
  store.setStatus(task, status);
  store.addEvent(task, clock.nowMs(), `set to ${status}`);
};
