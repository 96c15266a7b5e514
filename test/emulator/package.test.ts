import { type Zippable, zipSync } from "fflate";
import { describe, expect } from "vitest";
import { push, reachedBy, test, upload } from "./fixture.ts";

const megabyte = 1024 * 1024;

const zip = (files: Zippable) => new Uint8Array(zipSync(files));
const bytes = (text: string) => new TextEncoder().encode(text);

/** A zip that unpacks to so many bytes, and says of itself that it holds ten. */
const bomb = (unpackedBytes: number) => {
  const packed = zip({ "a.txt": new Uint8Array(unpackedBytes).fill(97) });
  const view = new DataView(packed.buffer);
  const directory = view.getUint32(packed.length - 6, true);
  view.setUint32(22, 10, true);
  view.setUint32(directory + 24, 10, true);
  return packed;
};

describe("a package", () => {
  test.for([
    ["accounts.txt", "bob\r\n\n  carol \n"],
    ["accounts.csv", '\uFEFF"bob"\n"carol"'],
    ["accounts.zip", zip({ "accounts.txt": bytes("bob\ncarol") })],
    ["accounts.ZIP", zip({ "ACCOUNTS.CSV": [bytes('"bob"\n"carol"'), { level: 0 }] })],
  ] as const)("%s reaches its accounts", async ([name, content], { emulator }) => {
    const { uploadId } = await upload(emulator, name, content);
    const pushId = await push(emulator, { audience_type: "package_account_push", upload_id: uploadId });
    emulator.setOnline("own-channel-offline", true);

    expect(reachedBy(emulator, pushId)).toEqual(["own-channel-offline", "huawei-emui9"]);
  });

  test.for<[string, string, string | Uint8Array<ArrayBuffer>, string]>([
    ["two files", "a.zip", zip({ "a.txt": bytes("bob"), "b.txt": bytes("bob") }), "the zip holds more than one file"],
    ["a folder", "a.zip", zip({ "a/b.txt": bytes("bob") }), "the zip holds a folder"],
    ["no file", "a.zip", zip({}), "the zip holds no file"],
    ["another kind", "a.zip", zip({ "a.pdf": bytes("bob") }), "the file in the zip is none of .txt, .csv"],
    ["a zip", "a.zip", zip({ "a.zip": zip({ "a.txt": bytes("bob") }) }), "the file in the zip is none of .txt, .csv"],
    ["half of its bytes", "a.zip", zip({ "a.txt": bytes("bob") }).slice(0, 40), "the zip is damaged"],
    ["no zip", "a.zip", "PK", "the zip is damaged"],
    ["100 MB and one byte", "a.zip", zip({ "a.txt": new Uint8Array(100 * megabyte + 1) }), "exceeds 104857600 bytes"],
    ["200 MB where it tells of ten bytes", "a.zip", bomb(200 * megabyte), "exceeds 104857600 bytes"],
    ["other than UTF-8", "a.txt", new Uint8Array([0xff, 0xfe, 0x61]), "a.txt is no UTF-8"],
    ["an account of 1 character", "a.txt", "bob\nx\n", "the row x is shorter than 2 characters"],
    ["an account of 101 characters", "a.txt", "x".repeat(101), "is longer than 100 characters"],
    ["two columns", "a.csv", "bob,carol", "the row bob,carol has more than one column"],
  ])("with %s is refused", async ([, name, content, reason], { emulator }) => {
    const { retCode, errMsg } = await upload(emulator, name, content);

    expect(retCode).toBe(1008011);
    expect(errMsg).toContain(reason);
    expect((await upload(emulator, "a.txt", "bob")).retCode).toBe(0);
  });

  test.for([
    ["a zip of an empty file", "a.zip", zip({ "a.txt": new Uint8Array() })],
    ["a zip of blank lines", "a.zip", zip({ "a.txt": bytes(" \r\n\n") })],
  ] as const)("that is %s is empty", async ([, name, content], { emulator }) => {
    expect((await upload(emulator, name, content)).retCode).toBe(1008012);
  });

  test("has rows of 2 and of 100 characters, and a comma within quotes", async ({ emulator }) => {
    expect((await upload(emulator, "a.csv", `ab\n${"x".repeat(100)}\n"a,b"`)).retCode).toBe(0);
  });

  test("of a million accounts is taken within seconds, and reaches its own", { timeout: 60_000 }, async ({
    emulator,
  }) => {
    const rows = Array.from({ length: 1_000_000 }, (_, at) => `account${(at * 7919) % 1_000_003}`);
    const packed = zip({ "a.txt": bytes([...rows, "bob"].join("\n")) });
    const begin = performance.now();
    const { uploadId } = await upload(emulator, "a.zip", packed);
    const seconds = (performance.now() - begin) / 1000;
    emulator.setOnline("own-channel-offline", true);
    const pushId = await push(emulator, { audience_type: "package_account_push", upload_id: uploadId });

    expect(reachedBy(emulator, pushId)).toEqual(["own-channel-offline"]);
    expect(seconds).toBeLessThan(15);
  });
});
