import crypto from "node:crypto";
import { env } from "node:process";
import * as pulumi from "@pulumi/pulumi";

// What most people would write: a dynamic provider in the program's own file, with all that it uses.

const accessPoint = String(env.BENCH_URL);
const accessId = "1500001234";
const secretKey = String(env.BENCH_KEY);

const tooFast = 1008028;
const maxTries = 60;
/** In milliseconds; an emulator's clock may run fast. */
const pause = 1_000 / Number(env.BENCH_PACE);

interface Answer {
  ret_code?: number;
  retCode?: number;
  err_msg?: string;
  errMsg?: string;
  push_id?: string;
  pushRecordData?: { status: string }[];
}

/** Signs a call, sends it, and tries again where the service says that it was too fast. */
async function call(path: string, body: object): Promise<Answer> {
  const text = JSON.stringify(body);
  for (let tries = 1; ; tries += 1) {
    const timestamp = Math.floor(Date.now() / 1_000).toString();
    const hex = crypto
      .createHmac("sha256", secretKey)
      .update(timestamp + accessId + text)
      .digest("hex");
    const response = await fetch(accessPoint + path, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        AccessId: accessId,
        TimeStamp: timestamp,
        Sign: Buffer.from(hex).toString("base64"),
      },
      body: text,
    });
    const answer: Answer = JSON.parse(await response.text());
    const code = answer.ret_code ?? answer.retCode;
    if (code === 0) return answer;
    if (code !== tooFast || tries === maxTries) {
      throw new Error(`${path}: ${answer.err_msg ?? answer.errMsg} (${code})`);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** As the service writes it, in its own zone. */
function sendTimeOf(iso: string): string {
  const shifted = new Date(Date.parse(iso) + 8 * 60 * 60 * 1_000);
  return shifted.toISOString().slice(0, 19).replace("T", " ");
}

async function push({ title, content, sendTime }: PushInputs): Promise<string> {
  const answer = await call("/v3/push/app", {
    audience_type: "all",
    message_type: "notify",
    message: { title, content },
    send_time: sendTimeOf(sendTime),
  });
  return String(answer.push_id);
}

async function cancel(pushId: string): Promise<void> {
  await call("/v3/push/cancel_timing_task", { pushId });
}

interface PushInputs {
  title: string;
  content: string;
  sendTime: string;
}

interface PushOutputs extends PushInputs {
  pushId: string;
  status: string;
}

const provider: pulumi.dynamic.ResourceProvider<PushInputs, PushOutputs> = {
  async check(_olds, news) {
    const failures: pulumi.dynamic.CheckFailure[] = [];
    if (news.title.length === 0) failures.push({ property: "title", reason: "title is empty" });
    if (news.content.length === 0) failures.push({ property: "content", reason: "content is empty" });
    if (Number.isNaN(Date.parse(news.sendTime))) {
      failures.push({ property: "sendTime", reason: `${news.sendTime} is no time` });
    }
    return { inputs: news, failures };
  },
  async diff(_id, olds, news) {
    const isSame = olds.title === news.title && olds.content === news.content && olds.sendTime === news.sendTime;
    return { changes: !isSame };
  },
  async create(inputs) {
    const pushId = await push(inputs);
    return { id: pushId, outs: { ...inputs, pushId, status: "PUSH_WAIT" } };
  },
  async read(id, props) {
    if (props === undefined) throw new Error("nothing is known of it");
    const answer = await call("/v3/statistics/get_push_record", { pushId: props.pushId });
    return { id, props: { ...props, status: answer.pushRecordData?.[0]?.status ?? "" } };
  },
  async update(_id, olds, news) {
    await cancel(olds.pushId);
    const pushId = await push(news);
    return { outs: { ...news, pushId, status: "PUSH_WAIT" } };
  },
  async delete(_id, props) {
    await cancel(props.pushId);
  },
};

class PushTask extends pulumi.dynamic.Resource {
  constructor(name: string, args: PushInputs) {
    super(provider, name, { pushId: undefined, status: undefined, ...args });
  }
}

for (let number = 0; number < Number(env.BENCH_COUNT); number += 1) {
  new PushTask(`task-${number}`, {
    title: `Sale ${number}`,
    content: number === 0 ? String(env.BENCH_FIRST) : "20 % off today",
    sendTime: String(env.BENCH_SEND_TIME),
  });
}
