import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import type { Emulator } from "../../provider/emulator/index.ts";
import { post, pushPath } from "../emulator/fixture.ts";
import { type Process, type Properties, processOn } from "../lifecycle/fixture.ts";
import { emptyPlan, type Plan } from "./campaign.ts";
import type { Snapshot } from "./engine.ts";
import type { Declaration, Program } from "./program.ts";
import { type Death, wired } from "./wire.ts";

/** Why a task is not asked to be there exactly as declared; each stands in DESIGN.md. */
export type Exemption =
  /** A remedy was declared: what it did is final. */
  | "remedied"
  /** By consent it took over a push of another, or with another content. */
  | "adopted"
  /** An older state was restored, whose push id is not the latest: a quiet `up` asks nobody. */
  | "stale"
  /** Its time passed while a halt stood, or two machines were at it: it is left unsent. */
  | "halted"
  /** Two stacks hold one push, since the state of one was copied to the other: what one does to it, it does to both. */
  | "copied"
  /** The journal was lost while its run was unfinished. */
  | "unjournaled";

/** One stack: what its team declares, what its state holds, and what became of both. */
export interface Stack {
  readonly name: string;
  program: Program;
  state: Snapshot;
  /** Every state that was saved, oldest first. */
  readonly saved: Snapshot[];
  /** What the last run brought about; undefined where it failed, or where the state is not the one that it left. */
  deployed: Program | undefined;
  /** The last program that was brought about. */
  good: Program;
  /** Consents that refusals have printed since the last run that ended well. */
  offered: string;
  /** By resource name: why, and as long as the state holds which push id; without one for good. */
  readonly exemptions: Map<string, Map<Exemption, string | undefined>>;
  /** What its campaign file says, and what it said when a run last ended well. */
  plan: Plan;
  goodPlan: Plan;
  /** What users have changed of single tasks of the campaign, by name; null where they took one out. */
  readonly patches: Map<string, Partial<Declaration> | null>;
  /** Its configuration has `tpns:halt`. */
  isHalting: boolean;
  /** Names that a run under a halt may have cancelled, or held back, and no later run has brought about. */
  readonly suspended: Set<string>;
  /** When the last run ended well. */
  deployedAt: number;
  /** A name has left the program, or all were destroyed, while a run was unfinished. */
  hasDropped: boolean;
  /** Push ids that unfinished runs have made. */
  readonly doubtful: Set<string>;
  /** The contents that were asked for since a run last ended well, and what it left, by resource name. */
  readonly asked: Map<string, ReadonlySet<string>>;
}

/** A request that has left its sender and not yet arrived. */
interface InFlight {
  readonly path: string;
  readonly body: object;
  readonly sentAt: number;
  readonly arrivesAt: number;
  readonly stack: Stack;
}

/** A wish that a run was asked to bring about. */
export interface Wish extends Declaration {
  /** It changed a text that had been asked for under the same name. */
  readonly isChange: boolean;
}

export interface RunWish {
  readonly consents?: string;
  readonly death?: { readonly at: number; readonly how: Death };
  /** Another process of this machine goes on beside it. */
  readonly beside?: boolean;
  /** It is on another machine. */
  readonly elsewhere?: boolean;
  /** Before each of its calls. */
  readonly turn?: () => Promise<void>;
}

/** A run, and the promise that ends when it is killed. */
export interface Running {
  readonly process: Process;
  readonly killed: Promise<"killed">;
}

/** The emulator's own limit; the provider knows the same by its option. */
const signatureWindowSeconds = 600;

/** Where the system has files in memory: what a disk makes of a journal is tested elsewhere, and takes its time. */
const memoryFolder = "/dev/shm";
const quickFolder = (): string => (existsSync(memoryFolder) ? memoryFolder : tmpdir());

/** By how much a late request is late. */
const lateSeconds = 240;

/** The service, the stacks, and all that is under way. */
export class World {
  readonly emulator: Emulator;
  readonly stacks: readonly [Stack, Stack];
  /** By the number of the wish. */
  readonly wishes = new Map<number, Wish>();
  readonly consents = new Set<string>();
  readonly consoleCancelled = new Set<string>();
  /** Push ids that no state and no program knows any more, for a reason that a user was told. */
  readonly forgotten = new Set<string>();
  /** Of these, what an unfinished run made for a task that has left the program since: a later run tells of it. */
  readonly orphans = new Map<string, Stack>();
  /** A state or the journal was lost, copied or set back: then nobody can tell of orphans. */
  hasLost = false;
  /** Every line that a run wrote. */
  readonly lines: string[] = [];
  /** Pushes whose answer nobody got. */
  unanswered = 0;
  /** As many twins may go out as DESIGN.md leaves open: the journal was lost, or two machines were at work. */
  twins = 0;
  wishCount = 0;
  /** What the runs since the last command said of their end. */
  said: string[] = [];
  /** Send times of requests that arrived late, perhaps after them: such a one is sent at once. By push id. */
  readonly lateFor = new Map<string, string>();
  /** Requests that arrived late; no run made them then. */
  arrivals = 0;
  /** Pushes among them that were taken. */
  latePushes = 0;
  /** The journal's folder; another one is a lost one. */
  journal: string;
  readonly #folders: string;
  #seen = 0;
  #inFlight: InFlight[] = [];
  readonly #drops: { readonly path: string; readonly isLate: boolean }[] = [];
  readonly #cutOff = new Map<string, number>();
  #active: Stack;

  constructor(emulator: Emulator) {
    this.emulator = emulator;
    this.stacks = [stackNamed("dev"), stackNamed("prod")];
    this.#active = this.stacks[0];
    this.#folders = mkdtempSync(join(quickFolder(), "pulumi-tpns-sequence-"));
    this.journal = this.newJournal();
  }

  /** A machine on which no run has been yet. */
  newJournal(): string {
    return mkdtempSync(join(this.#folders, "journal-"));
  }

  /** Where campaign files are written. */
  get folder(): string {
    return this.#folders;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folders, { recursive: true, force: true });
  }

  get now(): number {
    return this.emulator.clock.now().getTime();
  }

  /** Requests that can still arrive. */
  get inFlight(): number {
    return this.#inFlight.length;
  }

  /** The next request to the path does not arrive, or late. */
  lose(path: string, isLate: boolean): void {
    this.#drops.push({ path, isLate });
    this.emulator.failNext({ path, fault: "dropBefore" });
  }

  /** The next calls to the path find no connection. */
  cutOff(path: string, times: number): void {
    this.#cutOff.set(path, times);
  }

  #isUnreachable(path: string): boolean {
    const left = this.#cutOff.get(path) ?? 0;
    this.#cutOff.set(path, Math.max(0, left - 1));
    return left > 0;
  }

  /** Lets time pass; what arrives late arrives on its way. */
  async advance(seconds: number): Promise<void> {
    const until = this.now + seconds * 1_000;
    for (;;) {
      this.#gather();
      const next = Math.min(...this.#inFlight.map(({ arrivesAt }) => arrivesAt), until);
      if (next > this.now) this.emulator.clock.set(new Date(next));
      await this.arrive();
      if (this.now >= until) return;
    }
  }

  /** Requests arrive whose time has come. */
  async arrive(): Promise<void> {
    this.#gather();
    const due = this.#inFlight.filter(({ arrivesAt }) => arrivesAt <= this.now);
    this.#inFlight = this.#inFlight.filter(({ arrivesAt }) => arrivesAt > this.now);
    for (const { path, body, sentAt, stack } of due) {
      if (this.now - sentAt > signatureWindowSeconds * 1_000) continue;
      const before = this.pushIds();
      // A fault that waits for the path can meet it as well.
      const logged = this.emulator.requests.length;
      await post(this.emulator, path, body).catch(() => undefined);
      this.arrivals += this.emulator.requests.length - logged;
      this.#gather(false);
      for (const pushId of this.pushIds()) {
        if (before.has(pushId)) continue;
        this.latePushes += 1;
        stack.doubtful.add(pushId);
        if ("send_time" in body) this.lateFor.set(pushId, String(body.send_time));
        if (stack.hasDropped) this.orphan(stack, pushId);
      }
    }
  }

  /** No fault waits any more: junk that nobody has signed takes what is left of them. */
  async drainFaults(): Promise<void> {
    this.#cutOff.clear();
    for (;;) {
      const [fault] = await this.#faults();
      if (fault === undefined) return;
      await fetch(this.emulator.url + fault.path, { method: "POST", body: "{}" }).catch(() => undefined);
      this.#gather(false);
    }
  }

  async #faults(): Promise<readonly { readonly path: string }[]> {
    const response = await fetch(`${this.emulator.url}/emulator/faults`);
    return z.array(z.object({ path: z.string() })).parse(await response.json());
  }

  /** A push that no program declares any more, and no state holds. */
  orphan(stack: Stack, pushId: string): void {
    this.forgotten.add(pushId);
    this.orphans.set(pushId, stack);
  }

  /** Every push id that the service has given out. */
  pushIds(): ReadonlySet<string> {
    return new Set(this.emulator.tasks.map(({ pushId }) => pushId));
  }

  /** Starts a process. */
  run(stack: Stack, { consents = "", death, beside = false, elsewhere = false, turn }: RunWish = {}): Running {
    this.#active = stack;
    for (const consent of consents.split(",")) if (consent !== "") this.consents.add(consent);
    const dying = Promise.withResolvers<"killed">();
    const wire = {
      before: async () => {
        await turn?.();
        this.#active = stack;
        await this.arrive();
      },
      isUnreachable: (path: string) => this.#isUnreachable(path),
      lose: (path: string, isLate: boolean) => this.lose(path, isLate),
      death,
      onDeath: () => {
        this.#gather();
        if (death?.how === "after") this.unanswered += 1;
        dying.resolve("killed");
      },
    };
    const process = processOn(this.emulator, {
      localNow: () => this.now,
      env: { TPNS_CONSENT: consents },
      config: stack.isHalting ? { "tpns:halt": "true" } : {},
      deadlines: { retry: 1 },
      around: (service) => wired(service, wire),
      journal: elsewhere ? this.newJournal() : this.journal,
      beside,
    });
    return { process, killed: dying.promise };
  }

  /** Finds in the log which requests were dropped, and which of them are still under way. */
  #gather(areOurs = true): void {
    const { requests } = this.emulator;
    for (const { at, path, fault, body } of requests.slice(this.#seen)) {
      if (path === pushPath && (fault === "dropBefore" || fault === "dropAfter")) this.unanswered += 1;
      if (fault !== "dropBefore") continue;
      const index = this.#drops.findIndex((drop) => drop.path === path);
      const [drop] = index < 0 ? [] : this.#drops.splice(index, 1);
      if (!areOurs || !drop?.isLate || typeof body !== "object" || body === null) continue;
      const sentAt = Date.parse(at);
      this.#inFlight.push({ path, body, sentAt, arrivesAt: sentAt + lateSeconds * 1_000, stack: this.#active });
    }
    this.#seen = requests.length;
  }
}

const stackNamed = (name: string): Stack => ({
  name,
  program: new Map(),
  state: [],
  saved: [[]],
  deployed: new Map(),
  good: new Map(),
  offered: "",
  exemptions: new Map(),
  plan: emptyPlan,
  goodPlan: emptyPlan,
  patches: new Map(),
  isHalting: false,
  suspended: new Set(),
  deployedAt: Number.NEGATIVE_INFINITY,
  hasDropped: false,
  doubtful: new Set(),
  asked: new Map(),
});

/** Exempts a task from being there exactly as declared. */
export function exempt(stack: Stack, name: string, reason: Exemption, pushId?: string): void {
  const reasons = stack.exemptions.get(name) ?? new Map<Exemption, string | undefined>();
  stack.exemptions.set(name, reasons.set(reason, pushId));
}

/** Whether a task is exempt, whose state holds a push id. */
export const isExempt = ({ exemptions }: Stack, name: string, pushId: string): boolean =>
  [...(exemptions.get(name)?.values() ?? [])].some((held) => held === undefined || held === pushId);

/** The push id that a resource's outputs hold; empty where there is none. */
export const pushIdOf = (outs: Properties | undefined): string => String(outs?.pushId ?? "");

/** A resource's name within its URN. */
export const nameIn = (urn: string): string => urn.split("::").at(-1) ?? "";
