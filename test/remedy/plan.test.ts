import { describe, expect, test } from "vitest";
import type { Change } from "../../provider/remedy/change.ts";
import type { KnownPhase } from "../../provider/remedy/phase.ts";
import {
  type Plan,
  type PlanRefusal,
  plan,
  planCreated,
  planRemoved,
  type Remedy,
  type Removal,
  type Situation,
  type Steps,
} from "../../provider/remedy/plan.ts";
import { phases, platforms, unchanged, untouched } from "./situation.ts";

/** A row of DESIGN.md's remedy table; "–" is a cell that cannot be. */
type Column = Readonly<Record<KnownPhase, Plan | "–">>;

interface Row {
  readonly row: string;
  readonly change: Partial<Change>;
  readonly given?: Partial<Situation>;
  readonly android: Column;
  /** Where it differs from Android's. */
  readonly ios?: Column;
}

type Cell = readonly [name: string, situation: Situation, expected: Plan];

const cellsOf = ({ row, change, given, android, ios = android }: Row): Cell[] =>
  platforms.flatMap((platform) =>
    phases.flatMap((phase): Cell[] => {
      const expected = platform === "ios" ? ios[phase] : android[phase];
      if (expected === "–") return [];
      const situation = { ...untouched, ...given, change: { ...unchanged, ...change }, platform, phase };
      return [[`${row}, ${platform}, ${phase}`, situation, expected]];
    }),
  );

const everywhere = (plan: Plan): Column => ({
  pending: plan,
  live: plan,
  sent: plan,
  withdrawn: plan,
  failed: plan,
  archived: plan,
  skipped: plan,
});

const noCall: Steps = { steps: [] };
const recordOnly: Steps = { steps: [], note: "recorded; it has no effect on what was pushed" };
const corrected: Steps = { steps: ["cancel", "confirm", "push"] };
const pushedAnew: Steps = { steps: ["push"] };
const overridden: Steps = {
  steps: ["override"],
  note: "its audience is evaluated anew and its expireTime runs anew",
};
const pushedAfterFailure: Steps = {
  steps: ["push"],
  note: "the service failed to push it; some phones may have got it",
};
const final: Steps = {
  steps: [],
  note: "what the remedy did is final, and nothing is sent; to send it after all use a new resource name, in a campaign another key",
};

const alreadySent: PlanRefusal = {
  refusal: "it was sent already",
  wayOn: "take the change back, or send a new message as a new task",
};
const tooLateToOverride: PlanRefusal = {
  refusal: "it was sent, and an override would be a new notification for the whole audience",
  wayOn: 'to keep the text as a record only, write the option ignoreChanges: ["message"]',
  consent: "override-late:15003211",
};
const noSuchOverride: PlanRefusal = {
  refusal: "it is out, and the service cannot override a notification by an in-app message, or the reverse",
  wayOn: "take the change of messageType back, or send a new task",
};
const overrideForbidden: PlanRefusal = {
  refusal: 'it is out, and ifSent is "refuse"',
  wayOn: 'take the change back, or write ifSent: "override"',
};
const withdrawn: PlanRefusal = {
  refusal: "it was withdrawn, and nothing of it is scheduled",
  wayOn: "use a new resource name for a new push",
  consent: "push-anew:15003211",
};
const failed: PlanRefusal = { ...withdrawn, refusal: "the service failed to push it" };
const failedAndPast: PlanRefusal = {
  refusal: "the service failed to push it, and its send time is past",
  wayOn: "write a new sendTime",
};
const history: PlanRefusal = {
  refusal: "it is history that the service no longer lists",
  wayOn: "use a new resource name for a new push",
};
const noTerminationOnIos: PlanRefusal = {
  refusal: "the service cannot terminate a push on iOS",
  wayOn: 'write remedy: "cancel" while it is pending, or change the message to override it',
};
const nothingToRecall: PlanRefusal = {
  refusal: "it was delivered, there is nothing left to recall",
  wayOn: "remove the remedy",
};
const tooLateToCancel = (wayOn: string): PlanRefusal => ({ refusal: "it is out, too late to cancel", wayOn });

const pushedOwed: Steps = { steps: ["push"], note: "nothing is scheduled since its cancel; it is pushed anew" };
const owedAndPast: PlanRefusal = {
  refusal: "NOTHING IS SCHEDULED, and its send time is past",
  wayOn: 'write a new sendTime, or remedy: "cancel" to leave it unsent',
};
const cannotOverride = (audience: string): PlanRefusal => ({
  refusal: `it is out, and the service cannot override a push to the audience ${audience}`,
  wayOn: "take the change back, or send a new message as a new task",
});

const actions = ["adopt", "duplicate-of", "push-anew", "override-late", "delete-live"] as const;
const consentsFor = (pushId: string): string[] => actions.map((action) => `${action}:${pushId}`);
const otherConsents = (action: string | undefined): string[] =>
  consentsFor("15003211").filter((consent) => !consent.startsWith(`${action}:`));

const never: Column = {
  pending: "–",
  live: "–",
  sent: "–",
  withdrawn: "–",
  failed: "–",
  archived: "–",
  skipped: "–",
};

/** The row "message content", as it stands while its send time is ahead. */
const content: Column = {
  pending: corrected,
  live: overridden,
  sent: tooLateToOverride,
  withdrawn,
  failed: pushedAfterFailure,
  archived: recordOnly,
  skipped: recordOnly,
};

const messageType: Column = { ...content, live: noSuchOverride, sent: noSuchOverride };

/** The row "sendTime, audience, options", without a new send time. */
const delivery: Column = {
  pending: corrected,
  live: alreadySent,
  sent: alreadySent,
  withdrawn,
  failed,
  archived: recordOnly,
  skipped: recordOnly,
};

const newTime: Column = { ...delivery, withdrawn: pushedAnew, failed: pushedAnew, archived: history };

const uploadAlone: Column = { ...delivery, live: recordOnly, sent: recordOnly };

const taken: Column = {
  pending: { steps: ["cancel", "confirm"] },
  live: { steps: ["terminate", "confirm"] },
  sent: noCall,
  withdrawn: noCall,
  failed: noCall,
  archived: noCall,
  skipped: noCall,
};

const cancelled: Column = {
  ...taken,
  live: tooLateToCancel(
    'write remedy: "terminate" to stop what is not delivered yet, or change the message to override it',
  ),
};
const cancelledOnIos: Column = { ...taken, live: tooLateToCancel("change the message to override it") };
/** A remedy that has not taken is carried out again with the next change; what it withdrew stays the record. */
const remediedAgain: Column = { ...everywhere(recordOnly), pending: taken.pending };
const recalled: Column = { ...taken, live: { steps: ["recall", "confirm"] }, sent: nothingToRecall };

/** What each remedy gives, whatever else was changed beside it. */
const remedies: readonly { readonly remedy: Remedy; readonly android: Column; readonly ios: Column }[] = [
  { remedy: "cancel", android: cancelled, ios: cancelledOnIos },
  { remedy: "terminate", android: taken, ios: everywhere(noTerminationOnIos) },
  { remedy: "recall", android: recalled, ios: recalled },
];

const everything = { content: true, messageType: true, sendTime: true, audience: true, options: true, uploadId: true };

const past = { sendTimeAhead: false };

const rows: readonly Row[] = [
  { row: "equal inputs", change: {}, android: everywhere(noCall) },
  { row: "ifSent, onDelete, consent, pastSendTime", change: {}, given: past, android: everywhere(noCall) },
  {
    row: "ifSent, onDelete, consent, pastSendTime beside a remedy that stood there",
    change: {},
    given: { remedy: "terminate" },
    android: everywhere(noCall),
  },

  { row: "message content", change: { content: true }, android: content },
  {
    row: "message content, its send time past",
    change: { content: true },
    given: past,
    android: { ...content, failed: failedAndPast },
  },
  {
    row: "message content with ifSent refuse",
    change: { content: true },
    given: { ifSent: "refuse" },
    android: { ...content, live: overrideForbidden },
  },
  {
    row: "message content beside a remedy that stood there",
    change: { content: true },
    given: { remedy: "cancel" },
    android: { ...remediedAgain, live: cancelled.live },
    ios: { ...remediedAgain, live: cancelledOnIos.live },
  },
  {
    row: "message type beside a remedy that stood there",
    change: { messageType: true },
    given: { remedy: "terminate" },
    android: { ...remediedAgain, live: taken.live },
    ios: { ...remediedAgain, pending: noTerminationOnIos, live: noTerminationOnIos },
  },

  { row: "message type", change: { messageType: true }, android: messageType },
  {
    row: "message type, its send time past",
    change: { messageType: true },
    given: past,
    android: { ...messageType, failed: failedAndPast },
  },
  { row: "message type and content", change: { messageType: true, content: true }, android: messageType },

  { row: "a new send time that is ahead", change: { sendTime: true }, android: newTime },
  { row: "a new send time that is past", change: { sendTime: true }, given: past, android: delivery },
  {
    row: "a new send time that is ahead, of what was skipped for its past one",
    change: { sendTime: true },
    given: { skippedForTime: true },
    android: { ...newTime, skipped: pushedAnew },
  },
  {
    row: "a new send time that is past, of what was skipped for its past one",
    change: { sendTime: true },
    given: { ...past, skippedForTime: true },
    android: delivery,
  },
  { row: "the audience", change: { audience: true }, given: past, android: delivery },
  { row: "the audience and a new send time", change: { audience: true, sendTime: true }, android: newTime },
  { row: "an option", change: { options: true }, given: past, android: delivery },
  { row: "a new uploadId", change: { uploadId: true }, given: past, android: uploadAlone },

  {
    row: "an option and message content",
    change: { options: true, content: true },
    android: { ...delivery, live: overridden, sent: tooLateToOverride, failed },
  },
  {
    row: "a new uploadId and message content",
    change: { uploadId: true, content: true },
    android: { ...delivery, live: overridden, sent: tooLateToOverride, failed },
  },
  { row: "a new uploadId and an option", change: { uploadId: true, options: true }, given: past, android: delivery },
  {
    row: "a new uploadId and a new send time that is past",
    change: { uploadId: true, sendTime: true },
    given: past,
    android: delivery,
  },
  {
    row: "a new uploadId and a new send time that is ahead",
    change: { uploadId: true, sendTime: true },
    android: newTime,
  },
  {
    row: "an option and the message type",
    change: { options: true, messageType: true },
    android: { ...delivery, live: noSuchOverride, sent: noSuchOverride },
  },
  {
    row: "a new send time and message content",
    change: { sendTime: true, content: true },
    android: { ...newTime, sent: tooLateToOverride, withdrawn, failed: pushedAfterFailure },
  },
  {
    row: "a new send time and message content, of what was skipped for its past one",
    change: { sendTime: true, content: true },
    given: { skippedForTime: true },
    android: { ...newTime, sent: tooLateToOverride, withdrawn, failed: pushedAfterFailure, skipped: pushedAnew },
  },
  {
    row: "the audience and message content with ifSent refuse",
    change: { audience: true, content: true },
    given: { ...past, ifSent: "refuse" },
    android: { ...delivery, live: overrideForbidden, sent: tooLateToOverride, failed: failedAndPast },
  },

  ...remedies.flatMap(({ remedy, android, ios }): Row[] => [
    { row: `remedy ${remedy} added`, change: { remedy: "added" }, given: { remedy }, android, ios },
    {
      row: `remedy ${remedy} added, and everything else changed`,
      change: { ...everything, remedy: "added" },
      given: { remedy },
      android,
      ios,
    },
    {
      row: `remedy ${remedy} added to what is owed`,
      change: { remedy: "added" },
      given: { remedy, owed: true },
      android,
      ios,
    },
  ]),
  {
    row: "remedy removed",
    change: { remedy: "removed" },
    android: { ...never, withdrawn: final, failed: final, archived: final, skipped: final },
  },
  {
    row: "remedy removed, and a new send time that is ahead",
    change: { remedy: "removed", sendTime: true },
    android: { ...never, withdrawn: final, failed: final, archived: history },
  },

  {
    row: "nothing, and its push is owed",
    change: {},
    given: { owed: true },
    android: { ...never, pending: noCall, live: noCall, withdrawn: pushedOwed, archived: pushedOwed },
  },
  {
    row: "message content, and its push is owed",
    change: { content: true },
    given: { owed: true },
    android: { ...never, pending: corrected, live: overridden, withdrawn: pushedOwed, archived: pushedOwed },
  },
  {
    row: "nothing, and its push is owed for a past time",
    change: {},
    given: { ...past, owed: true },
    android: { ...never, withdrawn: owedAndPast, archived: owedAndPast },
  },
];

describe("the remedy table", () => {
  test.for(rows.flatMap(cellsOf))("%s", ([, situation, expected]) => {
    expect(plan(situation)).toEqual(expected);
  });
});

describe("a live task whose content changes", () => {
  test.for<[Situation["audience"], Plan]>([
    ["all", overridden],
    ["tag", overridden],
    ["token", cannotOverride("token")],
    ["token_list", cannotOverride("token_list")],
    ["account", cannotOverride("account")],
    ["account_list", overridden],
    ["package_account_push", overridden],
    ["package_token_push", overridden],
  ])("and whose audience is %s", ([audience, expected]) => {
    const change = { ...unchanged, content: true };

    for (const platform of platforms) {
      expect(plan({ ...untouched, change, platform, phase: "live", audience })).toEqual(expected);
    }
  });
});

describe("the row created, where the service has the same task", () => {
  const anew = { wayOn: "use a new resource name for a new push", consent: "push-anew:15003211" } as const;

  test.for<[KnownPhase, Plan]>([
    ["pending", noCall],
    ["live", noCall],
    ["sent", noCall],
    ["withdrawn", { refusal: "the same task is there already, and it was withdrawn", ...anew }],
    ["failed", { refusal: "the same task is there already, and the service failed to push it", ...anew }],
  ])("%s", ([phase, expected]) => {
    for (const platform of platforms) expect(planCreated({ ...untouched, platform, phase })[phase]).toEqual(expected);
  });
});

describe("the row resource removed", () => {
  const removal: Removal = {
    platform: "android",
    pushId: "15003211",
    consents: new Set(),
    onDelete: "cancel",
    liveUntil: "2027-03-02 10:00 (UTC+8)",
  };
  const live = (wayOn: string): PlanRefusal => ({
    refusal: "it is being delivered until 2027-03-02 10:00 (UTC+8)",
    wayOn,
    consent: "delete-live:15003211",
  });
  const forgotten = { ...everywhere(noCall), pending: { steps: ["cancel", "confirm"] } } as const;
  const refusedOnAndroid = live('wait, or restore it with remedy: "terminate"');
  const refusedOnIos = live("wait, or restore it with a corrected message");

  test.for<[string, Partial<Removal>, Column]>([
    ["on android", {}, { ...forgotten, live: refusedOnAndroid }],
    ["on ios", { platform: "ios" }, { ...forgotten, live: refusedOnIos }],
    [
      "on android with onDelete terminate",
      { onDelete: "terminate" },
      { ...forgotten, live: { steps: ["terminate", "confirm"] } },
    ],
    [
      "on ios with onDelete terminate",
      { platform: "ios", onDelete: "terminate" },
      { ...forgotten, live: refusedOnIos },
    ],
    ["with the consent", { consents: new Set(["delete-live:15003211"]) }, forgotten],
    [
      "with the consent for another push",
      { consents: new Set(["delete-live:15003212"]) },
      { ...forgotten, live: refusedOnAndroid },
    ],
    [
      "with consents to something else",
      { consents: new Set(otherConsents("delete-live")) },
      { ...forgotten, live: refusedOnAndroid },
    ],
  ])("%s", ([, given, expected]) => {
    expect(planRemoved({ ...removal, ...given })).toEqual(expected);
  });
});

type Lifted = readonly [name: string, situation: Situation, refusal: PlanRefusal, consented: Plan];

const lifted = (
  row: string,
  phase: KnownPhase,
  change: Partial<Change>,
  refusal: PlanRefusal,
  consented: Plan,
  given: Partial<Situation> = {},
): Lifted => [
  `${row}, ${phase}`,
  { ...untouched, ...given, phase, change: { ...unchanged, ...change } },
  refusal,
  consented,
];

describe("a consent", () => {
  describe.for<Lifted>([
    lifted("message content", "sent", { content: true }, tooLateToOverride, { steps: ["override"] }),
    lifted("message content", "withdrawn", { content: true }, withdrawn, pushedAnew),
    lifted("message type", "withdrawn", { messageType: true }, withdrawn, pushedAnew),
    lifted("a send time that is past", "withdrawn", { sendTime: true }, withdrawn, pushedAnew, past),
    lifted("an option", "withdrawn", { options: true }, withdrawn, pushedAnew),
    lifted("the audience", "failed", { audience: true }, failed, pushedAnew),
  ])("to %s", ([, situation, refusal, consented]) => {
    const given = refusal.consent ?? "none";
    const withConsents = (...consents: readonly string[]): Plan => plan({ ...situation, consents: new Set(consents) });

    test("lifts its refusal", () => {
      expect(withConsents(given)).toEqual(consented);
    });

    test("lifts nothing for another push", () => {
      expect(withConsents(given.replace("15003211", "15003212"))).toEqual(refusal);
    });

    test("lifts nothing that another action needs", () => {
      expect(withConsents(...otherConsents(given.split(":")[0]))).toEqual(refusal);
    });
  });

  test.for(["withdrawn", "failed"] as const)("to push anew what create found %s", (phase) => {
    const consents = new Set(["push-anew:15003211"]);
    expect(planCreated({ ...untouched, phase, consents })[phase]).toEqual(pushedAnew);
  });

  test.for<[string, Partial<Situation>, Partial<Change>, PlanRefusal]>([
    ["a live task's new send time", { phase: "live" }, { sendTime: true }, alreadySent],
    ["another type of a message that was sent", { phase: "sent" }, { messageType: true }, noSuchOverride],
    ["another audience of what was sent", { phase: "sent" }, { audience: true }, alreadySent],
    ["ifSent refuse", { phase: "live", ifSent: "refuse" }, { content: true }, overrideForbidden],
    ["history", { phase: "archived" }, { sendTime: true }, history],
    ["a recall of what was delivered", { phase: "sent", remedy: "recall" }, { remedy: "added" }, nothingToRecall],
  ])("does not lift %s", ([, given, change, refusal]) => {
    const consents = new Set(consentsFor("15003211"));
    expect(plan({ ...untouched, ...given, change: { ...unchanged, ...change }, consents })).toEqual(refusal);
  });
});
