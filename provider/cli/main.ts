#!/usr/bin/env node
import { parseArgs } from "node:util";

const usage = `pulumi-tpns <command>

commands
  emulator   run the push service on this machine: its API, a clock, and phones
  halt       cancel at once what is pending on an app, and say what to commit
  approve    write into a campaign file that somebody approves its messages

pulumi-tpns emulator [options]
  --port <number>      port on 127.0.0.1, 0 for a free one (default 8790: states keep the address)
  --now <time>         where the service's clock starts, such as 2027-02-01T08:00:00+08:00 (default now)
  --pace <number>      service seconds per real second, 0 to stand still (default 1)
  --phones <number>    so many phones of its two apps instead of seven, up to 10,000,000
  --mix <name=number,...>  how many of them have which channel, beside the others (default xg=3,hw=2,xm=2,oppo=1,vivo=1,apns=3)
  --offline <share>    share of them that is offline at first (default 0.1)
  --seed <file>        apps and phones from a JSON file, instead
  --data <file>        keep everything in this file, and go on where it ended
  --host <address>     listen there (default 127.0.0.1: whoever reaches it can change it)
  --switch <name=value>  what the service's documents leave open, as often as needed
  --json               write a line of JSON for the start and for each request

pulumi-tpns halt [options]
  --access-id <id>     the app (default TPNS_ACCESS_ID); its key stands in TPNS_SECRET_KEY_<id> or TPNS_SECRET_KEY
  --access-point <name>  where it lives (default TPNS_ACCESS_POINT)
  --reason <text>      what the halt is for
  --unmarked           also what no stack has pushed: the console's, other programs'
  --dry-run            only show what is pending

pulumi-tpns approve <file> [message ...] --by <name>
  --by <name>          who approves: all messages of the file, or those that are named

  -h, --help           show this`;

const emulatorOptions = {
  port: { type: "string" },
  now: { type: "string" },
  pace: { type: "string" },
  phones: { type: "string" },
  mix: { type: "string" },
  offline: { type: "string" },
  seed: { type: "string" },
  data: { type: "string" },
  host: { type: "string" },
  json: { type: "boolean" },
  switch: { type: "string", multiple: true },
} as const;

const haltOptions = {
  "access-id": { type: "string" },
  "access-point": { type: "string" },
  reason: { type: "string" },
  unmarked: { type: "boolean" },
  "dry-run": { type: "boolean" },
} as const;

const approveOptions = { by: { type: "string" } } as const;

type Command = (args: string[]) => Promise<void>;

const commands: Readonly<Record<string, Command>> = {
  emulator: async (args) => {
    const { values } = parseArgs({ args, options: emulatorOptions });
    const { runEmulator } = await import("./emulator.ts");
    await runEmulator(values);
  },
  halt: async (args) => {
    const { values } = parseArgs({ args, options: haltOptions });
    const { runHalt } = await import("./halt.ts");
    await runHalt(values);
  },
  approve: async (args) => {
    const { values, positionals } = parseArgs({ args, options: approveOptions, allowPositionals: true });
    const { runApprove } = await import("./approve.ts");
    runApprove(positionals, values);
  },
};

async function run([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined || [name, ...args].some((arg) => arg === "--help" || arg === "-h")) {
    console.log(usage);
    return;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new Error(`there is no command "${name}"; see pulumi-tpns --help`);
  await command(args);
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`pulumi-tpns: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
