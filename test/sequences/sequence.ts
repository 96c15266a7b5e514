import fc from "fast-check";
import { startEmulator } from "../../provider/emulator/index.ts";
import { start } from "../lifecycle/fixture.ts";
import { type Command, firstMove, move } from "./command.ts";
import { Violation } from "./law.ts";
import { perform } from "./perform.ts";
import { settle } from "./settle.ts";
import { tell } from "./tell.ts";
import { World } from "./world.ts";

/** A sequence that broke a law, and as little of it as still does. */
export interface Failure {
  readonly seed: number;
  readonly line: string;
  /** The history in words, shrunk. */
  readonly history: readonly string[];
}

/** Longer ones find little more, and take longer. */
const maxMoves = 14;

const sequence = fc
  .tuple(firstMove, fc.array(move, { minLength: 3, maxLength: maxMoves, size: "max" }))
  .map(([first, moves]) => [first, ...moves].flat());

/** The sequence of a seed: equal for equal seeds. */
const sequenceOf = (seed: number): readonly Command[] => fc.sample(sequence, { seed, numRuns: 1 })[0] ?? [];

/** Everything begins with a task that is declared and not yet brought about. */
const opening: Command = { kind: "write", stack: 0, slot: 0, content: "A" };

/** What became of a sequence. */
interface Played {
  /** The law that it breaks, if any. */
  readonly line: string | undefined;
  /** What happened, in words. */
  readonly history: readonly string[];
}

/** Plays a sequence in a world of its own. */
export async function play(commands: readonly Command[]): Promise<Played> {
  await using emulator = await startEmulator({ now: start, pace: 0 });
  using world = new World(emulator);
  const history: string[] = [];
  try {
    for (const one of [opening, ...commands]) {
      history.push(tell(one));
      world.said = history;
      await perform(world, one);
    }
    history.push("nothing interferes any more, and both stacks are brought to rest");
    await settle(world);
    return { line: undefined, history };
  } catch (error) {
    return { line: lineOf(error), history };
  }
}

function lineOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof Violation ? error.message : (error.stack ?? error.message);
}

/** What kind of failure a line is: a shrunk sequence is to fail for the same reason. */
const kindOf = (line: string): string => line.split(/[:"]/)[0] ?? line;

/** Takes out of a failing sequence, in halves, quarters and single commands, whatever is not needed to fail alike. */
async function shrink(commands: readonly Command[], line: string): Promise<readonly Command[]> {
  const fails = async (fewer: readonly Command[]): Promise<boolean> => {
    const said = (await play(fewer)).line;
    return said !== undefined && kindOf(said) === kindOf(line);
  };
  let least = commands;
  for (let size = Math.ceil(least.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    least = await withoutChunks(least, size, fails);
  }
  const simpler = await simplified(least, fails);
  return withoutChunks(simpler, 1, fails);
}

type Fails = (commands: readonly Command[]) => Promise<boolean>;

async function withoutChunks(commands: readonly Command[], size: number, fails: Fails): Promise<readonly Command[]> {
  let least = commands;
  for (let at = least.length - size; at >= 0; at -= 1) {
    const fewer = least.toSpliced(at, size);
    if (fewer.length < least.length && (await fails(fewer))) least = fewer;
  }
  return least;
}

/** Plainer commands in the place of those that are there, one after the other. */
async function simplified(commands: readonly Command[], fails: Fails): Promise<readonly Command[]> {
  let least = commands;
  for (const at of commands.keys()) least = await simplifiedAt(least, at, fails);
  return least;
}

async function simplifiedAt(commands: readonly Command[], at: number, fails: Fails): Promise<readonly Command[]> {
  const text = JSON.stringify(commands[at]);
  for (const plainer of plainerThan(commands[at])) {
    const changed = commands.with(at, plainer);
    if (JSON.stringify(plainer) !== text && (await fails(changed))) return simplifiedAt(changed, at, fails);
  }
  return commands;
}

/** Each is plainer than the one given in one respect, so that no two lead back to each other. */
function plainerThan(one: Command | undefined): readonly Command[] {
  if (one?.kind === "up") {
    const { death, replaced, ...rest } = one;
    return [
      ...(death ? [{ ...rest, replaced }] : []),
      ...(replaced === undefined ? [] : [{ ...rest, death }]),
      { ...one, refreshes: false },
      { ...one, previews: true },
      { ...one, consents: false },
    ];
  }
  if (one?.kind === "pass")
    return [30, 300, 660].filter((seconds) => seconds < one.seconds).map((seconds) => ({ ...one, seconds }));
  if (one?.kind === "fault") return [{ ...one, times: 1 }];
  if (one !== undefined && "slot" in one)
    return [
      { ...one, slot: 0 },
      { ...one, stack: 0 },
    ];
  return [];
}

/** Plays the sequence of a seed, and shrinks it where it fails. */
export async function tryOut(seed: number): Promise<Failure | undefined> {
  const commands = sequenceOf(seed);
  const { line } = await play(commands);
  if (line === undefined) return undefined;
  const least = await play(await shrink(commands, line));
  return { seed, line: least.line ?? line, history: least.history };
}

/** A failure as it is printed: with it anybody can play the sequence again. */
export const report = ({ seed, line, history }: Failure): string =>
  [line, ...history.map((told) => `  - ${told}`), `again: npm run test:sequences -- --runs 1 --seed ${seed}`].join(
    "\n",
  );
