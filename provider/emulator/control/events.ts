import type { ServerResponse } from "node:http";
import type { World } from "../world.ts";

/** Often enough to look immediate, seldom enough for a world in which a thousand things happen a second. */
const lookMs = 250;
/** A clock that runs is told once a second, one that stands still when it is moved. */
const looksPerTick = 4;

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
      this.#timer = setInterval(() => this.#look(), lookMs);
    }
    this.#listeners.add(response);
    response.on("close", () => this.#leave(response));
    response.write(`${clockEvent(this.#world)}event: change\ndata: {}\n\n`);
  }

  #leave(response: ServerResponse): void {
    this.#listeners.delete(response);
    if (this.#listeners.size === 0) clearInterval(this.#timer);
  }

  #look(): void {
    this.#looks += 1;
    const { clock } = this.#world;
    const ticks = clock.pace > 0 && this.#looks % looksPerTick === 0;
    const stands = `${clock.pace} ${clock.pace === 0 ? clock.nowMs() : ""}`;
    if (ticks || stands !== this.#clock) this.#tell(clockEvent(this.#world));
    this.#clock = stands;
    const state = this.#readState();
    if (state !== this.#state) this.#tell("event: change\ndata: {}\n\n");
    this.#state = state;
  }

  #tell(event: string): void {
    for (const listener of this.#listeners) listener.write(event);
  }

  /** Changes whenever a row does, or what no row holds. */
  #readState(): string {
    const { database, faults, switches } = this.#world;
    const rows = database.get("select total_changes() as rows")?.rows;
    return JSON.stringify([rows, faults.waiting(), switches]);
  }
}

const clockEvent = ({ clock }: World): string =>
  `event: clock\ndata: ${JSON.stringify({ now: clock.now().toISOString(), pace: clock.pace })}\n\n`;
