import type { IncomingHttpHeaders } from "node:http";
import type { App } from "../fleet.ts";
import { retCodes } from "../refusal.ts";
import type { Switches } from "../switches.ts";
import type { World } from "../world.ts";

/** An authenticated request. */
export interface Call {
  readonly app: App;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** The moment as of which records are told, where a fault lets them look old; default now. */
  readonly recordedMs?: number;
  /** The file of an upload. */
  readonly file?: UploadedFile;
}

export interface UploadedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The service has two styles of keys: `ret_code`, `err_msg` and `retCode`, `errMsg`. */
export type AnswerStyle = "snake" | "camel";

/** What an answer holds; the code and its message are added where it has none. */
export type Answer = Readonly<Record<string, unknown>>;

/** One path of the service. */
export interface Endpoint {
  /** Keys of its answers. */
  readonly style: (switches: Switches) => AnswerStyle;
  /** Bytes; a longer body is refused. */
  readonly maxBodyBytes: number;
  /** ret_code of that refusal. */
  readonly tooLongRetCode: number;
  /** Counts a request against a limit, or refuses it; the count stays where the request itself is refused. */
  readonly admit?: (world: World, call: Call) => void;
  /** Reads the file of an upload, which takes its time; throws a Refusal. */
  readonly readFile?: (call: Call) => Promise<UploadedFile>;
  /** The answer to a request; throws a Refusal. */
  readonly handle: (world: World, call: Call) => Answer;
}

/** A thousand accounts of 100 characters and a message fit many times; no page states a limit. */
const maxJsonBytes = 1024 * 1024;

/** An endpoint whose body is JSON. */
export const jsonEndpoint = (style: Endpoint["style"], handle: Endpoint["handle"]): Endpoint => ({
  style,
  maxBodyBytes: maxJsonBytes,
  tooLongRetCode: retCodes.invalidParameter,
  handle,
});

export const snake = (): AnswerStyle => "snake";
export const camel = (): AnswerStyle => "camel";
