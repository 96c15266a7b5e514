import * as z from "zod";
import { PushStatus } from "../tpns/schema/record.ts";
import { readOverview, readSwitchList } from "./control/overview.ts";
import { readPhone, readPhonePage } from "./control/phone.ts";
import { applyRemedy } from "./control/remedy.ts";
import { readRequestPage } from "./control/request.ts";
import { readTask, readTaskPage } from "./control/task.ts";
import { setOnline } from "./dispatch.ts";
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
  readonly read?: (world: World, query: URLSearchParams) => unknown;
  /** What it gives is the answer; if nothing, what `read` gives. */
  readonly change?: (world: World, body: unknown) => unknown;
}

const resources: ReadonlyMap<string, Resource> = new Map<string, Resource>([
  ["clock", { read: readClock, change: changeClock }],
  ["phones", { read: phonesOf, change: changePhone }],
  ["tasks", { read: tasksOf, change: changeTask }],
  ["requests", { read: (world) => world.requests.entries }],
  ["faults", { read: (world) => world.faults.waiting(), change: (world, body) => world.faults.add(Fault.parse(body)) }],
  ["overview", { read: readOverview }],
  ["task-page", { read: readTaskPage }],
  ["task", { read: readTask }],
  ["remedy", { change: applyRemedy }],
  ["phone-page", { read: readPhonePage }],
  ["phone", { read: readPhone }],
  ["request-page", { read: readRequestPage }],
  ["switch-list", { read: readSwitchList }],
  ["switches", { read: (world) => world.switches, change: changeSwitches }],
]);

/** Answers a request to the control API: GET reads, POST changes and reads. */
export const control = (world: World, { method, path, query, bytes }: ControlRequest): ControlAnswer => {
  const resource = resources.get(path.slice(controlPrefix.length + 1));
  if (resource === undefined) return { status: 404, answer: { error: `write one of ${paths().join(", ")}` } };
  const { read, change } = resource;
  try {
    if (method === "GET" && read !== undefined) return { status: 200, answer: read(world, query) };
    if (method !== "POST" || change === undefined) return wrongMethod(resource);
    const changed = change(world, JSON.parse(bytes.toString("utf8")));
    return { status: 200, answer: changed ?? read?.(world, query) };
  } catch (error) {
    return { status: 400, answer: { error: reasonOf(error) } };
  }
};

const wrongMethod = ({ read }: Resource): ControlAnswer => ({
  status: 405,
  answer: { error: `write ${read === undefined ? "POST" : "GET"}` },
});

/** A request to the control API. */
export interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly bytes: Buffer;
}

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

function changePhone(world: World, body: unknown): void {
  const { name, online, click } = PhoneChange.parse(body);
  if (online !== undefined) setOnline(world, name, online);
  if (click !== undefined) world.phones.click(name, click === true ? undefined : click);
}

function changeTask(world: World, body: unknown): void {
  const { pushId, status } = TaskChange.parse(body);
  setStatus(world, pushId, status);
}

function changeSwitches(world: World, body: unknown): void {
  Object.assign(world.switches, Switches.parse({ ...world.switches, ...Named.parse(body) }));
}
