import { answerFields } from "./answer.ts";
import type { BeforeSending, Caller } from "./caller.ts";
import { checked } from "./checked.ts";
import { PushApiError, requestTooFast } from "./errors.ts";
import { createPacer, type PacerOptions } from "./pacing.ts";
import { PushReply } from "./schema/push-reply.ts";
import { type AudienceType, PushRequest } from "./schema/push-request.ts";

/** A refusal as too fast is waited out so many times, then it is an error. */
const maxTooFastWaits = 10;

/** Seconds before a push that was too fast is sent again; up to one more is added, so that two senders part. */
const tooFastSeconds = 1;

/** The service takes 1 a second of these; it states no limit for tokens, accounts and their lists. */
const pacedAudiences: readonly AudienceType[] = ["all", "tag", "package_account_push", "package_token_push"];

const isTooFast = (error: unknown): boolean => error instanceof PushApiError && error.retCode === requestTooFast;

/** The pushes of one app: paced, each sent once. */
export function createSender(caller: Caller, { onWait, takeSlot }: Pick<PacerOptions, "onWait" | "takeSlot">) {
  const { clock, change } = caller;
  const pacer = createPacer({ clock, onWait, takeSlot });

  /** 1008028 is a refusal for sure: it is waited out, and the push signed anew. */
  async function send(
    action: string,
    request: PushRequest,
    beforeSending: BeforeSending | undefined,
    waitsLeft: number,
  ): Promise<unknown> {
    const answered = pacedAudiences.includes(request.audience_type) ? await pacer.turn() : () => {};
    try {
      return await change(action, "/v3/push/app", request, beforeSending);
    } catch (error) {
      if (!isTooFast(error) || waitsLeft === 0) throw error;
    } finally {
      answered();
    }
    const seconds = tooFastSeconds + Math.random();
    onWait?.(`${action}: waiting ${Math.ceil(seconds)} s: request too fast`);
    await clock.wait(seconds);
    return send(action, request, beforeSending, waitsLeft - 1);
  }

  /** Sends a push and gives its id. */
  return async (name: string, request: PushRequest, beforeSending?: BeforeSending): Promise<string> => {
    const action = `push task "${name}"`;
    const body = checked(action, PushRequest, request);
    // It has several ids, which would not fit the one that is given, and no remedy is documented for them.
    if (body.loop_param !== undefined)
      throw new Error(`${action}: loop_param has no remedies; write a task for each date`);
    const { pushIds } = answerFields(action, PushReply, await send(action, body, beforeSending, maxTooFastWaits));
    return pushIds[0];
  };
}
