import type { IncomingMessage } from "node:http";

/** What a request carried. */
export interface Body {
  /** Empty if it was too long. */
  readonly bytes: Buffer;
  readonly tooLong: boolean;
}

/** Reads a body to its end, so that the client can read the answer; keeps nothing of one that exceeds the limit. */
export const readBody = async (request: IncomingMessage, maxBytes: number): Promise<Body> => {
  let chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= maxBytes) chunks.push(chunk);
    else chunks = [];
    if (length > maxBytes + maxDiscardedBytes) break;
  }
  return length > maxBytes
    ? { bytes: Buffer.alloc(0), tooLong: true }
    : { bytes: Buffer.concat(chunks), tooLong: false };
};

/** Whoever sends still more has no answer coming that it would read. */
const maxDiscardedBytes = 256 * 1024 * 1024;
