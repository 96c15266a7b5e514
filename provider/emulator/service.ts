import type { IncomingMessage, ServerResponse } from "node:http";
import { accountQuery, batchOperate } from "./api/account.ts";
import { setCustomAttribute } from "./api/attribute.ts";
import { deviceDistribution, deviceOverview, pushListByToken } from "./api/device-statistic.ts";
import type { Answer, AnswerStyle, Endpoint } from "./api/endpoint.ts";
import { packageUpload } from "./api/package.ts";
import { addPlanPush } from "./api/plan.ts";
import { push } from "./api/push.ts";
import { getPushRecord } from "./api/record.ts";
import { cancelTimingTask, revokePushMsg, stopPushMsg } from "./api/remedy.ts";
import { parseJson } from "./api/request-body.ts";
import { groupStatistic, pushOverview, taskStatistic } from "./api/statistic.ts";
import { deleteAllDevice, deviceTag } from "./api/tag.ts";
import { authenticate, isAuthRefusal } from "./auth.ts";
import type { Body } from "./body.ts";
import { clockOffMs, delayMs, faultNameOf, type Mishap, refusalBy, staleMs } from "./fault.ts";
import type { LoggedRequest } from "./logged-request.ts";
import { Refusal, retCodes } from "./refusal.ts";
import { json, type Reply, send, sendHalf } from "./reply.ts";
import type { World } from "./world.ts";

/** The service's paths; where the pages and their overview name two, both lead there. */
export const endpoints: ReadonlyMap<string, Endpoint> = new Map([
  ["/v3/push/app", push],
  ["/v3/push/cancel_timing_task", cancelTimingTask],
  ["/v3/push/stop_push_msg", stopPushMsg],
  ["/v3/push/revoke_push_msg", revokePushMsg],
  ["/v3/push/package/upload", packageUpload],
  ["/v3/push/plan/add_plan_push", addPlanPush],
  ["/v3/device/tag", deviceTag],
  ["/v3/device/tag/delete_all_device", deleteAllDevice],
  ["/v3/device_tag/delete_all_device", deleteAllDevice],
  ["/v3/device/account/batchoperate", batchOperate],
  ["/v3/device/account/query", accountQuery],
  ["/v3/device/set_custom_attribute", setCustomAttribute],
  ["/v3/statistics/get_push_record", getPushRecord],
  ["/v3/statistics/get_push_task_stat_channel", taskStatistic],
  ["/v3/statistics/get_push_group_stat_channel", groupStatistic],
  ["/v3/statistics/get_push_group_stat", groupStatistic],
  ["/v3/statistics/get_push_channel_stat_overview", pushOverview],
  ["/v3/statistics/get_push_stat_overview", pushOverview],
  ["/v3/statistics/get_device_stat_overview", deviceOverview],
  ["/v3/statistics/get_device_distribute_info", deviceDistribution],
  ["/v3/toolbox/getPushListByToken", pushListByToken],
]);

/** A request to one of them. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly endpoint: Endpoint;
  readonly body: Body;
}

/** Answers a request of the service's API, or meets it with the fault that waits for it. */
export const serveEndpoint = async (world: World, exchange: Exchange): Promise<void> => {
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
    ...(reply.errMsg === undefined ? {} : { errMsg: reply.errMsg }),
    ...(mishap === undefined ? {} : { fault: faultNameOf(mishap) }),
  });
  await late(response, delayMs(mishap));
  deliver(world, response, body.tooLong ? { ...reply, headers: { Connection: "close" } } : reply, mishap);
};

/** Ends early where nobody waits any more. */
const late = (response: ServerResponse, ms: number): Promise<void> =>
  new Promise((resolve) => {
    if (ms === 0) return resolve();
    const timer = setTimeout(resolve, ms);
    response.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });

const deliver = (world: World, response: ServerResponse, reply: Reply, mishap: Mishap | undefined): void => {
  if (mishap === "dropAfter") response.destroy();
  else if (mishap === "cut") sendHalf(world, response, reply);
  else if (mishap === "garbage") send(world, response, garbage);
  else send(world, response, { ...reply, headers: { ...reply.headers, ...dateOf(world, mishap) } });
};

/** What a proxy says for a service that it does not reach. */
const garbage: Reply = {
  status: 200,
  contentType: "text/html; charset=utf-8",
  text: "<html><body><h1>Welcome</h1></body></html>",
};

const dateOf = ({ clock }: World, mishap: Mishap | undefined): Readonly<Record<string, string>> => {
  const offMs = clockOffMs(mishap);
  return offMs === 0 ? {} : { Date: new Date(clock.nowMs() + offMs).toUTCString() };
};

const answer = async (world: World, exchange: Exchange, mishap: Mishap | undefined): Promise<Reply> => {
  const { request, endpoint, body } = exchange;
  const style = endpoint.style(world.switches);
  try {
    const refusal = refusalBy(mishap);
    if (refusal !== undefined) throw refusal;
    if (request.method !== "POST") throw new Refusal(retCodes.parseError, `write POST, not ${request.method}`);
    if (body.tooLong) throw new Refusal(endpoint.tooLongRetCode, `the body exceeds ${endpoint.maxBodyBytes} bytes`);
    const nowMs = world.clock.nowMs();
    const app = authenticate(world, request.headers, body.bytes, nowMs + clockOffMs(mishap));
    const call = { app, headers: request.headers, bytes: body.bytes, recordedMs: nowMs - staleMs(mishap) };
    endpoint.admit?.(world, call);
    const file = await endpoint.readFile?.(call);
    const answered = world.database.transaction(() => endpoint.handle(world, { ...call, ...(file && { file }) }));
    return accepted(style, answered);
  } catch (error) {
    return refused(world, style, error);
  }
};

/** An answer tells of success unless it has a code of its own. */
const accepted = (style: AnswerStyle, answered: Answer): Reply =>
  style === "snake"
    ? json(200, { ret_code: 0, err_msg: "NO_ERROR", ...answered }, Number(answered.ret_code ?? 0))
    : json(200, { retCode: 0, errMsg: "NO_ERROR", ...answered }, Number(answered.retCode ?? 0));

const refused = (world: World, style: AnswerStyle, error: unknown): Reply => {
  const refusal = error instanceof Refusal ? error : ownFault(error);
  const { retCode, message } = refusal;
  if (world.switches.badCredentials === "403" && isAuthRefusal(refusal)) {
    return { status: 403, contentType: "text/plain; charset=utf-8", text: "403 Forbidden", retCode, errMsg: message };
  }
  const answered =
    style === "snake" ? { seq: 0, ret_code: retCode, err_msg: message, err_msg_zh: "" } : { retCode, errMsg: message };
  return { ...json(world.switches.refusalHttpStatus, answered, retCode), errMsg: message };
};

const ownFault = (error: unknown): Refusal => {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Refusal(retCodes.internalError, `the emulator failed, please report this: ${reason}`);
};

const log = (
  world: World,
  { request, path, body }: Exchange,
  ended: Pick<LoggedRequest, "at" | "retCode" | "errMsg" | "fault">,
) => {
  const { method = "", headers } = request;
  world.requests.add({ method, path, body: loggedBody(headers["content-type"] ?? "", body), ...ended });
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
