import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Answer, AnswerStyle, Endpoint } from "./api/endpoint.ts";
import { packageUpload } from "./api/package.ts";
import { push } from "./api/push.ts";
import { getPushRecord } from "./api/record.ts";
import { cancelTimingTask, revokePushMsg, stopPushMsg } from "./api/remedy.ts";
import { parseJson } from "./api/request-body.ts";
import { authenticate, isAuthRefusal } from "./auth.ts";
import { type Body, readBody } from "./body.ts";
import { control, controlPrefix } from "./control.ts";
import type { Mishap } from "./fault.ts";
import type { LoggedRequest } from "./logged-request.ts";
import { Refusal, retCodes } from "./refusal.ts";
import type { World } from "./world.ts";

const endpoints: ReadonlyMap<string, Endpoint> = new Map([
  ["/v3/push/app", push],
  ["/v3/push/cancel_timing_task", cancelTimingTask],
  ["/v3/push/stop_push_msg", stopPushMsg],
  ["/v3/push/revoke_push_msg", revokePushMsg],
  ["/v3/push/package/upload", packageUpload],
  ["/v3/statistics/get_push_record", getPushRecord],
]);

/** What goes out: a status, a text, and what the log says of it. */
interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly retCode?: number;
}

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
    send(world, response, controlled(world, request, path, body), body);
  } else if (endpoint === undefined) {
    send(world, response, unknownPath(path), body);
  } else {
    await serveEndpoint(world, { request, response, path, endpoint, body });
  }
};

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly endpoint: Endpoint;
  readonly body: Body;
}

const serveEndpoint = async (world: World, exchange: Exchange): Promise<void> => {
  const { path, response, body } = exchange;
  const at = world.clock.now().toISOString();
  const mishap = world.faults.take(path);
  if (mishap === "dropBefore") {
    log(world, exchange, { at, fault: mishap });
    response.destroy();
    return;
  }
  const reply = await answer(world, exchange, mishap);
  log(world, exchange, {
    at,
    ...(reply.retCode === undefined ? {} : { retCode: reply.retCode }),
    ...(mishap === undefined ? {} : { fault: mishap === "dropAfter" ? mishap : "refuse" }),
  });
  if (mishap === "dropAfter") response.destroy();
  else send(world, response, reply, body);
};

const answer = async (world: World, exchange: Exchange, mishap: Mishap | undefined): Promise<Reply> => {
  const { request, endpoint, body } = exchange;
  const style = endpoint.style(world.switches);
  try {
    if (typeof mishap === "object") throw new Refusal(mishap.retCode, mishap.errMsg ?? "refused by a fault");
    if (request.method !== "POST") throw new Refusal(retCodes.parseError, `write POST, not ${request.method}`);
    if (body.tooLong) throw new Refusal(endpoint.tooLongRetCode, `the body exceeds ${endpoint.maxBodyBytes} bytes`);
    const app = authenticate(world, request.headers, body.bytes);
    const call = { app, headers: request.headers, bytes: body.bytes };
    return accepted(style, await endpoint.handle(world, call));
  } catch (error) {
    return refused(world, style, error);
  }
};

const accepted = (style: AnswerStyle, answered: Answer): Reply =>
  style === "snake"
    ? json(200, { ...answered, ret_code: 0, err_msg: "NO_ERROR" }, 0)
    : json(200, { retCode: 0, errMsg: "NO_ERROR", ...answered }, 0);

const refused = (world: World, style: AnswerStyle, error: unknown): Reply => {
  const refusal = error instanceof Refusal ? error : ownFault(error);
  const { retCode, message } = refusal;
  if (world.switches.badCredentials === "403" && isAuthRefusal(refusal)) {
    return { status: 403, contentType: "text/plain; charset=utf-8", text: "403 Forbidden", retCode };
  }
  const answered =
    style === "snake" ? { seq: 0, ret_code: retCode, err_msg: message, err_msg_zh: "" } : { retCode, errMsg: message };
  return json(world.switches.refusalHttpStatus, answered, retCode);
};

const ownFault = (error: unknown): Refusal => {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Refusal(retCodes.internalError, `the emulator failed, please report this: ${reason}`);
};

const unknownPath = (path: string): Reply =>
  json(404, { retCode: retCodes.invalidParameter, errMsg: `the emulator has no ${path.slice(0, 100)}` });

const maxControlBytes = 64 * 1024;

const controlled = (world: World, { method = "" }: IncomingMessage, path: string, body: Body): Reply => {
  if (body.tooLong) return json(413, { error: `the body exceeds ${maxControlBytes} bytes` });
  const { status, answer: answered } = control(world, method, path, body.bytes);
  return json(status, answered);
};

const json = (status: number, body: unknown, retCode?: number): Reply => ({
  status,
  contentType: "application/json; charset=utf-8",
  text: JSON.stringify(body),
  ...(retCode === undefined ? {} : { retCode }),
});

const send = ({ clock }: World, response: ServerResponse, reply: Reply, body: Body): void => {
  response.writeHead(reply.status, {
    "Content-Type": reply.contentType,
    "Content-Length": Buffer.byteLength(reply.text),
    Date: clock.now().toUTCString(),
    "X-Emulator-Pace": String(clock.pace),
    ...(body.tooLong ? { Connection: "close" } : {}),
  });
  response.end(reply.text);
};

const log = (
  world: World,
  { request, path, body }: Exchange,
  ended: Pick<LoggedRequest, "at" | "retCode" | "fault">,
) => {
  const { method = "", headers } = request;
  world.requests.push({ method, path, body: loggedBody(headers["content-type"] ?? "", body), ...ended });
};

const loggedBody = (contentType: string, { bytes, tooLong }: Body): unknown => {
  if (tooLong) return "(too long)";
  if (contentType.startsWith("multipart/")) return `(${bytes.byteLength} bytes)`;
  const text = bytes.toString("utf8");
  try {
    return parseJson(text);
  } catch {
    return text;
  }
};
