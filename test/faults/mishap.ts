import type { Outcome } from "../../provider/once/outcome.ts";
import type { Deadlines } from "../../provider/tpns/transport.ts";

/** How a connection ends: RST, FIN, or not at all. */
export type Cut = "reset" | "end" | "mute";

/** What the client meets on one connection, and how far its request had come by then. */
type Play =
  /** Nobody listens. */
  | { readonly at: "port" }
  /** The connection stands; over TLS not a byte of the request can be out. */
  | { readonly at: "accept" | "hello" | "secured" | "headers"; readonly cut: Cut }
  /** The certificate is of somebody whom nobody trusts. */
  | { readonly at: "certificate" }
  /** The request has come whole, and this is what goes back. */
  | { readonly at: "answer"; readonly reply: string; readonly cut: Cut | "drip" };

/** One thing that goes wrong on the wire. */
export interface Mishap {
  readonly name: string;
  readonly play: Play;
  /** What may be said of a call that meets it. */
  readonly outcome: Outcome;
  /** The same over a connection without TLS, where the request begins earlier; undefined: such a connection has it not. */
  readonly plain?: readonly Outcome[];
  /** Whether a call that only reads is repeated after it; "in vain": undici asks for the rest, which the service has not. */
  readonly repeated: boolean | "in vain";
  /** Tiny, so that a silence does not cost 15 seconds; of the one kind that the silence needs. */
  readonly deadlines?: Partial<Deadlines>;
}

/** Short, and yet long enough for the other calls of the run on a machine that is busy. */
const silence = 1_000;
/** Of a whole call, connection and handshake included. */
const patience = 2_000;

const head = (status: string, headers: Readonly<Record<string, string | number>>): string =>
  [`HTTP/1.1 ${status}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), "", ""].join("\r\n");

const whole = (status: string, body: string, headers: Readonly<Record<string, string>> = {}): string =>
  head(status, { "Content-Length": Buffer.byteLength(body), Connection: "close", ...headers }) + body;

const json = (body: object, status = "200 OK"): string =>
  whole(status, JSON.stringify(body), { "Content-Type": "application/json" });

const page = "<html><body>Bad gateway</body></html>";
const half = '{"ret_code":0,"retCode":0,"push_';
const promised = { "Content-Type": "application/json", "Content-Length": 200 };
const chunked = head("200 OK", { "Content-Type": "application/json", "Transfer-Encoding": "chunked" });
const chunk = `${half.length.toString(16)}\r\n${half}\r\n`;

/** Before the request begins: nothing is out. */
const unbegun: readonly Mishap[] = [
  { name: "a refused connection", play: { at: "port" }, outcome: "notSent", plain: ["notSent"], repeated: true },
  {
    name: "RST at accept",
    play: { at: "accept", cut: "reset" },
    outcome: "notSent",
    // Without a handshake the request may begin before the RST is seen.
    plain: ["notSent", "ambiguous"],
    repeated: true,
  },
  {
    name: "FIN at accept",
    play: { at: "accept", cut: "end" },
    outcome: "notSent",
    plain: ["ambiguous"],
    repeated: true,
  },
  { name: "RST in the handshake", play: { at: "hello", cut: "reset" }, outcome: "notSent", repeated: true },
  { name: "FIN in the handshake", play: { at: "hello", cut: "end" }, outcome: "notSent", repeated: true },
  {
    name: "a handshake that is never answered",
    play: { at: "accept", cut: "mute" },
    outcome: "notSent",
    repeated: false,
    deadlines: { connect: silence },
  },
  { name: "a certificate that nobody vouches for", play: { at: "certificate" }, outcome: "notSent", repeated: false },
];

/** The request began, and the service can have read no more than a part of it. */
const unread: readonly Mishap[] = [
  { name: "RST after the handshake", play: { at: "secured", cut: "reset" }, outcome: "ambiguous", repeated: true },
  { name: "FIN after the handshake", play: { at: "secured", cut: "end" }, outcome: "ambiguous", repeated: true },
  {
    name: "RST after the headers",
    play: { at: "headers", cut: "reset" },
    outcome: "ambiguous",
    plain: ["ambiguous"],
    repeated: true,
  },
  {
    name: "FIN after the headers",
    play: { at: "headers", cut: "end" },
    outcome: "ambiguous",
    plain: ["ambiguous"],
    repeated: true,
  },
];

const answering = (
  name: string,
  reply: string,
  cut: Cut | "drip",
  rest: Partial<Omit<Mishap, "name" | "play">> = {},
): Mishap => ({
  name,
  play: { at: "answer", reply, cut },
  outcome: "ambiguous",
  plain: [rest.outcome ?? "ambiguous"],
  repeated: false,
  ...rest,
});

const again = { repeated: true };
const inVain = { repeated: "in vain" } as const;

/** The service has read the whole request: nobody can tell whether it acts, has acted, or will. */
const unanswered: readonly Mishap[] = [
  answering("RST without an answer", "", "reset", again),
  answering("FIN without an answer", "", "end", again),
  answering("half a status line and RST", "HTTP/1.1 20", "reset", again),
  answering("half a status line and FIN", "HTTP/1.1 20", "end", again),
  answering("half the headers and FIN", "HTTP/1.1 200 OK\r\nContent-Type: appli", "end", again),
  answering("half a body and RST", head("200 OK", promised) + half, "reset", inVain),
  answering("half a body and FIN", head("200 OK", promised) + half, "end", inVain),
  answering("a chunked reply cut by RST", chunked + chunk, "reset", inVain),
  answering("a chunked reply cut by FIN", chunked + chunk, "end", inVain),
  answering("no reply", "", "mute", { deadlines: { headers: silence } }),
  answering("no reply within the whole call's time", "", "mute", { deadlines: { overall: patience } }),
  answering("headers and then silence", head("200 OK", promised), "mute", { deadlines: { body: silence } }),
  answering("half a body and then silence", head("200 OK", promised) + half, "mute", { deadlines: { body: silence } }),
  answering("a reply that drips beyond the whole call's time", head("200 OK", promised), "drip", {
    deadlines: { overall: patience },
  }),
  answering("a 100 Continue that nobody asked for", "HTTP/1.1 100 Continue\r\n\r\n", "mute", again),
  answering("garbage", "\u0000\u0001 not HTTP at all\r\n\r\n", "end", again),
  answering("a reply with a broken length", head("200 OK", { "Content-Length": "many" }) + half, "end", again),
  answering("a page in HTTP 500", whole("500 Internal Server Error", page), "end", again),
  answering("a page in HTTP 502", whole("502 Bad Gateway", page), "end", again),
  answering("an empty HTTP 502", whole("502 Bad Gateway", ""), "end", again),
  answering("a page in HTTP 503", whole("503 Service Unavailable", page), "end", again),
  answering("an empty HTTP 503", whole("503 Service Unavailable", ""), "end", again),
  answering("a page in HTTP 504", whole("504 Gateway Timeout", page), "end", again),
  answering("an empty HTTP 504", whole("504 Gateway Timeout", ""), "end", again),
  answering("JSON of a gateway in HTTP 502", json({ error: "upstream", code: 502 }, "502 Bad Gateway"), "end", again),
  answering("an empty HTTP 429", whole("429 Too Many Requests", "", { "Retry-After": "0" }), "end", again),
  answering("an empty HTTP 404", whole("404 Not Found", ""), "end"),
  answering("a redirect by 302", whole("302 Found", "", { Location: "/elsewhere" }), "end"),
  answering("a redirect by 307", whole("307 Temporary Redirect", "", { Location: "/v3/push/app" }), "end"),
  answering("a page in HTTP 200", whole("200 OK", page), "end"),
  answering("an empty HTTP 200", whole("200 OK", ""), "end"),
  answering("an HTTP 204", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", "end"),
  answering("half of a JSON text in HTTP 200", whole("200 OK", half), "end"),
  answering("JSON without a code of the service", json({ status: "ok" }), "end"),
  answering("a success in HTTP 500", json({ ret_code: 0, retCode: 0 }, "500 Internal Server Error"), "end", again),
  answering("ret_code 1008004", json({ ret_code: 1_008_004, err_msg: "invoke service error" }), "end"),
  answering("ret_code 1008027", json({ ret_code: 1_008_027, err_msg: "total error" }), "end"),
  answering("a code that no document lists", json({ ret_code: 4_711, err_msg: "new" }), "end"),
];

/** Every scene is in the first days of February 2027. */
const weeksAhead = { Date: "Mon, 01 Mar 2027 00:00:00 GMT" };
const weeksBehind = { Date: "Fri, 01 Jan 2027 00:00:00 GMT" };

/** The client learns the service's time from a gateway that does not know it. */
export const misdated: readonly Mishap[] = [
  answering("a page in HTTP 502 of a gateway that is weeks ahead", whole("502 Bad Gateway", page, weeksAhead), "end"),
  answering("a page in HTTP 502 of a gateway that is weeks behind", whole("502 Bad Gateway", page, weeksBehind), "end"),
];

/** A success that does not say what was made; a remedy's has nothing to say. */
export const withoutId = answering("a success without a push id", json({ ret_code: 0, err_msg: "NO_ERROR" }), "end");

/** The service says for sure that it did nothing. */
const refused: readonly Mishap[] = [
  answering("ret_code 1008007", json({ ret_code: 1_008_007, err_msg: "invalid" }), "end", { outcome: "refused" }),
  answering("ret_code 1008003", json({ ret_code: 1_008_003, err_msg: "auth failure" }), "end", { outcome: "refused" }),
  answering("a page in HTTP 401", whole("401 Unauthorized", page), "end", { outcome: "refused" }),
  answering("a page in HTTP 403", whole("403 Forbidden", page), "end", { outcome: "refused" }),
];

/** The service says that the same was pushed within the hour. */
export const repeat = answering("ret_code 10010018", json({ ret_code: 10_010_018, err_msg: "Push repeat" }), "end", {
  outcome: "duplicate",
});

/** With these the service has not acted, and will not: it has not got the request, or says so. */
export const harmless: readonly Mishap[] = [...unbegun, ...unread, ...refused];

/** With these it may have acted, or may yet. */
export const doubtful = unanswered;

export const mishaps: readonly Mishap[] = [...harmless, ...doubtful];

const named = (name: string): Mishap => {
  const mishap = mishaps.find((one) => one.name === name);
  if (mishap === undefined) throw new Error(`no mishap ${name}`);
  return mishap;
};

/** One of each outcome, for what does not depend on the event itself. */
export const classes = {
  sure: [named("a certificate that nobody vouches for"), named("ret_code 1008007")],
  unsure: named("RST without an answer"),
};
