import { readFile, writeFile } from "node:fs/promises";
import { argv, env, stdout } from "node:process";
import { setTimeout } from "node:timers/promises";
import { request } from "undici";
import * as z from "zod";
import { androidApp } from "../../provider/emulator/index.ts";
import { sign } from "../../provider/tpns/sign.ts";
import { sendTimeOf } from "../../provider/tpns/times.ts";

/** Signed calls and nothing else, as a script would make them. Prints how many milliseconds they took. */

const [operation = "", file = ""] = argv.slice(2);

const {
  BENCH_URL: url,
  BENCH_COUNT: count,
  BENCH_FIRST: first,
  ...given
} = z
  .object({
    BENCH_URL: z.string(),
    BENCH_COUNT: z.coerce.number(),
    BENCH_SEND_TIME: z.string(),
    BENCH_FIRST: z.string(),
    /** Calls under way at the same time. */
    BENCH_AT_ONCE: z.coerce.number(),
    /** Real milliseconds from the answer to one push to the next one. */
    BENCH_PAUSE: z.coerce.number(),
  })
  .parse(env);

const pageRows = 200;

const Reply = z.object({ push_id: z.string().optional(), count: z.int().optional() });

async function call(path: string, body: object) {
  const text = JSON.stringify(body);
  const timestampSeconds = Math.floor(Date.now() / 1_000);
  const headers = { "Content-Type": "application/json", ...sign({ ...androidApp, timestampSeconds, body: text }) };
  const response = await request(url + path, { method: "POST", headers, body: text });
  return Reply.parse(await response.body.json());
}

const push = async (number: number): Promise<string> => {
  const message = { title: `Sale ${number}`, content: number === 0 ? first : "20 % off today" };
  const send_time = sendTimeOf(new Date(given.BENCH_SEND_TIME));
  const body = { audience_type: "all", message_type: "notify", message, send_time };
  return (await call("/v3/push/app", body)).push_id ?? "";
};

const cancel = async (pushId: string): Promise<void> => {
  await call("/v3/push/cancel_timing_task", { pushId });
};

/** So many at once, and a pause after each. */
async function each<T>(values: readonly T[], work: (value: T) => Promise<void>, pause: number): Promise<void> {
  const waiting = values.values();
  const one = async (): Promise<void> => {
    for (const value of waiting) {
      await work(value);
      if (pause > 0) await setTimeout(pause);
    }
  };
  await Promise.all(Array.from({ length: given.BENCH_AT_ONCE }, one));
}

const kept = async (): Promise<string[]> => z.array(z.string()).parse(JSON.parse(await readFile(file, "utf8")));

const works: Readonly<Record<string, () => Promise<string[]>>> = {
  async up() {
    const ids: string[] = [];
    const numbers = Array.from({ length: count }, (_, number) => number);
    await each(
      numbers,
      async (number) => {
        ids[number] = await push(number);
      },
      given.BENCH_PAUSE,
    );
    return ids;
  },
  async "change one"() {
    const [id = "", ...others] = await kept();
    await cancel(id);
    return [await push(0), ...others];
  },
  async refresh() {
    const ids = await kept();
    const pages = Array.from({ length: Math.ceil(ids.length / pageRows) }, (_, page) => page * pageRows);
    await each(
      pages,
      async (offset) => {
        const dates = { startDate: "2027-01-10", endDate: "2027-04-01" };
        await call("/v3/statistics/get_push_record", { ...dates, offset, limit: pageRows });
      },
      0,
    );
    return ids;
  },
  async destroy() {
    await each(await kept(), cancel, 0);
    return [];
  },
};

const began = performance.now();
const ids = await works[operation]?.();
stdout.write(`${performance.now() - began}\n`);
await writeFile(file, JSON.stringify(ids));
