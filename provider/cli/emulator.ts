import { readFileSync } from "node:fs";
import { readFleet, readSeed, type Seed } from "../emulator/fleet.ts";
import type { App, Emulator, EmulatorOptions, GeneratedFleet, Phone } from "../emulator/index.ts";
import { startEmulator } from "../emulator/index.ts";
import { parseSwitches } from "../emulator/switches.ts";

/** States keep the emulator's address, so it is the same unless told. */
const defaultPort = 8790;
const maxPort = 65_535;

/** Phones that the greeting names one by one. */
const greetedPhones = 10;

/** The command's options as they were typed. */
export interface EmulatorArguments {
  readonly port?: string | undefined;
  readonly host?: string | undefined;
  readonly now?: string | undefined;
  readonly pace?: string | undefined;
  readonly phones?: string | undefined;
  readonly mix?: string | undefined;
  readonly offline?: string | undefined;
  readonly seed?: string | undefined;
  readonly data?: string | undefined;
  readonly json?: boolean | undefined;
  readonly switch?: readonly string[] | undefined;
}

/** Runs until it is interrupted. */
export async function runEmulator(args: EmulatorArguments): Promise<void> {
  const emulator = await startEmulator(optionsOf(args)).catch((error: unknown) => {
    throw isPortTaken(error) ? new Error(`port ${args.port ?? defaultPort} is taken; write another --port`) : error;
  });
  console.log(args.json === true ? readyLine(emulator) : greeting(emulator));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void emulator.close());
}

const optionsOf = (args: EmulatorArguments): EmulatorOptions => ({
  ...seedOf(args),
  port: portOf(args.port ?? String(defaultPort)),
  ...(args.host !== undefined && { host: args.host }),
  ...(args.now !== undefined && { now: args.now }),
  ...(args.pace !== undefined && { pace: numberOf("pace", args.pace) }),
  ...(args.data !== undefined && { dataFile: args.data }),
  ...(args.json === true && { onRequest: (request) => console.log(JSON.stringify({ event: "request", ...request })) }),
  switches: parseSwitches(args.switch ?? []),
});

const seedOf = ({ seed, phones, mix, offline }: EmulatorArguments): Pick<EmulatorOptions, "apps" | "phones"> => {
  if (seed === undefined && phones === undefined && (mix ?? offline) !== undefined) {
    throw new Error("--mix and --offline say what the phones are like; write --phones and how many");
  }
  if (seed !== undefined && phones !== undefined) throw new Error("--seed and --phones: write one of the two");
  if (seed !== undefined) return seedIn(seed);
  return phones === undefined ? {} : { phones: fleetOf(phones, mix, offline) };
};

const seedIn = (path: string): Seed => {
  try {
    return readSeed(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new Error(`--seed ${path}: ${error instanceof Error ? error.message : error}`);
  }
};

const fleetOf = (phones: string, mix: string | undefined, offline: string | undefined): GeneratedFleet => {
  const fleet = {
    count: numberOf("phones", phones),
    ...(mix !== undefined && { mix: Object.fromEntries(mix.split(",").map(weightOf)) }),
    ...(offline !== undefined && { offline: numberOf("offline", offline) }),
  };
  try {
    return readFleet(fleet);
  } catch (error) {
    throw new Error(`--phones: ${error instanceof Error ? error.message : error}`);
  }
};

const weightOf = (pair: string): readonly [string, number] => {
  const [channel = "", weight = "", ...rest] = pair.split("=");
  if (rest.length > 0 || weight === "") throw new Error(`--mix ${pair} is no channel and number; write xg=3,apns=1`);
  return [channel.trim(), numberOf("mix", weight)];
};

const portOf = (text: string): number => {
  const port = numberOf("port", text);
  if (Number.isInteger(port) && port <= maxPort) return port;
  throw new Error(`--port ${text} is none; write 0 to ${maxPort}`);
};

const numberOf = (option: string, text: string): number => {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new Error(`--${option} ${text} is no number; write 0 or more`);
};

const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "EADDRINUSE";

const readyLine = ({ url, clock, apps }: Emulator): string =>
  JSON.stringify({
    event: "ready",
    url,
    now: clock.now().toISOString(),
    pace: clock.pace,
    apps: apps.map(({ accessId, platform }) => ({ accessId, platform })),
  });

const greeting = ({ url, clock, apps, findPhones }: Emulator): string => {
  const { phones, count } = findPhones({ limit: greetedPhones });
  const more = count > phones.length ? [`  and ${(count - phones.length).toLocaleString("en")} more`] : [];
  return [
    `TPNS emulator ready at ${url}, its clock at ${clock.now().toISOString()}, pace ${clock.pace}`,
    `its page, with the tasks, the clock and the phones: ${url}/`,
    "",
    "apps",
    ...apps.map((app) => `  ${app.platform.padEnd(8)} ${app.accessId}  key ${app.secretKey}`),
    "",
    "phones",
    ...phones.map(phoneLine),
    ...more,
    "",
    "for Pulumi programs, in the environment",
    `  export TPNS_ACCESS_POINT=${url}`,
    ...apps.map((app) => `  export TPNS_SECRET_KEY_${app.accessId}=${app.secretKey}`),
    ...apps.slice(0, 1).flatMap((app) => configuration(url, app)),
    "",
    "from a shell",
    `  curl ${url}/emulator/clock -d '{"step": 3600}'`,
    "",
    "stop with Ctrl-C",
  ].join("\n");
};

const phoneLine = ({ name, system, channel, emui, online }: Phone): string => {
  const over = emui === undefined ? channel : `${channel}, EMUI ${emui}`;
  return `  ${name.padEnd(20)} ${system.padEnd(8)} channel ${over}${online ? "" : ", offline"}`;
};

const configuration = (url: string, app: App): readonly string[] => [
  "or in a stack's configuration",
  `  pulumi config set tpns:accessPoint ${url}`,
  `  pulumi config set tpns:accessId ${app.accessId}`,
  `  pulumi config set tpns:platform ${app.platform}`,
  `  pulumi config set --secret tpns:secretKey ${app.secretKey}`,
];
