import type { LoggedRequest } from "../logged-request.ts";
import type { Database } from "./database.ts";

/** More would fill the memory of an emulator that runs for weeks. */
const keptRequests = 100_000;

/** The requests to the service, in order. */
export class RequestLog {
  readonly entries: LoggedRequest[];
  /** Told of each request once it is written down. */
  onRequest: (request: LoggedRequest) => void = () => undefined;
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    this.entries = database
      .all("select entry from request order by number")
      .map(({ entry }) => JSON.parse(String(entry)));
  }

  add(request: LoggedRequest): void {
    this.#database.run("insert into request (entry) values (:entry)", { entry: JSON.stringify(request) });
    this.entries.push(request);
    this.onRequest(request);
    if (this.entries.length <= keptRequests) return;
    this.entries.shift();
    this.#database.run("delete from request where number = (select min(number) from request)");
  }
}
