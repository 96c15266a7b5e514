/** A request to the service, and how it ended. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  /** Parsed JSON; the text if it is none; of an upload its size. */
  readonly body: unknown;
  /** The service's time, ISO 8601. */
  readonly at: string;
  /** Absent if the service never saw the request (dropBefore), or answered without one. */
  readonly retCode?: number;
  /** Why it was refused; absent where it was not. */
  readonly errMsg?: string;
  /** The fault that it met. */
  readonly fault?: FaultName;
}

/** What a fault does, without its numbers. */
export type FaultName =
  | "dropBefore"
  | "dropAfter"
  | "refuse"
  | "throttle"
  | "delay"
  | "cut"
  | "garbage"
  | "clockOff"
  | "staleList";
