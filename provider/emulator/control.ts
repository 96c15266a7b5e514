import * as z from "zod";
import { PushStatus } from "../tpns/schema/record.ts";
import { Fault } from "./fault.ts";
import { Switches } from "./switches.ts";
import { phonesOf, setStatus, tasksOf } from "./view.ts";
import type { World } from "./world.ts";

/** All paths of the control API begin with this; no path of the service does. */
export const controlPrefix = "/emulator";

/** Sets the clock, steps it, gives it a pace: in this order, each only if told. */
const ClockChange = z.strictObject({
  /** ISO 8601 with an offset. */
  set: z.string().optional(),
  /** Service seconds. */
  step: z.number().optional(),
  /** Service seconds per real second; 0 stands still. */
  pace: z.number().optional(),
});

/** What happens to a phone. */
const PhoneChange = z.strictObject({
  name: z.string(),
  online: z.boolean().optional(),
  /** A push id, or true for the newest notification. */
  click: z.union([z.string(), z.literal(true)]).optional(),
});

/** Puts a task into a status, as nothing else would. */
const TaskChange = z.strictObject({ pushId: z.string(), status: PushStatus });

/** An object, whatever is in it. */
const Named = z.record(z.string(), z.unknown());

interface Resource {
  readonly read: (world: World) => unknown;
  readonly change?: (world: World, body: unknown) => void;
}

const resources: ReadonlyMap<string, Resource> = new Map<string, Resource>([
  ["clock", { read: readClock, change: changeClock }],
  ["phones", { read: phonesOf, change: changePhone }],
  ["tasks", { read: tasksOf, change: changeTask }],
  ["requests", { read: (world) => world.requests.entries }],
  ["faults", { read: (world) => world.faults.waiting(), change: (world, body) => world.faults.add(Fault.parse(body)) }],
  ["switches", { read: (world) => world.switches, change: changeSwitches }],
]);

/** Answers a request to the control API: GET reads, POST changes and reads. */
export const control = (world: World, method: string, path: string, bytes: Buffer): ControlAnswer => {
  const resource = resources.get(path.slice(controlPrefix.length + 1));
  if (resource === undefined) return { status: 404, answer: { error: `write one of ${paths().join(", ")}` } };
  if (method === "GET") return { status: 200, answer: resource.read(world) };
  if (method !== "POST" || resource.change === undefined) return { status: 405, answer: { error: "write GET" } };
  try {
    resource.change(world, JSON.parse(bytes.toString("utf8")));
    return { status: 200, answer: resource.read(world) };
  } catch (error) {
    return { status: 400, answer: { error: reasonOf(error) } };
  }
};

interface ControlAnswer {
  readonly status: number;
  readonly answer: unknown;
}

const paths = (): readonly string[] => [...resources.keys()].map((name) => `${controlPrefix}/${name}`);

const reasonOf = (error: unknown): string => {
  if (error instanceof z.ZodError) return z.prettifyError(error).replaceAll("\n", " ");
  return error instanceof Error ? error.message : String(error);
};

function readClock({ clock }: World): unknown {
  return { now: clock.now().toISOString(), pace: clock.pace };
}

function changeClock({ clock }: World, body: unknown): void {
  const { set, step, pace } = ClockChange.parse(body);
  if (set !== undefined) clock.set(set);
  if (step !== undefined) clock.step(step);
  if (pace !== undefined) clock.setPace(pace);
}

function changePhone({ clock, phones, switches }: World, body: unknown): void {
  const { name, online, click } = PhoneChange.parse(body);
  if (online !== undefined) phones.setOnline(name, online, clock.nowMs(), switches);
  if (click !== undefined) phones.click(name, click === true ? undefined : click);
}

function changeTask(world: World, body: unknown): void {
  const { pushId, status } = TaskChange.parse(body);
  setStatus(world, pushId, status);
}

function changeSwitches(world: World, body: unknown): void {
  Object.assign(world.switches, Switches.parse({ ...world.switches, ...Named.parse(body) }));
}
