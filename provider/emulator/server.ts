import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Body, readBody } from "./body.ts";
import { control, controlPrefix } from "./control.ts";
import { retCodes } from "./refusal.ts";
import { json, type Reply, send } from "./reply.ts";
import { endpoints, serveEndpoint } from "./service.ts";
import type { World } from "./world.ts";

/** The HTTP face of an emulator: the service's API, and the control API under `/emulator/`. */
export const createEmulatorServer = (world: World): Server =>
  createServer((request, response) => {
    serve(world, request, response).catch(() => response.destroy());
  });

const serve = async (world: World, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const endpoint = endpoints.get(path);
  const body = await readBody(request, endpoint?.maxBodyBytes ?? maxControlBytes);
  world.clock.catchUp();
  if (path === controlPrefix || path.startsWith(`${controlPrefix}/`)) {
    send(world, response, controlled(world, request, path, body), body.tooLong);
  } else if (endpoint === undefined) {
    send(world, response, unknownPath(path), body.tooLong);
  } else {
    await serveEndpoint(world, { request, response, path, endpoint, body });
  }
};

const unknownPath = (path: string): Reply =>
  json(404, { retCode: retCodes.invalidParameter, errMsg: `the emulator has no ${path.slice(0, 100)}` });

const maxControlBytes = 64 * 1024;

const controlled = (world: World, { method = "" }: IncomingMessage, path: string, body: Body): Reply => {
  if (body.tooLong) return json(413, { error: `the body exceeds ${maxControlBytes} bytes` });
  const { status, answer: answered } = control(world, method, path, body.bytes);
  return json(status, answered);
};
