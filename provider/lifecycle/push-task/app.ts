import { nameOf, parseIdentity } from "../../once/marker.ts";
import { isTerminal } from "../../remedy/phase.ts";
import type { Context } from "../context.ts";
import { Refused } from "../refusal.ts";
import { isUnsettled, type PushTaskState } from "./state.ts";

/** History belongs to the app that it was pushed on, whatever is configured now; what is planned belongs to none yet. */
export const isSettled = (state: PushTaskState): boolean =>
  (isTerminal(state.phase) || state.phase === "failed" || state.phase === "planned") && !isUnsettled(state);

/** A push id means nothing to another app, nor to the same one at another access point. */
export const isOnOtherApp = ({ settings }: Context, { accessId, accessPoint }: PushTaskState): boolean =>
  accessId !== settings.accessId || accessPoint !== settings.baseUrl;

/** Whatever would use a push id on another app is refused. */
export function refuseOtherApp(context: Context, action: string, state: PushTaskState): void {
  if (!isOnOtherApp(context, state)) return;
  const { accessId, baseUrl } = context.settings;
  throw new Refused(
    accessId === state.accessId
      ? `${action}: it was pushed at ${state.accessPoint}, and the access point configured now is ${baseUrl}; configure ${state.accessPoint} again`
      : `${action}: it was pushed on app ${state.accessId}, and the app configured now is ${accessId}; configure ${state.accessId} again, or give each app its own tpns.Provider`,
  );
}

/** The task's name, as the state tells it. */
export const nameIn = ({ inputs }: PushTaskState): string => nameOf(parseIdentity(String(inputs.identity)));
