import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Where a request is stopped: none of its bytes reach the service, or it is carried out and its answer does not go back. */
type Side = "request" | "answer";

/** The next request to a path; with `after`, the next one that begins when that path was answered. */
export interface Place {
  readonly path: string;
  readonly at: Side;
  readonly after?: string;
}

/** A request that is stopped at its place until the test lets it go on. */
export interface Stopped {
  /** Resolves when a request stands there. */
  readonly reached: Promise<void>;
  readonly isReached: boolean;
  /** The service carries it out, if it has not yet; the answer goes to whoever is still there. */
  release(): Promise<void>;
}

/** A proxy before a service: every request passes through it unchanged, and some are stopped on their way. */
export interface Gate extends AsyncDisposable {
  readonly url: string;
  /** Bodies of the requests to a path that the service has answered, in order. */
  answered(path: string): readonly string[];
  stop(place: Place): Stopped;
}

export async function startGate(target: string): Promise<Gate> {
  const keeper = new Keeper(target);
  await keeper.listen();
  return keeper;
}

/** One stop, and the request that stands there. */
class Stop implements Stopped {
  readonly place: Place;
  readonly reached: Promise<void>;
  #tell: () => void = () => {};
  #isReached = false;
  #open: () => void = () => {};
  readonly #opened: Promise<void>;
  #passed: () => void = () => {};
  readonly #whenPassed: Promise<void>;

  constructor(place: Place) {
    this.place = place;
    this.reached = new Promise((resolve) => {
      this.#tell = resolve;
    });
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
    this.#whenPassed = new Promise((resolve) => {
      this.#passed = resolve;
    });
  }

  get isReached(): boolean {
    return this.#isReached;
  }

  /** A request stands here until it is released. */
  async hold(): Promise<void> {
    this.#isReached = true;
    this.#tell();
    await this.#opened;
  }

  /** The request has been carried out, and its answer delivered where somebody waits for it. */
  passed(): void {
    this.#passed();
  }

  async release(): Promise<void> {
    if (!this.#isReached) throw new Error(`nothing stands at ${this.place.path} to be released`);
    this.#open();
    await this.#whenPassed;
  }
}

class Keeper implements Gate {
  readonly #target: URL;
  readonly #server = createServer((socket) => this.#serve(socket));
  readonly #sockets = new Set<Socket>();
  readonly #answered: { readonly path: string; readonly body: string }[] = [];
  #stops: Stop[] = [];

  constructor(target: string) {
    this.#target = new URL(target);
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server.address())}`;
  }

  answered(path: string): readonly string[] {
    return this.#answered.filter((request) => request.path === path).map(({ body }) => body);
  }

  stop(place: Place): Stopped {
    const stop = new Stop(place);
    this.#stops.push(stop);
    return stop;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** A connection carries one request after the other. */
  #serve(client: Socket): void {
    this.#sockets.add(client);
    client.on("error", () => {}).once("close", () => this.#sockets.delete(client));
    let received = Buffer.alloc(0);
    let turn = Promise.resolve();
    client.on("data", (bytes) => {
      received = Buffer.concat([received, bytes]);
      for (let length = lengthOf(received); length !== undefined; length = lengthOf(received)) {
        const request = received.subarray(0, length);
        received = received.subarray(length);
        // Where the service is gone, so is whoever asked.
        turn = turn.then(() => this.#pass(client, request)).catch(() => void client.destroy());
      }
    });
  }

  async #pass(client: Socket, request: Buffer): Promise<void> {
    const path = pathOf(request);
    const stop = this.#take(path);
    if (stop?.place.at === "request") await stop.hold();
    const answer = await this.#forward(request);
    this.#answered.push({ path, body: bodyOf(request) });
    if (stop?.place.at === "answer") await stop.hold();
    if (client.writable) client.write(answer);
    stop?.passed();
  }

  #take(path: string): Stop | undefined {
    const isHere = ({ place }: Stop): boolean =>
      place.path === path && (place.after === undefined || this.answered(place.after).length > 0);
    const stop = this.#stops.find(isHere);
    this.#stops = this.#stops.filter((other) => other !== stop);
    return stop;
  }

  /** By a connection of its own, which outlives the client's. */
  #forward(request: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const upstream = connect(Number(this.#target.port), this.#target.hostname);
      this.#sockets.add(upstream);
      let answer = Buffer.alloc(0);
      upstream.on("data", (bytes) => {
        answer = Buffer.concat([answer, bytes]);
        if (lengthOf(answer) === undefined) return;
        resolve(answer);
        upstream.destroy();
      });
      upstream.once("error", reject).once("close", () => {
        this.#sockets.delete(upstream);
        reject(new Error("the service closed the connection without an answer"));
      });
      upstream.write(request);
    });
  }
}

const portOf = (address: AddressInfo | string | null): number => {
  if (address === null || typeof address === "string") throw new Error("the gate has no port");
  return address.port;
};

const headEnd = "\r\n\r\n";

/** Of the first whole message in the bytes; undefined while it is not whole. */
function lengthOf(bytes: Buffer): number | undefined {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return undefined;
  const head = bytes.toString("latin1", 0, end);
  const length = end + headEnd.length + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  return bytes.length < length ? undefined : length;
}

const pathOf = (request: Buffer): string => request.toString("latin1", 0, request.indexOf("\r\n")).split(" ")[1] ?? "";

const bodyOf = (request: Buffer): string => request.toString("utf8", request.indexOf(headEnd) + headEnd.length);
