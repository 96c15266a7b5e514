import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { outputOf, start } from "./command.ts";

describe("pulumi-tpns", () => {
  test.for(["SIGINT", "SIGTERM"] as const)("emulator serves until %s", async (signal) => {
    const child = start(
      "emulator",
      "--port",
      "0",
      "--now",
      "2027-02-01T08:00:00+08:00",
      "--switch",
      "dispatchSeconds=9",
    );
    const output = await outputOf(child, /stop with Ctrl-C/);
    const [url = ""] = /http:\S+(?=,)/.exec(output) ?? [];
    const switches = await (await fetch(`${url}/emulator/switches`)).json();
    child.kill(signal);
    const [exitCode] = await once(child, "exit");

    expect(output).toContain(`  export TPNS_ACCESS_POINT=${url}\n`);
    expect(output).toContain("  export TPNS_SECRET_KEY_1500001234=emulatorandroidkey00000000000001\n");
    expect(switches).toMatchObject({ dispatchSeconds: 9, recall: "offline" });
    expect(exitCode).toBe(0);
  });

  test.for([
    [["--help"], "pulumi-tpns emulator [options]"],
    [[], "pulumi-tpns emulator [options]"],
    [["launch"], 'there is no command "launch"; see pulumi-tpns --help'],
    [["emulator", "--port", "70000"], "--port 70000 is none; write 0 to 65535"],
    [["emulator", "--pace", "fast"], "--pace fast is no number; write 0 or more"],
    [["emulator", "--now", "2027-02-01"], 'time "2027-02-01" names no offset'],
    [["emulator", "--switch", "recall=yes"], "--switch: "],
    [["emulator", "--mix", "xg=1"], "--mix and --offline say what the phones are like; write --phones and how many"],
    [["emulator", "--phones", "10", "--mix", "xg"], "--mix xg is no channel and number; write xg=3,apns=1"],
    [["emulator", "--phones", "10", "--mix", "pigeon=1"], "--phones: "],
    [["emulator", "--phones", "0"], "--phones: "],
    [["emulator", "--phones", "10", "--seed", "x"], "--seed and --phones: write one of the two"],
    [["emulator", "--seed", "nowhere.json"], "--seed nowhere.json: "],
    [["emulator", "--data", "package.json"], "package.json cannot be used as data file: "],
  ] as const)("%o says what to do", async ([args, line]) => {
    expect(await outputOf(start(...args))).toContain(line);
  });
});

describe("pulumi-tpns emulator with a fleet", () => {
  test("by the number has phones of each channel, and names the first", async () => {
    const child = start("emulator", "--port", "0", "--phones", "1000", "--mix", "xg=1,apns=1", "--offline", "0.5");
    const output = await outputOf(child, /stop with Ctrl-C/);
    const [url = ""] = /http:\S+(?=,)/.exec(output) ?? [];
    const phones = z
      .array(z.object({ name: z.string(), channel: z.string(), online: z.boolean() }))
      .parse(await (await fetch(`${url}/emulator/phones`)).json());
    child.kill("SIGTERM");
    await once(child, "exit");

    const shareOf = (is: (phone: (typeof phones)[number]) => boolean) => phones.filter(is).length / phones.length;
    expect(output).toMatch(/ {2}phone-10 .*\n {2}and 990 more\n/);
    expect(phones.map(({ name }) => name)).toEqual(Array.from({ length: 1000 }, (_, at) => `phone-${at + 1}`));
    expect(new Set(phones.map(({ channel }) => channel))).toEqual(new Set(["xg", "apns"]));
    expect(shareOf(({ channel }) => channel === "xg")).toBeCloseTo(0.5, 1);
    expect(shareOf(({ online }) => online)).toBeCloseTo(0.5, 1);
  });

  test("from a seed file, with a line of JSON for the start and for each request", async () => {
    const folder = await mkdtemp(join(tmpdir(), "pulumi-tpns-seed-"));
    const file = join(folder, "seed.json");
    const app = { accessId: "1500009999", secretKey: "key", platform: "android" };
    const phone = { name: "mine", accessId: app.accessId, system: "android", channel: "hw", emui: 11 };
    await writeFile(file, JSON.stringify({ apps: [app], phones: [phone] }));
    const child = start("emulator", "--port", "0", "--seed", file, "--json");
    const ready = JSON.parse(await outputOf(child, /\n/));
    const told = outputOf(child, /\n/);
    await fetch(`${ready.url}/v3/push/app`, { method: "POST", body: "{}" });
    const request = JSON.parse(await told);
    const phones = await (await fetch(`${ready.url}/emulator/phones`)).json();
    child.kill("SIGTERM");
    await once(child, "exit");
    await rm(folder, { recursive: true });

    expect(ready).toMatchObject({ event: "ready", pace: 1, apps: [{ accessId: "1500009999", platform: "android" }] });
    expect(request).toMatchObject({ event: "request", method: "POST", path: "/v3/push/app", retCode: 1008003 });
    expect(phones).toMatchObject([{ name: "mine", emui: 11 }]);
  });
});
