import { PushApiError, PushConnectionError, requestTooFast } from "./errors.ts";
import type { ServiceClock } from "./service-clock.ts";
import { sendTimeOf } from "./times.ts";

/** Each app may query so often in an hour. @see https://www.tencentcloud.com/document/product/1024/33772 */
const queriesPerHour = 200;

const hourMilliseconds = 60 * 60 * 1_000;

/** Of an hour: a count from further in the future was made while this machine's clock was wrong. */
const toleratedFuture = 1 / 60;

const meanwhile =
  "until then only a run that changes nothing works; what cannot wait is cancelled by pulumi-tpns halt, with a query for 200 tasks, or in the service's console";

const newEmulator = "an emulator that was started anew counts from nothing: give it an empty folder as TPNS_JOURNAL";

/** When the processes of this machine made queries of one app, in its own milliseconds. */
export interface QueryCount {
  /** Those from one moment to another, oldest first. */
  between(from: number, to: number): readonly number[];
  /** Counts one, and forgets those before a moment and after another. */
  add(now: number, forgotten: { readonly before: number; readonly after: number }): void;
}

/** No query is to be had: what was asked is not known, and nothing of it is absent. */
export class QueryLimitError extends PushConnectionError {
  readonly retCode = requestTooFast;
}

export interface QueryLimitOptions {
  readonly clock: Pick<ServiceClock, "stamp" | "localNow" | "pace">;
  /** Without one only the service counts. */
  readonly count?: QueryCount | undefined;
  readonly loopback: boolean;
}

/** Keeps an app within its queries, as far as this machine makes them. */
export interface QueryLimit {
  /**
   * Does what takes up to so many queries, and keeps them for it among what is done at the same time.
   * @throws where so many are not left; nothing was done.
   */
  withQueries<T>(action: string, queries: number, work: () => Promise<T>): Promise<T>;
  /**
   * Counts a query that is about to be made. @throws where none is left.
   * @returns what is to be called each time that it begins: a repetition counts as well.
   */
  take(action: string): () => void;
  /** Where the service itself refuses a query as too fast, what to say of it; any other error as it is. */
  explain(action: string, error: unknown): unknown;
}

/** The limit of one app. */
export function createQueryLimit({ clock, count, loopback }: QueryLimitOptions): QueryLimit {
  /** For what is under way. */
  let kept = 0;

  const instantIn = (serviceMilliseconds: number): string => {
    const seconds = Math.ceil((clock.stamp().at + serviceMilliseconds) / 1_000);
    return `${sendTimeOf(new Date(seconds * 1_000))} (UTC+8)`;
  };

  const add = (): void => {
    const now = clock.localNow();
    const after = now + hourMilliseconds * toleratedFuture;
    count?.add(now, { before: now - hourMilliseconds, after });
  };

  /** How long an emulator's hour is, its first answer tells; where it stands still none ends. */
  const require = (action: string, queries: number, others = 0): void => {
    const pace = clock.pace();
    if (count === undefined || !pace) return;
    const wait = untilLeft(count, queries + others, clock.localNow(), hourMilliseconds / pace) * pace;
    if (wait <= 0) return;
    throw new QueryLimitError(
      action,
      `${queriesPerHour} queries an hour are all that the service answers for the app, and runs on this machine have made so many that ${queries === 1 ? "none is" : `fewer than the ${queries} that this can take are`} left; run the same again from ${instantIn(wait)} on; ${meanwhile}${loopback ? `; ${newEmulator}` : ""}`,
      false,
    );
  };

  return {
    async withQueries(action, queries, work) {
      require(action, queries, kept);
      kept += queries;
      try {
        return await work();
      } finally {
        kept -= queries;
      }
    },
    take(action) {
      require(action, 1);
      add();
      let begun = 0;
      return () => {
        begun += 1;
        if (begun > 1) add();
      };
    },
    explain(action, error) {
      if (!(error instanceof PushApiError && error.retCode === requestTooFast)) return error;
      return new QueryLimitError(
        action,
        `the service takes no more queries of the app for now: it has ${queriesPerHour} an hour, those of other machines included; run the same again, at ${instantIn(hourMilliseconds)} at the latest; ${meanwhile} (HTTP ${error.httpStatus}, ret_code ${error.retCode})`,
      );
    },
  };
}

/** Milliseconds until so many queries are left; 0 if they are now. */
function untilLeft(count: QueryCount, queries: number, now: number, hour: number): number {
  const made = count.between(now - hour, now + hour * toleratedFuture);
  const last = made[made.length + queries - queriesPerHour - 1];
  return last === undefined ? 0 : last + hour - now;
}
