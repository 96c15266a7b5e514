import { describe, expect } from "vitest";
import type { PlannedPush } from "../../provider/once/attempt.ts";
import { type Entry, Journal, journalFolder, type Writing } from "../../provider/once/journal.ts";
import { openStore } from "../../provider/once/store.ts";
import { test } from "./folder.ts";

const key = { app: "1500001234@http://127.0.0.1:1", identity: "t3689u8788ct" };
const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/tpns:PushTask::spring-sale";
const at = new Date("2027-02-01T00:00:00.000Z");

const push: PlannedPush = {
  marker: "t3689u8788ctm1u00lbq9gnv0",
  marked: true,
  atOnce: false,
  parts: { content: "a", messageType: "b", sendTime: "c", audience: "d", audienceWithoutUpload: "e", options: "f" },
  fingerprint: "f",
  sendAt: "2027-02-02T02:00:00.000Z",
  storageSeconds: 86_400,
};

const steps: Entry["steps"] = [
  { kind: "cancel", pushId: "1" },
  { kind: "push", push },
];

/** A process that writes to a folder. */
function processIn(folder: string, now = () => 0): { journal: Journal; kill: () => void } {
  const store = openStore(folder);
  return { journal: new Journal(store, now), kill: store.close };
}

function begin(journal: Journal, seen: readonly Entry[] = []): Writing {
  const writing = journal.begin(key, { action: "update", urn, steps }, seen);
  if (typeof writing === "string") throw new Error(writing);
  return writing;
}

describe("an entry", () => {
  test("shows how far each of its steps has come", ({ folder }) => {
    const { journal, kill } = processIn(folder);
    const writing = begin(journal);
    writing.withdrawal("cancel", "1").begun(at);
    writing.withdrawal("cancel", "1").done();
    writing.push().begun(at);
    kill();

    const [entry] = processIn(folder).journal.entriesOf(key);

    expect(entry?.steps).toEqual([
      { kind: "cancel", pushId: "1", begunAt: at.toISOString(), end: "done" },
      { kind: "push", push, begunAt: at.toISOString() },
    ]);
  });

  test("holds the answered push id, or that nothing was done", ({ folder }) => {
    const { journal } = processIn(folder);
    const first = begin(journal);
    first.push().done("2");
    const second = begin(journal);
    second.push().void();

    expect(journal.entriesOf(key).map((entry) => entry.steps[1])).toEqual([
      { kind: "push", push, end: "done", pushId: "2" },
      { kind: "push", push, end: "void" },
    ]);
  });

  test("is under way for others while its process lives, and for itself never", ({ folder }) => {
    const first = processIn(folder);
    const second = processIn(folder);
    begin(first.journal);

    expect(second.journal.entriesOf(key).map((entry) => second.journal.isUnderWay(entry))).toEqual([true]);
    expect(first.journal.entriesOf(key).map((entry) => first.journal.isUnderWay(entry))).toEqual([false]);
    first.kill();
    expect(second.journal.entriesOf(key).map((entry) => second.journal.isUnderWay(entry))).toEqual([false]);
  });

  test("that is closed at once is gone for all, whatever becomes of its process", ({ folder }) => {
    const { journal } = processIn(folder);
    begin(journal).push().begun(at);
    const other = processIn(folder).journal;

    const entries = journal.entriesOf(key);
    journal.close(entries);
    const closed = [journal.entriesOf(key).length, other.entriesOf(key).length];
    journal.closeNow(entries);

    expect([closed, other.entriesOf(key)]).toEqual([[0, 1], []]);
  });

  test("is dropped after 130 days", ({ folder }) => {
    begin(processIn(folder).journal);
    const day = 24 * 60 * 60 * 1_000;
    const late = processIn(folder, () => 130 * day).journal;
    const later = processIn(folder, () => 130 * day + 1).journal;
    const other = { ...key, identity: "000000000000" };

    late.begin(other, { action: "update", urn, steps }, []);
    expect(late.entriesOf(key)).toHaveLength(1);
    later.begin({ ...key, identity: "111111111111" }, { action: "update", urn, steps }, []);
    expect(later.entriesOf(key)).toEqual([]);
  });

  test("of another app or another task is none of this one's", ({ folder }) => {
    const { journal } = processIn(folder);
    begin(journal);

    expect(journal.entriesOf({ ...key, app: "1500001234@https://api.tpns.tencent.com" })).toEqual([]);
    expect(journal.entriesOf({ ...key, identity: "000000000000" })).toEqual([]);
  });
});

describe("to begin with a task", () => {
  test("is refused while another process is at work on it", ({ folder }) => {
    begin(processIn(folder).journal);
    const { journal } = processIn(folder);

    expect(journal.begin(key, { action: "update", urn, steps }, journal.entriesOf(key))).toBe("underWay");
    expect(journal.entriesOf(key)).toHaveLength(1);
  });

  test("is refused where another process was at work on it since it was looked at", ({ folder }) => {
    const first = processIn(folder);
    const { journal } = processIn(folder);
    const seen = journal.entriesOf(key);
    begin(first.journal);
    first.kill();

    expect(journal.begin(key, { action: "update", urn, steps }, seen)).toBe("changed");
    expect(journal.begin(key, { action: "update", urn, steps }, journal.entriesOf(key))).not.toBe("changed");
  });

  test("is refused where another process has gone on with what was looked at", ({ folder }) => {
    const first = processIn(folder);
    const writing = begin(first.journal);
    const { journal } = processIn(folder);
    const seen = journal.entriesOf(key);
    writing.push().begun(at);
    first.kill();

    expect(journal.begin(key, { action: "update", urn, steps }, seen)).toBe("changed");
  });

  test("goes beside what this process has written itself", ({ folder }) => {
    const { journal } = processIn(folder);
    begin(journal);
    begin(journal);

    expect(journal.entriesOf(key)).toHaveLength(2);
  });
});

test("entries that are closed are gone, and the others stay", ({ folder }) => {
  const { journal } = processIn(folder);
  begin(journal);
  begin(journal);
  const [first, second] = journal.entriesOf(key);

  journal.close(first ? [first] : []);

  expect(journal.entriesOf(key)).toEqual([second]);
});

test("a step that the entry does not hold cannot be noted", ({ folder }) => {
  const writing = begin(processIn(folder).journal);

  expect(() => writing.withdrawal("cancel", "7")).toThrow("please report this");
});

describe("the folder", () => {
  test.for<[string, Record<string, string>, string]>([
    ["is the one that TPNS_JOURNAL names", { TPNS_JOURNAL: "/j", XDG_STATE_HOME: "/x", HOME: "/h" }, "/j"],
    ["is within XDG_STATE_HOME", { XDG_STATE_HOME: "/x", HOME: "/h" }, "/x/pulumi-tpns"],
    ["is within the home where neither is set", { HOME: "/h", XDG_STATE_HOME: "" }, "/h/.local/state/pulumi-tpns"],
  ])("%s", ([, env, folder]) => {
    expect(journalFolder(env)).toBe(folder);
  });
});

describe("entries of others", () => {
  const content = "m1u00lbq9gnv";

  test("are those whose push stands for the same, and not the task's own, nor closed ones", ({ folder }) => {
    const { journal } = processIn(folder);
    begin(journal);
    const other = { ...key, identity: "t3689zzzzzzz" };

    expect(journal.entriesOfOthers(other, content)).toHaveLength(1);
    expect(journal.entriesOfOthers(other, "000000000000")).toEqual([]);
    expect(journal.entriesOfOthers(key, content)).toEqual([]);
    journal.close(journal.entriesOf(key));
    expect([journal.entriesOf(key), journal.entriesOfOthers(other, content)]).toEqual([[], []]);
  });

  test("are found where an older version has noted them without their content", ({ folder }) => {
    const store = openStore(folder);
    begin(new Journal(store, () => 0));
    store.write((tables) => tables.prepare("update entry set content = null").run());

    expect(processIn(folder).journal.entriesOfOthers({ ...key, identity: "t3689zzzzzzz" }, content)).toHaveLength(1);
  });
});
