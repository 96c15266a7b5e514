import { useEffect, useState } from "preact/hooks";
import { read, reasonOf } from "./api.ts";

/** The emulator's clock as it was last told, and when by the browser's. */
export interface Pulse {
  readonly connected: boolean;
  readonly nowMs: number;
  readonly pace: number;
  readonly heardMs: number;
}

/** Something that tells those who listen. */
class Signal {
  readonly #listeners = new Set<() => void>();

  /** Gives what ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

const reconnectMs = 2_000;

const changed = new Signal();
const beat = new Signal();
const never = new Signal();
let pulse: Pulse = { connected: false, nowMs: 0, pace: 0, heardMs: 0 };

const setPulse = (news: Partial<Pulse>): void => {
  pulse = { ...pulse, ...news };
  beat.tell();
};

/** A tab that nobody looks at reads nothing. */
const tellWhereSeen = (): void => {
  if (!document.hidden) changed.tell();
};

document.addEventListener("visibilitychange", tellWhereSeen);

/** Hears of every change for as long as the page is open. */
export const connect = (): void => {
  const events = new EventSource("/emulator/events");
  events.addEventListener("clock", ({ data }) => {
    const { now, pace } = JSON.parse(data);
    setPulse({ connected: true, nowMs: Date.parse(now), pace, heardMs: performance.now() });
  });
  events.addEventListener("change", tellWhereSeen);
  events.addEventListener("error", () => {
    setPulse({ connected: false });
    // A browser gives up where something else answers on the port.
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, reconnectMs);
  });
};

/** The connection and the clock as they were last told. */
export const usePulse = (): Pulse => {
  const [seen, setSeen] = useState(pulse);
  useEffect(() => {
    setSeen(pulse);
    return beat.listen(() => setSeen(pulse));
  }, []);
  return seen;
};

/** What an answer is now: undefined until it has come. */
export interface Live<Answer> {
  readonly answer?: Answer;
  readonly error?: string;
}

/** A slow answer is asked for more seldom, so that the page is no burden. */
const restFactor = 4;

/** Reads a path, and again whenever something changed; shows the old answer until the new one is there. */
export const useLive = <Answer>(path: string): Live<Answer> => useAnswer<Answer>(path, changed);

/** Reads a path that costs more than it changes. */
export const useOnce = <Answer>(path: string): Live<Answer> => useAnswer<Answer>(path, never);

function useAnswer<Answer>(path: string, news: Signal): Live<Answer> {
  const [live, setLive] = useState<Live<Answer>>({});
  useEffect(() => {
    const abort = new AbortController();
    const load = repeatedly(abort.signal, async () => {
      try {
        const answer = await read<Answer>(path, abort.signal);
        if (!abort.signal.aborted) setLive({ answer });
      } catch (error) {
        if (!abort.signal.aborted && pulse.connected) setLive({ error: reasonOf(error) });
      }
    });
    load();
    const end = news.listen(load);
    return () => {
      end();
      abort.abort();
    };
  }, [path]);
  return live;
}

/** Does one thing at a time; asked meanwhile it does it once more, after a rest. */
const repeatedly = (signal: AbortSignal, work: () => Promise<void>): (() => void) => {
  let isBusy = false;
  let isAsked = false;
  const run = async (): Promise<void> => {
    isBusy = true;
    isAsked = false;
    const beganMs = performance.now();
    await work();
    const restMs = (performance.now() - beganMs) * restFactor;
    setTimeout(() => {
      isBusy = false;
      if (isAsked && !signal.aborted) void run();
    }, restMs);
  };
  return () => {
    isAsked = true;
    if (!isBusy) void run();
  };
};
