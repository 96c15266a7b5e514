import { hash } from "node:crypto";
import { canonicalText } from "../canonical.ts";

/** Twelve characters are copied by hand, and 48 bits are not met by chance. */
const hashLength = 12;

/** What somebody has approved of a task, as it is declared: all that phones show, and who gets it. */
export interface Approvable {
  readonly message?: unknown;
  readonly messageType?: unknown;
  readonly audience?: unknown;
  readonly resendBySms?: unknown;
  readonly smsInfo?: unknown;
}

/** A changed text, or another audience, has another one; a new upload of a package's file has not. */
export const approvalHash = ({
  message,
  messageType = "notify",
  audience,
  resendBySms = false,
  smsInfo,
}: Approvable): string =>
  hash("sha256", canonicalText([message, messageType, withoutUpload(audience), resendBySms && smsInfo])).slice(
    0,
    hashLength,
  );

const withoutUpload = (audience: unknown): unknown =>
  typeof audience === "object" && audience !== null ? { ...audience, uploadId: undefined } : audience;

/** As it stands in `approvedBy`. */
export const approvalBy = (name: string, hash: string): string => `${name}:${hash}`;

/** Who approved which hash; undefined where it says neither. */
export function parseApproval(text: string): { readonly name: string; readonly hash: string } | undefined {
  const { name, hash } = /^(?<name>.*\S)\s*:\s*(?<hash>[0-9a-f]{12})$/.exec(text)?.groups ?? {};
  return name === undefined || hash === undefined ? undefined : { name, hash };
}
