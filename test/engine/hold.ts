import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

/** A service whose calls of one path wait for the test. */
export interface Hold extends AsyncDisposable {
  readonly url: string;
  /** Resolves when such a call has come, and waits. */
  readonly arrived: Promise<void>;
  /** Lets it through to the service, and all that follow; resolves when the caller has been given the answer. */
  release(): Promise<void>;
}

/** Stands between a caller and the service at `target`. */
export async function startHold(target: string, path: string): Promise<Hold> {
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(incoming);
    const isHeld = incoming.url === path;
    if (isHeld) arrived.resolve();
    if (isHeld) await released.promise;
    await pass(target, incoming, body, response);
    if (isHeld) answered.resolve();
  };
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(answered.reject);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    arrived: arrived.promise,
    release: () => {
      released.resolve();
      return answered.promise;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Rejects where the caller does not take the answer. */
async function pass(target: string, { url = "", method, headers }: IncomingMessage, body: Buffer, to: ServerResponse) {
  const onward = request(new URL(url, target), { method, headers });
  onward.end(body);
  const [answer]: IncomingMessage[] = await once(onward, "response");
  if (answer === undefined) throw new Error("no answer");
  to.writeHead(answer.statusCode ?? 500, answer.headers).end(await buffer(answer));
  await once(to, "close");
  if (!to.writableFinished) throw new Error("the caller did not wait for the answer");
}
