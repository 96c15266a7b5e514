/** The service's isolated clusters; an app belongs to one. @see https://www.tencentcloud.com/document/product/1024/38517 */
const hosts: ReadonlyMap<string, string> = new Map([
  ["guangzhou", "https://api.tpns.tencent.com"],
  ["shanghai", "https://api.tpns.sh.tencent.com"],
  ["hongkong", "https://api.tpns.hk.tencent.com"],
  ["singapore", "https://api.tpns.sgp.tencent.com"],
]);

const loopbackNames: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/** Whether a base URL is an emulator's on this machine. */
export const isLoopback = (baseUrl: string): boolean => {
  const { protocol, hostname } = new URL(baseUrl);
  return /^https?:$/.test(protocol) && loopbackNames.includes(hostname);
};

/** The emulator's URL without its path; undefined for anything that is not plainly an address on this machine. */
function loopbackOf(text: string): string | undefined {
  if (!URL.canParse(text) || !isLoopback(text)) return undefined;
  const { origin, pathname, search, hash, username, password } = new URL(text);
  return pathname === "/" && `${search}${hash}${username}${password}` === "" ? origin : undefined;
}

/** The base URL, without a closing slash, of an access point or of an emulator on loopback. Throws on anything else. */
export function baseUrlOf(accessPoint: string): string {
  const baseUrl = hosts.get(accessPoint) ?? loopbackOf(accessPoint);
  if (baseUrl !== undefined) return baseUrl;
  const names = [...hosts.keys()].join(", ");
  throw new Error(
    `accessPoint ${JSON.stringify(accessPoint)} is none of the service; write ${names}, or the emulator's address such as http://127.0.0.1:8790`,
  );
}
