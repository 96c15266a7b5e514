import { identityOf, type Properties, urnOf } from "../lifecycle/fixture.ts";
import type { Declared } from "./engine.ts";

/** The texts that a team schedules; few, so that tasks meet each other. */
export const contents = ["A", "B", "C"] as const;
export type Content = (typeof contents)[number];

/** Send times between which a team moves a task; an emulator starts on 1 February at 8:00. */
export const times = [
  "2027-02-01T10:00:00+08:00",
  "2027-02-02T10:00:00+08:00",
  "2027-02-04T10:00:00+08:00",
  "2027-02-08T10:00:00+08:00",
  "asap",
] as const;

/** Where an `asap` task stops being sent. */
const notAfter = "2027-02-06T08:00:00+08:00";

/** What one task is declared as. */
export interface Declaration {
  readonly content: string;
  /** ISO 8601, or "asap". */
  readonly time: string;
  readonly audience: "all" | "tag";
  readonly remedy?: "cancel" | "terminate" | undefined;
  readonly ifSent?: "refuse" | undefined;
  readonly onDelete?: "terminate" | undefined;
  readonly pastSendTime?: "skip" | undefined;
  readonly handOverDays?: number | undefined;
  /** Former names, as the option `aliases` has them. */
  readonly aliases?: readonly string[] | undefined;
  /** What a campaign made of it. */
  readonly args?: Properties | undefined;
  /** Counts the edits of what is to be sent: the same number is the same wish. */
  readonly wish: number;
}

/** What a stack declares, by resource name. */
export type Program = ReadonlyMap<string, Declaration>;

/** What is to be sent, to whom and when: equal for equal wishes. */
export const versionOf = ({ content, audience, time }: Pick<Declaration, "content" | "audience" | "time">): string =>
  `${content} to ${audience} ${time === "asap" ? time : new Date(time).toISOString()}`;

const dayMilliseconds = 24 * 60 * 60 * 1_000;

/** From when on a task is handed to the service; the beginning of all time where that is at once. */
export const handOverOf = ({ time, handOverDays, remedy }: Declaration): number =>
  handOverDays === undefined || time === "asap" || remedy !== undefined
    ? Number.NEGATIVE_INFINITY
    : Date.parse(time) - handOverDays * dayMilliseconds;

/** Until when an undelivered task may still be sent for the first time. */
export const lastMomentOf = ({ time }: Pick<Declaration, "time">): number =>
  Date.parse(time === "asap" ? notAfter : time);

const audiences = {
  all: { type: "all" },
  tag: { type: "tag", tagRules: [{ tagItems: [{ tags: ["sale"], tagsOperator: "OR" }] }] },
} as const;

/** As `PushTaskArgs` has it and the class completes it. */
export function inputsOf(stack: string, name: string, declaration: Declaration): Properties {
  const { content, time, audience, remedy, ifSent, onDelete, pastSendTime, handOverDays, args } = declaration;
  return {
    ...args,
    identity: identityOf(name, stack),
    audience: audiences[audience],
    sendTime: time === "asap" ? { asap: true, notAfter } : time,
    message: { title: "Sale", content },
    ...(handOverDays && { handOverDays }),
    ...(remedy && { remedy }),
    ...(ifSent && { ifSent }),
    ...(onDelete && { onDelete }),
    ...(pastSendTime && { pastSendTime }),
  };
}

const declarations = new WeakMap<Properties, Declaration>();

/** What recorded inputs were declared as. */
export const declarationOf = (inputs: Properties): Declaration | undefined => declarations.get(inputs);

/** What the engine is told of a program. */
export const declaredBy = (stack: string, program: Program): readonly Declared[] =>
  [...program].map(([name, declaration]) => {
    const inputs = inputsOf(stack, name, declaration);
    declarations.set(inputs, declaration);
    const { aliases = [] } = declaration;
    return { urn: urnOf(name, stack), aliases: aliases.map((alias) => urnOf(alias, stack)), inputs };
  });
