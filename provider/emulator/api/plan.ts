import { AddPlanPushRequest } from "../../tpns/schema/plan.ts";
import type { App } from "../fleet.ts";
import { Refusal, retCodes } from "../refusal.ts";
import { dayMs, secondMs } from "../service-time.ts";
import type { World } from "../world.ts";
import { type Answer, camel, jsonEndpoint } from "./endpoint.ts";
import { checkBody, parseBody } from "./request-body.ts";

/** Makes a push plan. @see https://www.tencentcloud.com/document/product/1024/39025 */
export const addPlanPush = jsonEndpoint(camel, (world, { app, bytes }) => {
  const plan = checkBody(AddPlanPushRequest, parseBody(bytes));
  checkName(world, plan);
  countPlan(world, app);
  const nowMs = world.clock.nowMs();
  const second = Math.floor(nowMs / secondMs);
  const planId = String(world.store.addPlan(app.accessId, plan.planName, plan.planDescribe, nowMs));
  return { ...codeOf(world), result: { planId, ...plan, planPushSource: "api", createdAt: second, updateAt: second } };
});

const checkName = ({ switches }: World, { planName }: AddPlanPushRequest): void => {
  if (planName.length <= switches.planNameCharacters) return;
  throw new Refusal(
    retCodes.invalidParameter,
    `planName has ${planName.length} characters, which exceeds ${switches.planNameCharacters}`,
  );
};

const countPlan = ({ clock, limits, switches }: World, app: App): void => {
  const key = `add_plan_push ${app.accessId}`;
  if (switches.plansPerDay > 0 && limits.recent(key, clock.nowMs(), dayMs) >= switches.plansPerDay) {
    throw new Refusal(retCodes.tooFast, `request too fast: ${switches.plansPerDay} plans a day`);
  }
  limits.record(key, clock.nowMs(), dayMs);
};

/** The page's sample spells the message as no other page does. */
const codeOf = ({ switches }: World): Answer => ({
  retCode: switches.retCodeOfPlan === "text" ? "0" : 0,
  ...(switches.errMsgOfPlan === "ErrMsg" ? { errMsg: undefined } : {}),
  [switches.errMsgOfPlan]: "save success",
});
