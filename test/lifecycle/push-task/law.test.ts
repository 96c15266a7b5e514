import fc from "fast-check";
import { describe, expect } from "vitest";
import { type Emulator, type Fault, startEmulator } from "../../../provider/emulator/index.ts";
import { Incomplete } from "../../../provider/lifecycle/refusal.ts";
import { cancelPath, pushPath } from "../../emulator/fixture.ts";
import { type Properties, springSale, start, test } from "../fixture.ts";
import { consenting, runOn, worldOf } from "./world.ts";

/** What a team does to one task, in any order. */
type Act =
  | { readonly kind: "write"; readonly content: string }
  | { readonly kind: "schedule"; readonly sendTime: string }
  | { readonly kind: "remedy"; readonly remedy: "cancel" | "terminate" | undefined }
  | { readonly kind: "step"; readonly hours: number }
  | { readonly kind: "preview" }
  | { readonly kind: "refresh" }
  | { readonly kind: "up" }
  | { readonly kind: "consent" }
  | { readonly kind: "remove" }
  | { readonly kind: "lose" }
  | { readonly kind: "killed" }
  | { readonly kind: "fail"; readonly fault: Fault };

const contents = ["a", "b", "c"] as const;
const sendTimes = [
  "2027-02-01T20:00:00+08:00",
  "2027-02-02T10:00:00+08:00",
  "2027-02-04T10:00:00+08:00",
  "2027-02-08T10:00:00+08:00",
] as const;

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("write" as const), content: fc.constantFrom(...contents) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("schedule" as const), sendTime: fc.constantFrom(...sendTimes) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("remedy" as const),
      remedy: fc.constantFrom("cancel" as const, "terminate" as const, undefined, undefined),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("step" as const), hours: fc.constantFrom(0.01, 0.5, 2, 13, 26, 49) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "preview" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "refresh" as const }) },
  { weight: 7, arbitrary: fc.constant({ kind: "up" as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: "consent" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "remove" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "lose" as const }) },
);

const fault: fc.Arbitrary<Act> = fc.record({
  kind: fc.constant("fail" as const),
  fault: fc.record({
    path: fc.constantFrom(pushPath, pushPath, cancelPath),
    fault: fc.constantFrom("dropBefore" as const, "dropAfter" as const, { retCode: 1008019 }),
  }),
});

/** The same, where runs are killed before they store anything, and the network fails. */
const actInTrouble: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: act },
  { weight: 1, arbitrary: fc.constant({ kind: "killed" as const }) },
  { weight: 1, arbitrary: fault },
);

/** One task, its stack's state, and how often its declaration asked for each content. */
class Life {
  declared: Properties = { ...springSale, message: { title: "Spring sale", content: "a" } };
  state: Properties | undefined;
  consents = "";
  readonly asked = new Map<string, number>([["a", 1]]);
  readonly emulator: Emulator;
  /** Whether runs are killed and the network fails: then a run may fail halfway. */
  readonly troubled: boolean;

  constructor(emulator: Emulator, troubled: boolean) {
    this.emulator = emulator;
    this.troubled = troubled;
  }

  get content(): string {
    const { message } = this.declared;
    return typeof message === "object" && message !== null ? String(Reflect.get(message, "content")) : "";
  }

  /** A declaration that is new asks once more for its content. */
  declare(change: Properties): void {
    const declared = { ...this.declared, ...change };
    if (JSON.stringify(declared) === JSON.stringify(this.declared)) return;
    this.declared = declared;
    this.ask();
  }

  ask(): void {
    this.asked.set(this.content, (this.asked.get(this.content) ?? 0) + 1);
  }
}

/** Carries out a call that may be refused: a refusal changes nothing, and its consent is remembered. */
async function refusable<T>(life: Life, work: () => Promise<T>): Promise<T | undefined> {
  const { emulator } = life;
  const seen = () => ({ tasks: emulator.tasks, phones: emulator.phones });
  const before = seen();
  try {
    return await work();
  } catch (error) {
    const line = error instanceof Error ? error.message : String(error);
    life.consents = /TPNS_CONSENT=(\S+)/.exec(line)?.[1] ?? "";
    if (!life.troubled) expect({ line, ...seen() }).toEqual({ line, ...before });
    if (error instanceof Incomplete) life.state = error.outs;
    return undefined;
  }
}

async function preview(life: Life, consents = ""): Promise<boolean> {
  const { declared, emulator, state } = life;
  if (state === undefined) return true;
  const before = worldOf(emulator);
  const difference = await refusable(life, () => consenting(emulator, consents).diff(state, declared));
  expect(worldOf(emulator)).toEqual(before);
  return difference?.changes ?? false;
}

/** Diff and then create or update, each in its own process, as `pulumi up` does. */
async function up(life: Life, consents = ""): Promise<void> {
  const { declared, emulator, state } = life;
  if (!(await preview(life, consents))) return;
  const run = consenting(emulator, consents);
  const next = await refusable(life, () => (state ? run.update(state, declared) : run.create(declared)));
  if (next === undefined) return;
  life.state = next;
  if (!life.troubled) expectAsDeclared(life, next);
  const requests = emulator.requests.length;
  expect([await runOn(emulator).diff(next, declared), emulator.requests.length - requests]).toEqual([
    { changes: false },
    0,
  ]);
}

const waitingIn = ({ tasks }: Emulator) => tasks.filter(({ status }) => status === "PUSH_WAIT");

/** What is scheduled is what is declared, and it is scheduled once. */
function expectAsDeclared({ emulator, content, declared }: Life, state: Properties): void {
  const sendTime = declared.sendTime === undefined ? "" : new Date(String(declared.sendTime)).toISOString();
  expect(
    waitingIn(emulator).map((task) => [
      task.pushId,
      task.content,
      new Date(`${task.sendTime.replace(" ", "T")}+08:00`).toISOString(),
    ]),
  ).toEqual(state.phase === "pending" ? [[state.pushId, content, sendTime]] : []);
}

async function perform(life: Life, done: Act): Promise<void> {
  const { emulator, state } = life;
  switch (done.kind) {
    case "write":
      return life.declare({ message: { title: "Spring sale", content: done.content } });
    case "schedule":
      return life.declare({ sendTime: done.sendTime });
    case "remedy": {
      const { remedy: _, ...declared } = life.declared;
      life.declared = done.remedy === undefined ? declared : { ...declared, remedy: done.remedy };
      return;
    }
    case "step":
      return emulator.clock.step(done.hours * 3_600);
    case "preview":
      await preview(life);
      return;
    case "refresh":
      if (state !== undefined) {
        const before = worldOf(emulator);
        life.state = (await refusable(life, () => runOn(emulator).read(state))) ?? state;
        expect(worldOf(emulator)).toEqual(before);
      }
      return;
    case "up":
      return up(life);
    case "consent":
      if (life.consents !== "") life.ask();
      return up(life, life.consents);
    case "remove":
      return remove(life);
    case "lose":
      life.state = undefined;
      return;
    case "killed":
      await up(life);
      life.state = state;
      return;
    case "fail":
      emulator.failNext(done.fault);
  }
}

async function remove(life: Life): Promise<void> {
  const { emulator, state } = life;
  if (state === undefined) return;
  const removed = await refusable(life, async () => {
    await runOn(emulator).delete(state);
    return true;
  });
  if (removed === undefined) return;
  life.state = undefined;
  if (!life.troubled) expect(waitingIn(emulator)).toEqual([]);
}

/** No phone alerts more often than the declaration asked, and no task goes out twice. */
function expectNoRepeat({ asked, emulator }: Life): void {
  for (const { alerts } of emulator.phones) {
    for (const content of contents) {
      const heard = alerts.filter((alert) => alert.content === content).length;
      expect({ content, heard: Math.max(heard, asked.get(content) ?? 0) }).toEqual({
        content,
        heard: asked.get(content) ?? 0,
      });
    }
  }
  expect(emulator.tasks.filter(({ executions }) => executions > 1)).toEqual([]);
  expect(waitingIn(emulator).length).toBeLessThanOrEqual(1);
}

/** Real seconds that a property may take. */
const patience = { timeout: 60_000 } as const;

const live =
  (troubled: boolean) =>
  async (acts: readonly Act[]): Promise<void> => {
    await using emulator = await startEmulator({ now: start, pace: 0, switches: { queriesPerHour: 0 } });
    const life = new Life(emulator, troubled);
    for (const done of acts) {
      await perform(life, done);
      expectNoRepeat(life);
    }
  };

const lives = (of: fc.Arbitrary<Act>) => fc.array(of, { minLength: 4, maxLength: 16 });

describe("whatever a team does to one task", () => {
  test(
    "a preview, a refresh and a refusal change nothing, what is scheduled is what is declared, and nobody hears it twice",
    patience,
    async () => {
      await fc.assert(fc.asyncProperty(lives(act), live(false)), { numRuns: 60, includeErrorInReport: true });
    },
  );

  test(
    "nobody hears it twice, and it is scheduled once, also where runs are killed and the network fails",
    patience,
    async () => {
      await fc.assert(fc.asyncProperty(lives(actInTrouble), live(true)), { numRuns: 60, includeErrorInReport: true });
    },
  );
});
