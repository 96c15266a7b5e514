import { reachedBy } from "./audience.ts";
import type { App } from "./fleet.ts";
import { canOverride } from "./override.ts";
import type { SimulatedPhone } from "./phone.ts";
import { secondMs } from "./service-time.ts";
import type { Push, StoredTask } from "./store.ts";
import type { Switches } from "./switches.ts";
import type { World } from "./world.ts";

/** Audiences whose tasks can be overridden, terminated and recalled. */
export const hasRemedies = (type: Push["audience"]["type"], switches: Switches): boolean => {
  if (type === "account_list") return switches.remediesOfAccountList === "accepted";
  if (type === "package_account_push") return switches.remediesOfAccountPackage === "accepted";
  return type === "all" || type === "tag";
};

/** Makes a task of an accepted request; one without a future send time is dispatched at once. */
export const createTask = (world: World, app: App, push: Push): StoredTask => {
  const { clock, store, switches } = world;
  const createdMs = clock.nowMs();
  const task: StoredTask = {
    ...push,
    pushId: store.newPushId(switches.pushIdDigits),
    accessId: app.accessId,
    createdMs,
    sendAtMs: Math.max(push.sendAtMs ?? createdMs, createdMs),
    collapseId: push.collapseId ?? (hasRemedies(push.audience.type, switches) ? store.newSmallId() : 0),
    overrides: push.collapseId !== undefined,
    status: "PUSH_WAIT",
    executions: 0,
    dispatchedMs: undefined,
  };
  if (task.overrides) endPending(world, task);
  if (task.overrides && switches.overrideTakesEffect === "acceptance") collapseOlder(world, task);
  store.addTask(task);
  if (task.sendAtMs > createdMs) clock.schedule(task.sendAtMs, () => dispatch(world, task));
  else dispatch(world, task);
  return task;
};

/** Nobody has seen anything of it. */
export const isPending = (task: StoredTask): boolean => task.status === "PUSH_INIT" || task.status === "PUSH_WAIT";

/** On phones, or still delivered from offline storage. */
export const isLive = (task: StoredTask, nowMs: number): boolean =>
  task.status === "PUSH_STARTED" || (task.status === "PUSH_FINISHED" && nowMs < storedUntilMs(task));

/** Pending, so that it will never be dispatched. */
export const cancel = (task: StoredTask): void => {
  if (isPending(task)) task.status = "PUSH_CANCELED";
};

/** Termination: deletes what offline storage keeps of it. */
export const stop = (world: World, task: StoredTask): void => {
  if (!isLive(task, world.clock.nowMs())) return;
  dropStored(world, task);
  task.status = "PUSH_DELETED_PUSH_MSG";
};

/** Recall: terminates, and removes the notifications that nobody clicked. */
export const revoke = (world: World, task: StoredTask): void => {
  if (!isLive(task, world.clock.nowMs())) return;
  dropStored(world, task);
  for (const phone of world.store.phonesOf(task.accessId)) phone.withdraw(task.pushId);
  task.status = "PUSH_REVOKED";
};

const dispatch = (world: World, task: StoredTask): void => {
  if (!isPending(task)) return;
  const { clock, store, switches } = world;
  const nowMs = clock.nowMs();
  if (task.overrides) collapseOlder(world, task);
  task.status = "PUSH_STARTED";
  task.executions += 1;
  task.dispatchedMs = nowMs;
  const phones = reachedBy(task.audience, store.phonesOf(task.accessId));
  for (const phone of phones) if (reaches(task, phone, switches)) deliver(task, phone, world);
  clock.schedule(nowMs + durationMs(task, phones.length, switches), () => finish(task));
};

const finish = (task: StoredTask): void => {
  if (task.status === "PUSH_STARTED") task.status = "PUSH_FINISHED";
};

const durationMs = (task: StoredTask, phones: number, switches: Switches): number => {
  const bySpeed = task.pushSpeed === undefined ? 0 : (phones + switches.otherDevices) / task.pushSpeed;
  return Math.max(switches.dispatchSeconds, bySpeed) * secondMs;
};

/** Ends the tasks that an override is for; what they show is replaced phone by phone. */
const collapseOlder = (world: World, override: StoredTask): void => {
  for (const task of olderThan(world, override)) {
    if (task.status !== "PUSH_STARTED" && task.status !== "PUSH_FINISHED") continue;
    dropStored(world, task);
    task.status = "PUSH_COLLAPSED";
  }
};

const endPending = (world: World, override: StoredTask): void => {
  if (world.switches.overrideOfPending !== "replaced") return;
  for (const task of olderThan(world, override)) if (isPending(task)) task.status = "PUSH_COLLAPSED";
};

const olderThan = (world: World, override: StoredTask): readonly StoredTask[] =>
  world.store
    .tasksWithCollapseId(override.accessId, override.collapseId)
    .filter((task) => task.pushId !== override.pushId);

const dropStored = (world: World, task: StoredTask): void => {
  for (const phone of world.store.phonesOf(task.accessId)) phone.dropStored(task.pushId);
};

const reaches = (task: StoredTask, phone: SimulatedPhone, switches: Switches): boolean => {
  const { channel, system, environment } = phone.spec;
  if (task.disabledChannels.includes(channel)) return false;
  if (system === "ios" && environment !== task.environment) return false;
  // Android's silent messages travel over the own channel alone.
  if (system === "android" && task.messageType === "message" && channel !== "xg") return false;
  return !task.overrides || task.forceCollapse || canOverride(phone, switches);
};

const deliver = (task: StoredTask, phone: SimulatedPhone, { clock, switches }: World): void => {
  const { pushId, title, content, messageType, collapseId } = task;
  const replaces = task.overrides && canOverride(phone, switches);
  const delivery = { pushId, title, content, messageType, collapseId, replaces, storedUntilMs: storedUntilMs(task) };
  phone.offer(delivery, clock.nowMs());
};

const storedUntilMs = (task: StoredTask): number => (task.dispatchedMs ?? task.sendAtMs) + task.expireTime * secondMs;
