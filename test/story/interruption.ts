import { constants } from "node:os";
import process, { stderr, stdout } from "node:process";

/** Those with which people and machines end a command. */
export const endingSignals = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/** Somebody does not want to hear the rest. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitCode: number;

  constructor(signal: keyof typeof constants.signals) {
    super(`interrupted by ${signal}; nothing is left behind`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Aborts, with `Interrupted`, when the process is to end, or when nobody reads its output any more. */
export const interruption = (): AbortSignal => {
  const controller = new AbortController();
  for (const signal of endingSignals) process.on(signal, () => controller.abort(new Interrupted(signal)));
  stdout.on("error", () => controller.abort(new Interrupted("SIGPIPE")));
  controller.signal.addEventListener("abort", () =>
    stderr.write("\nstopping; if pulumi runs, it comes to its end first\n"),
  );
  return controller.signal;
};
