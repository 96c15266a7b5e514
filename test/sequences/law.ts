import type { Task } from "../../provider/emulator/index.ts";
import { pushesTo, urnOf } from "../lifecycle/fixture.ts";
import { changesTo } from "../lifecycle/push-task/world.ts";
import type { Resource } from "./engine.ts";
import { type Declaration, handOverOf, versionOf } from "./program.ts";
import { isExempt, pushIdOf, type Stack, type World } from "./world.ts";

/** A law is broken. */
export class Violation extends Error {
  override readonly name = "Violation";
}

const countBy = <T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, number> =>
  all.reduce((counts, one) => counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1), new Map<string, number>());

/** ISO 8601 of a time as the service writes it. */
const instantOf = (sendTime: string): string => new Date(`${sendTime.replace(" ", "T")}+08:00`).toISOString();

const audienceOf = ({ pushType }: Task): "all" | "tag" => (pushType === "tag" ? "tag" : "all");

const overrideOf = (content: string, audience: string): string => `override ${content} to ${audience}`;

/** What a task is, in the words of `versionOf`. */
function kindOf({ lateFor }: World, task: Task): string {
  const { content, overrides, createdAt, pushId, sendTime } = task;
  const audience = audienceOf(task);
  if (overrides) return overrideOf(content, audience);
  const late = lateFor.get(pushId);
  if (late !== undefined) return `${content} to ${audience} ${instantOf(late)}`;
  const instant = instantOf(sendTime);
  // To the second, as the service tells its times.
  const isAtOnce = Math.floor(Date.parse(createdAt) / 1_000) * 1_000 === Date.parse(instant);
  return `${content} to ${audience} ${isAtOnce ? "asap" : instant}`;
}

/**
 * How often a phone may be alerted of each kind: of a text for a time once, however often it was declared; of an `asap`
 * one and of an override once for each edit that asked for it.
 */
function allowedBy({ wishes, consents, twins }: World): (kind: string) => number {
  const allowed = new Map<string, number>();
  const add = (kind: string, isOnce: boolean): void => {
    allowed.set(kind, isOnce ? 1 : (allowed.get(kind) ?? 0) + 1);
  };
  for (const wish of wishes.values()) {
    add(versionOf(wish), wish.time !== "asap");
    if (wish.isChange) add(overrideOf(wish.content, wish.audience), false);
  }
  const given = [...consents];
  const duplicates = given.filter((consent) => consent.startsWith("duplicate-of:")).length;
  const anew = given.filter((consent) => consent.startsWith("push-anew:")).length;
  return (kind) => {
    const asked = allowed.get(kind) ?? 0;
    if (asked === 0) return 0;
    return asked + duplicates + twins + (kind.endsWith(" asap") ? anew : 0);
  };
}

/** No unintended send: no phone is alerted of anything more often than was asked for, or of what nobody declared. */
export function checkAlerts(world: World): void {
  const tasks = new Map(world.emulator.tasks.map((task) => [task.pushId, task]));
  const allowed = allowedBy(world);
  for (const { name, alerts } of world.emulator.phones) {
    const kinds = alerts.flatMap(({ pushId }) => {
      const task = tasks.get(pushId);
      return task ? [kindOf(world, task)] : [];
    });
    for (const [kind, count] of countBy(kinds, (one) => one)) {
      if (count > allowed(kind)) {
        throw new Violation(
          `unintended send: ${name} was alerted ${count} times of "${kind}", asked for ${allowed(kind)}`,
        );
      }
    }
  }
  const twice = world.emulator.tasks.find(({ executions }) => executions > 1);
  if (twice) throw new Violation(`push ${twice.pushId} was sent ${twice.executions} times`);
}

/** A run under a halt pushes nothing. */
export async function unpushing<T>(world: World, stack: Stack, work: () => Promise<T>): Promise<T> {
  const pushes = (): number => pushesTo(world.emulator) - world.latePushes;
  const before = pushes();
  const result = await work();
  if (stack.isHalting && pushes() > before) throw new Violation("a run under tpns:halt pushed");
  return result;
}

/** Calls that changed something on the service, or tried to, and were made by a run. */
const changesOf = ({ emulator, arrivals }: World): number => changesTo(emulator) - arrivals;

/** A preview and a refresh change nothing. */
export async function unchanging<T>(world: World, what: string, work: () => Promise<T>): Promise<T> {
  const before = changesOf(world);
  const result = await work();
  const made = changesOf(world) - before;
  if (made > 0) throw new Violation(`${what} made ${made} calls that change something`);
  return result;
}

const waitingIn = ({ emulator }: World): readonly Task[] =>
  emulator.tasks.filter(({ status }) => status === "PUSH_WAIT" || status === "PUSH_INIT");

const resourceOf = ({ state, name: stack }: Stack, name: string): Resource | undefined =>
  state.find(({ urn, isOld }) => urn === urnOf(name, stack) && !isOld);

/** How many tasks of each version are to be scheduled, at least and at most. */
interface Expected {
  readonly least: Map<string, number>;
  readonly most: Map<string, number>;
}

const addTo = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/** None lost: what a run that ended well declares is scheduled once, or has gone out; and nothing else is scheduled. */
export function checkDeployed(world: World): void {
  const expected: Expected = { least: new Map(), most: new Map() };
  for (const stack of world.stacks) {
    for (const [name, declaration] of stack.deployed ?? []) expectOf(world, stack, name, declaration, expected);
  }
  const waiting = countBy(waitingIn(world), (task) => kindOf(world, task));
  for (const [version, least] of expected.least) {
    const count = waiting.get(version) ?? 0;
    if (count < least) throw new Violation(`lost: "${version}" is scheduled ${count} times, declared ${least}`);
  }
  if (world.stacks.some(({ deployed }) => deployed === undefined)) return;
  // By consent a push is made beside one that an unfinished run has left.
  const known = waitingIn(world).filter(
    ({ pushId }) => !world.forgotten.has(pushId) && !world.consents.has(`duplicate-of:${pushId}`),
  );
  for (const [version, count] of countBy(known, (task) => kindOf(world, task))) {
    const most = (expected.most.get(version) ?? 0) + world.twins;
    if (count > most) throw new Violation(`"${version}" is scheduled ${count} times, declared ${most}`);
  }
}

function expectOf(world: World, stack: Stack, name: string, declaration: Declaration, expected: Expected): void {
  const { remedy, time, pastSendTime, content } = declaration;
  if (remedy !== undefined) return;
  const isPlanned = handOverOf(declaration) > stack.deployedAt;
  const version = versionOf(declaration);
  const { outs } = resourceOf(stack, name) ?? {};
  const pushId = pushIdOf(outs);
  const isFree = isExempt(stack, name, pushId) || world.consoleCancelled.has(pushId);
  if (time !== "asap" && Date.parse(time) > world.now) {
    // Under a halt nothing is scheduled.
    if (!stack.isHalting) addTo(expected.most, version);
    if (!(isFree || isPlanned || stack.isHalting)) addTo(expected.least, version);
    return;
  }
  if (isFree || isPlanned || stack.isHalting || (pastSendTime === "skip" && outs?.phase === "skipped")) return;
  if (!isSent(world, declaration)) {
    throw new Violation(`lost: "${version}" of ${name} never went out, and up says that all is well (${content})`);
  }
}

const isSent = ({ emulator }: World, { content, audience }: Declaration): boolean =>
  emulator.tasks.some(
    (task) => task.executions > 0 && task.content === content && (task.overrides || audienceOf(task) === audience),
  );

/** Orphans are told of: a waiting push that an unfinished run made for a task that has left the program since. */
export function checkOrphans(world: World): void {
  if (world.hasLost) return;
  const held = JSON.stringify(world.stacks.map(({ state }) => state));
  const told = world.lines.filter((line) => line.includes("is declared no longer")).join("; ");
  for (const { pushId } of waitingIn(world)) {
    const stack = world.orphans.get(pushId);
    // Without a task in the program no handler is called that could tell.
    if (stack === undefined || stack.program.size === 0 || held.includes(pushId)) continue;
    if (told.includes(pushId) || told.includes("was not answered")) continue;
    throw new Violation(`orphan: ${pushId} is scheduled, nothing declares it, and no run has told of it`);
  }
}
