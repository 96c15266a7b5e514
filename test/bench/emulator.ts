import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import process, { stderr, stdout } from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { androidApp } from "../../provider/emulator/index.ts";
import { basicAuth } from "../../provider/tpns/sign.ts";

/**
 * A push to all of a million phones, and a list of ten thousand tasks, on an emulator of its own process. Ends with 1
 * where a target is missed.
 */

const main = fileURLToPath(new URL("../../provider/cli/main.ts", import.meta.url));

const phones = 1_000_000;
const tasks = 10_000;

const targets = { acceptedMs: 1_000, dispatchedMs: 10_000, memoryMiB: 1_024, answerMs: 1_000, pageMs: 200 } as const;

const Ready = z.object({ url: z.string() });
const Row = z.object({ push_id: z.string() });
const Page = z.object({ count: z.int(), tasks: z.array(z.unknown()) });
const List = z.array(z.object({ status: z.string() }));

/** Nothing else is measured at the same time. */
const free = ["pushesPerSecond=0", "repeatSeconds=0", "queriesPerHour=0"].flatMap((pair) => ["--switch", pair]);

async function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, "emulator", "--port", "0", "--json", ...free, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, "line");
  const { url } = Ready.parse(JSON.parse(String(line)));
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  return { url, pid: child.pid ?? 0, stop };
}

const push = async (url: string, title: string, sendTime?: string): Promise<string> => {
  const body = {
    audience_type: "all",
    message_type: "notify",
    message: { title, content: "Content" },
    ...(sendTime !== undefined && { send_time: sendTime }),
  };
  const headers = { ...basicAuth(androidApp), "Content-Type": "application/json" };
  const response = await fetch(`${url}/v3/push/app`, { method: "POST", headers, body: JSON.stringify(body) });
  return Row.parse(await response.json()).push_id;
};

/** Milliseconds that some work takes. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** The most memory that a process ever had, in MiB; undefined where the system does not tell. */
async function peakMemory(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
}

const answerOf = async (url: string, path: string): Promise<unknown> => (await fetch(url + path)).json();

async function million() {
  const began = performance.now();
  const { url, pid, stop } = await start("--phones", String(phones), "--mix", "xg=3,hw=2,xm=2,oppo=1,vivo=1");
  const readyMs = performance.now() - began;
  const acceptedMs = await timed(() => push(url, "To a million"));
  let answerMs = 0;
  const dispatchedMs = await timed(async () => {
    for (;;) {
      const asked = performance.now();
      const [task] = List.parse(await answerOf(url, "/emulator/tasks"));
      answerMs = Math.max(answerMs, performance.now() - asked);
      if (task?.status === "PUSH_FINISHED") return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  const memoryMiB = await peakMemory(pid);
  await stop();
  return { readyMs, acceptedMs, dispatchedMs, answerMs, memoryMiB };
}

async function tenThousand() {
  const { url, stop } = await start();
  const tomorrow = new Date(Date.now() + 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
  const made = await timed(async () => {
    for (let task = 0; task < tasks; task += 1) await push(url, `Task ${task}`, tomorrow);
  });
  let page: unknown;
  const pageMs = await timed(async () => {
    page = await answerOf(url, "/emulator/task-page?offset=5000&limit=50&search=Task");
  });
  await stop();
  const { count, tasks: rows } = Page.parse(page);
  if (count !== tasks || rows.length !== 50) throw new Error(`the page has ${rows.length} of ${count} tasks`);
  return { pushMs: made / tasks, pageMs };
}

const measured = { ...(await million()), ...(await tenThousand()) };
const missed = Object.entries(targets).filter(([name, limit]) => {
  const value = Object.entries(measured).find(([key]) => key === name)?.[1];
  return value !== undefined && value > limit;
});

for (const [name, value] of Object.entries(measured)) {
  const target = Object.entries(targets).find(([key]) => key === name)?.[1];
  stdout.write(
    `${name.padEnd(14)} ${value === undefined ? "not told by this system" : value.toFixed(1).padStart(10)}${target === undefined ? "" : `   at most ${target}`}\n`,
  );
}
for (const [name] of missed) stderr.write(`missed: ${name}\n`);
process.exitCode = missed.length === 0 ? 0 : 1;
