import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../../provider/cli/main.ts", import.meta.url));

const start = (...args: readonly string[]): ChildProcess => spawn(process.execPath, [main, ...args]);

/** What a process says until it ends, or until it has said something that matches. */
async function outputOf(child: ChildProcess, until?: RegExp): Promise<string> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  while (until !== undefined && !until.test(output) && child.exitCode === null) {
    await Promise.race([once(child, "exit"), child.stdout && once(child.stdout, "data")]);
  }
  if (until === undefined) await once(child, "close");
  return output;
}

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
  ] as const)("%o says what to do", async ([args, line]) => {
    expect(await outputOf(start(...args))).toContain(line);
  });
});
