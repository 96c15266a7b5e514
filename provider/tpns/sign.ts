import { createHmac, timingSafeEqual } from "node:crypto";

/** Who calls: one TPNS app, and its secret key. */
export interface Credentials {
  readonly accessId: string;
  readonly secretKey: string;
}

/** What a signature covers; neither URL, method nor query is in it. */
export interface Signable extends Credentials {
  /** Unix time in seconds, of the service's clock. */
  readonly timestampSeconds: number;
  /** Exactly the bytes that are sent. */
  readonly body: string | Uint8Array;
}

/** The three headers of a signed call. A type, since headers must fit an index signature. */
export type SignatureHeaders = {
  readonly AccessId: string;
  readonly TimeStamp: string;
  readonly Sign: string;
};

const basicScheme = /^Basic\s+(\S+)$/i;

const signatureOf = ({ accessId, secretKey, timestampSeconds, body }: Signable): string => {
  const hex = createHmac("sha256", secretKey).update(`${timestampSeconds}${accessId}`).update(body).digest("hex");
  // The documents' short formula leaves this out: what is base64-encoded is the hex text, not the digest.
  return Buffer.from(hex, "ascii").toString("base64");
};

/** Signs a call. @see https://www.tencentcloud.com/document/product/1024/34213 */
export const sign = (call: Signable): SignatureHeaders => ({
  AccessId: call.accessId,
  TimeStamp: String(call.timestampSeconds),
  Sign: signatureOf(call),
});

/** Whether two texts are equal, in a time that tells nothing of where they differ. */
export function isSameSecret(left: string, right: string): boolean {
  const digestOf = (text: string): Buffer => createHmac("sha256", "compare").update(text).digest();
  return timingSafeEqual(digestOf(left), digestOf(right));
}

/** Whether a call carries the signature of its bytes; how old its time may be is for the caller to judge. */
export const isSignedBy = (call: Signable, signature: string): boolean => isSameSecret(signatureOf(call), signature);

/** The header of HTTP Basic. @see https://www.tencentcloud.com/document/product/1024/34672 */
export const basicAuth = ({ accessId, secretKey }: Credentials): { readonly Authorization: string } => ({
  Authorization: `Basic ${Buffer.from(`${accessId}:${secretKey}`).toString("base64")}`,
});

/** The credentials in an `Authorization` header, unverified; undefined if it is no Basic header. */
export function readBasicAuth(authorization: string): Credentials | undefined {
  const encoded = basicScheme.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const [accessId, ...rest] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  if (accessId === undefined || rest.length === 0) return undefined;
  return { accessId, secretKey: rest.join(":") };
}
