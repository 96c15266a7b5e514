import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readBody } from "./body.ts";
import { Events } from "./control/events.ts";
import { turnAway } from "./control/guard.ts";
import { control, controlPrefix } from "./control.ts";
import { isPagePath, servePage } from "./page-server.ts";
import { retCodes } from "./refusal.ts";
import { json, type Reply, send } from "./reply.ts";
import { endpoints, serveEndpoint } from "./service.ts";
import type { World } from "./world.ts";

/** What answers: a world, what tells of its changes, and the host that it was told to listen on. */
interface Face {
  readonly world: World;
  readonly events: Events;
  readonly host: string;
}

/** The HTTP face of an emulator: the service's API, the control API under `/emulator/`, and its page. */
export const createEmulatorServer = (world: World, host = "127.0.0.1"): Server => {
  const face: Face = { world, events: new Events(world), host };
  return createServer(timeouts, (request, response) => {
    serve(face, request, response).catch(() => response.destroy());
  });
};

/** Who says nothing is let go; a dispatch to a million phones may keep the others waiting for some seconds. */
const timeouts = { headersTimeout: 30_000, requestTimeout: 120_000, connectionsCheckingInterval: 5_000 } as const;

const serve = async (face: Face, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { world } = face;
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const endpoint = endpoints.get(path);
  if (endpoint !== undefined) {
    const body = await readBody(request, endpoint.maxBodyBytes);
    world.clock.catchUp();
    await serveEndpoint(world, { request, response, path, endpoint, body });
  } else if (path === controlPrefix || path.startsWith(`${controlPrefix}/`)) {
    await serveControl(face, request, response, path);
  } else {
    const body = await readBody(request, maxControlBytes);
    send(world, response, pageOr404(face, request, path), body.tooLong);
  }
};

const pageOr404 = ({ host }: Face, request: IncomingMessage, path: string): Reply => {
  const isPage = isPagePath(path) && (request.method === "GET" || request.method === "HEAD");
  if (!isPage) return unknownPath(path);
  const turned = turnAway(request, host);
  return turned === undefined ? servePage(path) : json(turned.status, { error: turned.error });
};

const unknownPath = (path: string): Reply =>
  json(404, { retCode: retCodes.invalidParameter, errMsg: `the emulator has no ${path.slice(0, 100)}` });

const maxControlBytes = 64 * 1024;

const serveControl = async (
  { world, events, host }: Face,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> => {
  const { method = "" } = request;
  const turned = turnAway(request, host);
  const { bytes, tooLong } = await readBody(request, maxControlBytes);
  world.clock.catchUp();
  const answer = (status: number, content: unknown) => send(world, response, json(status, content), tooLong);
  if (turned !== undefined) return answer(turned.status, { error: turned.error });
  if (tooLong) return answer(413, { error: `the body exceeds ${maxControlBytes} bytes` });
  if (method === "GET" && path === `${controlPrefix}/events`) return events.serve(response);
  const query = new URLSearchParams((request.url ?? "").split("?")[1] ?? "");
  const { status, answer: answered } = control(world, { method, path, query, bytes });
  answer(status, answered);
};
