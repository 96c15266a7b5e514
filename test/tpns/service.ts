import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";

/** A call as it arrived. */
interface Arrived {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers one call. */
export type Handler = (response: ServerResponse, arrived: Arrived) => void;

/** A tiny service on this machine: answers the first call by the first handler, and so on; the last one stays. */
export interface Service extends AsyncDisposable {
  readonly baseUrl: string;
  readonly calls: readonly Arrived[];
}

export const json =
  (body: unknown, headers: Record<string, string> = {}, status = 200): Handler =>
  (response) => {
    response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  };

/** Reads the call, and closes the connection without an answer. */
export const drop: Handler = (response) => {
  response.socket?.destroy();
};

/** Reads the call, and never answers. */
export const silence: Handler = () => undefined;

export async function startService(...handlers: readonly Handler[]): Promise<Service> {
  const calls: Arrived[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const arrived = { path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString() };
      calls.push(arrived);
      handlers[Math.min(calls.length, handlers.length) - 1]?.(response, arrived);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    baseUrl: `http://127.0.0.1:${address.port}`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
