import { z } from "zod";
import type { Attempt } from "../../once/attempt.ts";
import type { TaskKey } from "../../once/journal.ts";
import type { Sighting } from "../../once/look.ts";
import { identityHalf } from "../../once/marker.ts";
import type { Held } from "../../once/observe.ts";
import { type Course, phaseOf } from "../../remedy/phase.ts";
import type { Settings } from "../settings.ts";
import { type PushTaskInputs, recordedStorage, requestProperties } from "../task.ts";

/** Raised when the state changes in a way that older versions would misread. */
const schemaVersion = 1;

const keptRevisions = 20;

const Phase = z.enum([
  "pending",
  "live",
  "sent",
  "withdrawn",
  "failed",
  "archived",
  "skipped",
  "planned",
  "unresolved",
]);

const Revision = z.object({
  pushId: z.string(),
  at: z.string(),
  content: z.string(),
  /** What it was, where it was no plain push. */
  by: z.enum(["override", "cancel", "terminate", "recall"]).optional(),
});

export type Revision = z.output<typeof Revision>;

/** A push without an answer, as `Attempt` has it. */
const Unresolved = z.object({
  marker: z.string(),
  marked: z.boolean(),
  atOnce: z.boolean(),
  at: z.string(),
  parts: z.object({
    content: z.string(),
    messageType: z.string(),
    sendTime: z.string(),
    audience: z.string(),
    audienceWithoutUpload: z.string(),
    options: z.string(),
  }),
  fingerprint: z.string(),
  sendAt: z.string(),
  storageSeconds: z.number(),
});

const Outputs = z.object({
  schema: z.literal(schemaVersion),
  accessId: z.string(),
  accessPoint: z.string(),
  marker: z.string(),
  pushId: z.string().optional(),
  collapseId: z.string().optional(),
  status: z.string().optional(),
  phase: Phase,
  sendAt: z.string(),
  revisions: z.array(Revision),
  /** A cancel was asked, and what should have followed it is not known to be there: its hash, and what was cancelled when. */
  owed: z.object({ pushId: z.string(), content: z.string(), at: z.string() }).optional(),
  /** A push that was not answered: whether it was taken is settled before anything else. */
  unresolved: Unresolved.optional(),
  /** Scheduled besides, with the same marker: a request that came late, or another machine's run. */
  duplicatePushIds: z.array(z.string()).optional(),
  /** The journal's entry up to which this state was brought, where nothing else in it shows that. */
  settled: z.string().optional(),
  /** Why it was never sent. */
  skippedFor: z.enum(["time", "remedy"]).optional(),
  adopted: z.literal(true).optional(),
  /** The half of the marker that says who, where the push was another resource's: its name may be used again. */
  ownIdentity: z.string().optional(),
  /** `tpns:halt` has cancelled it, or held it back: what is still ahead is pushed when the halt ends. */
  halted: z.literal(true).optional(),
  /** What really went out, where it differs from the inputs. */
  sent: z.record(z.string(), z.unknown()).optional(),
});

type Outputs = z.output<typeof Outputs>;

/** What the stack's state holds of a task besides its declaration. */
export interface PushTaskState extends Outputs {
  /** The declaration, as the engine recorded it. */
  readonly inputs: PushTaskInputs;
}

const outputNames = Object.keys(Outputs.shape);

/** @throws where a newer version of the package wrote the state. */
export function readState(olds: Readonly<Record<string, unknown>>): PushTaskState {
  const { schema } = olds;
  if (typeof schema === "number" && schema > schemaVersion) {
    throw new Error(
      `its state was written by a newer pulumi-tpns (schema ${schema}); run: npm install pulumi-tpns@latest`,
    );
  }
  const inputs = Object.fromEntries(Object.entries(olds).filter(([name]) => !outputNames.includes(name)));
  return { ...Outputs.parse(olds), inputs };
}

/** The state as the engine stores it: plain JSON without undefined. */
export function writeState({ inputs, ...outputs }: PushTaskState): Record<string, unknown> {
  return JSON.parse(JSON.stringify({ ...inputs, ...outputs, revisions: shortened(outputs.revisions) }));
}

/** What was pushed is remembered longer than what was withdrawn: a look must know the task's own pushes. */
function shortened(revisions: readonly Revision[]): readonly Revision[] {
  const surplus = revisions.length - keptRevisions;
  const dropped = new Set(revisions.filter(({ by }) => isWithdrawal(by)).slice(0, Math.max(0, surplus)));
  return revisions.filter((revision) => !dropped.has(revision)).slice(-keptRevisions);
}

/** When the task went or goes out, and how long it is kept for offline phones. */
export const courseOf = ({ inputs, sendAt }: PushTaskState): Course => ({
  sendAt: new Date(sendAt),
  storageSeconds: recordedStorage(inputs),
});

/** Every push id of the task that the state still knows. */
export const pushIdsOf = ({ pushId, revisions, owed }: PushTaskState): ReadonlySet<string> =>
  new Set([
    ...revisions.map((revision) => revision.pushId),
    ...[pushId, owed?.pushId].filter((id) => id !== undefined),
  ]);

/** Its entries in the journal: who it is was fixed with the first push, through every later rename. */
export const keyIn = ({ accessId, accessPoint, marker, ownIdentity }: PushTaskState): TaskKey => ({
  app: appName({ accessId, baseUrl: accessPoint }),
  identity: ownIdentity ?? identityHalf(marker),
});

/** An app, as the journal names it. */
export const appName = ({ accessId, baseUrl }: App): string => `${accessId}@${baseUrl}`;

/** What a journal's entries are compared with. */
export const heldBy = (state: PushTaskState): Held => ({
  pushIds: pushIdsOf(state),
  marker: state.pushId === undefined ? undefined : state.marker,
  withdrawn: new Set(state.revisions.filter(({ by }) => isWithdrawal(by)).map(({ pushId }) => pushId)),
  settled: state.settled,
});

const isWithdrawal = (by: Revision["by"]): boolean => by !== undefined && by !== "override";

/** Something is missing, doubtful or there twice: the next `up` has work, whatever is declared. */
export const isUnsettled = ({ owed, unresolved, duplicatePushIds }: PushTaskState): boolean =>
  owed !== undefined || unresolved !== undefined || duplicatePushIds !== undefined;

/** The same without what a look has settled. */
export function settledState(state: PushTaskState): PushTaskState {
  const { owed: _, unresolved: __, duplicatePushIds: ___, halted: ____, ...rest } = state;
  return rest;
}

/** The last push or override; a withdrawal pushed nothing. */
export const lastPushOf = ({ revisions }: PushTaskState): Revision | undefined =>
  revisions.findLast(({ by }) => by === undefined || by === "override");

/** What really went out, as a declaration. */
export const sentInputsOf = ({ inputs, sent }: PushTaskState): PushTaskInputs => ({ ...inputs, ...sent });

/** What a declaration says otherwise than what went out; undefined where it does not. */
export function differing(went: PushTaskInputs, declared: PushTaskInputs): Record<string, unknown> | undefined {
  const names = requestProperties.filter((name) => JSON.stringify(went[name]) !== JSON.stringify(declared[name]));
  return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, went[name] ?? null]));
}

/** Where a push id means something. */
type App = Pick<Settings, "accessId" | "baseUrl">;

const appOf = ({ accessId, baseUrl }: App) => ({ accessId, accessPoint: baseUrl });

/** The state of a task that the service has, found or pushed just now. */
export function stateOf({
  app,
  inputs,
  marker,
  sighting,
  revisions,
  now,
  content,
  identity,
  by,
}: {
  readonly app: App;
  readonly inputs: PushTaskInputs;
  readonly marker: string;
  readonly sighting: Sighting;
  readonly revisions: readonly Revision[];
  readonly now: Date;
  readonly content: string;
  /** The half of the task's own markers that says who. */
  readonly identity: string;
  readonly by?: "override";
}): PushTaskState {
  const { pushId, status, sendAt, collapseId, createdAt = now } = sighting;
  return {
    inputs,
    schema: schemaVersion,
    ...appOf(app),
    marker,
    ...(identityHalf(marker) !== identity && { ownIdentity: identity }),
    pushId,
    ...(collapseId !== undefined && { collapseId }),
    status,
    phase: phaseOf(status, sighting, now),
    sendAt: sendAt.toISOString(),
    revisions: [...revisions, { pushId, at: createdAt.toISOString(), content, ...(by && { by }) }],
  };
}

/** The state of a task whose first push was not answered. */
export const unresolvedState = (app: App, inputs: PushTaskInputs, unresolved: Attempt): PushTaskState => ({
  inputs,
  schema: schemaVersion,
  ...appOf(app),
  marker: unresolved.marker,
  phase: "unresolved",
  sendAt: unresolved.sendAt,
  revisions: [],
  unresolved,
});

/** The state of a task that a later run hands to the service. */
export const plannedState = (app: App, inputs: PushTaskInputs, marker: string, sendAt: Date): PushTaskState => ({
  inputs,
  schema: schemaVersion,
  ...appOf(app),
  marker,
  phase: "planned",
  sendAt: sendAt.toISOString(),
  revisions: [],
});

/** The state of a task that was never sent. */
export const skippedState = (app: App, inputs: PushTaskInputs, marker: string, sendAt: Date): PushTaskState => ({
  inputs,
  schema: schemaVersion,
  ...appOf(app),
  marker,
  phase: "skipped",
  skippedFor: inputs.remedy === undefined ? "time" : "remedy",
  sendAt: sendAt.toISOString(),
  revisions: [],
});
