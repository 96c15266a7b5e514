import { describe, expect, test } from "vitest";
import { cancelPath, pushPath, recordPath } from "../emulator/fixture.ts";
import type { Command, Up } from "./command.ts";
import { play } from "./sequence.ts";

const stack = 0;
const slot = 0;

const up = (options: Partial<Up> = {}): Command => ({
  kind: "up",
  stack,
  refreshes: false,
  previews: true,
  consents: false,
  ...options,
});

const fault = (path: string, mishap: Extract<Command, { kind: "fault" }>["fault"]): Command => ({
  kind: "fault",
  path,
  fault: mishap,
  times: 1,
});

/** Sequences that broke a law once, shrunk; each begins with a task that is declared. */
const broken: readonly (readonly [string, readonly Command[]])[] = [
  [
    "what a replacement was to correct, and went out before its cancel, is overridden",
    [
      fault(pushPath, "late"),
      up(),
      fault(cancelPath, "late"),
      { kind: "approach", seconds: -600 },
      { kind: "write", stack, slot, content: "C" },
      fault(cancelPath, { retCode: 1_008_004 }),
      up({ replaced: slot }),
      { kind: "pass", seconds: 300 },
    ],
  ],
  [
    "a push that one task took over by consent is not another's, whose name it was pushed under",
    [
      up(),
      { kind: "write", stack, slot: 2, content: "A" },
      { kind: "restore", stack, back: 1 },
      { kind: "address", stack, slot, audience: "all" },
      up(),
      { kind: "remove", stack, slot },
      { kind: "write", stack, slot, content: "B" },
    ],
  ],
  [
    "a consent to push anew waits for the end of a halt",
    [
      up(),
      { kind: "destroy", stack, consents: false },
      up(),
      { kind: "halt", stack, stands: true },
      up({ consents: true }),
    ],
  ],
  [
    "a check of a planned task needs no answer",
    [
      { kind: "option", stack, slot, option: "handOverDays" },
      { kind: "fault", path: recordPath, fault: "dropAfter", times: 4 },
      up(),
    ],
  ],
  [
    "the old half of a replacement leaves alone what the new half pushed, where both were in doubt",
    [fault(pushPath, "late"), up(), up({ replaced: slot })],
  ],
  [
    "what is removed leaves alone what another name of the same identity pushed",
    [
      up(),
      { kind: "rename", stack, slot, aliased: true },
      fault(pushPath, { retCode: 1_008_004 }),
      { kind: "write", stack, slot, content: "C" },
      up({ previews: false }),
      { kind: "revert", stack },
      up(),
    ],
  ],
  [
    "the removal of an old half leaves the new half quiet",
    [
      up(),
      { kind: "write", stack, slot: 1, content: "A" },
      up(),
      { kind: "write", stack, slot, content: "B" },
      up({ replaced: slot, consents: true }),
    ],
  ],
  [
    "a run does not take the entry of a living one for settled before its first step",
    [
      up(),
      { kind: "write", stack, slot, content: "C" },
      { kind: "two", stack, order: [true, false, true, true, false, false, true], elsewhere: false },
    ],
  ],
  [
    "a push that a create found with another send time is corrected, also where its cancel was not confirmed",
    [
      { kind: "schedule", stack, slot, time: "2027-02-01T10:00:00+08:00" },
      up(),
      { kind: "rename", stack, slot, aliased: true },
      up(),
      { kind: "remove", stack, slot },
      fault(cancelPath, "unreachable"),
      up({ death: { at: 2, how: "before" } }),
      fault(cancelPath, "dropBefore"),
      { kind: "write", stack, slot, content: "A" },
      up(),
    ],
  ],
  [
    "by consent a task in doubt takes over what was sent",
    [
      { kind: "schedule", stack, slot, time: "asap" },
      up(),
      { kind: "pass", seconds: 50 * 60 * 60 },
      { kind: "write", stack, slot, content: "B" },
      up(),
      fault(pushPath, { retCode: 1_008_004 }),
      up({ consents: true }),
      up({ replaced: slot, consents: true }),
    ],
  ],
  [
    "a push whose answer is missing counts as one that another task must not repeat",
    [
      up(),
      { kind: "write", stack, slot: 2, content: "C" },
      fault(pushPath, "late"),
      up(),
      { kind: "write", stack, slot, content: "C" },
      up(),
    ],
  ],
  [
    "a push at once whose answer is missing is not repeated under another name",
    [
      { kind: "schedule", stack, slot, time: "asap" },
      fault(pushPath, "late"),
      up(),
      { kind: "rename", stack, slot, aliased: false },
      up(),
    ],
  ],
];

describe("a sequence that broke a law once", () => {
  test.for(broken)("keeps all of them: %s", { timeout: 60_000 }, async ([, commands]) => {
    expect((await play(commands)).line).toEqual(undefined);
  });
});
