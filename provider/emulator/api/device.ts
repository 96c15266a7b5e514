import type { App } from "../fleet.ts";
import { Refusal, retCodes } from "../refusal.ts";
import type { World } from "../world.ts";

/** The app's phone with a token; undefined where none has it and the service says nothing. */
export const phoneOf = ({ phones, switches }: World, app: App, token: string): number | undefined => {
  const phone = phones.withToken(app.accessId, token);
  if (phone !== undefined || switches.unknownTargets === "accepted") return phone;
  throw new Refusal(retCodes.unknownToken, `invalid token: ${token}`);
};

/** A field that an operation cannot do without. */
export const needed = <Value>(operation: string, field: string, value: Value | undefined): Value => {
  if (value !== undefined) return value;
  throw new Refusal(retCodes.missingParameter, `${operation} needs ${field}`);
};
