import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../provider/emulator/index.ts";
import type { Deadlines } from "../../provider/tpns/transport.ts";
import { alertsOf, corrected, type Properties, springSale, start, urnOf } from "../lifecycle/fixture.ts";
import { finish, moments, runOn } from "../lifecycle/push-task/world.ts";
import { type Ended, refresh, type Snapshot, up } from "../sequences/engine.ts";
import { type Middle, startProxy } from "./proxy.ts";

/** What a program declares of the one task; undefined: nothing. */
export type Declared = Properties | undefined;

/** A run in which something goes wrong, and what is before and after it. */
export interface Scene {
  readonly name: string;
  /** What an earlier run declared. */
  readonly before?: Properties;
  /** When the run begins. */
  readonly at?: string;
  readonly declared: Declared;
  /** What a later run may declare instead. */
  readonly other: Properties;
  /** By default `up`. */
  readonly command?: "refresh";
  readonly config?: Readonly<Record<string, string>>;
}

/** One machine with a stack of one task, between whose runs and the service stands a proxy. */
export class Machine implements AsyncDisposable {
  readonly emulator: Emulator;
  readonly proxy: Middle;
  readonly #scene: Scene;
  #snapshot: Snapshot = [];
  #journals: readonly string[] = [];

  private constructor(scene: Scene, emulator: Emulator, proxy: Middle) {
    this.emulator = emulator;
    this.proxy = proxy;
    this.#scene = scene;
  }

  /** Begins where the scene begins. */
  static async start(scene: Scene): Promise<Machine> {
    // The service's own guard against repeats would hide those that the tool makes.
    const emulator = await startEmulator({ now: start, pace: 0, switches: { repeatSeconds: 0 } });
    const machine = new Machine(scene, emulator, await startProxy(emulator.url));
    await machine.loseJournal();
    if (scene.before) await machine.#up(scene.before, {});
    if (scene.at) emulator.clock.set(scene.at);
    return machine;
  }

  /** Whether the runs are such as always ask and never change. */
  get isReading(): boolean {
    return this.#scene.command === "refresh";
  }

  /** `pulumi up` or `pulumi refresh`, in a process of its own. */
  run(declared: Declared, deadlines: Partial<Deadlines> = {}): Promise<Ended> {
    return this.isReading ? this.#refresh(deadlines) : this.#up(declared, deadlines);
  }

  #up(declared: Declared, deadlines: Partial<Deadlines>): Promise<Ended> {
    const program = declared ? [{ urn: urnOf("spring-sale"), aliases: [], inputs: declared }] : [];
    return this.#inProcess(deadlines, (process) => up(process, program, this.#snapshot, plainly, this.#save));
  }

  #refresh(deadlines: Partial<Deadlines>): Promise<Ended> {
    return this.#inProcess(deadlines, (process) => refresh(process, this.#snapshot, this.#save));
  }

  readonly #save = (snapshot: Snapshot): void => {
    this.#snapshot = snapshot;
  };

  async #inProcess<T>(deadlines: Partial<Deadlines>, work: (process: Process) => Promise<T>): Promise<T> {
    const process = runOn(this.emulator, {
      config: { "tpns:accessPoint": this.proxy.url, ...this.#scene.config },
      env: { TPNS_JOURNAL: this.#journals.at(-1) },
      deadlines: { retry: 1, ...deadlines },
    });
    try {
      return await work(process);
    } finally {
      process.context.close();
    }
  }

  /** The next run has another machine, as on a CI service. */
  async loseJournal(): Promise<void> {
    this.#journals = [...this.#journals, await mkdtemp(join(tmpdir(), "faults-"))];
  }

  /** The task's phase as `pulumi refresh` records it; undefined where the stack has no task. */
  async phaseFound(): Promise<unknown> {
    const ended = await this.#refresh({});
    if (ended.kind === "failed") throw new Error(ended.line);
    return this.#snapshot[0]?.outs.phase;
  }

  /** What every phone has alerted of once the service has sent all that is scheduled. */
  alertsInTheEnd(): Readonly<Record<string, readonly string[]>> {
    finish(this.emulator);
    return alertsOf(this.emulator);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy[Symbol.asyncDispose]();
    await this.emulator.close();
    await Promise.all(this.#journals.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

type Process = ReturnType<typeof runOn>;

const plainly = { isPreview: false, refreshes: false, replaced: new Set<string>() };

const other: Properties = { ...springSale, message: { title: "Spring sale", content: "40 % off today" } };

/** Every call that changes the service, in every situation in which the tool makes it. */
export const scenes = {
  create: { name: "the first push of a scheduled task", declared: springSale, other },
  createAtOnce: {
    name: "the first push of a task that goes out at once",
    declared: { ...springSale, sendTime: { asap: true, notAfter: "2027-02-03T10:00:00+08:00" } },
    other: { ...other, sendTime: { asap: true, notAfter: "2027-02-03T10:00:00+08:00" } },
  },
  createUnmarked: {
    name: "the first push of a task that carries no marker",
    declared: springSale,
    other,
    config: { "tpns:marker": "false" },
  },
  correct: {
    name: "the correction of a pending task",
    before: springSale,
    at: moments.pending,
    declared: corrected(springSale),
    other,
  },
  override: {
    name: "the override of a live task",
    before: springSale,
    at: moments.live,
    declared: corrected(springSale),
    other,
  },
  cancel: {
    name: 'remedy: "cancel" for a pending task',
    before: springSale,
    at: moments.pending,
    declared: { ...springSale, remedy: "cancel" },
    other,
  },
  cancelRemoved: {
    name: "the removal of a pending task",
    before: springSale,
    at: moments.pending,
    declared: undefined,
    other,
  },
  terminate: {
    name: 'remedy: "terminate" for a live task',
    before: springSale,
    at: moments.live,
    declared: { ...springSale, remedy: "terminate" },
    other,
  },
  terminateRemoved: {
    name: "the removal of a live task",
    before: { ...springSale, onDelete: "terminate" },
    at: moments.live,
    declared: undefined,
    other,
  },
  refresh: {
    name: "pulumi refresh",
    before: springSale,
    at: moments.pending,
    declared: springSale,
    other,
    command: "refresh",
  },
} as const satisfies Readonly<Record<string, Scene>>;
