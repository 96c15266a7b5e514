import { conditionOf } from "./audience.ts";
import type { DueKind } from "./data/schedule.ts";
import type { MinuteRange, Push, StoredTask } from "./data/store.ts";
import type { App } from "./fleet.ts";
import { minuteMs, minuteOfServiceDay, secondMs } from "./service-time.ts";
import type { Switches } from "./switches.ts";
import type { World } from "./world.ts";

/** A dispatch goes out in parts of so many phones, so that whoever asks in between gets an answer. */
const phonesAtOnce = 20_000;

/** Audiences whose tasks can be overridden, terminated and recalled. */
export const hasRemedies = (type: Push["audience"]["type"], switches: Switches): boolean => {
  if (type === "account_list") return switches.remediesOfAccountList === "accepted";
  if (type === "package_account_push") return switches.remediesOfAccountPackage === "accepted";
  return type === "all" || type === "tag";
};

/** Makes a task of an accepted request; one without a future send time is dispatched at once. */
export const createTask = (world: World, app: App, push: Push, request: string): StoredTask => {
  const { clock, store, schedule, switches } = world;
  const createdMs = clock.nowMs();
  const sendAtMs = Math.max(push.sendAtMs ?? createdMs, createdMs);
  const number = store.addTask(
    {
      ...push,
      pushId: store.newPushId(switches.pushIdDigits),
      accessId: app.accessId,
      createdMs,
      sendAtMs,
      status: switches.statusOfWaiting,
      collapseId: push.collapseId ?? (hasRemedies(push.audience.type, switches) ? store.newSmallId() : 0),
      overrides: push.collapseId !== undefined,
    },
    request,
  );
  const task = store.taskByNumber(number);
  store.addEvent(task, createdMs, "created");
  if (task.overrides) endPending(world, task);
  if (task.overrides && switches.overrideTakesEffect === "acceptance") collapseOlder(world, task);
  if (sendAtMs > createdMs) schedule.add(sendAtMs, "dispatch", number);
  else dispatch(world, task);
  return store.taskByNumber(number);
};

/** Does what has become due. */
export const carryOut = (world: World, kind: DueKind, number: number): void => {
  const task = world.store.taskByNumber(number);
  const works: Readonly<Record<DueKind, (world: World, task: StoredTask) => void>> = {
    dispatch,
    handOut,
    finish,
    release,
    cancel,
    stop,
    revoke,
  };
  works[kind](world, task);
};

/** Nobody has seen anything of it. */
export const isPending = ({ status }: Pick<StoredTask, "status">): boolean =>
  status === "PUSH_INIT" || status === "PUSH_WAIT";

/** On phones, or still delivered from offline storage. */
export const isLive = (task: StoredTask, nowMs: number): boolean =>
  task.status === "PUSH_STARTED" || (task.status === "PUSH_FINISHED" && nowMs < storedUntilMs(task));

/** Pending, so that it will never be dispatched. */
const cancel = (world: World, task: StoredTask): void => {
  if (isPending(task)) end(world, task, "PUSH_CANCELED", "cancelled");
};

/** Termination: deletes what offline storage keeps of it. */
const stop = (world: World, task: StoredTask): void => {
  if (!isLive(task, world.clock.nowMs())) return;
  world.phones.dropStored(task);
  end(world, task, "PUSH_DELETED_PUSH_MSG", "terminated");
};

/** Recall: terminates, and removes the notifications that nobody clicked. */
const revoke = (world: World, task: StoredTask): void => {
  if (!isLive(task, world.clock.nowMs())) return;
  world.phones.dropStored(task);
  world.phones.withdraw(task);
  end(world, task, "PUSH_REVOKED", "recalled");
};

const end = ({ clock, store }: World, task: StoredTask, status: StoredTask["status"], what: string): void => {
  store.setStatus(task, status);
  store.addEvent(task, clock.nowMs(), what);
};

const dispatch = (world: World, task: StoredTask): void => {
  if (!isPending(task)) return;
  const { clock, phones, schedule, store, switches } = world;
  const nowMs = clock.nowMs();
  if (task.overrides) collapseOlder(world, task);
  store.beginDispatch(task, nowMs);
  store.addEvent(task, nowMs, "dispatch began");
  const last = phones.lastId(task.accessId);
  const lasts = durationMs(task, last, switches);
  handOut(world, store.taskByNumber(task.number));
  const parts = Math.ceil(last / phonesAtOnce);
  for (let part = 1; part < parts; part += 1) {
    schedule.add(nowMs + Math.floor((lasts * part) / parts), "handOut", task.number);
  }
  schedule.add(nowMs + lasts, "finish", task.number);
};

/** Brings it to the next part of the phones, unless it was ended meanwhile. */
const handOut = (world: World, task: StoredTask): void => {
  if (task.status !== "PUSH_STARTED") return;
  const { clock, phones, schedule, store, switches } = world;
  const nowMs = clock.nowMs();
  const opensMs = nextOpening(task.acceptTime, nowMs);
  const upTo = task.handedOut + phonesAtOnce;
  phones.deliver(
    task,
    { after: task.handedOut, upTo },
    {
      nowMs,
      storedUntilMs: storedUntilMs(task),
      audience: conditionOf(task.audience),
      switches,
      isHeld: opensMs > nowMs,
    },
  );
  // Each part by itself: the hours may end in the midst of a dispatch.
  if (opensMs > nowMs) schedule.add(opensMs, "release", task.number);
  store.setHandedOut(task, upTo);
};

/** A phone comes online, or goes: all of it or nothing. @throws where there is no phone of that name. */
export const setOnline = (
  { clock, database, phones, schedule, store, switches }: World,
  name: string,
  online: boolean,
): void =>
  database.transaction(() => {
    const nowMs = clock.nowMs();
    const opensMs = (task: number): number => nextOpening(store.taskByNumber(task).acceptTime, nowMs);
    const held = phones.setOnline(name, online, { nowMs, switches, isHeld: (task) => opensMs(task) > nowMs });
    for (const task of held) schedule.add(opensMs(task), "release", task);
  });

/** The hours have come in which phones may show it. */
const release = (world: World, task: StoredTask): void => {
  if (task.status !== "PUSH_STARTED" && task.status !== "PUSH_FINISHED") return;
  world.phones.release(task, world.clock.nowMs(), world.switches);
};

const finish = (world: World, task: StoredTask): void => {
  if (task.status === "PUSH_STARTED") end(world, task, "PUSH_FINISHED", "dispatch ended");
};

const durationMs = (task: StoredTask, phones: number, switches: Switches): number => {
  const bySpeed = task.pushSpeed === undefined ? 0 : (phones + switches.otherDevices) / task.pushSpeed;
  return Math.ceil(Math.max(switches.dispatchSeconds, bySpeed) * secondMs);
};

/** The first moment from now on at which phones may show it. */
const nextOpening = (ranges: readonly MinuteRange[], nowMs: number): number => {
  const minute = minuteOfServiceDay(nowMs);
  const isOpen = ranges.some(({ from, until }) =>
    from <= until ? from <= minute && minute < until : minute >= from || minute < until,
  );
  if (ranges.length === 0 || isOpen) return nowMs;
  const waits = ranges.map(({ from }) => (from - minute + minutesOfDay) % minutesOfDay);
  return (Math.floor(nowMs / minuteMs) + Math.min(...waits)) * minuteMs;
};

const minutesOfDay = 24 * 60;

/** Ends the tasks that an override is for; what they show is replaced phone by phone. */
const collapseOlder = (world: World, override: StoredTask): void => {
  for (const task of olderThan(world, override)) {
    if (task.status !== "PUSH_STARTED" && task.status !== "PUSH_FINISHED") continue;
    world.phones.dropStored(task);
    end(world, task, "PUSH_COLLAPSED", `overridden by ${override.pushId}`);
  }
};

const endPending = (world: World, override: StoredTask): void => {
  if (world.switches.overrideOfPending !== "replaced") return;
  for (const task of olderThan(world, override)) {
    if (isPending(task)) end(world, task, "PUSH_COLLAPSED", `overridden by ${override.pushId}`);
  }
};

const olderThan = (world: World, override: StoredTask): readonly StoredTask[] =>
  world.store
    .tasksWithCollapseId(override.accessId, override.collapseId)
    .filter((task) => task.number < override.number);

const storedUntilMs = (task: StoredTask): number => (task.dispatchedMs ?? task.sendAtMs) + task.expireTime * secondMs;
