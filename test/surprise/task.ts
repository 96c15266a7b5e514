import { type Declared, first, second } from "../engine/shop.ts";

/** Where a task stands when the surprise comes; the task has it for its name and its title. */
export type Phase = "pending" | "live" | "sent";

export const phases: readonly Phase[] = ["pending", "live", "sent"];

/** One value for each phase. */
export const byPhase = <T>(of: (name: Phase) => T): Record<Phase, T> => ({
  pending: of("pending"),
  live: of("live"),
  sent: of("sent"),
});

/** Some of the tasks, or of their new declarations. */
export type Some = Readonly<Record<string, Declared>>;

const sendTimes: Readonly<Record<Phase, string>> = {
  pending: "2027-02-20T10:00:00+08:00",
  live: "2027-02-04T10:00:00+08:00",
  sent: "2027-02-02T10:00:00+08:00",
};

/** These tasks as every row begins with them, and what is added to each. */
export const some = (names: readonly Phase[], added: Declared | ((name: Phase) => Declared) = {}): Some =>
  Object.fromEntries(
    names.map((name) => [name, { sendTime: sendTimes[name], ...(typeof added === "function" ? added(name) : added) }]),
  );

/** The three tasks as every row begins with them. */
export const tasks = some(phases);

/** With another text. */
export const edited = (names: readonly Phase[], added: Declared = {}): Some =>
  some(names, { ...added, content: second });

/** Declared no more. */
export const removed = (names: readonly string[]): Readonly<Record<string, undefined>> =>
  Object.fromEntries(names.map((name) => [name, undefined]));

/** The same tasks under new names. */
export const renamed = (
  names: readonly Phase[],
  added: (name: Phase) => Declared = () => ({}),
): Readonly<Record<string, Declared | undefined>> => ({
  ...removed(names),
  ...Object.fromEntries(names.map((name) => [`renamed-${name}`, retitled(name, added(name))])),
});

/** A task's title is its name, unless told. */
const retitled = (name: Phase, { content = first, ...added }: Declared): Declared => ({
  sendTime: sendTimes[name],
  ...added,
  message: { title: name, content },
});
