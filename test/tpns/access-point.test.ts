import { describe, expect, test } from "vitest";
import { baseUrlOf, isLoopback } from "../../provider/tpns/access-point.ts";

describe("an access point", () => {
  test.for([
    ["guangzhou", "https://api.tpns.tencent.com"],
    ["shanghai", "https://api.tpns.sh.tencent.com"],
    ["hongkong", "https://api.tpns.hk.tencent.com"],
    ["singapore", "https://api.tpns.sgp.tencent.com"],
    ["http://127.0.0.1:8790", "http://127.0.0.1:8790"],
    ["http://localhost:8790/", "http://localhost:8790"],
    ["https://[::1]:8790", "https://[::1]:8790"],
  ] as const)("%s is at %s", ([accessPoint, baseUrl]) => {
    expect(baseUrlOf(accessPoint)).toBe(baseUrl);
  });

  test.for([
    "frankfurt",
    "Guangzhou",
    "",
    "https://api.tpns.tencent.com",
    "http://api.tpns.tencent.com",
    "https://evil.example",
    "http://127.0.0.1.evil.example",
    "http://127.0.0.1@evil.example",
    "http://user:key@127.0.0.1:8790",
    "http://127.0.0.1:8790/path",
    "http://127.0.0.1:8790/?x",
    "ftp://127.0.0.1",
    "http://0.0.0.0:8790",
    "http://192.168.0.1",
  ])("%o is refused in one line that says what to write", (accessPoint) => {
    expect(() => baseUrlOf(accessPoint)).toThrow(
      `accessPoint ${JSON.stringify(accessPoint)} is none of the service; write guangzhou, shanghai, hongkong, ` +
        "singapore, or the emulator's address such as http://127.0.0.1:8790",
    );
  });

  test.for([
    ["http://127.0.0.1:1", true],
    ["https://localhost", true],
    ["https://api.tpns.tencent.com", false],
  ] as const)("%s is on this machine: %o", ([baseUrl, expected]) => {
    expect(isLoopback(baseUrl)).toBe(expected);
  });
});
