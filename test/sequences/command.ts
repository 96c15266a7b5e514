import fc from "fast-check";
import type { Fault } from "../../provider/emulator/index.ts";
import { cancelPath, pushPath, recordPath } from "../emulator/fixture.ts";
import { languages, type PlanEdit, waves } from "./campaign.ts";
import { type Content, contents, times } from "./program.ts";
import type { Death } from "./wire.ts";

/** What happens to a stack, to the network, or in the console. A `slot` is the place of a task in its program. */
export type Command =
  | { readonly kind: "write"; readonly stack: number; readonly slot: number; readonly content: Content }
  | { readonly kind: "schedule"; readonly stack: number; readonly slot: number; readonly time: string }
  | { readonly kind: "address"; readonly stack: number; readonly slot: number; readonly audience: "all" | "tag" }
  | {
      readonly kind: "remedy";
      readonly stack: number;
      readonly slot: number;
      readonly remedy: "cancel" | "terminate" | undefined;
    }
  | { readonly kind: "option"; readonly stack: number; readonly slot: number; readonly option: Option }
  | { readonly kind: "remove"; readonly stack: number; readonly slot: number }
  | { readonly kind: "rename"; readonly stack: number; readonly slot: number; readonly aliased: boolean }
  | { readonly kind: "revert"; readonly stack: number }
  | { readonly kind: "campaign"; readonly stack: number; readonly edit: PlanEdit }
  | { readonly kind: "halt"; readonly stack: number; readonly stands: boolean }
  | ({ readonly kind: "up"; readonly stack: number } & Up)
  | { readonly kind: "two"; readonly stack: number; readonly order: readonly boolean[]; readonly elsewhere: boolean }
  | { readonly kind: "preview"; readonly stack: number; readonly refreshes: boolean }
  | { readonly kind: "refresh"; readonly stack: number }
  | { readonly kind: "destroy"; readonly stack: number; readonly consents: boolean; readonly death?: Dying | undefined }
  | { readonly kind: "lose"; readonly stack: number }
  | { readonly kind: "restore"; readonly stack: number; readonly back: number }
  | { readonly kind: "copy"; readonly stack: number }
  | { readonly kind: "console"; readonly task: number }
  | { readonly kind: "pass"; readonly seconds: number }
  /** Until so many seconds before (negative) or after the next declared send time. */
  | { readonly kind: "approach"; readonly seconds: number }
  | { readonly kind: "fault"; readonly path: string; readonly fault: Mishap; readonly times: number }
  | { readonly kind: "loseJournal" };

type Option = "ifSent" | "onDelete" | "pastSendTime" | "handOverDays";

/** What a request meets: a fault of the emulator's, that it arrives minutes late, or that nothing can be reached. */
export type Mishap = Fault["fault"] | "late" | "unreachable";

export interface Dying {
  /** At which call to the service, counted from 0. */
  readonly at: number;
  readonly how: Death;
}

export interface Up {
  readonly refreshes: boolean;
  readonly previews: boolean;
  /** The consents that the last refusal printed are given. */
  readonly consents: boolean;
  /** `--replace` of the task in this slot. */
  readonly replaced?: number | undefined;
  readonly death?: Dying | undefined;
}

const constant = <const T>(value: T): fc.Arbitrary<T> => fc.constant(value);

const stack = fc.oneof({ weight: 8, arbitrary: constant(0) }, { weight: 1, arbitrary: constant(1) });
const slot = fc.oneof(
  { weight: 6, arbitrary: constant(0) },
  { weight: 2, arbitrary: constant(1) },
  { weight: 1, arbitrary: constant(2) },
);
const minute = 60;
const hour = 60 * minute;
const usually = fc.oneof({ weight: 3, arbitrary: constant(true) }, { weight: 1, arbitrary: constant(false) });
const rarely = fc.oneof({ weight: 1, arbitrary: constant(true) }, { weight: 5, arbitrary: constant(false) });

const dying: fc.Arbitrary<Dying> = fc.record({
  at: fc.nat({ max: 4 }),
  how: fc.constantFrom<Death[]>("before", "lost", "late", "after", "after"),
});

const up = (death: fc.Arbitrary<Dying | undefined>, consents: fc.Arbitrary<boolean>): fc.Arbitrary<Command> =>
  fc.record({
    kind: constant("up"),
    stack,
    refreshes: rarely,
    previews: usually,
    consents,
    replaced: fc.oneof({ weight: 19, arbitrary: constant(undefined) }, { weight: 1, arbitrary: slot }),
    death,
  });

const mishaps: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: constant("fault"),
      path: fc.constantFrom(pushPath, pushPath, cancelPath),
      fault: fc.constantFrom<Mishap[]>(
        "dropBefore",
        "dropAfter",
        "late",
        "late",
        "unreachable",
        { retCode: 1_008_019 },
        { retCode: 1_008_004 },
      ),
      times: fc.constantFrom(1, 1, 1, 2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: constant("fault"),
      path: constant(recordPath),
      fault: fc.constantFrom<Mishap[]>("dropBefore", "dropAfter", "unreachable", { retCode: 1_008_028 }),
      times: fc.constantFrom(1, 4),
    }),
  },
);

const write: fc.Arbitrary<Command> = fc.record({
  kind: constant("write"),
  stack,
  slot,
  content: fc.constantFrom(...contents),
});

const message = fc.oneof({ weight: 3, arbitrary: constant(0) }, { weight: 1, arbitrary: constant(1) });

const planEdit: fc.Arbitrary<PlanEdit> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ what: constant("write"), message, content: fc.constantFrom(...contents) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: constant("schedule"),
      message,
      time: fc.constantFrom(...times.filter((time) => time !== "asap")),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: constant("waves"), message }) },
  { weight: 2, arbitrary: fc.record({ what: constant("hold"), message, wave: fc.constantFrom(...waves, undefined) }) },
  { weight: 2, arbitrary: fc.record({ what: constant("rename"), message, isKept: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ what: constant("remove"), message }) },
  { weight: 2, arbitrary: fc.record({ what: constant("language"), language: fc.constantFrom(...languages) }) },
  { weight: 1, arbitrary: fc.record({ what: constant("handOver"), days: fc.constantFrom(1, 3, undefined) }) },
  { weight: 1, arbitrary: fc.record({ what: constant("reorder") }) },
);

const edit: fc.Arbitrary<Command> = fc.oneof(
  { weight: 12, arbitrary: write },
  { weight: 5, arbitrary: fc.record({ kind: constant("schedule"), stack, slot, time: fc.constantFrom(...times) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: constant("address"), stack, slot, audience: fc.constantFrom("all", "tag") }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: constant("remedy"),
      stack,
      slot,
      remedy: fc.constantFrom("cancel", "terminate", undefined),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: constant("option"),
      stack,
      slot,
      option: fc.constantFrom<Option[]>("ifSent", "onDelete", "pastSendTime", "handOverDays"),
    }),
  },
  { weight: 9, arbitrary: fc.record({ kind: constant("campaign"), stack, edit: planEdit }) },
  { weight: 3, arbitrary: fc.record({ kind: constant("halt"), stack, stands: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: constant("remove"), stack, slot }) },
  { weight: 2, arbitrary: fc.record({ kind: constant("rename"), stack, slot, aliased: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: constant("revert"), stack }) },
);

const run: fc.Arbitrary<Command> = fc.oneof(
  { weight: 12, arbitrary: up(constant(undefined), rarely) },
  { weight: 5, arbitrary: up(constant(undefined), constant(true)) },
  { weight: 12, arbitrary: up(dying, rarely) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: constant("two"),
      stack,
      order: fc.array(fc.boolean(), { minLength: 4, maxLength: 12 }),
      elsewhere: rarely,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: constant("preview"), stack, refreshes: rarely }) },
  { weight: 3, arbitrary: fc.record({ kind: constant("refresh"), stack }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: constant("destroy"),
      stack,
      consents: fc.boolean(),
      death: fc.oneof(constant(undefined), dying),
    }),
  },
);

const event: fc.Arbitrary<Command> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: constant("lose"), stack }) },
  { weight: 1, arbitrary: fc.record({ kind: constant("restore"), stack, back: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: constant("copy"), stack }) },
  { weight: 1, arbitrary: fc.record({ kind: constant("console"), task: fc.nat({ max: 2 }) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: constant("pass"),
      seconds: fc.constantFrom(30, 30, 5 * minute, 5 * minute, 11 * minute, 70 * minute, 13 * hour, 50 * hour),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: constant("approach"),
      seconds: fc.constantFrom(-10 * minute, -90, -30, 1, 4, 5 * minute, 11 * minute),
    }),
  },
  { weight: 1, arbitrary: constant({ kind: "loseJournal" }) },
);

/** What happens next: mostly an edit that is brought about, or is meant to be. */
export const move: fc.Arbitrary<readonly Command[]> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(edit, run) },
  { weight: 4, arbitrary: fc.tuple(edit, mishaps, run) },
  { weight: 5, arbitrary: fc.tuple(run) },
  { weight: 2, arbitrary: fc.tuple(edit) },
  { weight: 4, arbitrary: fc.tuple(event) },
);

/** A first run, which may fail as any other. */
export const firstMove: fc.Arbitrary<readonly Command[]> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(up(constant(undefined), constant(false))) },
  { weight: 1, arbitrary: fc.tuple(up(dying, constant(false))) },
  { weight: 1, arbitrary: fc.tuple(mishaps, up(constant(undefined), constant(false))) },
);
