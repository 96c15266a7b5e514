import { Incomplete } from "../../provider/lifecycle/refusal.ts";
import type { Process, Properties } from "../lifecycle/fixture.ts";

/**
 * A stand-in for the engine's rules, as far as a provider can tell: which handler is called with what, in which order,
 * and what the state holds afterwards. One deployment does one step after the other.
 */

/** A resource as the stack's state holds it. */
export interface Resource {
  readonly urn: string;
  readonly inputs: Properties;
  readonly outs: Properties;
  /** Set by a step that left something undone: the next `up` updates whatever diff says. */
  readonly initErrors: readonly string[];
  /** The old half of a replacement, which is still to be deleted. */
  readonly isOld: boolean;
}

/** A stack's state. */
export type Snapshot = readonly Resource[];

/** A resource as the program declares it. */
export interface Declared {
  readonly urn: string;
  /** Former URNs. */
  readonly aliases: readonly string[];
  readonly inputs: Properties;
}

/** How a command of the CLI ended. */
export type Ended =
  | { readonly kind: "well"; readonly changes: number }
  | { readonly kind: "failed"; readonly line: string; readonly urn: string };

export interface UpOptions {
  readonly isPreview: boolean;
  /** `--refresh`. */
  readonly refreshes: boolean;
  /** `--replace`: these are made anew without a diff. */
  readonly replaced: ReadonlySet<string>;
}

type Save = (snapshot: Snapshot) => void;
type Step = (engine: Engine) => Promise<void>;

class Failed extends Error {
  override readonly name = "Failed";
  readonly urn: string;

  constructor(urn: string, line: string) {
    super(line);
    this.urn = urn;
  }
}

/** One deployment: what it has reached is saved as a whole after each step, whoever else has saved since. */
class Engine {
  readonly process: Process;
  readonly #save: Save;
  snapshot: Snapshot;

  constructor(process: Process, snapshot: Snapshot, save: Save) {
    this.process = process;
    this.snapshot = snapshot;
    this.#save = save;
  }

  /** Puts `made` in the place of `old`, or at the end. */
  put(old: Resource | undefined, ...made: readonly Resource[]): void {
    const at = old === undefined ? -1 : this.snapshot.indexOf(old);
    this.snapshot = at < 0 ? [...this.snapshot, ...made] : this.snapshot.toSpliced(at, 1, ...made);
    this.#save(this.snapshot);
  }
}

/** What nobody meant to throw. */
const isSlip = (error: unknown): boolean =>
  error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;

/** What a call throws fails its resource; one that the engine keeps has its outputs taken over first. */
async function called<T>(urn: string, work: () => Promise<T> | T, keep?: (error: Incomplete) => void): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isSlip(error)) throw error;
    if (error instanceof Incomplete) keep?.(error);
    throw new Failed(urn, error instanceof Error ? error.message : String(error));
  }
}

async function ending(work: () => Promise<number>): Promise<Ended> {
  try {
    return { kind: "well", changes: await work() };
  } catch (error) {
    if (error instanceof Failed) return { kind: "failed", line: error.message, urn: error.urn };
    throw error;
  }
}

const resourceOf = ({ urn, inputs }: Declared, outs: Properties): Resource => ({
  urn,
  inputs,
  outs,
  initErrors: [],
  isOld: false,
});

const creating =
  (declared: Declared, old?: Resource): Step =>
  async (engine) => {
    const { urn, inputs } = declared;
    // The old half stays until the end of the deployment, and over a crash until the next.
    const halves = old === undefined ? [] : [{ ...old, isOld: true }];
    const outs = await called(
      urn,
      () => engine.process.create(inputs),
      (error) => engine.put(old, { ...resourceOf(declared, error.outs), initErrors: [error.message] }, ...halves),
    );
    engine.put(old, resourceOf(declared, outs), ...halves);
  };

const updating =
  (declared: Declared, old: Resource): Step =>
  async (engine) => {
    const { urn, inputs } = declared;
    const outs = await called(
      urn,
      () => engine.process.update(old.outs, inputs),
      // What is half updated keeps its old inputs.
      (error) => engine.put(old, { ...old, urn, outs: error.outs, initErrors: [error.message] }),
    );
    engine.put(old, resourceOf(declared, outs));
  };

/** Unchanged: the declaration is recorded, the outputs are copied, and no handler is called. */
const same =
  (declared: Declared, old: Resource): Step =>
  async (engine) =>
    engine.put(old, resourceOf(declared, old.outs));

const deleting =
  (old: Resource): Step =>
  async (engine) => {
    await called(old.urn, () => engine.process.delete(old.outs));
    engine.put(old);
  };

interface Planned {
  readonly step: Step;
  readonly isChange: boolean;
}

async function checked({ process }: Engine, { urn, inputs }: Declared, olds: Properties): Promise<void> {
  const [reason] = await process.check(inputs, olds);
  if (reason !== undefined) throw new Failed(urn, reason);
}

async function planned(
  engine: Engine,
  declared: Declared,
  old: Resource | undefined,
  options: UpOptions,
): Promise<Planned> {
  if (old === undefined || options.replaced.has(declared.urn)) {
    await checked(engine, declared, {});
    return { step: creating(declared, old), isChange: true };
  }
  await checked(engine, declared, old.inputs);
  const { changes, replaces = [] } = await called(declared.urn, () => engine.process.diff(old.outs, declared.inputs));
  if (replaces.length > 0) {
    await checked(engine, declared, {});
    return { step: creating(declared, old), isChange: true };
  }
  const isChange = changes || old.initErrors.length > 0;
  return { step: isChange ? updating(declared, old) : same(declared, old), isChange };
}

const oldOf = (snapshot: Snapshot, { urn, aliases }: Declared): Resource | undefined =>
  snapshot.find((old) => !old.isOld && [urn, ...aliases].includes(old.urn));

/** `pulumi up` or its preview, in a process of its own. */
export const up = (
  process: Process,
  program: readonly Declared[],
  olds: Snapshot,
  options: UpOptions,
  save: Save,
): Promise<Ended> =>
  ending(async () => {
    const engine = new Engine(process, olds, options.isPreview ? () => undefined : save);
    if (options.refreshes) await refreshed(engine);
    const before = engine.snapshot;
    const claimed = program.map((declared) => oldOf(before, declared));
    let changes = 0;
    for (const [at, declared] of program.entries()) {
      const { step, isChange } = await planned(engine, declared, claimed[at], options);
      changes += Number(isChange);
      if (!options.isPreview) await step(engine);
    }
    if (!options.isPreview) process.programEnded(...program.map(({ inputs }) => inputs));
    // What is neither declared nor the old half of something made above, in the reverse order of its making.
    const gone = engine.snapshot.filter((old) => old.isOld || (before.includes(old) && !claimed.includes(old)));
    for (const old of options.isPreview ? [] : gone.toReversed()) await deleting(old)(engine);
    return changes + gone.length;
  });

/** read, and diff of what was read with the recorded declaration; the errors of half-done steps are forgotten. */
async function refreshed(engine: Engine): Promise<void> {
  for (const old of engine.snapshot) {
    const outs = await called(old.urn, () => engine.process.read(old.outs));
    await called(old.urn, () => engine.process.diff(outs, old.inputs));
    engine.put(old, { ...old, outs, initErrors: [] });
  }
}

/** `pulumi refresh`. */
export const refresh = (process: Process, olds: Snapshot, save: Save): Promise<Ended> =>
  ending(async () => {
    await refreshed(new Engine(process, olds, save));
    return 0;
  });

/** `pulumi destroy`: the program is not run. */
export const destroy = (process: Process, olds: Snapshot, save: Save): Promise<Ended> =>
  ending(async () => {
    const engine = new Engine(process, olds, save);
    for (const old of olds.toReversed()) await deleting(old)(engine);
    return olds.length;
  });
