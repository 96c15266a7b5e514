import type { QueryCount } from "../tpns/query-limit.ts";
import type { Store } from "./store.ts";

/** The queries of one app, counted by all processes that use the store. */
export const createQueryCount = (store: Store, app: string): QueryCount => ({
  between: (from, to) =>
    (
      store.read((tables) =>
        tables.prepare("select at from query where app = ? and at > ? and at <= ? order by at").all(app, from, to),
      ) ?? []
    ).map(({ at }) => Number(at)),
  add(now, { before, after }) {
    unlessUnwritable(() =>
      store.note((tables) => {
        tables.prepare("delete from query where at < ? or (app = ? and at > ?)").run(before, app, after);
        tables.prepare("insert into query (app, at) values (?, ?)").run(app, now);
      }),
    );
  },
});

/** A preview is to look also where nothing can be written; what changes something says so before it does. */
function unlessUnwritable(write: () => void): void {
  try {
    write();
  } catch {
    // The service counts as well, and says when it is enough.
  }
}
