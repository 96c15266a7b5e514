import type { Attempt } from "../once/attempt.ts";
import type { PlanRefusal } from "../remedy/plan.ts";
import type { Context } from "./context.ts";
import { untilMinute } from "./send-time.ts";

/** A line for the user: what was not done, why, and what to write to go on. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** A push went out, or did not: nothing that answers can tell. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
  readonly attempt: Attempt;

  constructor(message: string, attempt: Attempt) {
    super(message);
    this.attempt = attempt;
  }
}

/** An earlier run's request may still arrive, so that nothing can be decided yet. */
export class Undecided extends Error {
  override readonly name = "Undecided";
  /** The push in doubt; undefined where it is a withdrawal. */
  readonly attempt: Attempt | undefined;

  constructor(action: string, attempt: Attempt | undefined, from: Date, what = attempt ? "a push" : "a withdrawal") {
    super(
      `${action}: ${what} of an earlier run was not answered, and whether it was carried out can be told from ${untilMinute(from)} on; run the same again then`,
    );
    this.attempt = attempt;
  }
}

/** Something was done and something is missing: the engine keeps the state, and the next `up` goes on from it. */
export class Incomplete extends Error {
  override readonly name = "Incomplete";
  /** The outputs that the engine is to store. */
  readonly outs: Readonly<Record<string, unknown>>;

  constructor(message: string, outs: Readonly<Record<string, unknown>>) {
    super(message);
    this.outs = outs;
  }
}

/** Dispatch won the race against a cancel, or another run was faster: what is to be done must be decided anew. */
export class Raced extends Error {
  override readonly name = "Raced";
}

/** Says the consent's line, and all others that this run has asked for, so that one setting serves them. */
export function refused({ run }: Context, action: string, { refusal, wayOn, consent }: PlanRefusal): Refused {
  if (consent === undefined) return new Refused(`${action}: ${refusal}; ${wayOn}`);
  run.wanted.add(consent);
  const environment = `TPNS_CONSENT=${[...run.wanted].join(",")}`;
  // What is removed from the program has no place for a consent but the environment.
  const lines = consent.startsWith("delete-live:")
    ? `set ${environment}`
    : `to do it nevertheless write consent: ["${consent}"] or set ${environment}`;
  return new Refused(`${action}: ${refusal}; ${wayOn}; or ${lines}`);
}
