import type { AudienceType } from "../tpns/schema/push-request.ts";
import { canBeRemedied, noTerminationOnIos, type Platform, type Refusal } from "./capability.ts";
import { type Change, changesRequest } from "./change.ts";
import type { KnownPhase } from "./phase.ts";

/** What the handlers can do to a task. `confirm` reads the record until it says that the step before it took. */
export type Step = "cancel" | "push" | "override" | "terminate" | "recall" | "confirm";

export type Remedy = "cancel" | "terminate" | "recall";

/** The one way past a refusal: the action, and the push id that it is about. */
type Consent =
  | `adopt:${string}`
  | `duplicate-of:${string}`
  | `push-anew:${string}`
  | `override-late:${string}`
  | `delete-live:${string}`;

export interface Steps {
  readonly steps: readonly Step[];
  /** What a reader of the preview must know besides the steps. */
  readonly note?: string;
  /** What is declared is not there after the steps, and a later run is to push it. */
  readonly owes?: true;
}

export interface PlanRefusal extends Refusal {
  /** Given, the refusal is lifted. */
  readonly consent?: Consent;
}

export type Plan = Steps | PlanRefusal;

type Row = Record<KnownPhase, Plan>;

/** All that the table looks at. Times are the service's. */
export interface Situation {
  readonly change: Change;
  /** As the service says at the moment of acting. */
  readonly phase: KnownPhase;
  readonly platform: Platform;
  readonly audience: AudienceType;
  /** Why the message cannot override another, whatever its phase. */
  readonly overrideLimit: Refusal | undefined;
  readonly pushId: string;
  readonly remedy: Remedy | undefined;
  readonly ifSent: "override" | "refuse";
  /** The declared send time is ahead; for `asap`, `notAfter` is. */
  readonly sendTimeAhead: boolean;
  /** A cancel was confirmed, and the push that should have followed it is missing. */
  readonly owed: boolean;
  /** `tpns:halt` stands. */
  readonly halting: boolean;
  /** Some push of the task is still to go out. */
  readonly anyPending: boolean;
  /** A halt has cancelled it, or kept it from being pushed. */
  readonly halted: boolean;
  /** Skipped because its send time was past, and for no other reason. */
  readonly skippedForTime: boolean;
  readonly consents: ReadonlySet<string>;
}

export const isRefusal = (plan: Plan): plan is PlanRefusal => "refusal" in plan;

const nothing: Steps = { steps: [] };
const recordOnly: Steps = { steps: [], note: "recorded; it has no effect on what was pushed" };
const correct: Steps = { steps: ["cancel", "confirm", "push"] };
const recordsOnly = { archived: recordOnly, skipped: recordOnly } as const;

const alreadySent: PlanRefusal = {
  refusal: "it was sent already",
  wayOn: "take the change back, or send a new message as a new task",
};

/** The row for each remedy. */
function planRemedy(remedy: Remedy, { platform }: Pick<Situation, "platform">): Row {
  const done = { withdrawn: nothing, failed: nothing, archived: nothing, skipped: nothing } as const;
  const pending: Steps = { steps: ["cancel", "confirm"] };
  switch (remedy) {
    case "cancel":
      return { ...done, pending, live: tooLateToCancel(platform), sent: nothing };
    case "terminate":
      if (platform === "ios") return refusedEverywhere(noTerminationOnIos);
      return { ...done, pending, live: { steps: ["terminate", "confirm"] }, sent: nothing };
    case "recall":
      return {
        ...done,
        pending,
        live: { steps: ["recall", "confirm"] },
        sent: { refusal: "it was delivered, there is nothing left to recall", wayOn: "remove the remedy" },
      };
  }
}

const refusedEverywhere = (refusal: PlanRefusal): Row => ({
  pending: refusal,
  live: refusal,
  sent: refusal,
  withdrawn: refusal,
  failed: refusal,
  archived: refusal,
  skipped: refusal,
});

const tooLateToCancel = (platform: Platform): PlanRefusal => ({
  refusal: "it is out, too late to cancel",
  wayOn:
    platform === "android"
      ? 'write remedy: "terminate" to stop what is not delivered yet, or change the message to override it'
      : "change the message to override it",
});

/** The row "message content". */
function planContent(situation: Situation): Row {
  return {
    pending: correct,
    live: overrideLive(situation),
    sent: overrideLate(situation),
    withdrawn: pushAnew(situation, "it was withdrawn, and nothing of it is scheduled"),
    failed: pushAgainAfterFailure(situation),
    ...recordsOnly,
  };
}

function overrideLive(situation: Situation): Plan {
  if (situation.ifSent === "refuse") {
    return { refusal: 'it is out, and ifSent is "refuse"', wayOn: 'take the change back, or write ifSent: "override"' };
  }
  const impossible = cannotOverride(situation);
  if (impossible) return impossible;
  return { steps: ["override"], note: "its audience is evaluated anew and its expireTime runs anew" };
}

function overrideLate(situation: Situation): Plan {
  const late: PlanRefusal & { consent: Consent } = {
    refusal: "it was sent, and an override would be a new notification for the whole audience",
    wayOn: 'to keep the text as a record only, write the option ignoreChanges: ["message"]',
    consent: `override-late:${situation.pushId}`,
  };
  return unless(situation, late, cannotOverride(situation) ?? { steps: ["override"] });
}

/** What no consent lifts: the service would not override it. */
function cannotOverride({ audience, overrideLimit }: Situation): PlanRefusal | undefined {
  if (canBeRemedied(audience)) return overrideLimit;
  return {
    refusal: `it is out, and the service cannot override a push to the audience ${audience}`,
    wayOn: "take the change back, or send a new message as a new task",
  };
}

/** The row "message type". */
function planMessageType(situation: Situation): Row {
  const noSuchOverride: PlanRefusal = {
    refusal: "it is out, and the service cannot override a notification by an in-app message, or the reverse",
    wayOn: "take the change of messageType back, or send a new task",
  };
  return { ...planContent(situation), live: noSuchOverride, sent: noSuchOverride };
}

/** The row "sendTime, audience, options". */
function planDelivery(situation: Situation): Row {
  const { change } = situation;
  const uploadAlone = change.uploadId && !change.sendTime && !change.audience && !change.options;
  const optionsAlone = !change.sendTime && !change.audience;
  return {
    pending: correct,
    live: uploadAlone ? recordOnly : change.content && optionsAlone ? nothing : alreadySent,
    sent: uploadAlone ? recordOnly : alreadySent,
    withdrawn: pushForNewTime(situation, "it was withdrawn, and nothing of it is scheduled"),
    failed: pushForNewTime(situation, "the service failed to push it"),
    archived:
      change.sendTime && situation.sendTimeAhead
        ? { refusal: "it is history that the service no longer lists", wayOn: "use a new resource name for a new push" }
        : recordOnly,
    skipped: situation.skippedForTime && change.sendTime && situation.sendTimeAhead ? { steps: ["push"] } : recordOnly,
  };
}

/** The row "created", for a task of this identity and content that the service has. */
export const planCreated = (situation: Situation): Row => ({
  pending: nothing,
  live: nothing,
  sent: nothing,
  withdrawn: pushAnew(situation, "the same task is there already, and it was withdrawn"),
  failed: pushAnew(situation, "the same task is there already, and the service failed to push it"),
  archived: nothing,
  skipped: nothing,
});

/** What the row "resource removed" looks at; nothing is declared any more. */
export interface Removal extends Pick<Situation, "platform" | "pushId" | "consents"> {
  readonly onDelete: "cancel" | "terminate";
  /** Until when it is being delivered, for people. */
  readonly liveUntil: string;
}

/** The row "resource removed". */
export function planRemoved(situation: Removal): Row {
  const { onDelete, platform, pushId, liveUntil } = situation;
  return {
    pending: { steps: ["cancel", "confirm"] },
    live:
      onDelete === "terminate" && platform === "android"
        ? { steps: ["terminate", "confirm"] }
        : unless(
            situation,
            {
              refusal: `it is being delivered until ${liveUntil}`,
              wayOn: `wait, or restore it with ${platform === "android" ? 'remedy: "terminate"' : "a corrected message"}`,
              consent: `delete-live:${pushId}`,
            },
            nothing,
          ),
    sent: nothing,
    withdrawn: nothing,
    failed: nothing,
    archived: nothing,
    skipped: nothing,
  };
}

/** The table. Nothing changed is nothing done; any refusal wins; a remedy is carried out alone, never with a push. */
export function plan(situation: Situation): Plan {
  const { halting, remedy } = situation;
  if (remedy !== undefined) return planUnderRemedy(remedy, situation);
  return halting ? underHalt(planDeclared(situation), situation) : planDeclared(situation);
}

function planDeclared(situation: Situation): Plan {
  const { change, phase, owed } = situation;
  if (owed && phase !== "pending" && phase !== "live") return pushOwed(situation);
  if (change.remedy === "removed" && (phase === "withdrawn" || phase === "failed")) return final;
  const rows = [
    ...(change.messageType ? [planMessageType(situation)[phase]] : []),
    ...(change.content ? [planContent(situation)[phase]] : []),
    ...(change.sendTime || change.audience || change.options || change.uploadId
      ? [planDelivery(situation)[phase]]
      : []),
  ];
  if (rows.length > 0) return join(rows);
  return change.remedy === "removed" ? final : nothing;
}

/** A halt cancels what is scheduled; what would be pushed waits for its end. */
function underHalt(declared: Plan, { phase, anyPending }: Situation): Plan {
  const isOut = phase === "live" || phase === "sent";
  if (anyPending && !isOut) return cancelled;
  if (isRefusal(declared)) return declared;
  if (declared.steps.includes("override")) return haltedOverride;
  if (declared.owes || declared.steps.includes("push")) return anyPending ? cancelled : owing;
  return anyPending ? { steps: cancelled.steps, note: "tpns:halt stands" } : declared;
}

const cancelled: Steps = {
  steps: ["cancel", "confirm"],
  owes: true,
  note: "tpns:halt stands; it is pushed anew when that ends",
};

const owing: Steps = { steps: [], owes: true, note: "tpns:halt stands; it is pushed when that ends" };

const haltedOverride: PlanRefusal = {
  refusal: "it is out, and tpns:halt stands, under which nothing is pushed, an override neither",
  wayOn: "take the change back until the halt has ended, or end it: pulumi config rm tpns:halt",
};

export const finalNote =
  "what the remedy did is final, and nothing is sent; to send it after all use a new resource name, in a campaign another key";

const final: Steps = { steps: [], note: finalNote };

/** A remedy that stood there already is not carried out again, unless something else shows that it has not taken. */
function planUnderRemedy(remedy: Remedy, situation: Situation): Plan {
  const { change, phase } = situation;
  const row = planRemedy(remedy, situation)[phase];
  if (change.remedy === "added") return row;
  if (!changesRequest(change)) return nothing;
  return phase === "pending" || phase === "live" ? row : recordOnly;
}

function pushOwed({ sendTimeAhead, halting, halted }: Situation): Plan {
  if (sendTimeAhead) return { steps: ["push"], note: "nothing is scheduled since its cancel; it is pushed anew" };
  if (halted) return halting ? owing : { steps: [], note: passedNote };
  return {
    refusal: "NOTHING IS SCHEDULED, and its send time is past",
    wayOn: 'write a new sendTime, or remedy: "cancel" to leave it unsent',
  };
}

/** What is past is left, and named. */
export const passedNote =
  "its send time passed while tpns:halt stood, and it is left unsent; to send it write a new sendTime";

function pushAnew(situation: Situation, refusal: string): Plan {
  return unless(
    situation,
    { refusal, wayOn: "use a new resource name for a new push", consent: `push-anew:${situation.pushId}` },
    { steps: ["push"] },
  );
}

function pushAgainAfterFailure({ sendTimeAhead }: Situation): Plan {
  if (sendTimeAhead) return { steps: ["push"], note: "the service failed to push it; some phones may have got it" };
  return { refusal: "the service failed to push it, and its send time is past", wayOn: "write a new sendTime" };
}

function pushForNewTime(situation: Situation, refusal: string): Plan {
  if (situation.change.sendTime && situation.sendTimeAhead) return { steps: ["push"] };
  return pushAnew(situation, refusal);
}

/** The plan where the user has consented; the refusal where not. */
const unless = (
  { consents }: Pick<Situation, "consents">,
  refusal: PlanRefusal & { consent: Consent },
  consented: Plan,
): Plan => (consents.has(refusal.consent) ? consented : refusal);

/** Any refusal wins; of several ways to the same end the longest holds the others. */
function join(rows: readonly Plan[]): Plan {
  const refused = rows.find(isRefusal);
  if (refused) return refused;
  const ways = rows.flatMap((row) => (isRefusal(row) ? [] : [row]));
  return ways.reduce((longest, way) => (way.steps.length > longest.steps.length ? way : longest), ways[0] ?? nothing);
}
