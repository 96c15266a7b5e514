import { connect } from "node:http2";

/** Between a connection that ended and the next one. */
const pauseMilliseconds = 500;

/**
 * Calls `onGone` once nobody listens at the engine's address any more. An idle connection, as a gRPC client keeps one:
 * it neither disturbs the engine nor keeps this process alive.
 */
export function watchEngine(address: string, onGone: () => void): void {
  let isGone = false;
  const session = connect(`http://${address}`);
  session.unref();
  session.on("error", (error) => {
    isGone = "code" in error && error.code === "ECONNREFUSED";
  });
  session.once("close", () => {
    if (isGone) onGone();
    else setTimeout(() => watchEngine(address, onGone), pauseMilliseconds).unref();
  });
}

/** The answer to the last call is still to be written. */
const answerMilliseconds = 100;

/** The calls of the engine, which nobody ends when it is killed. */
export interface Calls {
  /** @throws where the engine is gone: what nobody waits for is not begun. */
  run<T>(work: () => Promise<T> | T): Promise<T>;
  /** Whether the engine is gone: what has not begun is not to begin. */
  readonly isEnding: boolean;
  /** Lets the calls that are under way end, and this process with the last of them. */
  endWithThem(): void;
}

/** `exit` ends the process. */
export function createCalls(exit: () => void): Calls {
  let underWay = 0;
  let isEnding = false;
  const exitIfIdle = (): void => {
    if (isEnding && underWay === 0) exit();
  };
  return {
    async run(work) {
      if (isEnding) throw new Error("pulumi has ended before this call; nothing was done, run it again");
      underWay += 1;
      try {
        return await work();
      } finally {
        underWay -= 1;
        if (isEnding) setTimeout(exitIfIdle, answerMilliseconds);
      }
    },
    get isEnding() {
      return isEnding;
    },
    endWithThem() {
      isEnding = true;
      exitIfIdle();
    },
  };
}
