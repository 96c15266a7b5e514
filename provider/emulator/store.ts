import type { Channel } from "../tpns/schema/channel.ts";
import type { PushStatus } from "../tpns/schema/status.ts";
import type { Audience } from "./audience.ts";
import type { App } from "./fleet.ts";
import type { SimulatedPhone } from "./phone.ts";
import { secondMs } from "./service-time.ts";

/** What an accepted request asks for, with the service's defaults filled in. */
export interface Push {
  readonly audience: Audience;
  readonly title: string;
  readonly content: string;
  readonly messageType: "notify" | "message";
  readonly environment: string;
  /** Milliseconds since 1970 at which it is to be dispatched; undefined: now. */
  readonly sendAtMs: number | undefined;
  /** Seconds that offline storage keeps it. */
  readonly expireTime: number;
  /** Messages a second; undefined: as fast as the service can. */
  readonly pushSpeed: number | undefined;
  /** The collapse id of the task that it overrides. */
  readonly collapseId: number | undefined;
  readonly forceCollapse: boolean;
  readonly disabledChannels: readonly Channel[];
  readonly groupId: string;
  readonly multiPkg: boolean;
  readonly uploadId: number;
  readonly mediaUrl: string;
  readonly audioUrl: string;
  readonly android: Readonly<Record<string, unknown>>;
  readonly ios: Readonly<Record<string, unknown>>;
}

/** A task of the service. */
export interface StoredTask extends Omit<Push, "sendAtMs" | "collapseId"> {
  readonly pushId: string;
  readonly accessId: string;
  readonly createdMs: number;
  readonly sendAtMs: number;
  /** 0: its audience has none. */
  readonly collapseId: number;
  /** It was pushed with the collapse id of another. */
  readonly overrides: boolean;
  status: PushStatus;
  /** Times that it was dispatched: more than once is a bug of somebody. */
  executions: number;
  dispatchedMs: number | undefined;
}

/** An uploaded file of accounts or tokens. */
export interface UploadedPackage {
  readonly uploadId: number;
  readonly accessId: string;
  readonly rows: readonly string[];
}

/** Seconds after which the ids of an emulator may come again, 2.8 years; 100 ids a second stay apart until then. */
const idCycleSeconds = 90_000_000;
const idsPerSecond = 100;
const firstPushId = 1_000_000_000;

/** What stands before the ten digits of a longer push id. */
const longPushIdPrefix = "132824513";

/** What the service knows, in memory. */
export class Store {
  readonly apps: readonly App[];
  readonly phones: readonly SimulatedPhone[];
  readonly #tasks = new Map<string, StoredTask>();
  readonly #packages = new Map<number, UploadedPackage>();
  #lastId: number;

  /** Ids begin at the moment, in milliseconds, so that an emulator started later gives others. */
  constructor(apps: readonly App[], phones: readonly SimulatedPhone[], beginMs: number) {
    this.apps = apps;
    this.phones = phones;
    this.#lastId = (Math.floor(beginMs / secondMs) % idCycleSeconds) * idsPerSecond;
  }

  app(accessId: string): App | undefined {
    return this.apps.find((app) => app.accessId === accessId);
  }

  phonesOf(accessId: string): readonly SimulatedPhone[] {
    return this.phones.filter((phone) => phone.spec.accessId === accessId);
  }

  phone(name: string): SimulatedPhone {
    const phone = this.phones.find((candidate) => candidate.spec.name === name);
    if (phone !== undefined) return phone;
    const names = this.phones.map((candidate) => candidate.spec.name).join(", ");
    throw new Error(`there is no phone "${name}"; write one of ${names}`);
  }

  newPushId(digits: number): string {
    this.#lastId += 1;
    return longPushIdPrefix.slice(0, digits - 10) + String(firstPushId + this.#lastId);
  }

  /** Collapse ids and upload ids fit 32 bits. */
  newSmallId(): number {
    this.#lastId += 1;
    return 1 + (this.#lastId % (2 ** 32 - 1));
  }

  addTask(task: StoredTask): void {
    this.#tasks.set(task.pushId, task);
  }

  /** Every task, in the order of creation. */
  tasks(): readonly StoredTask[] {
    return [...this.#tasks.values()];
  }

  tasksOf(accessId: string): readonly StoredTask[] {
    return this.tasks().filter((task) => task.accessId === accessId);
  }

  /** A task of the app; the ids of other apps are unknown to it. */
  task(accessId: string, pushId: string): StoredTask | undefined {
    const task = this.#tasks.get(pushId);
    return task?.accessId === accessId ? task : undefined;
  }

  /** The tasks that share a collapse id. */
  tasksWithCollapseId(accessId: string, collapseId: number): readonly StoredTask[] {
    return this.tasksOf(accessId).filter((task) => task.collapseId === collapseId);
  }

  addPackage(upload: UploadedPackage): void {
    this.#packages.set(upload.uploadId, upload);
  }

  package(accessId: string, uploadId: number): UploadedPackage | undefined {
    const upload = this.#packages.get(uploadId);
    return upload?.accessId === accessId ? upload : undefined;
  }
}
