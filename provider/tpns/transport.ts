import { Agent, type Dispatcher, FormData, interceptors, request } from "undici";
import { PushConnectionError } from "./errors.ts";
import type { AnswerHeaders } from "./service-clock.ts";

/** How long each part of a call may take, in milliseconds of real time. */
export interface Deadlines {
  readonly connect: number;
  readonly headers: number;
  readonly body: number;
  /** The whole call, a read's repetitions included. */
  readonly overall: number;
  /** The whole of an upload: 100 MB take 5 minutes at 2.7 Mbit/s. */
  readonly upload: number;
  /** Before a read's first repetition; each further one waits twice as long. */
  readonly retry: number;
}

export const defaultDeadlines: Deadlines = {
  connect: 10_000,
  headers: 15_000,
  body: 10_000,
  overall: 30_000,
  upload: 300_000,
  retry: 500,
};

const maxReadRepetitions = 3;

/** A repetition carries the old signature, so it must not come late. */
const maxRepetitionMilliseconds = 5_000;

/** One call, ready to be sent. */
export interface Call {
  /** For errors: `push task "spring-sale"`. */
  readonly action: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | FormData;
  /** Told each time that it begins to be written: what is repeatable can begin several times. */
  readonly onBegin?: (() => void) | undefined;
}

/** What came back, whatever it is. */
export interface Answer {
  readonly httpStatus: number;
  readonly headers: AnswerHeaders;
  readonly text: string;
}

/** The two ways out of this machine. */
export interface Transport {
  /** Sends once and never again: what changes something on the service. */
  once(call: Call): Promise<Answer>;
  /** Sends up to 4 times: what only reads. */
  repeatable(call: Call): Promise<Answer>;
  close(): Promise<void>;
}

/** An answer that never ends must not fill the memory. */
const maxResponseBytes = 32 * 1024 * 1024;

const agentOptions = ({ connect, headers, body }: Deadlines): Agent.Options => ({
  // Said outright, it wins over NODE_TLS_REJECT_UNAUTHORIZED.
  connect: { timeout: connect, rejectUnauthorized: true, minVersion: "TLSv1.2" },
  headersTimeout: headers,
  // A page of 200 records has a few hundred kilobytes.
  maxResponseSize: maxResponseBytes,
  bodyTimeout: body,
  allowH2: false,
});

const repeatReads = ({ retry }: Deadlines): Dispatcher.DispatcherComposeInterceptor =>
  interceptors.retry({
    methods: ["POST"],
    maxRetries: maxReadRepetitions,
    minTimeout: retry,
    maxTimeout: maxRepetitionMilliseconds,
    throwOnError: false,
  });

const certificateCode = /CERT|SIGNATURE|ALTNAME/;
const connectionCodes: readonly string[] = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
];

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return "unknown";
  // An AbortSignal's timeout has a number for its code.
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
};

/** Why there is no answer; the error's own text is left out, since it may quote what was sent. */
function reasonOf(error: unknown, origin: string): string {
  const code = codeOf(error);
  if (certificateCode.test(code)) return `the certificate of ${origin} is not trusted (${code})`;
  if (connectionCodes.includes(code)) return `no connection to ${origin} (${code}); check accessPoint and the network`;
  return `no answer from ${origin} (${code})`;
}

/** Tells when undici begins to write a request on a connection that stands: before that not a byte is out. */
const telling =
  (onBegin: () => void): Dispatcher.DispatcherComposeInterceptor =>
  (dispatch) =>
  (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        onBegin();
        handler.onRequestStart?.(controller, context);
      },
      onResponseStart: (...told) => handler.onResponseStart?.(...told),
      onResponseData: (...told) => handler.onResponseData?.(...told),
      onResponseEnd: (...told) => handler.onResponseEnd?.(...told),
      onResponseError: (...told) => handler.onResponseError?.(...told),
    });

/** The one function that sends. `request` does not follow redirects, as `fetch` would with the signed body. */
async function exchange(agent: Dispatcher, call: Call, overall: number): Promise<Answer> {
  const { action, url, headers, body } = call;
  let began = false;
  const onBegin = (): void => {
    began = true;
    call.onBegin?.();
  };
  try {
    const dispatcher = agent.compose(telling(onBegin));
    const signal = AbortSignal.timeout(overall);
    const response = await request(url, { method: "POST", dispatcher, headers, body, signal });
    return { httpStatus: response.statusCode, headers: response.headers, text: await response.body.text() };
  } catch (error) {
    // The error's code proves nothing: the same ones come before and after the service has acted.
    throw new PushConnectionError(action, reasonOf(error, new URL(url).origin), began);
  }
}

/** Two agents: no reuse of connections and no repetition for what changes something, both for reads. */
export function createTransport(deadlines: Deadlines): Transport {
  const changes = new Agent({ ...agentOptions(deadlines), pipelining: 0 });
  const reads = new Agent(agentOptions(deadlines));
  const repeated = reads.compose(repeatReads(deadlines));
  return {
    once: (call) => exchange(changes, call, call.body instanceof FormData ? deadlines.upload : deadlines.overall),
    repeatable: (call) => exchange(repeated, call, deadlines.overall),
    async close() {
      await Promise.all([changes.close(), reads.close()]);
    },
  };
}
