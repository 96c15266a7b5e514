import type { FormData } from "undici";
import type * as z from "zod";
import { isLoopback } from "./access-point.ts";
import { answerFields, readAnswer } from "./answer.ts";
import { isAuthRefusal, PushApiError } from "./errors.ts";
import { stringifyJson } from "./json.ts";
import { createQueryLimit, type QueryCount, type QueryLimit } from "./query-limit.ts";
import { createServiceClock, type ServiceClock } from "./service-clock.ts";
import { basicAuth, type Credentials, sign } from "./sign.ts";
import { type Answer, type Call, createTransport, type Deadlines, defaultDeadlines } from "./transport.ts";

export interface CallerOptions extends Credentials {
  /** What `baseUrlOf` gives. */
  readonly baseUrl: string;
  /** "signature" is the default; "basic" sends the key itself with each call. */
  readonly auth?: "signature" | "basic" | undefined;
  /** Sleeps service seconds; by default real time, divided by the emulator's pace. */
  readonly wait?: ((seconds: number) => Promise<void>) | undefined;
  /** This machine's time in milliseconds; `Date.now` by default. */
  readonly localNow?: (() => number) | undefined;
  /** Counts the queries of this machine, so that none is made beyond the limit. */
  readonly queries?: QueryCount | undefined;
  /** For tests: other deadlines than `defaultDeadlines`. */
  readonly deadlines?: Partial<Deadlines> | undefined;
}

/**
 * Told synchronously just before the bytes of each attempt, with the time of its signature. Where it throws nothing is
 * sent, and what it throws comes out as it is.
 */
export type BeforeSending = (at: Date) => void;

/** The three ways to call the service. Each answers success or throws. */
export interface Caller {
  readonly clock: ServiceClock;
  readonly limit: QueryLimit;
  /** Sent once: changes something on the service. */
  change(action: string, path: string, body: object, beforeSending?: BeforeSending): Promise<unknown>;
  /** Repeated where it fails: only reads. */
  query<Schema extends z.ZodType>(
    action: string,
    path: string,
    body: object,
    schema: Schema,
  ): Promise<z.output<Schema>>;
  /** Sent once, with Basic: the documents sign no multipart. */
  upload(action: string, path: string, form: FormData): Promise<unknown>;
  close(): Promise<void>;
}

type Way = (call: Call) => Promise<Answer>;

/** What is sent, which way, and who is told before. */
interface Errand {
  readonly way: Way;
  readonly action: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly beforeSending?: BeforeSending | undefined;
}

/** An answer, and whether the time with which its call was signed was off. */
interface Attempt {
  readonly answer: Answer;
  readonly isOff: boolean;
}

/** Takes the key, in clear and as Basic has it, out of a text. */
const hiderOf = (credentials: Credentials): ((text: string) => string) => {
  const basic = basicAuth(credentials).Authorization.slice("Basic ".length);
  const secrets = [credentials.secretKey, basic].filter((secret) => secret !== "");
  return (text) => secrets.reduce((hidden, secret) => hidden.replaceAll(secret, "***"), text);
};

/** Signs, sends and reads, for one app. */
export function createCaller(options: CallerOptions): Caller {
  const { baseUrl, auth = "signature", wait, localNow = Date.now } = options;
  const credentials = { accessId: options.accessId, secretKey: options.secretKey };
  const clock = createServiceClock({ localNow, wait, loopback: isLoopback(baseUrl) });
  const transport = createTransport({ ...defaultDeadlines, ...options.deadlines });
  const hide = hiderOf(credentials);
  const limit = createQueryLimit({ clock, count: options.queries, loopback: isLoopback(baseUrl) });

  const authHeaders = (body: Uint8Array, at: number): Record<string, string> =>
    auth === "basic"
      ? basicAuth(credentials)
      : sign({ ...credentials, timestampSeconds: Math.floor(at / 1_000), body });

  async function attempt({ way, action, path, bytes, beforeSending }: Errand): Promise<Attempt> {
    const stamp = clock.stamp();
    const headers = { "content-type": "application/json", ...authHeaders(bytes, stamp.at) };
    beforeSending?.(new Date(stamp.at));
    const answer = await way({ action, url: `${baseUrl}${path}`, headers, body: bytes });
    return { answer, isOff: clock.learn(answer.headers, stamp) };
  }

  /** Sends; signs and sends once more where the service refused a signature whose time was off, and so did nothing. */
  async function send(errand: Errand): Promise<unknown> {
    const { action } = errand;
    const { answer, isOff } = await attempt(errand);
    try {
      return readAnswer(action, answer, hide);
    } catch (error) {
      const isClock = isOff && auth === "signature" && error instanceof PushApiError && isAuthRefusal(error);
      if (!isClock) throw error;
    }
    return readAnswer(action, (await attempt(errand)).answer, hide);
  }

  const counted: Way = (call) => transport.repeatable({ ...call, onBegin: limit.take(call.action) });

  const ask = (action: string, path: string, body: object): Promise<unknown> =>
    send({ way: counted, action, path, bytes: bytesOf(body) }).catch((error: unknown) => {
      throw limit.explain(action, error);
    });

  const bytesOf = (body: object): Uint8Array => Buffer.from(stringifyJson(body));

  return {
    clock,
    limit,
    change: (action, path, body, beforeSending) =>
      send({ way: transport.once, action, path, bytes: bytesOf(body), beforeSending }),
    query: async (action, path, body, schema) => answerFields(action, schema, await ask(action, path, body)),
    async upload(action, path, form) {
      const stamp = clock.stamp();
      const headers = basicAuth(credentials);
      const answer = await transport.once({ action, url: `${baseUrl}${path}`, headers, body: form });
      clock.learn(answer.headers, stamp);
      return readAnswer(action, answer, hide);
    },
    close: transport.close,
  };
}
