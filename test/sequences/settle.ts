import { checkAlerts, checkDeployed, checkOrphans, Violation } from "./law.ts";
import { checkQuiet, editNamed, type Refusal, renameNamed, setHalt, upOf } from "./perform.ts";
import { declarationOf, handOverOf } from "./program.ts";
import { nameIn, type Stack, type World } from "./world.ts";

/** Runs within which a stack must be quiet, if its user does what each refusal says. */
const runsToQuiet = 5;
/** Each further task can be refused by itself. */
const runsForEachTask = 3;

const minuteMilliseconds = 60 * 1_000;
const dayMilliseconds = 24 * 60 * minuteMilliseconds;

/** The signature's validity, and what the records may lag behind. */
const windowSeconds = 700;

/** The end of each sequence: nothing interferes any more, and both stacks must come to rest. */
export async function settle(world: World): Promise<void> {
  await world.drainFaults();
  for (const stack of world.stacks) setHalt(stack, false);
  await world.advance(windowSeconds);
  for (const stack of world.stacks) await toQuiet(world, stack, false);
  for (const stack of world.stacks) await toQuiet(world, stack, true);
  for (const stack of world.stacks) await checkQuiet(world, stack);
  checkDeployed(world);
  checkOrphans(world);
  await handOverAll(world);
  await lifeGoesOn(world);
}

/** A run on the day of each planned task. */
async function handOverAll(world: World): Promise<void> {
  for (;;) {
    const ahead = world.stacks
      .flatMap(({ program }) => [...program.values()].map(handOverOf))
      .filter((at) => at > world.now);
    if (ahead.length === 0) return;
    await world.advance((Math.min(...ahead) - world.now) / 1_000 + 1);
    for (const stack of world.stacks) await toQuiet(world, stack, false);
  }
}

/** All that is scheduled goes out, every phone comes online, and nothing more is to be done. */
async function lifeGoesOn(world: World): Promise<void> {
  const last = Math.max(
    ...world.emulator.tasks.map(({ sendTime }) => Date.parse(`${sendTime.replace(" ", "T")}+08:00`)),
  );
  await world.advance(Math.max(0, (last - world.now) / 1_000) + 60);
  for (const { name } of world.emulator.phones) world.emulator.setOnline(name, true);
  checkAlerts(world);
  for (const stack of world.stacks) await checkQuiet(world, stack);
  checkDeployed(world);
}

/** No stuck stack: what the refusals print leads to a run that ends well. */
async function toQuiet(world: World, stack: Stack, refreshes: boolean): Promise<void> {
  const lines: string[] = [];
  const runs = runsToQuiet + runsForEachTask * (stack.program.size + stack.state.length);
  for (let run = 0; run < runs; run += 1) {
    const refusal = await upOf(world, stack, {
      refreshes: refreshes || /pulumi refresh|--refresh/.test(lines.at(-1) ?? ""),
      previews: true,
      consents: true,
    });
    checkAlerts(world);
    if (refusal === undefined) return;
    await obey(world, stack, refusal, lines.includes(refusal.line));
    lines.push(refusal.line);
  }
  throw new Violation(`stuck: ${stack.name} is refused after ${runs} runs; it said\n  ${lines.join("\n  ")}`);
}

/** Does what a refusal says; one that comes back was not helped by its consent. */
async function obey(world: World, stack: Stack, { line, urn }: Refusal, isBack: boolean) {
  const name = nameIn(urn);
  if (line.includes("TPNS_CONSENT=") && !isBack) return;
  if (/write (a|an) (later|new|earlier) (one|sendTime)|write one that is ahead/.test(line)) {
    const ahead = Math.ceil((world.now + dayMilliseconds) / minuteMilliseconds) * minuteMilliseconds;
    return editNamed(world, stack, name, { time: new Date(ahead).toISOString() });
  }
  const until = lastInstant(line);
  if (until !== undefined && until > world.now) return world.advance((until - world.now) / 1_000 + 60);
  if (line.includes("wait for an hour")) return world.advance(3_660);
  if (line.includes('write remedy: "terminate"')) return editNamed(world, stack, name, { remedy: "terminate" });
  if (line.includes('write ifSent: "override"')) return editNamed(world, stack, name, { ifSent: undefined });
  if (line.includes("take the change back") && !isBack) return takeBack(world, stack, urn, name);
  if (/new resource name|new task/.test(line)) return renameNamed(world, stack, name);
}

/** The last instant that a line names, as it writes them for people. */
function lastInstant(line: string): number | undefined {
  const said = [...line.matchAll(/(\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d)?) \(UTC\+8\)/g)].at(-1);
  return said === undefined ? undefined : Date.parse(`${said[1]}T${said[2]}+08:00`);
}

/** What the state has recorded is declared again. */
function takeBack(world: World, stack: Stack, urn: string, name: string): void {
  const resource = stack.state.find((candidate) => candidate.urn === urn && !candidate.isOld);
  const recorded = resource && declarationOf(resource.inputs);
  if (recorded === undefined) {
    renameNamed(world, stack, name);
    return;
  }
  const { wish: _, aliases: __, args: ___, ...before } = recorded;
  const none = {
    remedy: undefined,
    ifSent: undefined,
    onDelete: undefined,
    pastSendTime: undefined,
    handOverDays: undefined,
  };
  editNamed(world, stack, name, { ...none, ...before });
}
