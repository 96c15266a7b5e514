import type { TakeSlot } from "../tpns/pacing.ts";
import type { Store } from "./store.ts";

/**
 * No slot is further ahead than one interval, and a little for who waited for the store since it looked at its clock.
 * What is, was written while this machine's clock was wrong.
 */
const maxIntervalsAhead = 2;

/** The push slots of one app, shared by all processes that use the store. A slot is taken when its push goes, not before. */
export const createPushSlots =
  (store: Store, app: string): TakeSlot =>
  (now, interval) =>
    store.note((tables) => {
      const { freeAt = now } = tables.prepare("select freeAt from pushSlot where app = ?").get(app) ?? {};
      const wait = Number(freeAt) - now;
      if (wait > 0 && wait <= maxIntervalsAhead * interval) return wait;
      tables.prepare("insert or replace into pushSlot (app, freeAt) values (?, ?)").run(app, now + interval);
      return 0;
    });
