import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/** Why a request is turned away before anything looks at it. */
interface Turning {
  readonly status: number;
  readonly error: string;
}

/**
 * Keeps other sites out of the control API and the page: a browser names the host that it asked for, which is a name of
 * theirs where they have bound one to this machine, and the site on whose behalf it writes.
 */
export const turnAway = ({ method, headers }: IncomingMessage, listensOn: string): Turning | undefined => {
  const { host = "", origin, "content-type": contentType = "" } = headers;
  if (!isOurs(hostNameOf(host), hostNameOf(listensOn.includes(":") ? `[${listensOn}]` : listensOn))) {
    return { status: 403, error: `the host ${host.slice(0, 100)} is not this emulator's; write localhost` };
  }
  if (method !== "POST" || origin === undefined) return undefined;
  if (origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    return { status: 403, error: `the site ${origin.slice(0, 100)} may not change this emulator` };
  }
  if (/^application\/json\s*(;|$)/i.test(contentType)) return undefined;
  return { status: 415, error: "write Content-Type: application/json" };
};

const hostNameOf = (host: string): string => URL.parse(`http://${host}`)?.hostname ?? "";

const isOurs = (name: string, listensOn: string): boolean =>
  name !== "" && (isLoopback(name) || name === listensOn || (isEverywhere(listensOn) && isAddress(name)));

const isLoopback = (name: string): boolean =>
  name === "localhost" ||
  name.endsWith(".localhost") ||
  name === "[::1]" ||
  (isAddress(name) && name.startsWith("127."));

/** Who listens on all addresses has many; none of them is a name that somebody else can bind. */
const isEverywhere = (name: string): boolean => name === "0.0.0.0" || name === "[::]";

const isAddress = (name: string): boolean => isIP(name.replace(/^\[|\]$/g, "")) !== 0;
