import type { Clock } from "../clock.ts";
import { secondMs } from "../service-time.ts";
import type { Database } from "./database.ts";

/** The service's time at which an earlier process was last seen, in milliseconds. */
export const keptTime = (database: Database): number | undefined => {
  const kept = database.get("select value from meta where name = 'serviceMs'")?.value;
  return kept === undefined ? undefined : Number(kept);
};

/** Writes the service's time down with whatever is written, and each second. Gives what ends that. */
export function keepTime(database: Database, clock: Clock): () => void {
  const write = (): void => {
    database.run("insert or replace into meta (name, value) values ('serviceMs', :nowMs)", { nowMs: clock.nowMs() });
  };
  database.beforeCommit(write);
  const timer = setInterval(write, secondMs).unref();
  return () => {
    clearInterval(timer);
    write();
  };
}
