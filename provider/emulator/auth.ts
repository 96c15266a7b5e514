import type { IncomingHttpHeaders } from "node:http";
import { isSameSecret, isSignedBy, readBasicAuth } from "../tpns/sign.ts";
import type { App } from "./fleet.ts";
import { Refusal, retCodes } from "./refusal.ts";
import { secondMs } from "./service-time.ts";
import type { World } from "./world.ts";

/** The app that a request comes from, by HTTP Basic or by signature, as of a moment; refuses every other. */
export const authenticate = (world: World, headers: IncomingHttpHeaders, body: Uint8Array, nowMs: number): App =>
  headers.authorization === undefined ? signedBy(world, headers, body, nowMs) : basicOf(world, headers.authorization);

const basicOf = (world: World, authorization: string): App => {
  const given = readBasicAuth(authorization);
  if (given === undefined) throw authFailure("the Authorization header is not Basic base64(AccessId:SecretKey)");
  const app = appOf(world, given.accessId);
  if (isSameSecret(given.secretKey, app.secretKey)) return app;
  throw authFailure("the SecretKey is not that of the AccessId");
};

const signedBy = (world: World, headers: IncomingHttpHeaders, body: Uint8Array, nowMs: number): App => {
  const { accessid, timestamp, sign } = headers;
  if (typeof accessid !== "string" || typeof timestamp !== "string" || typeof sign !== "string") {
    throw authFailure("write an Authorization header, or AccessId, TimeStamp and Sign");
  }
  const app = appOf(world, accessid);
  if (!/^\d{1,12}$/.test(timestamp)) throw authFailure("TimeStamp is not a Unix time in seconds");
  const timestampSeconds = Number(timestamp);
  checkAge(world, timestampSeconds, nowMs);
  if (isSignedBy({ ...app, timestampSeconds, body }, sign)) return app;
  throw authFailure("the signature is not that of TimeStamp, AccessId and the body's bytes");
};

const appOf = (world: World, accessId: string): App => {
  const app = world.store.app(accessId);
  if (app !== undefined) return app;
  throw new Refusal(retCodes.unknownApp, "accessId is not correct or domain not correct");
};

const checkAge = ({ switches }: World, timestampSeconds: number, nowMs: number): void => {
  const window = switches.signatureWindowSeconds;
  const ageSeconds = Math.round(nowMs / secondMs - timestampSeconds);
  if (window === 0 || Math.abs(ageSeconds) <= window) return;
  throw authFailure(`TimeStamp differs from the service's clock by ${Math.abs(ageSeconds)} s, which exceeds ${window}`);
};

const authFailure = (reason: string): Refusal => new Refusal(retCodes.authFailure, `auth failure: ${reason}`);

/** Whether a refusal is one of the credentials. */
export const isAuthRefusal = (refusal: Refusal): boolean =>
  refusal.retCode === retCodes.authFailure || refusal.retCode === retCodes.unknownApp;
