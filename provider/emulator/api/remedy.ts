import type { DueKind } from "../data/schedule.ts";
import type { StoredTask } from "../data/store.ts";
import { carryOut, hasRemedies, isLive, isPending } from "../dispatch.ts";
import type { App } from "../fleet.ts";
import { Refusal, retCodes } from "../refusal.ts";
import { secondMs } from "../service-time.ts";
import type { World } from "../world.ts";
import { type Call, type Endpoint, jsonEndpoint } from "./endpoint.ts";
import { parseBody, pushIdOf } from "./request-body.ts";

type Remedy = (world: World, app: App, task: StoredTask) => void;

const remedy = (carryOut: Remedy): Endpoint =>
  jsonEndpoint(
    (switches) => switches.remedyAnswers,
    (world, call) => {
      carryOut(world, call.app, taskOf(world, call));
      return {};
    },
  );

const taskOf = ({ store }: World, { app, bytes }: Call): StoredTask => {
  const pushId = pushIdOf(parseBody(bytes));
  const task = store.task(app.accessId, pushId);
  if (task === undefined) throw new Refusal(retCodes.unknownPushId, `push id not exist: ${pushId}`);
  return task;
};

/** Cancels a task that waits. @see https://www.tencentcloud.com/document/product/1024/39003 */
export const cancelTimingTask = remedy((world, _app, task) => {
  if (!isPending(task) || isCutOff(world, task)) return tooLate(world, task, world.switches.cancelTooLate);
  afterDelay(world, "cancel", task);
});

const isCutOff = ({ clock, switches }: World, { sendAtMs }: StoredTask): boolean =>
  switches.cancelCutoffSeconds > 0 && sendAtMs - clock.nowMs() <= switches.cancelCutoffSeconds * secondMs;

/** Terminates what is still delivered. @see https://www.tencentcloud.com/document/product/1024/39003 */
export const stopPushMsg = remedy((world, app, task) => {
  if (app.platform === "ios" && world.switches.iosTermination === "refused") {
    throw new Refusal(retCodes.invalidParameter, "termination is not supported on iOS");
  }
  checkAudience(world, task);
  if (!isLive(task, world.clock.nowMs())) return tooLate(world, task, world.switches.stopTooLate);
  afterDelay(world, "stop", task);
});

/** Recalls what nobody clicked. @see https://www.tencentcloud.com/document/product/1024/39003 */
export const revokePushMsg = remedy((world, _app, task) => {
  if (world.switches.recall === "offline") {
    throw new Refusal(
      retCodes.invalidParameter,
      "recall was taken offline; the emulator's switch is recall: available",
    );
  }
  checkAudience(world, task);
  if (!isLive(task, world.clock.nowMs())) return tooLate(world, task, world.switches.stopTooLate);
  afterDelay(world, "revoke", task);
});

const checkAudience = ({ switches }: World, { audience }: StoredTask): void => {
  if (hasRemedies(audience.type, switches)) return;
  throw new Refusal(retCodes.invalidParameter, `audience_type ${audience.type} cannot be terminated or recalled`);
};

const tooLate = ({ switches }: World, task: StoredTask, policy: "refused" | "accepted"): void => {
  if (policy === "accepted") return;
  throw new Refusal(switches.tooLateRetCode, `push task ${task.pushId} is ${task.status}`);
};

const afterDelay = (world: World, kind: DueKind, { number }: StoredTask): void => {
  const { clock, schedule, switches } = world;
  if (switches.remedyDelaySeconds === 0) carryOut(world, kind, number);
  else schedule.add(clock.nowMs() + switches.remedyDelaySeconds * secondMs, kind, number);
};
