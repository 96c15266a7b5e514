import { PushRequest } from "../../tpns/schema/push-request.ts";
import type { World } from "../world.ts";
import { checkBody, type Json } from "./request-body.ts";

/** Rules until December 2022: the whole offline storage by default, and no other limit than that of the type. */
const oldDefaultExpireTimeSeconds = 259_200;
const oldMaxExpireTimeSeconds = 2_147_483_647;

/** A push as the schema has it, once what the switches allow besides is taken for what the schema knows. */
export const requestOf = (world: World, body: Json): PushRequest => {
  const { expireTimeRules, iosCustom } = world.switches;
  const known = iosCustom === "accepted" ? withCustomContent(body) : body;
  if (expireTimeRules !== "before") return checkBody(PushRequest, known);
  const { expire_time = oldDefaultExpireTimeSeconds } = known;
  const isLong = typeof expire_time === "number" && expire_time > oldDefaultExpireTimeSeconds;
  if (!isLong || expire_time > oldMaxExpireTimeSeconds || !Number.isInteger(expire_time)) {
    return checkBody(PushRequest, { ...known, expire_time });
  }
  return { ...checkBody(PushRequest, { ...known, expire_time: oldDefaultExpireTimeSeconds }), expire_time };
};

/** The SDKs write the custom parameters of iOS under another name. */
const withCustomContent = (body: Json): Json => {
  const message = objectIn(body, "message");
  const ios = objectIn(message, "ios");
  if (typeof ios?.custom !== "string" || ios.custom === "" || ios.custom_content !== undefined) return body;
  const { custom, ...others } = ios;
  return { ...body, message: { ...message, ios: { ...others, custom_content: custom } } };
};

const objectIn = (parent: Json | undefined, key: string): Json | undefined => {
  const value = parent?.[key];
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;
};
