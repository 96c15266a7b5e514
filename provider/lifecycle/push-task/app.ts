import type { Context } from "../context.ts";
import { Refused } from "../refusal.ts";

/** A push id means nothing to another app: whatever would use it there is refused. */
export function refuseOtherApp(
  { settings }: Context,
  action: string,
  { accessId }: { readonly accessId: string },
): void {
  if (accessId === settings.accessId) return;
  throw new Refused(
    `${action}: it was pushed on app ${accessId}, and the app configured now is ${settings.accessId}; configure ${accessId} again, or give each app its own tpns.Provider`,
  );
}
