import type { ServerResponse } from "node:http";
import type { World } from "../world.ts";

/** Often enough to look immediate, seldom enough for a world in which a thousand things happen a second. */
const lookMs = 250;
/** A clock that runs is told once a second, one that stands still when it is moved. */
const looksPerTick = 4;
/** Time itself changes what can still be done about a task. */
const looksPerPassing = 8;

/** Tells whoever listens that something changed, so that a page reads again what it shows. */
export class Events {
  readonly #world: World;
  readonly #listeners = new Set<ServerResponse>();
  #timer: NodeJS.Timeout | undefined;
  #looks = 0;
  #state = "";
  #clock = "";

  constructor(world: World) {
    this.#world = world;
  }

  /** Keeps the answer open until its reader goes. */
  serve(response: ServerResponse): void {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    if (this.#listeners.size === 0) {
      this.#state = this.#readState();
      this.#clock = this.#readClock();
      this.#timer = setInterval(() => this.#look(), lookMs);
    }
    this.#listeners.add(response);
    response.on("close", () => this.#leave(response));
    response.write(clockEvent(this.#world) + changeEvent);
  }

  #leave(response: ServerResponse): void {
    this.#listeners.delete(response);
    if (this.#listeners.size === 0) clearInterval(this.#timer);
  }

  #look(): void {
    this.#looks += 1;
    const { clock } = this.#world;
    const stands = this.#readClock();
    const isMoved = stands !== this.#clock;
    const state = this.#readState();
    const isChanged = state !== this.#state || isMoved || (clock.pace > 0 && this.#looks % looksPerPassing === 0);
    if (isMoved || (clock.pace > 0 && this.#looks % looksPerTick === 0)) this.#tell(clockEvent(this.#world));
    if (isChanged) this.#tell(changeEvent);
    this.#clock = stands;
    this.#state = state;
  }

  #tell(event: string): void {
    for (const listener of this.#listeners) listener.write(event);
  }

  /** Changes where the clock is moved while it stands, or runs at another pace. */
  #readClock(): string {
    const { clock } = this.#world;
    return `${clock.pace} ${clock.pace === 0 ? clock.nowMs() : ""}`;
  }

  /** Changes whenever a row does, or what no row holds. */
  #readState(): string {
    const { database, faults, switches } = this.#world;
    const rows = database.get("select total_changes() as rows")?.rows;
    return JSON.stringify([rows, faults.waiting(), switches]);
  }
}

const changeEvent = "event: change\ndata: {}\n\n";

const clockEvent = ({ clock }: World): string =>
  `event: clock\ndata: ${JSON.stringify({ now: clock.now().toISOString(), pace: clock.pace })}\n\n`;
