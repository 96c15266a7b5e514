#!/usr/bin/env node
import { parseArgs } from "node:util";

const usage = `pulumi-tpns <command>

commands
  emulator   run the push service on this machine: its API, a clock, and phones

pulumi-tpns emulator [options]
  --port <number>      port on 127.0.0.1, 0 for a free one (default 8790: states keep the address)
  --now <time>         where the service's clock starts, such as 2027-02-01T08:00:00+08:00 (default now)
  --pace <number>      service seconds per real second, 0 to stand still (default 1)
  --switch <name=value>  what the service's documents leave open, as often as needed

  -h, --help           show this`;

const options = {
  port: { type: "string" },
  now: { type: "string" },
  pace: { type: "string" },
  switch: { type: "string", multiple: true },
  help: { type: "boolean", short: "h" },
} as const;

const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [command, ...rest] = positionals;
  if (values.help === true || command === undefined) {
    console.log(usage);
    return;
  }
  if (command !== "emulator" || rest.length > 0) {
    throw new Error(`there is no command "${positionals.join(" ")}"; see pulumi-tpns --help`);
  }
  const { runEmulator } = await import("./emulator.ts");
  await runEmulator(values);
};

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`pulumi-tpns: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
