import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { createContext, type Log } from "../lifecycle/context.ts";
import { haltText } from "../lifecycle/halt.ts";
import { type HaltedNow, haltNow } from "../lifecycle/halt-now.ts";
import { inServiceTime, listedDaysAhead } from "../lifecycle/send-time.ts";
import { journalFolder } from "../once/journal.ts";
import type { Sighting } from "../once/look.ts";

/** The command's options as they were typed. */
export interface HaltArguments {
  readonly "access-id"?: string | undefined;
  readonly "access-point"?: string | undefined;
  readonly reason?: string | undefined;
  readonly unmarked?: boolean | undefined;
  readonly "dry-run"?: boolean | undefined;
}

/** Cancels what is pending on an app at once, and says what to commit. Ends with 1 where something is left. */
export async function runHalt(args: HaltArguments): Promise<void> {
  const { reason = "", unmarked = false, "dry-run": dryRun = false } = args;
  const options: Readonly<Record<string, string | undefined>> = {
    "tpns:accessId": needed("access-id", args["access-id"] ?? process.env.TPNS_ACCESS_ID),
    "tpns:accessPoint": needed("access-point", args["access-point"] ?? process.env.TPNS_ACCESS_POINT),
    // No cancel depends on it.
    "tpns:platform": process.env.TPNS_PLATFORM ?? "android",
  };
  const context = createContext({ config: (key) => options[key], env: process.env, log });
  try {
    const { accessId, baseUrl } = context.settings;
    console.log(`app ${accessId} at ${baseUrl}`);
    const memory = join(journalFolder(process.env), `halted-${accessId}.txt`);
    const halted = await haltNow(context, { unmarked, dryRun, earlier: remembered(memory) });
    // A second run, for what the first one left, tells of both.
    if (!dryRun) remember(memory, idsOf(halted));
    console.log([...reportOf(halted, dryRun), ...(dryRun ? [] : adviceOf(halted, reason))].join("\n"));
    if (halted.left.length > 0 && !dryRun) process.exitCode = 1;
  } finally {
    context.close();
  }
}

function remembered(path: string): ReadonlySet<string> {
  if (!existsSync(path)) return new Set();
  return new Set(readFileSync(path, "utf8").match(/\d+/g));
}

function remember(path: string, ids: ReadonlySet<string>): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, [...ids, ""].join("\n"));
}

function needed(option: string, value: string | undefined): string {
  if (value) return value;
  throw new Error(`write --${option}, or set TPNS_${option.replace("-", "_").toUpperCase()}`);
}

const log: Log = {
  info: (line) => console.log(line),
  warning: (line) => console.error(`warning: ${line}`),
  status: (line) => console.error(line),
};

const lineOf = ({ pushId, sendAt, title }: Sighting): string => `${pushId}  ${inServiceTime(sendAt)}  "${title}"`;

function reportOf({ cancelled, before, gone, left, unmarked }: HaltedNow, dryRun: boolean): readonly string[] {
  const lines = [
    ...before.map((task) => `  cancelled before  ${lineOf(task)}`),
    ...cancelled.map((task) => `  cancelled  ${lineOf(task)}`),
    ...gone.map((task) => `  TOO LATE   ${lineOf(task)}  ${task.status}`),
    ...left.map(({ task, why }) => `  ${dryRun ? "pending" : "STILL PENDING"}  ${lineOf(task)}  ${why}`.trimEnd()),
    ...unmarked.map((task) => `  not of a stack  ${lineOf(task)}`),
  ];
  const counts = dryRun
    ? `${left.length} pending would be cancelled`
    : `${cancelled.length} cancelled, ${gone.length} too late, ${left.length} still pending`;
  const others =
    unmarked.length > 0 ? `; ${unmarked.length} that no stack has pushed are left, --unmarked takes them too` : "";
  return [...lines, counts + others];
}

/** Until it is committed, the next `pulumi up` may push what is new. */
const adviceOf = ({ gone, left, ...halted }: Omit<HaltedNow, "unmarked">, reason: string): readonly string[] => [
  ...(left.length > 0 ? ["run the same again, or cancel what is still pending in the service's console"] : []),
  ...(gone.length > 0
    ? ['what went out: remedy: "terminate" stops what is not delivered yet, a changed message overrides it']
    : []),
  `what is more than ${listedDaysAhead} days ahead the service may not list; the pulumi up under the halt cancels it`,
  "",
  "stop the runs of your pipelines, then commit this in every stack that uses the app, and run pulumi up:",
  `  pulumi config set tpns:halt '${haltText({ reason, cancelled: idsOf(halted) }).replaceAll("'", "'\\''")}'`,
  "when all is right, this has the next pulumi up push anew what is still ahead:",
  "  pulumi config rm tpns:halt",
];

const idsOf = ({ before, cancelled }: Pick<HaltedNow, "before" | "cancelled">): ReadonlySet<string> =>
  new Set([...before, ...cancelled].map(({ pushId }) => pushId));
