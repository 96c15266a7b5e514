import type { Writing } from "../../once/journal.ts";
import { contentMark } from "../../once/marker.ts";
import type { PushApiError, PushConnectionError } from "../../tpns/errors.ts";
import type { Context } from "../context.ts";
import { Raced, Refused } from "../refusal.ts";
import type { PushTaskInputs, Task } from "../task.ts";
import type { Seen } from "./observe.ts";
import type { Announced } from "./push-once.ts";
import type { PushTaskState } from "./state.ts";
import type { Trace } from "./trace.ts";

/** A task that is being changed, step by step. */
export interface Work {
  readonly action: "create" | "update" | "delete";
  readonly name: string;
  readonly urn: string;
  /** What the state records so far; its inputs are the old ones until all is done. */
  readonly state: PushTaskState;
  readonly seen: Seen;
  /** Push ids of the task that are scheduled beside the one that it is. */
  readonly surplus: readonly string[];
  /** What earlier runs left, as it was when this was decided. */
  readonly trace: Trace;
  /** Push ids that are no surprise to the look before a push. */
  readonly known: ReadonlySet<string>;
  /** What is declared; undefined when it is removed. */
  readonly declared?: { readonly inputs: PushTaskInputs; readonly task: Task };
  /** The withdrawal whose confirmation is due, and what the service refused of it. */
  readonly asked?: Asked;
  /** Where the steps are written down. */
  readonly writing?: Writing;
  /** A push is to follow the cancel: its place among the run's pushes is taken, and the journal holds it. */
  readonly announced?: Announced;
  /** What is cancelled is to be pushed by a later run. */
  readonly owes?: true;
  /** A cancel was confirmed: from here on every failure leaves nothing scheduled. */
  readonly cancelled?: boolean;
}

export interface Asked {
  readonly withdrawal: Withdrawal;
  readonly pushIds: readonly string[];
  /** Refused, or without an answer: the record tells what came of it. */
  readonly failures: ReadonlyMap<string, PushApiError | PushConnectionError>;
}

export type Withdrawal = "cancel" | "terminate" | "recall";

/** Carries out one step. */
export type Doing = (context: Context, work: Work) => Promise<Work>;

/** What is declared, of work that pushes it. */
export function declaredOf({ declared }: Work): NonNullable<Work["declared"]> {
  if (declared === undefined) throw new Error("please report this: a push of what was removed");
  return declared;
}

/** What the next run must make up for, if nothing follows the cancel. */
export const owedBy = ({ service }: Context, work: Work): NonNullable<PushTaskState["owed"]> => ({
  pushId: work.state.pushId ?? "",
  content: contentMark(declaredOf(work).task.canonical),
  at: service.now().toISOString(),
});

/** Dispatch can overtake a cancel once; more often, the record contradicts itself. */
const maxDecisions = 3;

/** Decides and acts, and does both anew on a fresh look where a race was lost. */
export async function untilDecided<T>(context: Context, urn: string, act: (now: boolean) => Promise<T>): Promise<T> {
  for (let decision = 1; ; decision += 1) {
    try {
      return await act(decision > 1);
    } catch (error) {
      if (!(error instanceof Raced)) throw error;
      if (decision === maxDecisions) throw new Refused(`${error.message}; run pulumi refresh, and then the same again`);
      context.log.warning(`${error.message}; what can still be done is decided anew`, urn);
    }
  }
}
