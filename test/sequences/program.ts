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
  readonly content: Content;
  /** ISO 8601, or "asap". */
  readonly time: string;
  readonly audience: "all" | "tag";
  readonly remedy?: "cancel" | "terminate" | undefined;
  readonly ifSent?: "refuse" | undefined;
  readonly onDelete?: "terminate" | undefined;
  readonly pastSendTime?: "skip" | undefined;
  /** A former name, as the option `aliases` has it. */
  readonly alias?: string | undefined;
  /** Counts the edits of what is to be sent: the same number is the same wish. */
  readonly wish: number;
}

/** What a stack declares, by resource name. */
export type Program = ReadonlyMap<string, Declaration>;

/** What is to be sent, to whom and when: equal for equal wishes. */
export const versionOf = ({ content, audience, time }: Pick<Declaration, "content" | "audience" | "time">): string =>
  `${content} to ${audience} ${time === "asap" ? time : new Date(time).toISOString()}`;

const audiences = {
  all: { type: "all" },
  tag: { type: "tag", tagRules: [{ tagItems: [{ tags: ["sale"], tagsOperator: "OR" }] }] },
} as const;

/** As `PushTaskArgs` has it and the class completes it. */
export function inputsOf(stack: string, name: string, declaration: Declaration): Properties {
  const { content, time, audience, remedy, ifSent, onDelete, pastSendTime } = declaration;
  return {
    identity: identityOf(name, stack),
    audience: audiences[audience],
    sendTime: time === "asap" ? { asap: true, notAfter } : time,
    message: { title: "Sale", content },
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
    const { alias } = declaration;
    return { urn: urnOf(name, stack), aliases: alias === undefined ? [] : [urnOf(alias, stack)], inputs };
  });
