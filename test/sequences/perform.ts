import * as z from "zod";
import { type Properties, urnOf } from "../lifecycle/fixture.ts";
import { campaignName, edited, expandPlan, type Plan } from "./campaign.ts";
import type { Command, Dying, Up } from "./command.ts";
import { destroy, type Ended, type Resource, refresh, type Snapshot, up } from "./engine.ts";
import { checkAlerts, checkDeployed, unchanging, unpushing, Violation } from "./law.ts";
import {
  type Declaration,
  declaredBy,
  handOverOf,
  inputsOf,
  lastMomentOf,
  type Program,
  times,
  versionOf,
} from "./program.ts";
import { exempt, nameIn, pushIdOf, type Running, type RunWish, type Stack, type World } from "./world.ts";

/** Carries out one command, and holds the laws against what became of it. */
export async function perform(world: World, command: Command): Promise<void> {
  await carriedOut(world, command);
  checkAlerts(world);
}

function carriedOut(world: World, command: Command): Promise<void> | void {
  const stack = world.stacks["stack" in command && command.stack === 1 ? 1 : 0];
  switch (command.kind) {
    case "write":
      return declare(world, stack, command.slot, { content: command.content });
    case "schedule":
      return edit(world, stack, command.slot, { time: command.time });
    case "address":
      return edit(world, stack, command.slot, { audience: command.audience });
    case "remedy":
      return edit(world, stack, command.slot, { remedy: command.remedy });
    case "option":
      return edit(world, stack, command.slot, optionOf(command.option));
    case "remove":
      return setProgram(stack, without(stack.program, nameOfSlot(stack, command.slot)));
    case "rename":
      return rename(stack, command.slot, command.aliased);
    case "revert":
      return revert(world, stack);
    case "campaign":
      return editPlan(world, stack, edited(stack.plan, command.edit));
    case "halt":
      return setHalt(stack, command.stands);
    case "up":
      return upOf(world, stack, command).then(() => undefined);
    case "two":
      return twoUps(world, stack, command.order, command.elsewhere);
    case "preview":
      return previewed(world, stack, { refreshes: command.refreshes }).then(() => undefined);
    case "refresh":
      return refreshOf(world, stack);
    case "destroy":
      return destroyOf(world, stack, command.consents, command.death);
    case "lose":
      return replaceState(world, stack, []);
    case "restore":
      return replaceState(world, stack, stack.saved.at(-1 - command.back) ?? []);
    case "copy":
      return copy(world, stack);
    case "console":
      return cancelInConsole(world, command.task);
    case "pass":
      return world.advance(command.seconds);
    case "approach":
      return approach(world, command.seconds);
    case "fault":
      return setFault(world, command);
    case "loseJournal":
      return loseJournal(world);
  }
}

const slotNames = ["one", "two", "three"] as const;

/** What a slot's task is called now. */
const nameOfSlot = ({ program }: Stack, slot: number): string => {
  const base = slotNames[slot] ?? "one";
  return [...program.keys()].find((name) => name.split("-")[0] === base) ?? base;
};

const without = (program: Program, name: string): Program => new Map([...program].filter(([key]) => key !== name));

/** A new task, or another text for one that is there. */
function declare(world: World, stack: Stack, slot: number, change: Pick<Declaration, "content">): void {
  const name = nameOfSlot(stack, slot);
  if (stack.program.has(name)) {
    edit(world, stack, slot, change);
    return;
  }
  world.wishCount += 1;
  const declaration: Declaration = { ...change, time: times[2], audience: "tag", wish: world.wishCount };
  setProgram(stack, new Map([...stack.program, [name, declaration]]));
}

function edit(world: World, stack: Stack, slot: number, change: Partial<Declaration>): void {
  const name = nameOfSlot(stack, slot);
  const old = stack.program.get(name);
  if (old === undefined) return;
  const edited = { ...old, ...change };
  const isNew = versionOf(edited) !== versionOf(old);
  if (isNew) world.wishCount += 1;
  setProgram(stack, new Map([...stack.program, [name, isNew ? { ...edited, wish: world.wishCount } : edited]]));
}

/** Edits the task of a name. */
export function editNamed(world: World, stack: Stack, name: string, change: Partial<Declaration>): void {
  if (!stack.program.has(name)) return;
  if (isOfCampaign(name)) {
    stack.patches.set(name, { ...stack.patches.get(name), ...change });
    editPlan(world, stack, stack.plan);
  } else edit(world, stack, slotOf(stack, name), change);
}

/** Gives a task another name, and so makes it another task; one of a campaign is taken out. */
export function renameNamed(world: World, stack: Stack, name: string): void {
  if (isOfCampaign(name)) {
    stack.patches.set(name, null);
    editPlan(world, stack, stack.plan);
  } else rename(stack, slotOf(stack, name), false);
}

const isOfCampaign = (name: string): boolean => name.startsWith(`${campaignName}/`);

/** The program with what its campaign file says now. */
function editPlan(world: World, stack: Stack, plan: Plan): void {
  stack.plan = plan;
  const own = [...stack.program].filter(([name]) => !isOfCampaign(name));
  const renamed = new Set<string>();
  const expanded = expandPlan(world.folder, plan).flatMap(({ name, formerNames, args }) => {
    const patch = stack.patches.get(name);
    if (patch === null) return [];
    const held = formerNames.filter((former) => stack.state.some(({ urn }) => urn === urnOf(former, stack.name)));
    const olds = [name, ...formerNames].flatMap((one) => stack.program.get(one) ?? []);
    for (const former of formerNames) if (stack.program.has(former)) takeOverPast(stack, former, name, renamed);
    const declared: Declaration = { ...declarationFrom(args), aliases: held, ...patch, wish: 0 };
    const same = olds.find((old) => versionOf(old) === versionOf(declared));
    if (same === undefined) world.wishCount += 1;
    return [[name, { ...declared, wish: same?.wish ?? world.wishCount }] as const];
  });
  setProgram(stack, new Map([...own, ...expanded]), renamed);
}

function takeOverPast(stack: Stack, former: string, name: string, renamed: Set<string>): void {
  renamed.add(former);
  for (const [reason, pushId] of stack.exemptions.get(former) ?? []) exempt(stack, name, reason, pushId);
  const asked = stack.asked.get(former);
  if (asked !== undefined) stack.asked.set(name, asked);
  if (stack.suspended.has(former)) stack.suspended.add(name);
}

const Args = z.object({
  message: z.object({ content: z.string() }),
  sendTime: z.string(),
  remedy: z.literal("cancel").optional(),
  handOverDays: z.int().optional(),
});

function declarationFrom(args: Properties): Omit<Declaration, "wish"> {
  const { message, sendTime, remedy, handOverDays } = Args.parse(args);
  return { content: message.content, time: sendTime, audience: "tag", remedy, handOverDays, args };
}

/** The last program that was brought about, and the campaign file with it. */
function revert(world: World, stack: Stack): void {
  stack.plan = stack.goodPlan;
  setProgram(stack, wishedAnew(world, stack.program, stack.good));
}

/** Sets `tpns:halt`, or takes it away. */
export function setHalt(stack: Stack, stands: boolean): void {
  if (stack.isHalting === stands) return;
  stack.isHalting = stands;
  // What is out is that of another configuration until the next run.
  stack.deployed = undefined;
}

/** The slot whose task has the name. */
const slotOf = (stack: Stack, name: string): number =>
  Math.max(
    0,
    [...slotNames.keys()].findIndex((slot) => nameOfSlot(stack, slot) === name),
  );

/** Gives a slot's task another name; without an alias it is another task. */
function rename(stack: Stack, slot: number, aliased: boolean): void {
  const name = nameOfSlot(stack, slot);
  const old = stack.program.get(name);
  if (old === undefined) return;
  const [base = "", number = "1"] = name.split("-");
  const renamed = `${base}-${Number(number) + 1}`;
  const held = stack.state.some(({ urn }) => nameIn(urn) === name);
  const { aliases: former = [], ...rest } = old;
  const aliases = held ? [name] : former;
  const declaration = aliased ? { ...rest, aliases } : rest;
  const kept = new Set<string>();
  if (aliased) takeOverPast(stack, name, renamed, kept);
  setProgram(
    stack,
    new Map([...stack.program].map(([key, value]) => (key === name ? [renamed, declaration] : [key, value]))),
    kept,
  );
}

/** A program that no longer has a name leaves alone what an unfinished run may have made for it. */
function setProgram(stack: Stack, program: Program, renamed: ReadonlySet<string> = new Set()): void {
  // An alias finds a state, and no unfinished push.
  const isKept = (name: string) => renamed.has(name) && stack.state.some(({ urn }) => urn === urnOf(name, stack.name));
  const dropped = [...stack.program.keys()].filter((name) => !isKept(name) && !program.has(name));
  if (dropped.length > 0 && stack.deployed === undefined) stack.hasDropped = true;
  stack.program = program;
}

/** To go back to what was declared before is a wish of its own. */
const wishedAnew = (world: World, now: Program, program: Program): Program =>
  new Map(
    [...program].map(([name, declaration]) => {
      const present = now.get(name);
      if (present !== undefined && versionOf(present) === versionOf(declaration)) {
        return [name, { ...declaration, wish: present.wish }];
      }
      world.wishCount += 1;
      return [name, { ...declaration, wish: world.wishCount }];
    }),
  );

const optionOf = (option: "ifSent" | "onDelete" | "pastSendTime" | "handOverDays"): Partial<Declaration> => {
  if (option === "ifSent") return { ifSent: "refuse" };
  if (option === "handOverDays") return { handOverDays: 1 };
  return option === "onDelete" ? { onDelete: "terminate" } : { pastSendTime: "skip" };
};

/** What a run that changes something was asked for. */
function ask(world: World, stack: Stack): void {
  for (const [name, declaration] of stack.program) {
    if (stack.isHalting && lastMomentOf(declaration) > world.now) stack.suspended.add(name);
    if (declaration.remedy !== undefined) exempt(stack, name, "remedied");
    const { content, wish } = declaration;
    const before = stack.asked.get(name) ?? [];
    // A run that ended midway may have brought about any of them.
    const isChange = [...before].some((other) => other !== content);
    if (!world.wishes.has(wish)) world.wishes.set(wish, { ...declaration, isChange });
    stack.asked.set(name, new Set([...before, content]));
  }
}

const urnsOf = (stack: Stack, slot: number | undefined): ReadonlySet<string> =>
  new Set(slot === undefined ? [] : [urnOf(nameOfSlot(stack, slot), stack.name)]);

/** A preview; it fails where a refusal can be told beforehand. */
async function previewed(
  world: World,
  stack: Stack,
  { refreshes, consents = "", replaced }: Pick<Up, "refreshes"> & { consents?: string; replaced?: number | undefined },
): Promise<Ended> {
  return await unchanging(world, "a preview", async () => {
    const { process } = world.run(stack, { consents });
    const options = { isPreview: true, refreshes, replaced: urnsOf(stack, replaced) };
    const ended = await up(process, declaredBy(stack.name, stack.program), stack.state, options, () => undefined);
    world.lines.push(...process.lines);
    return ended;
  });
}

/** `pulumi up`: the preview, and then the update in a process of its own; what it was refused for, if anything. */
export async function upOf(world: World, stack: Stack, command: Up): Promise<Refusal | undefined> {
  const { refreshes, previews, replaced, death } = command;
  const consents = command.consents ? stack.offered : "";
  if (previews) {
    const preview = await previewed(world, stack, { refreshes, consents, replaced });
    if (preview.kind === "failed") return failed(world, stack, preview);
  }
  ask(world, stack);
  const wish = { consents, ...(death && { death }) };
  const ended = await changing(world, stack, wish, ({ process }) => {
    const options = { isPreview: false, refreshes, replaced: urnsOf(stack, replaced) };
    return up(process, declaredBy(stack.name, stack.program), stack.state, options, saveTo(stack));
  });
  if (ended.kind === "well") await endedWell(world, stack, stack.program, consents);
  return ended.kind === "failed" ? ended : undefined;
}

const saveTo = (stack: Stack) => (snapshot: Snapshot) => {
  stack.state = snapshot;
};

/** What a command of the CLI was refused for. */
export type Refusal = Extract<Ended, { kind: "failed" }>;

type Unfinished = { readonly kind: "killed" };

/** A run that may change something: where it does not end well, what it has made is in doubt. */
async function changing(
  world: World,
  stack: Stack,
  wish: RunWish,
  work: (running: Running) => Promise<Ended>,
): Promise<Ended | Unfinished> {
  const before = world.pushIds();
  const running = world.run(stack, wish);
  const ended = await unpushing(world, stack, () =>
    Promise.race([work(running), running.killed.then((): Unfinished => ({ kind: "killed" }))]),
  );
  stack.saved.push(stack.state);
  if (ended.kind === "well") {
    world.said.push(`  → ends well, ${ended.changes} changes`);
    return ended;
  }
  if (ended.kind === "killed") world.said.push("  → killed");
  stack.deployed = undefined;
  for (const pushId of world.pushIds()) if (!before.has(pushId)) stack.doubtful.add(pushId);
  if (ended.kind === "failed") failed(world, stack, ended);
  return ended;
}

/** Remembers what a refusal offers. */
function failed(world: World, stack: Stack, refusal: Refusal): Refusal {
  const { line } = refusal;
  world.said.push(`  → ${line}`);
  if (line.includes("please report this")) throw new Violation(`our own bug: ${line}`);
  const offered = /TPNS_CONSENT=(\S+)/.exec(line)?.[1];
  if (offered !== undefined) stack.offered = joined(stack.offered, offered);
  return refusal;
}

const joined = (...consents: readonly string[]): string =>
  [...new Set(consents.flatMap((list) => list.split(",")))].filter((consent) => consent !== "").join(",");

/** What a run that ended well must have brought about; and that a second one has nothing to do. */
async function endedWell(world: World, stack: Stack, program: Program, consents: string): Promise<void> {
  exemptAdopted(world, consents);
  stack.deployed = program;
  stack.deployedAt = world.now;
  stack.good = program;
  stack.goodPlan = stack.plan;
  if (!stack.isHalting) resume(world, stack, program);
  for (const [name, { content }] of program) stack.asked.set(name, new Set([content]));
  stack.offered = "";
  if (stack.hasDropped) for (const pushId of stack.doubtful) world.orphan(stack, pushId);
  if (world.inFlight === 0) stack.hasDropped = false;
  stack.doubtful.clear();
  checkDeployed(world);
  await checkQuiet(world, stack);
}

/** What a halt took away is there again, unless its time has passed. */
function resume(world: World, stack: Stack, program: Program): void {
  for (const name of stack.suspended) {
    const declaration = program.get(name);
    if (declaration === undefined || lastMomentOf(declaration) > world.now) continue;
    const resource = stack.state.find(({ urn, isOld }) => urn === urnOf(name, stack.name) && !isOld);
    exempt(stack, name, "halted", pushIdOf(resource?.outs));
  }
  stack.suspended.clear();
}

/** A planned task whose day has come since the last run. */
const isDue = ({ now }: World, { program, deployedAt }: Stack): boolean =>
  [...program.values()].some((declaration) => handOverOf(declaration) > deployedAt && handOverOf(declaration) <= now);

/** Whoever took a push over by consent, and whoever held it before. */
function exemptAdopted({ stacks }: World, consents: string): void {
  const adopted = consents.split(",").flatMap((consent) => (consent.startsWith("adopt:") ? [consent.slice(6)] : []));
  for (const stack of stacks) {
    for (const { urn, outs } of stack.state) {
      const text = JSON.stringify(outs);
      if (adopted.some((pushId) => text.includes(pushId))) exempt(stack, nameIn(urn), "adopted");
    }
  }
}

/** A quiet stack stays quiet: an `up` again finds nothing to do, and asks nobody. */
export async function checkQuiet(world: World, stack: Stack): Promise<void> {
  if (isDue(world, stack)) return;
  const before = world.emulator.requests.length;
  const again = await previewed(world, stack, { refreshes: false });
  const calls = world.emulator.requests.length - before;
  if (again.kind === "failed") throw new Violation(`not quiet: a second up is refused: ${again.line}`);
  if (again.changes > 0) throw new Violation(`not quiet: a second up has ${again.changes} changes`);
  // Under a halt each run looks; and an emulator's clock stands anywhere: of what is planned it is asked for the time.
  const mayLook = stack.isHalting || stack.state.some(({ outs }) => outs.phase === "planned");
  if (calls > 0 && !mayLook) throw new Violation(`not quiet: a second up makes ${calls} calls`);
}

/** `pulumi refresh`. */
async function refreshOf(world: World, stack: Stack): Promise<void> {
  await unchanging(world, "a refresh", async () => {
    const { process } = world.run(stack);
    const ended = await refresh(process, stack.state, saveTo(stack));
    stack.saved.push(stack.state);
    if (ended.kind === "failed") failed(world, stack, ended);
  });
}

/** `pulumi destroy`. */
async function destroyOf(world: World, stack: Stack, consenting: boolean, death: Dying | undefined): Promise<void> {
  const consents = consenting ? stack.offered : "";
  if (stack.deployed === undefined) stack.hasDropped = true;
  const ended = await changing(world, stack, { consents, ...(death && { death }) }, ({ process }) =>
    destroy(process, stack.state, saveTo(stack)),
  );
  if (ended.kind !== "well") return;
  stack.deployed = new Map();
  stack.offered = "";
  if (stack.hasDropped) for (const pushId of stack.doubtful) world.orphan(stack, pushId);
  stack.doubtful.clear();
  checkDeployed(world);
}

/** Two `up`s at once, the second after `pulumi cancel` has taken the first one's lock; each saves what it has. */
async function twoUps(world: World, stack: Stack, order: readonly boolean[], elsewhere: boolean): Promise<void> {
  ask(world, stack);
  const turns = [...order];
  const gates: [Gate, Gate] = [new Gate(), new Gate()];
  const before = world.pushIds();
  const run = async (gate: Gate, wish: RunWish): Promise<Ended> => {
    const { process } = world.run(stack, { ...wish, turn: () => gate.turn() });
    const options = { isPreview: false, refreshes: false, replaced: new Set<string>() };
    const program = declaredBy(stack.name, stack.program);
    try {
      return await gate.until(up(process, program, stack.state, options, saveTo(stack)));
    } finally {
      process.end();
    }
  };
  const first = run(gates[0], {});
  await gates[0].parked();
  const second = run(gates[1], { beside: true, elsewhere });
  await gates[1].parked();
  while (gates.some(({ isOver }) => !isOver)) {
    const wanted = gates[turns.shift() === false ? 1 : 0];
    const gate = wanted.isOver ? gates.find(({ isOver }) => !isOver) : wanted;
    await gate?.pass();
  }
  const ends = await Promise.all([first, second]);
  stack.saved.push(stack.state);
  stack.deployed = undefined;
  const made = [...world.pushIds()].filter((pushId) => !before.has(pushId));
  for (const pushId of made) stack.doubtful.add(pushId);
  if (elsewhere) world.twins += made.length;
  if (elsewhere) world.hasLost = true;
  // What the one cancelled under a halt, the other takes for somebody else's doing.
  if (elsewhere && stack.isHalting)
    for (const { urn, outs } of stack.state) exempt(stack, nameIn(urn), "halted", pushIdOf(outs));
  for (const ended of ends) if (ended.kind === "failed") failed(world, stack, ended);
}

/** Holds a run at each of its calls until it is let through. */
class Gate {
  isOver = false;
  #parked = Promise.withResolvers<void>();
  #opened = Promise.withResolvers<void>();

  /** Waits for its turn. */
  async turn(): Promise<void> {
    this.#parked.resolve();
    await this.#opened.promise;
  }

  /** Resolves when the run stands before a call, or is over. */
  parked(): Promise<void> {
    return this.#parked.promise;
  }

  /** Lets one call through, and waits until the run stands before the next. */
  async pass(): Promise<void> {
    const opened = this.#opened;
    this.#parked = Promise.withResolvers();
    this.#opened = Promise.withResolvers();
    opened.resolve();
    await this.parked();
  }

  async until<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } finally {
      this.isOver = true;
      this.#parked.resolve();
    }
  }
}

/** The state is lost, or an older one takes its place: what only the later one knew, nobody knows. */
function replaceState(world: World, stack: Stack, state: Snapshot): void {
  const latest = new Map(stack.state.map(({ urn, outs }) => [urn, JSON.stringify(outs)]));
  for (const { urn, outs } of state) {
    if (latest.get(urn) !== JSON.stringify(outs)) exempt(stack, nameIn(urn), "stale", pushIdOf(outs));
  }
  forgetWaiting(world);
  // What is under way for it arrives unknown to the state as well.
  if (world.inFlight > 0) stack.hasDropped = true;
  stack.state = state;
  stack.deployed = undefined;
}

function forgetWaiting(world: World): void {
  world.hasLost = true;
  for (const { pushId, status } of world.emulator.tasks) if (status === "PUSH_WAIT") world.forgotten.add(pushId);
}

/** The program and the state of a stack are copied to the other, as when one begins a stack with an exported state. */
function copy(world: World, stack: Stack): void {
  const other = world.stacks[stack === world.stacks[0] ? 1 : 0];
  other.program = wishedAnew(world, new Map(), stack.program);
  other.plan = stack.plan;
  for (const [name, patch] of stack.patches) other.patches.set(name, patch);
  other.hasDropped = true;
  for (const [name, contents] of stack.asked) other.asked.set(name, contents);
  other.state = stack.state.map((resource) => copied(other, stack.program, resource));
  forgetWaiting(world);
  for (const one of world.stacks) {
    for (const name of [...one.program.keys(), ...one.state.map(({ urn }) => nameIn(urn))]) exempt(one, name, "copied");
    one.deployed = undefined;
  }
}

function copied(to: Stack, program: Program, resource: Resource): Resource {
  const name = nameIn(resource.urn);
  const declaration = program.get(name);
  const identity = declaration && { identity: inputsOf(to.name, name, declaration).identity };
  return { ...resource, urn: urnOf(name, to.name), inputs: { ...resource.inputs, ...identity } };
}

/** Somebody cancels a waiting task in the service's console. */
function cancelInConsole({ emulator, consoleCancelled }: World, index: number): void {
  const waiting = emulator.tasks.filter(({ status }) => status === "PUSH_WAIT");
  const task = waiting[index % Math.max(waiting.length, 1)];
  if (task === undefined) return;
  emulator.setStatus(task.pushId, "PUSH_CANCELED");
  consoleCancelled.add(task.pushId);
}

/** Time passes until shortly before or after the next send time that is declared. */
async function approach(world: World, seconds: number): Promise<void> {
  const times = world.stacks.flatMap(({ program }) => [...program.values()].map(({ time }) => Date.parse(time)));
  const ahead = times.map((time) => time + seconds * 1_000).filter((time) => time > world.now);
  if (ahead.length > 0) await world.advance((Math.min(...ahead) - world.now) / 1_000);
}

function setFault(world: World, { path, fault, times: count }: Extract<Command, { kind: "fault" }>): void {
  if (fault === "unreachable") world.cutOff(path, count);
  else if (fault === "late" || fault === "dropBefore") {
    for (let hit = 0; hit < count; hit += 1) world.lose(path, fault === "late");
  } else world.emulator.failNext({ path, fault, times: count });
}

/** A fresh machine: what runs have left open there is known to nobody. */
function loseJournal(world: World): void {
  world.hasLost = true;
  world.journal = world.newJournal();
  world.twins += world.unanswered;
  world.unanswered = 0;
  for (const stack of world.stacks) {
    if (stack.deployed !== undefined) continue;
    for (const { urn, outs } of stack.state) exempt(stack, nameIn(urn), "unjournaled", pushIdOf(outs));
    for (const pushId of stack.doubtful) world.forgotten.add(pushId);
  }
}
