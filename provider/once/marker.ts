import { hash } from "node:crypto";

/**
 * The marker stands in a push's `group_id`, which no phone sees and the service's records echo: 5 characters of the
 * stack, 7 of the resource, 12 of what is pushed, 1 for the ordinal of the revision. `group_id` takes 25.
 */
const stackLength = 5;
const resourceLength = 7;
const identityLength = stackLength + resourceLength;
const contentLength = 12;
const marker = new RegExp(`^[0-9a-v]{${identityLength + contentLength}}[0-9a-z]$`);

const ordinals = "0123456789abcdefghijklmnopqrstuvwxyz";

/** Who pushes: the organisation, project and stack, and the resource in it. */
export interface Identity {
  readonly owner: string;
  readonly organization: string;
  readonly urn: string;
}

/** What the class writes into the input `identity`; the engine tells the handlers none of it. */
export function parseIdentity(text: string): Identity {
  const [owner = "", organization = "", ...urn] = text.split("|");
  return { owner, organization, urn: urn.join("|") };
}

/** The stack's name within a URN, `urn:pulumi:<stack>::<project>::<types>::<name>`. */
export const stackOf = ({ urn }: Pick<Identity, "urn">): string => urn.split("::")[0]?.split(":")[2] ?? "";

/** The resource's name within its URN. */
export const nameOf = ({ urn }: Pick<Identity, "urn">): string => urn.split("::").slice(3).join("::");

/**
 * The half of the marker that says who; fixed with the first push, through every later rename. A name that is used again
 * while another resource has what was pushed under it is another one: its second use, its third.
 */
export function identityMark(identity: Identity, use = 1): string {
  const [stack, project, ...resource] = identity.urn.split("::");
  const name = resource.join("::");
  return (
    digest([identity.owner, identity.organization, stack, project].join("|"), stackLength) +
    digest(use === 1 ? name : `${name}|${use}`, resourceLength)
  );
}

/** The same half of a marker. */
export const identityHalf = (marker: string): string => marker.slice(0, identityLength);

/** The part of that half that says in which stack. */
export const stackPart = (identity: string): string => identity.slice(0, stackLength);

/** The part that says what; equal for equal requests, whoever pushes them. */
export const contentMark = (canonicalRequest: string): string => digest(canonicalRequest, contentLength);

/** The marker of the `ordinal`-th push of one task; beyond 35 the ordinals start anew. */
export const markerOf = (identity: string, content: string, ordinal: number): string =>
  identity + content + (ordinals[ordinal % ordinals.length] ?? "0");

/** The marker of the first ordinal from `first` on that is not used. */
export function nextMarker(identity: string, content: string, first: number, used: ReadonlySet<string>): string {
  const markers = Array.from(ordinals, (_, distance) => markerOf(identity, content, first + distance));
  // All 36 in use: the state's own ordinal is the oldest of them.
  return markers.find((candidate) => !used.has(candidate)) ?? markerOf(identity, content, first);
}

/** Which push of its task a marker stands for. */
export const ordinalOf = (marker: string): number => ordinals.indexOf(marker.slice(-1));

/** The marker in a record's `groupId`; undefined if somebody else's word stands there. */
export function parseMarker(groupId: string | undefined): { identity: string; content: string } | undefined {
  if (groupId === undefined || !marker.test(groupId)) return undefined;
  return {
    identity: groupId.slice(0, identityLength),
    content: groupId.slice(identityLength, identityLength + contentLength),
  };
}

/** As many hexadecimal digits as the longest part of a marker needs, of 4 bits each. */
const digestDigits = 16;

/** Base 32 with the digits and the letters to v: 5 bits a character, in any case-folding store. */
function digest(text: string, length: number): string {
  const bits = BigInt(`0x${hash("sha256", text).slice(-digestDigits)}`);
  return bits.toString(32).padStart(contentLength, "0").slice(-length);
}
