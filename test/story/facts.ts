import { AssertionError, deepStrictEqual } from "node:assert/strict";
import type { Emulator, Phone, Task } from "pulumi-tpns/emulator";
import type { Said } from "./said.ts";
import type { Outcome } from "./steps.ts";

/** What a step brought about. */
export interface Facts {
  readonly said: Said;
  /** Seconds that pulumi took. */
  readonly seconds: number;
  /** Calls to the service. */
  readonly calls: number;
  /** By app and send time. */
  readonly tasks: readonly Task[];
  readonly phones: readonly Phone[];
  /** The names of the phones that alerted in this step, one for each time. */
  readonly alerted: readonly string[];
}

export type FactsOfPulumi = Pick<Facts, "said" | "seconds" | "calls">;

/** The service and its phones as they are now; `before` is how the phones were when the step began. */
export const factsOf = (emulator: Emulator, before: readonly Phone[], pulumi: FactsOfPulumi): Facts => {
  const { phones } = emulator;
  const alertsBefore = new Map(before.map(({ name, alerts }) => [name, alerts.length]));
  return {
    ...pulumi,
    tasks: [...emulator.tasks].sort(byAppAndSendTime),
    phones,
    alerted: phones.flatMap(({ name, alerts }) => alerts.slice(alertsBefore.get(name) ?? 0).map(() => name)),
  };
};

const byAppAndSendTime = (a: Task, b: Task): number =>
  a.accessId.localeCompare(b.accessId) || a.sendTime.localeCompare(b.sendTime);

/** @throws where the outcome of a step is not what the story says, with both. */
export const checkOutcome = (step: string, facts: Facts, told: Outcome): void => {
  try {
    deepStrictEqual(outcomeOf(facts, told), told);
  } catch (error) {
    throw error instanceof AssertionError ? new Error(`${step} is not as the story says: ${error.message}`) : error;
  }
};

const outcomeOf = ({ said, calls, tasks, phones, alerted }: Facts, told: Outcome): Outcome => ({
  summary: said.summary,
  tasks: tasks.map(({ status, content }) => [status, content]),
  phones: Object.fromEntries(phones.filter(showsAnything).map((phone) => [phone.name, contentOf(phone)])),
  alerted,
  ...(told.calls === undefined ? {} : { calls }),
});

const showsAnything = ({ notifications }: Phone): boolean => notifications.length > 0;

const contentOf = ({ notifications }: Phone): string => notifications.map(({ content }) => content).join(" | ");
