import { describe, expect, test } from "vitest";
import { fingerprintOf, type PlannedPush } from "../../provider/once/attempt.ts";
import type { Entry, JournalStep, WithdrawalStep } from "../../provider/once/journal.ts";
import type { Sighting } from "../../provider/once/look.ts";
import {
  attemptsOf,
  coveredBy,
  decidableFrom,
  type Held,
  type KnownAttempt,
  mayHaveActed,
  settle,
  withdrawalsOf,
} from "../../provider/once/observe.ts";

const begunAt = "2027-02-26T09:00:00.000Z";
const sendAt = "2027-03-01T02:00:00.000Z";

const first = "t3689u8788ctm1u00lbq9gnv0";
const second = "t3689u8788ctm1u00lbq9gnv1";

const shown = { title: "Spring sale", content: "20 % off today", audience: "all", sendAt: new Date(sendAt) };

const planned: PlannedPush = {
  marker: first,
  marked: true,
  parts: {
    content: "c",
    messageType: "notify",
    sendTime: sendAt,
    audience: "a",
    audienceWithoutUpload: "w",
    options: "o",
  },
  atOnce: false,
  fingerprint: fingerprintOf(shown, false),
  sendAt,
  storageSeconds: 3_600,
};

const unmarked = { ...planned, marked: false };

const record: Sighting = {
  ...shown,
  pushId: "15003211",
  status: "PUSH_WAIT",
  createdAt: new Date(begunAt),
  groupId: undefined,
  collapseId: undefined,
  isFromApi: true,
  storageSeconds: 3_600,
};

const pushOf = (push: PlannedPush) => ({ kind: "push", push }) as const;

const notBegun: JournalStep = pushOf(planned);
const unanswered: JournalStep = { ...notBegun, begunAt };
const refused: JournalStep = { ...unanswered, end: "void" };
const pushed: JournalStep = { ...unanswered, end: "done", pushId: "15003211" };

const cancel: WithdrawalStep = { kind: "cancel", pushId: "15003200" };
const cancelBegun: WithdrawalStep = { ...cancel, begunAt };
const cancelRefused: WithdrawalStep = { ...cancelBegun, end: "void" };
const cancelled: WithdrawalStep = { ...cancelBegun, end: "done" };

const entry = (id: string, ...steps: readonly JournalStep[]): Entry => ({
  id,
  action: "update",
  urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/tpns:PushTask::spring-sale",
  writer: "writer",
  steps,
});

/** A state that holds one push, which is none of the journal's. */
const held: Held = {
  pushIds: new Set(["15003200"]),
  marker: "t3689u8788ct0000000000aa0",
  withdrawn: new Set(),
  settled: undefined,
};

describe("a step", () => {
  test.for<[string, JournalStep, boolean]>([
    ["that did not begin", notBegun, false],
    ["that was not answered", unanswered, true],
    ["that was refused", refused, false],
    ["that was done", pushed, true],
  ])("%s may have changed the service: %s", ([, step, expected]) => {
    expect(mayHaveActed(step)).toBe(expected);
  });
});

describe("a state is at least as new as an entry", () => {
  test.for<[string, readonly JournalStep[], Partial<Held>]>([
    ["of which nothing began", [cancel, notBegun], {}],
    ["of which all was refused", [cancelRefused, refused], {}],
    ["whose push it holds", [pushed], { pushIds: new Set(["15003211"]) }],
    ["whose unanswered push has its marker", [unanswered], { marker: first }],
    ["whose withdrawal it has recorded", [cancelBegun], { withdrawn: new Set(["15003200"]) }],
    [
      "whose withdrawals it has recorded, and whose push was refused",
      [cancelled, refused],
      { withdrawn: new Set(["15003200"]) },
    ],
    [
      "whose push it holds, although it has recorded no withdrawal",
      [cancelled, pushed],
      { pushIds: new Set(["15003211"]) },
    ],
    ["that it names", [cancelled, unanswered], { settled: "entry" }],
  ])("%s", ([, steps, given]) => {
    const one = entry("entry", ...steps);

    expect(coveredBy({ ...held, ...given }, [one])).toEqual({ covered: [one], open: [] });
  });
});

describe("a state is not known to be as new as an entry", () => {
  test.for<[string, readonly JournalStep[], Partial<Held>]>([
    ["whose push it does not hold", [pushed], {}],
    ["whose push was answered by another id, whatever its marker", [pushed], { marker: first }],
    ["whose unanswered push has another marker", [unanswered], { marker: second }],
    ["whose unanswered push has a marker, where it has none", [unanswered], { marker: undefined }],
    ["whose withdrawal it has not recorded, although it knows the push", [cancelBegun], {}],
    ["whose withdrawal it has not recorded, although that was done", [cancelled], {}],
    ["whose withdrawal of another push it has recorded", [cancelBegun], { withdrawn: new Set(["15003211"]) }],
    [
      "whose push it lacks, although it has recorded the withdrawal",
      [cancelled, unanswered],
      { withdrawn: new Set(["15003200"]) },
    ],
    ["whose push with its marker never began", [cancelled, notBegun], { marker: first }],
    ["whose push with its marker was refused", [cancelled, refused], { marker: first }],
    ["whose withdrawal is of a push that it holds", [cancelBegun], { pushIds: new Set(["15003200", "15003211"]) }],
    ["when it names one that the journal does not have", [cancelled], { settled: "another" }],
  ])("%s", ([, steps, given]) => {
    const one = entry("entry", ...steps);

    expect(coveredBy({ ...held, ...given }, [one])).toEqual({ covered: [], open: [one] });
  });
});

describe("of several entries", () => {
  const before = entry("before", cancelled, unanswered);
  const between = entry("between", pushed);
  const after = entry("after", cancelBegun);

  test.for<[string, Partial<Held>, covered: readonly Entry[], open: readonly Entry[]]>([
    ["none is covered by a state that knows nothing of them", {}, [], [before, between, after]],
    [
      "a push that the state holds covers all before it",
      { pushIds: new Set(["15003211"]) },
      [before, between],
      [after],
    ],
    ["the one that the state names covers all before it", { settled: "between" }, [before, between], [after]],
    ["the last that the state names covers all", { settled: "after" }, [before, between, after], []],
    ["a recorded withdrawal covers none before it", { withdrawn: new Set(["15003200"]) }, [after], [before, between]],
    [
      "the later of what the state names and the push that it holds decides",
      { settled: "before", pushIds: new Set(["15003211"]) },
      [before, between],
      [after],
    ],
  ])("%s", ([, given, covered, open]) => {
    expect(coveredBy({ ...held, ...given }, [before, between, after])).toEqual({ covered, open });
  });
});

describe("entries tell", () => {
  const entries = [
    entry("1", cancelled, unanswered),
    entry("2", cancelRefused, refused),
    entry("3", cancel, notBegun),
    entry("4", { kind: "terminate", pushId: "15003210", begunAt }, { ...pushed, push: { ...planned, marker: second } }),
  ];

  test("the pushes that may have been taken, oldest first", () => {
    expect(attemptsOf(entries)).toStrictEqual([
      { ...planned, at: begunAt },
      { ...planned, marker: second, at: begunAt, pushId: "15003211" },
    ]);
  });

  test("the withdrawals, whether they began or not", () => {
    expect(withdrawalsOf(entries)).toEqual([
      cancelled,
      cancelRefused,
      cancel,
      { kind: "terminate", pushId: "15003210", begunAt },
    ]);
  });
});

const attempt: KnownAttempt = { ...planned, at: begunAt };
const marked: Sighting = { ...record, groupId: first };

describe("an attempt whose push carries the marker", () => {
  test("is missing where no record has the marker", () => {
    const others = [record, { ...record, pushId: "15003212", groupId: second }];

    expect(settle([attempt], others)).toEqual({ taken: [], missing: [attempt] });
  });

  test("was taken as every task whose record has it", () => {
    const twin = { ...marked, pushId: "15003212" };

    expect(settle([attempt], [marked, record, twin])).toEqual({
      taken: [
        { attempt, task: marked },
        { attempt, task: twin },
      ],
      missing: [],
    });
  });

  test("is looked for by itself", () => {
    const other: KnownAttempt = { ...attempt, marker: second };

    expect(settle([other, attempt], [marked])).toEqual({ taken: [{ attempt, task: marked }], missing: [other] });
  });
});

describe("an attempt that was answered", () => {
  const answered: KnownAttempt = { ...attempt, pushId: "15003211" };
  const unlisted: Sighting = {
    pushId: "15003211",
    status: "PUSH_WAIT",
    audience: "",
    createdAt: new Date(begunAt),
    title: "",
    content: "",
    groupId: first,
    collapseId: undefined,
    isFromApi: true,
    sendAt: new Date(sendAt),
    storageSeconds: 3_600,
  };

  test("is the record of its id, whatever that shows", () => {
    const task = { ...record, title: "another", groupId: "somebody's own" };

    expect(settle([answered], [task])).toEqual({ taken: [{ attempt: answered, task }], missing: [] });
  });

  test("waits at the service where it is not listed yet", () => {
    expect(settle([answered], [])).toEqual({ taken: [{ attempt: answered, task: unlisted }], missing: [] });
  });

  test("is out where it is not listed yet, and was to go out at once", () => {
    const atOnce = { ...answered, atOnce: true };

    expect(settle([atOnce], [])).toEqual({
      taken: [{ attempt: atOnce, task: { ...unlisted, status: "PUSH_STARTED" } }],
      missing: [],
    });
  });

  test("is there beside its listed twin", () => {
    const twin = { ...marked, pushId: "15003212" };

    expect(settle([answered], [twin])).toEqual({
      taken: [
        { attempt: answered, task: twin },
        { attempt: answered, task: unlisted },
      ],
      missing: [],
    });
  });
});

describe("an attempt whose push carries no marker", () => {
  const blind: KnownAttempt = { ...unmarked, at: begunAt };
  const createdAfter = (milliseconds: number): Sighting => ({
    ...record,
    createdAt: new Date(Date.parse(begunAt) + milliseconds),
  });

  test.for<[string, Sighting]>([
    ["created when it was signed", record],
    ["created later", createdAfter(600_000)],
    ["created two seconds before, by another clock", createdAfter(-2_000)],
    ["with the user's own word for a group", { ...record, groupId: "spring" }],
  ])("is the task that looks like it, %s", ([, task]) => {
    expect(settle([blind], [task])).toEqual({ taken: [{ attempt: blind, task }], missing: [] });
  });

  test.for<[string, Sighting]>([
    ["was there before it", createdAfter(-2_001)],
    ["does not tell when it was created", { ...record, createdAt: undefined }],
    ["was pushed in the console", { ...record, isFromApi: false }],
    ["carries a marker, be it the one that it was to have", marked],
    ["has another title", { ...record, title: "Summer sale" }],
    ["has another text", { ...record, content: "30 % off today" }],
    ["has another audience", { ...record, audience: "tag" }],
    ["goes out at another time", { ...record, sendAt: new Date("2027-03-02T02:00:00.000Z") }],
  ])("is no task that %s", ([, task]) => {
    expect(settle([blind], [task])).toEqual({ taken: [], missing: [blind] });
  });

  test("is not told apart by its time where it goes out at once", () => {
    const atOnce: KnownAttempt = { ...blind, atOnce: true, fingerprint: fingerprintOf(shown, true) };
    const task = { ...record, sendAt: new Date("2027-02-26T09:00:03.000Z") };

    expect(settle([atOnce], [task])).toEqual({ taken: [{ attempt: atOnce, task }], missing: [] });
  });
});

describe("what is not listed", () => {
  test("was not carried out once its signature is too old, and the list has caught up", () => {
    expect(decidableFrom(begunAt, 600)).toEqual(new Date("2027-02-26T09:10:30.000Z"));
  });

  test("is decided the sooner the shorter a signature is valid", () => {
    expect(decidableFrom(begunAt, 0)).toEqual(new Date("2027-02-26T09:00:30.000Z"));
  });
});
