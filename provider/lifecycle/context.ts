import { Journal, journalFolder } from "../once/journal.ts";
import { createPushSlots } from "../once/push-slot.ts";
import { createQueryCount } from "../once/query-count.ts";
import { RollCall } from "../once/roll-call.ts";
import { openStore, type Store } from "../once/store.ts";
import { createPushClient } from "../tpns/client.ts";
import { Batches } from "./batches.ts";
import { RecordBook } from "./record-book.ts";
import type { PushService } from "./service.ts";
import { type Config, type Environment, readSettings, type Settings } from "./settings.ts";

/** Where the lines for the user go; `urn` puts a line under its resource. */
export interface Log {
  info(line: string, urn?: string): void;
  warning(line: string, urn?: string): void;
  status(line: string, urn?: string): void;
}

/** What the handlers of one app share during one phase of one run: the engine keeps one process for it. */
export interface Context {
  /** @throws where the app is not given. */
  readonly settings: Settings;
  /** @throws where the key is not given. */
  readonly service: PushService;
  /** Whether a key is given; without one a preview says that it cannot tell. */
  readonly canAsk: boolean;
  readonly log: Log;
  /** Of the environment's `TPNS_CONSENT`; a task's own `consent` counts besides. */
  readonly consents: readonly string[];
  readonly book: RecordBook;
  /** What runs of this machine have begun and no state is known to hold. */
  readonly journal: Journal;
  readonly rollCall: RollCall;
  readonly run: Run;
  /** Whether the engine is gone, so that nobody would store what is done now. */
  isAbandoned(): boolean;
  /** Ends this process's part in the journal. */
  close(): void;
}

/** Each of them waits for all the others between its cancel and its push: no more than ten seconds. */
const mostCorrections = 10;

/** What happened in this run. */
class Run {
  /** Pushes that checks and previews have announced, as far as is known. */
  announced = 0;
  /** Pushes made or about to be made. */
  pushed = 0;
  /** By the process that wrote a journal's entry: how many lists had been read when it was first seen to have ended. */
  readonly endedBefore = new Map<string, number>();
  /** Identities that the program declares in this run. */
  readonly declared = new Set<string>();
  /** Identities of declared tasks that this run has compared, made or changed. */
  readonly handled = new Set<string>();
  /**
   * URNs of the declared resources that hold push ids: the old half of a replacement, of this run or an earlier one, must
   * not cancel those.
   */
  readonly held = new Map<string, string>();
  /** Consents that refusals of this run have asked for, so that one line names them all. */
  readonly wanted = new Set<string>();
  /** Whose turn it is: what is waited for then is said under that resource. */
  turnOf: string | undefined;
  /** URNs of tasks that were said to wait. */
  readonly toldToWait = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();
  readonly #corrections = new Batches(mostCorrections);
  /** URNs of those that are to push and have not yet, in the order in which they came. */
  readonly #line = new Set<string>();

  /** How many are before it, or would be. */
  before(urn: string): number {
    const place = [...this.#line].indexOf(urn);
    return place < 0 ? this.#line.size : place;
  }

  /** One after the other: the look and the push of one task, before the look of the next. */
  inTurn<T>(urn: string, work: () => Promise<T>): Promise<T> {
    return this.#inLine(urn, () => {
      const turn = this.#last.then(() => {
        this.turnOf = urn;
        return work();
      });
      this.#last = turn.catch(() => undefined);
      return turn;
    });
  }

  /** Some corrections, each of which ends with its turn, when those before them are nearly through. */
  nearTurn<T>(urn: string, work: () => Promise<T>): Promise<T> {
    return this.#inLine(urn, () => this.#corrections.run(work));
  }

  async #inLine<T>(urn: string, work: () => Promise<T>): Promise<T> {
    if (this.#line.has(urn)) return work();
    this.#line.add(urn);
    try {
      return await work();
    } finally {
      this.#line.delete(urn);
    }
  }
}

export interface ContextOptions {
  readonly config: Config;
  readonly env: Environment;
  readonly log: Log;
  /** Default: never. */
  readonly isAbandoned?: () => boolean;
  /** Tests give one with a clock of their own. */
  readonly createService?: (settings: Settings, secretKey: string, log: Log, store: Store) => PushService;
}

/** Reads nothing until it is asked: what is history needs neither app nor key. */
export function createContext({
  config,
  env,
  log,
  isAbandoned = () => false,
  createService = connect,
}: ContextOptions): Context {
  const settings = once(() => readSettings(config, env));
  const run = new Run();
  const inTurn: Log = { ...log, status: (line) => log.status(line, run.turnOf) };
  const service = once(() => createService(settings(), secretKeyOf(settings()), inTurn, store()));
  const book = once(() => new RecordBook(service(), (line) => log.warning(line)));
  const folder = once(() => journalFolder(env));
  const store = once(() => openStore(folder()));
  const journal = once(() => new Journal(store(), Date.now));
  const rollCall = once(() => new RollCall(store(), folder(), Date.now));
  return {
    get settings() {
      return settings();
    },
    get service() {
      return service();
    },
    get canAsk() {
      return settings().secretKey !== undefined;
    },
    get book() {
      return book();
    },
    get journal() {
      return journal();
    },
    get rollCall() {
      return rollCall();
    },
    log,
    consents: splitConsents(env.TPNS_CONSENT),
    run,
    isAbandoned,
    close: () => store().close(),
  };
}

function secretKeyOf({ secretKey, secretKeyPlaces, accessId }: Settings): string {
  if (secretKey !== undefined) return secretKey;
  throw new Error(
    `no secret key for app ${accessId}; set ${secretKeyPlaces.join(" or ")}, or run: pulumi config set --secret tpns:secretKey ...`,
  );
}

const connect: NonNullable<ContextOptions["createService"]> = (settings, secretKey, log, store) => {
  const { accessId, baseUrl, authentication } = settings;
  const app = `${accessId}@${baseUrl}`;
  return createPushClient({
    accessId,
    secretKey,
    baseUrl,
    auth: authentication,
    takeSlot: createPushSlots(store, app),
    queries: createQueryCount(store, app),
    onWait: (line) => log.status(line),
  });
};

const splitConsents = (text = ""): string[] =>
  text
    .split(",")
    .map((consent) => consent.trim())
    .filter((consent) => consent !== "");

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
