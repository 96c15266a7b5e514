import type { Clock } from "./clock.ts";
import type { Database } from "./data/database.ts";
import type { Limits } from "./data/limits.ts";
import type { Phones } from "./data/phones.ts";
import type { RequestLog } from "./data/request-log.ts";
import type { Schedule } from "./data/schedule.ts";
import type { Store } from "./data/store.ts";
import type { FaultQueue } from "./fault.ts";
import type { Switches } from "./switches.ts";

/** Everything that an emulator consists of, beside its server. */
export interface World {
  readonly clock: Clock;
  readonly switches: Switches;
  readonly database: Database;
  readonly store: Store;
  readonly phones: Phones;
  readonly schedule: Schedule;
  readonly limits: Limits;
  readonly faults: FaultQueue;
  readonly requests: RequestLog;
}
