import type { PushService } from "../../provider/lifecycle/service.ts";
import { PushConnectionError } from "../../provider/tpns/errors.ts";
import { cancelPath, pushPath, recordPath, revokePath, stopPath } from "../emulator/fixture.ts";

/** How a run dies at one of its calls: before its bytes go out, with bytes that never or late arrive, before the answer comes. */
export type Death = "before" | "lost" | "late" | "after";

/** What stands between a run and the service. */
export interface Wire {
  /** Before each call; may wait for another run. */
  readonly before: (path: string) => Promise<void>;
  /** Whether the service cannot be reached, so that not a byte of the call goes out. */
  readonly isUnreachable: (path: string) => boolean;
  /** The next request to the path does not arrive, or late. */
  readonly lose: (path: string, isLate: boolean) => void;
  /** At which call of the run, counted from 0, it dies, and how. */
  readonly death: { readonly at: number; readonly how: Death } | undefined;
  /** Told when it dies: nothing that it awaits ever comes. */
  readonly onDeath: () => void;
}

const never = (): Promise<never> => new Promise(() => undefined);

/** Lets a run's calls through until it dies. */
export function wired(service: PushService, wire: Wire): PushService {
  let calls = 0;
  let isDead = false;

  async function die(how: Death, path: string, call: () => Promise<unknown>): Promise<never> {
    isDead = true;
    if (how === "late" || how === "lost") wire.lose(path, how === "late");
    if (how !== "before") await call().catch(() => undefined);
    wire.onDeath();
    return never();
  }

  const passing =
    <Args extends readonly unknown[], Answer>(path: string, call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      if (isDead) return never();
      await wire.before(path);
      const { death } = wire;
      if (death !== undefined && calls === death.at) return die(death.how, path, () => call(...args));
      calls += 1;
      if (wire.isUnreachable(path)) throw new PushConnectionError("call", "no connection; check the network", false);
      return call(...args);
    };

  return {
    ...service,
    push: passing(pushPath, service.push),
    cancelTimingTask: passing(cancelPath, service.cancelTimingTask),
    stopPushMsg: passing(stopPath, service.stopPushMsg),
    revokePushMsg: passing(revokePath, service.revokePushMsg),
    getPushRecord: passing(recordPath, service.getPushRecord),
    listPushRecords: passing(recordPath, service.listPushRecords),
  };
}
