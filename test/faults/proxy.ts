import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createSecureContext, getCACertificates, setDefaultCACertificates, TLSSocket } from "node:tls";
import { selfSigned } from "../tpns/certificate.ts";
import type { Cut, Mishap } from "./mishap.ts";

/** What becomes of a request whose connection meets a mishap. */
export type Execution =
  /** It never reaches the service. */
  | "never"
  /** The service carries it out before the mishap. */
  | "before"
  /** It is kept back until the test delivers it. */
  | "late";

/** A request as it came through. */
interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the next connections meet. */
interface Armed {
  readonly mishap: Mishap;
  readonly execution: Execution;
  /** Connections that pass unharmed before. */
  skip: number;
  times: number;
}

/** A man in the middle between a client and a service, on a real socket; each request has a connection of its own. */
export interface Middle extends AsyncDisposable {
  readonly url: string;
  /** Paths of the requests that came whole, in order, whatever they met. */
  readonly paths: readonly string[];
  /** Connections that were accepted so far. */
  readonly connections: number;
  /** After `skip` more connections the next `times` meet the mishap. */
  arm(mishap: Mishap, execution: Execution, skip?: number, times?: number): Promise<void>;
  /** All is well again; what is kept back stays so. */
  disarm(): Promise<void>;
  /** The requests that were kept back reach the service, in order; gives the bodies of its answers. */
  deliver(): Promise<readonly string[]>;
}

const trusted = selfSigned();
const untrusted = selfSigned();
setDefaultCACertificates([...getCACertificates("default"), trusted.cert]);

/** Headers of a hop, which are not passed on. */
const hopHeaders: readonly string[] = ["host", "connection", "content-length", "keep-alive", "transfer-encoding"];

export async function startProxy(target: string, wire: "tls" | "plain" = "tls"): Promise<Middle> {
  const middle = new Interceptor(target, wire);
  await middle.listen();
  return middle;
}

class Interceptor implements Middle {
  readonly paths: string[] = [];
  connections = 0;
  readonly #target: string;
  readonly #wire: "tls" | "plain";
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;
  #armed: Armed | undefined;
  #kept: Request[] = [];

  constructor(target: string, wire: "tls" | "plain") {
    this.#target = target;
    this.#wire = wire;
  }

  get url(): string {
    return `${this.#wire === "tls" ? "https" : "http"}://127.0.0.1:${this.#port}`;
  }

  async listen(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer((socket) => this.#accept(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = portOf(server);
  }

  #close(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  async arm(mishap: Mishap, execution: Execution, skip = 0, times = Number.POSITIVE_INFINITY): Promise<void> {
    this.#armed = { mishap, execution, skip, times };
    if (skip === 0) this.#closeWhereDown();
  }

  async disarm(): Promise<void> {
    this.#armed = undefined;
    await this.listen();
  }

  async deliver(): Promise<readonly string[]> {
    const kept = this.#kept;
    this.#kept = [];
    const answers: string[] = [];
    for (const request of kept) answers.push((await this.#forward(request)).toString().split("\r\n\r\n")[1] ?? "");
    return answers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** From here on nobody listens, until it is disarmed. */
  #closeWhereDown(): void {
    if (this.#armed?.mishap.play.at === "port" && this.#armed.skip === 0) this.#close();
  }

  /** What this connection meets. */
  #take(): Armed | undefined {
    const armed = this.#armed;
    if (armed === undefined) return undefined;
    if (armed.skip > 0) {
      armed.skip -= 1;
      this.#closeWhereDown();
      return undefined;
    }
    armed.times -= 1;
    if (armed.times === 0) this.#armed = undefined;
    return armed;
  }

  #accept(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => undefined);
    const armed = this.#take();
    const play = armed?.mishap.play;
    if (play?.at === "accept") cutOff(socket, play.cut);
    else if (play?.at === "hello") socket.once("data", () => cutOff(socket, play.cut));
    else this.#talk(socket, armed);
  }

  #talk(socket: Socket, armed: Armed | undefined): void {
    const play = armed?.mishap.play;
    const stream = this.#wire === "plain" ? socket : secured(socket, play?.at === "certificate");
    if (play?.at === "secured") stream.once("secure", () => cutOff(socket, play.cut));
    this.#read(socket, stream, armed);
  }

  /** Collects the request, and then answers it. */
  #read(socket: Socket, stream: Duplex, armed: Armed | undefined): void {
    const play = armed?.mishap.play;
    let seen = Buffer.alloc(0);
    stream.on("data", (bytes: Buffer) => {
      seen = Buffer.concat([seen, bytes]);
      const request = requestOf(seen);
      if (play?.at === "headers" && seen.includes("\r\n\r\n")) cutOff(socket, play.cut);
      if (play?.at === "headers" || play?.at === "secured" || request === undefined) return;
      seen = Buffer.alloc(0);
      this.paths.push(request.path);
      this.#answer(socket, stream, request, armed).catch(() => socket.destroy());
    });
  }

  async #answer(socket: Socket, stream: Duplex, request: Request, armed: Armed | undefined): Promise<void> {
    const play = armed?.mishap.play;
    if (play?.at !== "answer") {
      stream.end(await this.#forward(request));
      return;
    }
    if (armed?.execution === "late") this.#kept.push(request);
    if (armed?.execution === "before") await this.#forward(request);
    reply(socket, stream, play.reply, play.cut);
  }

  /** Lets the service act; its answer, as bytes of a connection that ends with it. */
  async #forward({ path, headers, body }: Request): Promise<Buffer> {
    const response = await fetch(this.#target + path, { method: "POST", headers, body: new Uint8Array(body) });
    const text = Buffer.from(await response.arrayBuffer());
    const lines = [...response.headers].filter(([name]) => !hopHeaders.includes(name));
    const head = [
      `HTTP/1.1 ${response.status} ${response.statusText}`,
      ...lines.map(([name, value]) => `${name}: ${value}`),
      `content-length: ${text.byteLength}`,
      "connection: close",
    ];
    return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), text]);
  }
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return address.port;
}

function secured(socket: Socket, isStrange: boolean): TLSSocket {
  const stream = new TLSSocket(socket, {
    isServer: true,
    secureContext: createSecureContext(isStrange ? untrusted : trusted),
  });
  stream.on("error", () => undefined);
  return stream;
}

function cutOff(socket: Socket, cut: Cut): void {
  if (cut === "reset") socket.resetAndDestroy();
  if (cut === "end") socket.end();
}

function reply(socket: Socket, stream: Duplex, text: string, cut: Cut | "drip"): void {
  if (cut === "drip") drip(stream, text);
  else if (text === "") cutOff(socket, cut);
  else if (cut === "end") stream.end(text);
  else stream.write(text, () => cutOff(socket, cut));
}

/** A blank now and then, for ever: each comes before any part's deadline. */
function drip(stream: Duplex, head: string): void {
  stream.write(head);
  const timer = setInterval(() => stream.write(" "), 20);
  stream.on("close", () => clearInterval(timer));
}

function requestOf(seen: Buffer): Request | undefined {
  const end = seen.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = seen.subarray(0, end).toString().split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const body = seen.subarray(end + 4);
  if (body.byteLength < Number(headers["content-length"] ?? 0)) return undefined;
  const kept = Object.entries(headers).filter(([name]) => !hopHeaders.includes(name));
  return { path: first.split(" ")[1] ?? "", headers: Object.fromEntries(kept), body: Buffer.from(body) };
}
