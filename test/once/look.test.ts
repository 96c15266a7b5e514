import { describe, expect, test } from "vitest";
import { type Finding, type Intent, look, type Sighting } from "../../provider/once/look.ts";
import { markerOf } from "../../provider/once/marker.ts";
import type { KnownPhase } from "../../provider/remedy/phase.ts";
import type { PushStatus } from "../../provider/tpns/schema/record.ts";

const now = new Date("2027-03-01T12:00:00+08:00");
const sendAt = new Date("2027-03-01T10:00:00+08:00");

const ours = "t3689u8788ct";
const theirs = "00000u8788ct";
const wanted = "m1u00lbq9gnv";
const other = "0000000000aa";

const intent: Intent = { identity: ours, content: wanted, known: new Set(), held: () => false };

/** A record that was seen; `storageSeconds` 0 is over by now. */
const seen = (pushId: string, status: PushStatus, groupId: string | undefined, storageSeconds = 86_400): Sighting => ({
  pushId,
  status,
  audience: "all",
  createdAt: undefined,
  title: "Spring sale",
  content: "20 % off today",
  groupId,
  collapseId: undefined,
  isFromApi: true,
  sendAt,
  storageSeconds,
});

const same = (pushId: string, status: PushStatus = "PUSH_WAIT", storageSeconds?: number): Sighting =>
  seen(pushId, status, markerOf(ours, wanted, 0), storageSeconds);
const otherContent = (pushId: string, status: PushStatus = "PUSH_WAIT", storageSeconds?: number): Sighting =>
  seen(pushId, status, markerOf(ours, other, 0), storageSeconds);
const duplicate = (pushId: string, status: PushStatus = "PUSH_WAIT", storageSeconds?: number): Sighting =>
  seen(pushId, status, markerOf(theirs, wanted, 0), storageSeconds);

const nothing: Finding = { kind: "nothing" };

const statuses: readonly [PushStatus, storageSeconds: number, KnownPhase][] = [
  ["PUSH_INIT", 0, "pending"],
  ["PUSH_WAIT", 0, "pending"],
  ["PUSH_STARTED", 0, "live"],
  ["PUSH_FINISHED", 86_400, "live"],
  ["PUSH_FINISHED", 0, "sent"],
];

const ended: readonly [PushStatus, KnownPhase][] = [
  ["PUSH_FAILED", "failed"],
  ["PUSH_CANCELED", "withdrawn"],
  ["PUSH_REVOKED", "withdrawn"],
  ["PUSH_DELETED_PUSH_MSG", "withdrawn"],
  ["PUSH_COLLAPSED", "withdrawn"],
  ["PUSH_DELETED", "withdrawn"],
];

describe("the look before a push", () => {
  test("finds nothing among no records", () => {
    expect(look([], intent, now)).toEqual(nothing);
  });

  test.for(statuses)("finds what is out or will be: %s with %s s of storage", ([status, storageSeconds, phase]) => {
    const tasks = {
      same: same("1", status, storageSeconds),
      otherContent: otherContent("1", status, storageSeconds),
      duplicate: duplicate("1", status, storageSeconds),
    };

    for (const kind of ["same", "otherContent", "duplicate"] as const) {
      expect(look([tasks[kind]], intent, now)).toEqual({ kind, task: tasks[kind], phase });
    }
  });

  test.for(ended)("finds of what ended by %s the same task alone", ([status, phase]) => {
    const task = same("1", status);

    expect(look([task], intent, now)).toEqual({ kind: "same", task, phase });
    expect(look([otherContent("1", status), duplicate("2", status)], intent, now)).toEqual(nothing);
  });

  test("passes over another content of another resource", () => {
    expect(look([seen("1", "PUSH_WAIT", markerOf(theirs, other, 0))], intent, now)).toEqual(nothing);
  });

  test("passes over what the state holds already", () => {
    const known = new Set(["1", "2", "3"]);

    expect(look([same("1"), otherContent("2"), duplicate("3")], { ...intent, known }, now)).toEqual(nothing);
  });

  test.for<[string, string | undefined]>([
    ["none", undefined],
    ["the service's default", "tpns_20270301"],
    ["somebody's own word", "spring-sale-2027-for-all!"],
    ["a marker in upper case", markerOf(ours, wanted, 0).toUpperCase()],
  ])("passes over a group_id that is no marker: %s", ([, groupId]) => {
    expect(look([seen("1", "PUSH_WAIT", groupId)], intent, now)).toEqual(nothing);
  });

  test("counts any ordinal of the same task", () => {
    const task = seen("1", "PUSH_WAIT", markerOf(ours, wanted, 7));

    expect(look([task], intent, now)).toEqual({ kind: "same", task, phase: "pending" });
  });
});

describe("of several", () => {
  test("the same task comes before other content, and that before a duplicate", () => {
    const tasks = [duplicate("3"), otherContent("2"), same("1")];

    expect(look(tasks, intent, now).kind).toBe("same");
    expect(look(tasks.slice(0, 2), intent, now).kind).toBe("otherContent");
  });

  test("what is out or will be comes before what ended, in any order of the records", () => {
    const tasks = [
      same("6", "PUSH_CANCELED"),
      same("5", "PUSH_FAILED"),
      same("4", "PUSH_FINISHED", 0),
      same("3", "PUSH_STARTED"),
      same("1"),
    ];
    const found = (from: number) => look(tasks.slice(0, tasks.length - from), intent, now);

    expect([0, 1, 2, 3, 4].map(found)).toEqual([
      { kind: "same", task: same("1"), phase: "pending" },
      { kind: "same", task: same("3", "PUSH_STARTED"), phase: "live" },
      { kind: "same", task: same("4", "PUSH_FINISHED", 0), phase: "sent" },
      { kind: "same", task: same("5", "PUSH_FAILED"), phase: "failed" },
      { kind: "same", task: same("6", "PUSH_CANCELED"), phase: "withdrawn" },
    ]);
    expect(look(tasks.toReversed(), intent, now)).toEqual({ kind: "same", task: same("1"), phase: "pending" });
  });

  test("the newest of one phase is taken, by its number and not by its text", () => {
    const tasks = [same("999"), same("1328245138690125825"), same("1328245138690125824")];

    expect(look(tasks, intent, now)).toEqual({ kind: "same", task: same("1328245138690125825"), phase: "pending" });
  });
});

describe("a record with a status that is new to us", () => {
  const strange = (groupId: string): Sighting => ({ ...seen("1", "PUSH_WAIT", groupId), status: "PUSH_PAUSED" });

  test("stops the look where it is the task's own", () => {
    expect(() => look([strange(markerOf(ours, wanted, 0))], intent, now)).toThrow("PUSH_PAUSED");
  });

  test("stands in nobody's way where it is somebody else's", () => {
    expect(look([strange("tpns_20270301"), strange(markerOf(theirs, other, 0))], intent, now)).toEqual(nothing);
  });
});
