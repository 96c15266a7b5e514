import { createPushClient } from "../tpns/client.ts";
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
  readonly run: Run;
}

/** What happened in this run. */
class Run {
  /** Pushes that checks and previews have announced, as far as is known. */
  announced = 0;
  /** Pushes made or about to be made. */
  pushed = 0;
  /** Requests of pushes whose answer was lost, and which were not found. */
  readonly unanswered = new Set<string>();
  /** Identities that the program declares in this run. */
  readonly declared = new Set<string>();
  /** Push ids that declared resources hold: the old half of a replacement, of this run or an earlier one, must not cancel them. */
  readonly held = new Set<string>();
  /** Consents that refusals of this run have asked for, so that one line names them all. */
  readonly wanted = new Set<string>();
  /** Tasks that are in turn, or wait for theirs. */
  waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** One after the other: the look and the push of one task, before the look of the next. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.waiting += 1;
    const turn = this.#last.then(work).finally(() => {
      this.waiting -= 1;
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

export interface ContextOptions {
  readonly config: Config;
  readonly env: Environment;
  readonly log: Log;
  /** Tests give one with a clock of their own. */
  readonly createService?: (settings: Settings, secretKey: string, log: Log) => PushService;
}

/** Reads nothing until it is asked: what is history needs neither app nor key. */
export function createContext({ config, env, log, createService = connect }: ContextOptions): Context {
  const settings = once(() => readSettings(config, env));
  const service = once(() => createService(settings(), secretKeyOf(settings()), log));
  const book = once(() => new RecordBook(service(), (line) => log.warning(line)));
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
    log,
    consents: splitConsents(env.TPNS_CONSENT),
    run: new Run(),
  };
}

function secretKeyOf({ secretKey, secretKeyPlaces, accessId }: Settings): string {
  if (secretKey !== undefined) return secretKey;
  throw new Error(
    `no secret key for app ${accessId}; set ${secretKeyPlaces.join(" or ")}, or run: pulumi config set --secret tpns:secretKey ...`,
  );
}

const connect: NonNullable<ContextOptions["createService"]> = ({ accessId, baseUrl, authentication }, secretKey, log) =>
  createPushClient({ accessId, secretKey, baseUrl, auth: authentication, onWait: (line) => log.status(line) });

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
