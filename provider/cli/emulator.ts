import type { App, Emulator, EmulatorOptions, Phone } from "../emulator/index.ts";
import { startEmulator } from "../emulator/index.ts";
import { parseSwitches } from "../emulator/switches.ts";

/** States keep the emulator's address, so it is the same unless told. */
const defaultPort = 8790;
const maxPort = 65_535;

/** The command's options as they were typed. */
export interface EmulatorArguments {
  readonly port?: string | undefined;
  readonly now?: string | undefined;
  readonly pace?: string | undefined;
  readonly switch?: readonly string[] | undefined;
}

/** Runs until it is interrupted. */
export async function runEmulator(args: EmulatorArguments): Promise<void> {
  const emulator = await startEmulator(optionsOf(args)).catch((error: unknown) => {
    throw isPortTaken(error) ? new Error(`port ${args.port ?? defaultPort} is taken; write another --port`) : error;
  });
  console.log(greeting(emulator));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void emulator.close());
}

const optionsOf = (args: EmulatorArguments): EmulatorOptions => ({
  port: portOf(args.port ?? String(defaultPort)),
  ...(args.now === undefined ? {} : { now: args.now }),
  ...(args.pace === undefined ? {} : { pace: numberOf("pace", args.pace) }),
  switches: parseSwitches(args.switch ?? []),
});

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

const greeting = ({ url, clock, apps, phones }: Emulator): string =>
  [
    `TPNS emulator ready at ${url}, its clock at ${clock.now().toISOString()}, pace ${clock.pace}`,
    "",
    "apps",
    ...apps.map((app) => `  ${app.platform.padEnd(8)} ${app.accessId}  key ${app.secretKey}`),
    "",
    "phones",
    ...phones.map(phoneLine),
    "",
    "for Pulumi programs, in the environment",
    `  export TPNS_ACCESS_POINT=${url}`,
    ...apps.map((app) => `  export TPNS_SECRET_KEY_${app.accessId}=${app.secretKey}`),
    ...apps.slice(0, 1).flatMap((app) => configuration(url, app)),
    "",
    "control",
    `  curl ${url}/emulator/phones`,
    `  curl ${url}/emulator/clock -d '{"step": 3600}'`,
    "",
    "stop with Ctrl-C",
  ].join("\n");

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
