import type { AddressInfo } from "node:net";
import type { PushStatus } from "../tpns/schema/status.ts";
import { Clock, momentOf } from "./clock.ts";
import { Database } from "./data/database.ts";
import { generate } from "./data/generate.ts";
import { keepTime, keptTime } from "./data/kept-time.ts";
import { Limits } from "./data/limits.ts";
import { Phones } from "./data/phones.ts";
import { RequestLog } from "./data/request-log.ts";
import { Schedule } from "./data/schedule.ts";
import { Store } from "./data/store.ts";
import { carryOut, setOnline } from "./dispatch.ts";
import { type Fault, FaultQueue } from "./fault.ts";
import { type App, androidApp, defaultFleet, type GeneratedFleet, iosApp, readFleet } from "./fleet.ts";
import type { LoggedRequest } from "./logged-request.ts";
import type { Phone, PhoneSpec } from "./phone.ts";
import { createEmulatorServer } from "./server.ts";
import { Switches } from "./switches.ts";
import type { Task } from "./task.ts";
import { phonesOf, setStatus, tasksOf } from "./view.ts";
import type { World } from "./world.ts";

export type { Fault } from "./fault.ts";
export { type App, androidApp, type GeneratedFleet, iosApp } from "./fleet.ts";
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
  /** Default five Android phones and two iPhones of the default apps. A data file keeps those that it began with. */
  readonly phones?: readonly PhoneSpec[] | GeneratedFleet;
  /** What the documents leave open; each has a default. */
  readonly switches?: Partial<Switches>;
  /** File that keeps everything, and is taken up where it ended; default: in memory. */
  readonly dataFile?: string;
  /** Told of each request to the service, as it ended. */
  readonly onRequest?: (request: LoggedRequest) => void;
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

/** Which phones are wanted. */
export interface PhoneQuery {
  /** Part of the name; or the whole of a token, channel, tag or account. Default: any. */
  readonly search?: string;
  /** Default 0. */
  readonly offset?: number;
  /** Default 50. */
  readonly limit?: number;
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
  /** All of them; of a large fleet ask for some. */
  readonly phones: readonly Phone[];
  /** Some phones, in the order in which they were added, and how many there are. */
  findPhones(query?: PhoneQuery): { readonly count: number; readonly phones: readonly Phone[] };
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
  if (options.onRequest) world.requests.onRequest = options.onRequest;
  const stopKeeping = options.dataFile === undefined ? () => undefined : keepTime(world.database, world.clock);
  const server = createEmulatorServer(world, options.host);
  const { port = 0, host = "127.0.0.1" } = options;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  }).catch((error: unknown) => {
    world.clock.stop();
    stopKeeping();
    world.database.close();
    throw error;
  });
  const close = async (): Promise<void> => {
    world.clock.stop();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    stopKeeping();
    world.database.close();
  };
  return emulatorOf(world, urlOf(host, server.address()), close);
}

const createWorld = ({
  now,
  pace = 1,
  apps,
  phones: specs = defaultFleet,
  switches,
  dataFile,
}: EmulatorOptions): World => {
  const startMs = now === undefined ? undefined : momentOf(now);
  const database = new Database(dataFile);
  const clock = new Clock({
    startMs: startMs ?? keptTime(database) ?? Date.now(),
    pace,
    elapsedMs: () => performance.now(),
  });
  const world: World = {
    clock,
    switches: Switches.parse(switches ?? {}),
    database,
    // Real time, also where the service's clock is set: a state that outlives this emulator must not meet its ids again.
    store: new Store(database, apps ?? [androidApp, iosApp], Date.now()),
    phones: new Phones(database),
    schedule: new Schedule(database, clock),
    limits: new Limits(database),
    faults: new FaultQueue(),
    requests: new RequestLog(database),
  };
  database.transaction(() => {
    if (database.run("insert or ignore into meta (name, value) values ('begunMs', :now)", { now: clock.nowMs() }) === 0)
      return;
    if (isGenerated(specs)) generate(database, readFleet(specs));
    else for (const spec of specs) world.phones.add(spec);
  });
  world.schedule.begin((kind, number) => carryOut(world, kind, number));
  return world;
};

const isGenerated = (phones: readonly PhoneSpec[] | GeneratedFleet): phones is GeneratedFleet => "count" in phones;

const urlOf = (host: string, address: AddressInfo | string | null): string => {
  if (address === null || typeof address === "string") throw new Error("the emulator has no port; please report this");
  return `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
};

const emulatorOf = (world: World, url: string, close: () => Promise<void>): Emulator => {
  const { clock, faults, phones, requests, store } = world;
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
    requests: requests.entries,
    findPhones: ({ search = "", offset = 0, limit = 50 } = {}) =>
      current(() => phones.search(search, offset, limit, clock.nowMs())),
    phone: (name) => current(() => phones.phone(name, clock.nowMs())),
    setOnline: (name, online) => current(() => setOnline(world, name, online)),
    click: (name, pushId) => current(() => phones.click(name, pushId)),
    setStatus: (pushId, status) => current(() => setStatus(world, pushId, status)),
    failNext: (fault) => faults.add(fault),
    close,
    [Symbol.asyncDispose]: close,
  };
};
