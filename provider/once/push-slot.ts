import type { ReserveSlot } from "../tpns/pacing.ts";
import type { Store } from "./store.ts";

/**
 * Each process waits for one slot at a time, so more than these are never taken. A slot further ahead was taken while
 * the machine's clock was wrong; and if there really are more processes, the service refuses what comes too fast.
 */
const maxSlotsAhead = 60;

/** The push slots of one app, shared by all processes that use the store. */
export const createPushSlots =
  (store: Store, app: string): ReserveSlot =>
  (now, interval) =>
    store.write((tables) => {
      const { freeAt = now } = tables.prepare("select freeAt from pushSlot where app = ?").get(app) ?? {};
      const slot = slotFrom(now, interval, Number(freeAt));
      tables.prepare("insert or replace into pushSlot (app, freeAt) values (?, ?)").run(app, slot + interval);
      return slot - now;
    });

const slotFrom = (now: number, interval: number, freeAt: number): number =>
  freeAt > now + maxSlotsAhead * interval ? now : Math.max(now, freeAt);
