import type { Sighting } from "./look.ts";
import { parseMarker } from "./marker.ts";

/** The service's records as one read gave them, and what was pushed since; found by push id and by what markers say. */
export class Records {
  readonly #list: Sighting[] = [];
  readonly #byPushId = new Map<string, Sighting>();
  readonly #byIdentity = new Map<string, Sighting[]>();
  readonly #byContent = new Map<string, Sighting[]>();

  constructor(sightings: Iterable<Sighting> = []) {
    for (const sighting of sightings) this.add(sighting);
  }

  /** Adds what is not there yet. */
  add(sighting: Sighting): void {
    if (this.#byPushId.has(sighting.pushId)) return;
    this.#list.push(sighting);
    this.#byPushId.set(sighting.pushId, sighting);
    const marker = parseMarker(sighting.groupId);
    if (marker === undefined) return;
    addTo(this.#byIdentity, marker.identity, sighting);
    addTo(this.#byContent, marker.content, sighting);
  }

  /** In the order in which they came. */
  get list(): readonly Sighting[] {
    return this.#list;
  }

  find(pushId: string): Sighting | undefined {
    return this.#byPushId.get(pushId);
  }

  /** Those whose markers name somebody. */
  of(identity: string): readonly Sighting[] {
    return this.#byIdentity.get(identity) ?? [];
  }

  /** Those whose markers stand for some content, whoever pushed it. */
  saying(content: string): readonly Sighting[] {
    return this.#byContent.get(content) ?? [];
  }
}

function addTo(lists: Map<string, Sighting[]>, key: string, sighting: Sighting): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [sighting]);
  else list.push(sighting);
}
