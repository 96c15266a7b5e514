import type { PushRequest } from "../../tpns/schema/push-request.ts";
import type { StoredTask } from "../data/store.ts";
import { createTask } from "../dispatch.ts";
import type { App } from "../fleet.ts";
import { Refusal, retCodes } from "../refusal.ts";
import { secondMs } from "../service-time.ts";
import type { World } from "../world.ts";
import { type Answer, jsonEndpoint, snake } from "./endpoint.ts";
import { occurrencesOf } from "./loop.ts";
import { requestOf } from "./push-request.ts";
import { pushOf, unknownTokens } from "./push-rule.ts";
import { parseBody } from "./request-body.ts";

/** The audiences for which one push a second is taken; no limit is stated for the others. */
const pacedAudiences: readonly string[] = ["all", "tag", "package_account_push"];

/** Takes a push for every audience. @see https://www.tencentcloud.com/document/product/1024/33764 */
export const push = jsonEndpoint(snake, (world, { app, bytes }) => {
  const body = parseBody(bytes);
  checkPace(world, app, body.audience_type);
  const request = requestOf(world, body);
  const accepted = pushOf(world, app, request);
  checkRepeat(world, app, request);
  const times = occurrencesOf(world, request);
  const tasks = (times ?? [accepted.sendAtMs]).map((sendAtMs) =>
    createTask(world, app, { ...accepted, sendAtMs }, bytes.toString("utf8")),
  );
  count(world, app, request);
  return answerOf(world, app, request, tasks);
});

const answerOf = (world: World, app: App, request: PushRequest, tasks: readonly StoredTask[]): Answer => ({
  seq: request.seq ?? 0,
  push_id: pushIdsOf(world, request, tasks),
  environment: request.environment ?? "product",
  ...(world.switches.answerOfPush === "short" ? { err_msg: undefined } : extrasOf(world, app, request)),
});

/** A recurrence answers with an array, whatever its length. */
const pushIdsOf = ({ switches }: World, { loop_param }: PushRequest, tasks: readonly StoredTask[]): unknown =>
  loop_param === undefined || switches.pushIdOfLoop === "text" ? tasks[0]?.pushId : tasks.map(({ pushId }) => pushId);

const extrasOf = (world: World, app: App, request: PushRequest): Answer => ({
  err_msg_zh: "",
  result: request.audience_type === "token" ? "[0]" : "{}",
  invalid_targe_list: request.ignore_invalid_token === 1 ? unknownTokens(world, app, request) : [],
});

const paceKey = (app: App): string => `push ${app.accessId}`;

const checkPace = ({ clock, limits, switches }: World, app: App, audience: unknown): void => {
  if (switches.pushesPerSecond === 0 || typeof audience !== "string" || !pacedAudiences.includes(audience)) return;
  if (limits.recent(paceKey(app), clock.nowMs(), secondMs) < switches.pushesPerSecond) return;
  throw new Refusal(retCodes.tooFast, `request too fast: ${switches.pushesPerSecond} push a second`);
};

/** What the service takes for the same push: to all, with the same title and content. */
const repeatKey = (app: App, { environment, message }: PushRequest): string =>
  JSON.stringify([app.accessId, environment ?? "", message.title ?? "", message.content ?? ""]);

const checkRepeat = ({ clock, limits, switches }: World, app: App, request: PushRequest): void => {
  if (request.audience_type !== "all" || switches.repeatSeconds === 0) return;
  const windowMs = switches.repeatSeconds * secondMs;
  if (limits.recent(repeatKey(app, request), clock.nowMs(), windowMs) === 0) return;
  throw new Refusal(retCodes.repeatedPush, `Push repeat: the same content to all within ${switches.repeatSeconds} s`);
};

const count = ({ clock, limits, switches }: World, app: App, request: PushRequest): void => {
  const nowMs = clock.nowMs();
  if (pacedAudiences.includes(request.audience_type)) limits.record(paceKey(app), nowMs, secondMs);
  if (request.audience_type !== "all") return;
  limits.record(repeatKey(app, request), nowMs, switches.repeatSeconds * secondMs);
};
