import type { AddressInfo } from "node:net";
import type { PushStatus } from "../tpns/schema/status.ts";
import { Clock, momentOf } from "./clock.ts";
import { type Fault, FaultQueue } from "./fault.ts";
import { type App, androidApp, defaultFleet, iosApp } from "./fleet.ts";
import { Limits } from "./limits.ts";
import type { LoggedRequest } from "./logged-request.ts";
import { type Phone, type PhoneSpec, SimulatedPhone } from "./phone.ts";
import { createEmulatorServer } from "./server.ts";
import { Store } from "./store.ts";
import { Switches } from "./switches.ts";
import type { Task } from "./task.ts";
import { phonesOf, setStatus, tasksOf } from "./view.ts";
import type { World } from "./world.ts";

export type { Fault } from "./fault.ts";
export { type App, androidApp, iosApp } from "./fleet.ts";
export type { LoggedRequest } from "./logged-request.ts";
export type { Alert, Notification, Phone, PhoneSpec } from "./phone.ts";
export type { Switches } from "./switches.ts";
export type { Task } from "./task.ts";

/** How an emulator is to be; without any it serves two apps and their phones on a free port, in real time. */
export interface EmulatorOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Where the service's clock starts, ISO 8601; default the real time. */
  readonly now?: string | Date;
  /** Service seconds per real second; default 1; 0 stands still. */
  readonly pace?: number;
  /** Default `androidApp` and `iosApp`. */
  readonly apps?: readonly App[];
  /** Default five Android phones and two iPhones of these apps. */
  readonly phones?: readonly PhoneSpec[];
  /** What the documents leave open; each has a default. */
  readonly switches?: Partial<Switches>;
}

/** The service's clock, to be moved. */
export interface EmulatorClock {
  /** Service seconds per real second. */
  readonly pace: number;
  now(): Date;
  /** Goes to a moment; what is due until then is done in order. The clock runs on. */
  set(time: string | Date): void;
  /** Goes on by service seconds; what is due until then is done in order. */
  step(seconds: number): void;
  /** Service seconds per real second. */
  setPace(pace: number): void;
}

/** A task in three words. */
export type TaskSummary = Pick<Task, "pushId" | "status" | "title">;

/** A running emulator. */
export interface Emulator extends AsyncDisposable {
  readonly url: string;
  readonly clock: EmulatorClock;
  readonly apps: readonly App[];
  /** Every task of every app, in the order of creation. */
  readonly tasks: readonly Task[];
  /** The same, small. */
  readonly records: readonly TaskSummary[];
  readonly phones: readonly Phone[];
  /** Every request to the service, in order; those of the control API are none. */
  readonly requests: readonly LoggedRequest[];
  /** Throws if no phone has the name. */
  phone(name: string): Phone;
  /** Coming online delivers what is stored. */
  setOnline(name: string, online: boolean): void;
  /** Opens a notification, the newest unless told. */
  click(name: string, pushId?: string): void;
  /** Puts a task into a status that no request brings about, such as PUSH_FAILED. */
  setStatus(pushId: string, status: PushStatus): void;
  /** The next requests to a path meet a fault. */
  failNext(fault: Fault): void;
  close(): Promise<void>;
}

/** Starts the service on this machine. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const world = createWorld(options);
  const server = createEmulatorServer(world);
  const { port = 0, host = "127.0.0.1" } = options;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const close = async (): Promise<void> => {
    world.clock.stop();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return emulatorOf(world, urlOf(host, server.address()), close);
}

const createWorld = (options: EmulatorOptions): World => {
  const startMs = options.now === undefined ? Date.now() : momentOf(options.now);
  const phones = (options.phones ?? defaultFleet).map((spec) => new SimulatedPhone(spec));
  return {
    clock: new Clock({ startMs, pace: options.pace ?? 1, elapsedMs: () => performance.now() }),
    switches: Switches.parse(options.switches ?? {}),
    // Real time, also where the service's clock is set: a state that outlives this emulator must not meet its ids again.
    store: new Store(options.apps ?? [androidApp, iosApp], phones, Date.now()),
    limits: new Limits(),
    faults: new FaultQueue(),
    requests: [],
  };
};

const urlOf = (host: string, address: AddressInfo | string | null): string => {
  if (address === null || typeof address === "string") throw new Error("the emulator has no port; please report this");
  return `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
};

const emulatorOf = (world: World, url: string, close: () => Promise<void>): Emulator => {
  const { clock, faults, requests, store } = world;
  /** A timer can be late; nobody is to see that. */
  const current = <Value>(read: (world: World) => Value): Value => {
    clock.catchUp();
    return read(world);
  };
  return {
    url,
    clock,
    apps: store.apps,
    get tasks() {
      return current(tasksOf);
    },
    get records() {
      return current(tasksOf).map(({ pushId, status, title }) => ({ pushId, status, title }));
    },
    get phones() {
      return current(phonesOf);
    },
    requests,
    phone: (name) => current(() => store.phone(name).view(clock.nowMs())),
    setOnline: (name, online) => current(() => store.phone(name).setOnline(online, clock.nowMs())),
    click: (name, pushId) => current(() => store.phone(name).click(pushId)),
    setStatus: (pushId, status) => current(() => setStatus(world, pushId, status)),
    failNext: (fault) => faults.add(fault),
    close,
    [Symbol.asyncDispose]: close,
  };
};
