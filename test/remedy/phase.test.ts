import { describe, expect, test } from "vitest";
import {
  type Course,
  expiresAt,
  isArchived,
  isTerminal,
  type KnownPhase,
  type Phase,
  phaseOf,
} from "../../provider/remedy/phase.ts";
import { PushStatus } from "../../provider/tpns/schema/record.ts";

const course: Course = { sendAt: new Date("2027-03-01T10:00:00+08:00"), storageSeconds: 24 * 60 * 60 };

const before = new Date("2027-03-01T09:59:59+08:00");
const during = new Date("2027-03-01T10:00:00+08:00");
const lastInstant = new Date("2027-03-02T09:59:59.999+08:00");
const over = new Date("2027-03-02T10:00:00+08:00");
const longOver = new Date("2028-03-02T10:00:00+08:00");

/** A status, and its phase before the send time, during storage, and once that is over. */
type Row = readonly [status: PushStatus, before: KnownPhase, during: KnownPhase, over: KnownPhase];

const rows: readonly Row[] = [
  ["PUSH_INIT", "pending", "pending", "pending"],
  ["PUSH_WAIT", "pending", "pending", "pending"],
  ["PUSH_STARTED", "live", "live", "live"],
  ["PUSH_FINISHED", "live", "live", "sent"],
  ["PUSH_FAILED", "failed", "failed", "failed"],
  ["PUSH_CANCELED", "withdrawn", "withdrawn", "withdrawn"],
  ["PUSH_REVOKED", "withdrawn", "withdrawn", "withdrawn"],
  ["PUSH_DELETED_PUSH_MSG", "withdrawn", "withdrawn", "withdrawn"],
  ["PUSH_COLLAPSED", "withdrawn", "withdrawn", "withdrawn"],
  ["PUSH_DELETED", "withdrawn", "withdrawn", "withdrawn"],
];

describe("a record's status", () => {
  test.for(rows)("%s is %s, then %s, then %s", ([status, ...phases]) => {
    const now = [before, during, lastInstant, over, longOver];
    const [early, midway, late] = phases;

    expect(now.map((moment) => phaseOf(status, course, moment))).toEqual([early, midway, midway, late, late]);
  });

  test("is one of the service's ten, and each has a phase", () => {
    expect(rows.map(([status]) => status).sort()).toEqual([...PushStatus.options].sort());
  });

  test("that finished without storage is sent at once", () => {
    expect(phaseOf("PUSH_FINISHED", { ...course, storageSeconds: 0 }, during)).toBe("sent");
  });

  test("that is new to us is refused, with what to do", () => {
    expect(() => phaseOf("PUSH_PAUSED", course, during)).toThrow(
      new Error(
        "the service's record says PUSH_PAUSED, which this version does not know; run: npm install pulumi-tpns@latest",
      ),
    );
  });
});

describe("a task's course", () => {
  test("expires its storage after its send time", () => {
    expect(expiresAt(course)).toEqual(over);
  });

  test.for<[string, boolean]>([
    ["2027-03-02T10:00:00+08:00", false],
    ["2027-04-02T10:00:00+08:00", false],
    ["2027-04-02T10:00:00.001+08:00", true],
    ["2028-03-02T10:00:00+08:00", true],
  ])("is archived at %s: %s", ([now, archived]) => {
    expect(isArchived(course, new Date(now))).toBe(archived);
  });
});

describe("a phase", () => {
  test.for<[Phase, boolean]>([
    ["pending", false],
    ["live", false],
    ["sent", true],
    ["withdrawn", true],
    ["failed", false],
    ["archived", true],
    ["skipped", true],
    ["planned", false],
    ["unresolved", false],
  ])("%s is terminal: %s", ([phase, terminal]) => {
    expect(isTerminal(phase)).toBe(terminal);
  });
});
