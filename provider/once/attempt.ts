import { hash } from "node:crypto";
import type { RequestParts } from "../remedy/change.ts";
import type { Course } from "../remedy/phase.ts";

/** All that is needed to know a push again, and to judge a change of it. */
export interface PlannedPush {
  readonly marker: string;
  /** Whether the push carries the marker; a user's own plan takes its place. */
  readonly marked: boolean;
  /** What it says, each part hashed: texts may be secret, and no file but the state holds them. */
  readonly parts: RequestParts;
  /** Whether it goes out as soon as the service has it. */
  readonly atOnce: boolean;
  /** Hash of what a record shows of it; counts only where no marker is echoed. */
  readonly fingerprint: string;
  readonly sendAt: string;
  /** Seconds that the service keeps it for offline phones. */
  readonly storageSeconds: number;
}

/** A push whose bytes went out, so that it may have been taken. */
export interface Attempt extends PlannedPush {
  /** The signing time by the service's clock, ISO 8601: with the signature's validity it tells until when it can arrive. */
  readonly at: string;
}

/** When the task of an attempt goes out, and how long it is kept for offline phones. */
export const courseOfAttempt = ({ sendAt, storageSeconds }: PlannedPush): Course => ({
  sendAt: new Date(sendAt),
  storageSeconds,
});

/** What a record shows of a push. */
export interface Shown {
  readonly title: string;
  readonly content: string;
  readonly audience: string;
  readonly sendAt: Date;
}

/** Equal for pushes that the records show alike; an `asap` push is not told apart by its time. */
export const fingerprintOf = ({ title, content, audience, sendAt }: Shown, isAtOnce: boolean): string =>
  hash(
    "sha256",
    JSON.stringify([title, content, audience, isAtOnce ? "at once" : sendAt.toISOString()]),
    "base64url",
  ).slice(0, 16);
