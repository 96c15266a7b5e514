import type { PushStatus } from "../tpns/schema/record.ts";
import { pushTypeOf } from "./api/record.ts";
import type { Phone } from "./phone.ts";
import { serviceTextOf } from "./service-time.ts";
import type { StoredTask } from "./store.ts";
import type { World } from "./world.ts";

/** What one can see of a task. */
export interface Task {
  readonly pushId: string;
  readonly accessId: string;
  readonly status: PushStatus;
  readonly title: string;
  readonly content: string;
  /** As in records: single tokens and accounts count as lists. */
  readonly pushType: string;
  readonly messageType: "notify" | "message";
  readonly environment: string;
  /** yyyy-MM-dd HH:mm:ss in UTC+8; of an immediate push the time of its creation. */
  readonly sendTime: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** 0: none. */
  readonly collapseId: number;
  /** It was pushed as an override of another. */
  readonly overrides: boolean;
  /** Empty: none. */
  readonly groupId: string;
  /** Seconds. */
  readonly expireTime: number;
  /** Times that it was dispatched; 0 while it waits. */
  readonly executions: number;
}

/** Every task of every app, in the order of creation. */
export const tasksOf = ({ store }: World): readonly Task[] => store.tasks().map(taskView);

const taskView = (task: StoredTask): Task => ({
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
export const phonesOf = ({ clock, store }: World): readonly Phone[] =>
  store.phones.map((phone) => phone.view(clock.nowMs()));

/** Puts a task into a status, whatever it was: for what no request brings about. */
export const setStatus = ({ store }: World, pushId: string, status: PushStatus): void => {
  const task = store.tasks().find((candidate) => candidate.pushId === pushId);
  if (task === undefined) throw new Error(`there is no push task ${pushId}`);
  task.status = status;
};
