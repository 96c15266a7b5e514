import { readdirSync, readFileSync } from "node:fs";
import { pid as ownPid } from "node:process";
import type { Use } from "./result.ts";

/** Whose work a process does. */
type Role = "program" | "engine" | "provider";

const roles: readonly Role[] = ["program", "engine", "provider"];

/** Processes are looked at so often; what one does after the last look is lost. */
const lookMilliseconds = 50;

/** The system counts time in hundredths of a second; over less than this the shares would be noise. */
const shareSeconds = 0.1;

const ticksPerSecond = 100;
const pageBytes = 4_096;
const mebibyte = 1_024 * 1_024;

/** A process as it was when last looked at. */
interface Look {
  readonly role: Role;
  readonly cpuSeconds: number;
  /** Of those that it has begun and that ended too soon to be looked at. */
  readonly reapedSeconds: number;
  readonly residentBytes: number;
  readonly writtenBytes: number;
}

/** Looks at what this process has started, until it is stopped. */
export interface Watch {
  stop(): Use | undefined;
}

/** Watches all descendants but those named, which are the services. */
export function watchProcesses(others: readonly number[]): Watch {
  const last = new Map<number, Look>();
  const split = { program: 0, engine: 0, provider: 0, waiting: 0 };
  let peak = 0;
  let providerPeak = 0;

  const look = (): void => {
    const now = descendantsOf(ownPid, others).flatMap((pid) => looksAt(pid, last.get(pid)?.role));
    for (const [pid, seen] of now) last.set(pid, seen);
    const bytesOf = (looks: readonly (readonly [number, Look])[]): number =>
      looks.reduce((sum, [, { residentBytes }]) => sum + residentBytes, 0);
    peak = Math.max(peak, bytesOf(now));
    providerPeak = Math.max(providerPeak, bytesOf(now.filter(([, { role }]) => role === "provider")));
  };
  look();
  // What is there already has worked before.
  const before = { cpu: cpuOf(last), writtenBytes: writtenOf(last) };
  let counted = { at: performance.now(), cpu: before.cpu };
  const share = (leastSeconds: number): void => {
    const seconds = (performance.now() - counted.at) / 1_000;
    if (seconds < leastSeconds) return;
    const cpu = cpuOf(last);
    const used = roles.map((role) => cpu[role] - counted.cpu[role]);
    const sum = used.reduce((total, value) => total + value, 0);
    const scale = sum > seconds ? seconds / sum : 1;
    roles.forEach((role, position) => {
      split[role] += (used[position] ?? 0) * scale;
    });
    split.waiting += Math.max(0, seconds - sum);
    counted = { at: performance.now(), cpu };
  };

  const timer = setInterval(() => {
    look();
    share(shareSeconds);
  }, lookMilliseconds);
  return {
    stop() {
      clearInterval(timer);
      look();
      share(0);
      if (last.size === 0) return undefined;
      const cpu = cpuOf(last);
      return {
        split,
        cpuSeconds: roles.reduce((sum, role) => sum + cpu[role] - before.cpu[role], 0),
        peakMiB: peak / mebibyte,
        providerPeakMiB: providerPeak / mebibyte,
        writtenBytes: writtenOf(last) - before.writtenBytes,
      };
    },
  };
}

const writtenOf = (looks: ReadonlyMap<number, Look>): number =>
  [...looks.values()].reduce((sum, { writtenBytes }) => sum + writtenBytes, 0);

/** What a process has used of the processor so far; undefined where the system does not tell. */
export const cpuSecondsOf = (pid: number): number | undefined => looksAt(pid, undefined)[0]?.[1].cpuSeconds;

function cpuOf(looks: ReadonlyMap<number, Look>): Readonly<Record<Role, number>> {
  const sums = { program: 0, engine: 0, provider: 0 };
  for (const { role, cpuSeconds, reapedSeconds } of looks.values()) {
    sums[role] += cpuSeconds;
    sums.provider += reapedSeconds;
  }
  return sums;
}

function descendantsOf(pid: number, others: readonly number[]): readonly number[] {
  return threadsOf(pid)
    .flatMap((thread) => textOf(`/proc/${pid}/task/${thread}/children`).split(" ").map(Number))
    .filter((child) => child > 0 && !others.includes(child))
    .flatMap((child) => [child, ...descendantsOf(child, others)]);
}

/** A process is the child of the thread that began it. */
function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** None where it has ended, or is a shell of Terraform's, whose time its parent is told. */
function looksAt(pid: number, known: Role | undefined): readonly (readonly [number, Look])[] {
  const stat = textOf(`/proc/${pid}/stat`);
  // The name, in brackets, may hold blanks.
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  if (fields.length < 22) return [];
  const [user = 0, system = 0, reapedUser = 0, reapedSystem = 0] = fields.slice(11, 15);
  const written = /^write_bytes: (\d+)$/m.exec(textOf(`/proc/${pid}/io`))?.[1];
  const command = textOf(`/proc/${pid}/cmdline`);
  if (command === "" || /call\.sh|^curl/.test(command)) return [];
  const seen = {
    // Between fork and exec it has its parent's command.
    role: known === undefined || known === "engine" ? roleOf(command) : known,
    cpuSeconds: (user + system) / ticksPerSecond,
    reapedSeconds: command.startsWith("terraform") ? (reapedUser + reapedSystem) / ticksPerSecond : 0,
    residentBytes: (fields[21] ?? 0) * pageBytes,
    writtenBytes: Number(written ?? 0),
  };
  return [[pid, seen]];
}

const roleOf = (command: string): Role => {
  if (/dynamic-provider|pulumi-resource|raw-calls/.test(command)) return "provider";
  return /cmd\/run/.test(command) ? "program" : "engine";
};

/** Empty where the system has no such file, or no longer. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
