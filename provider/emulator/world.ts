import type { Clock } from "./clock.ts";
import type { FaultQueue } from "./fault.ts";
import type { Limits } from "./limits.ts";
import type { LoggedRequest } from "./logged-request.ts";
import type { Store } from "./store.ts";
import type { Switches } from "./switches.ts";

/** Everything that an emulator consists of, beside its server. */
export interface World {
  readonly clock: Clock;
  readonly switches: Switches;
  readonly store: Store;
  readonly limits: Limits;
  readonly faults: FaultQueue;
  readonly requests: LoggedRequest[];
}
