import { test as base } from "vitest";
import * as z from "zod";
import {
  type App,
  androidApp,
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from "../../provider/emulator/index.ts";
import { basicAuth, sign } from "../../provider/tpns/sign.ts";

/** Any answer of the service, in either style. */
export const Answer = z.record(z.string(), z.unknown());
export type Answer = z.output<typeof Answer>;

export const pushPath = "/v3/push/app";
export const cancelPath = "/v3/push/cancel_timing_task";
export const stopPath = "/v3/push/stop_push_msg";
export const revokePath = "/v3/push/revoke_push_msg";
export const planPath = "/v3/push/plan/add_plan_push";
export const recordPath = "/v3/statistics/get_push_record";

/** The moment at which every emulator of these tests starts, in UTC+8. */
const start = "2027-02-01T08:00:00+08:00";

/** Calls an emulator as an app does, signed by the emulator's clock. */
export async function post(emulator: Emulator, path: string, body: object | string, app: App = androidApp) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const timestampSeconds = Math.floor(emulator.clock.now().getTime() / 1000);
  const headers = { "Content-Type": "application/json", ...sign({ ...app, timestampSeconds, body: text }) };
  const response = await fetch(emulator.url + path, { method: "POST", headers, body: text });
  const answered = await response.text();
  const { status, headers: told } = response;
  return { status, headers: told, text: answered, answer: Answer.parse(JSON.parse(answered)) };
}

/** The ret_code of a call. */
export async function codeOf(emulator: Emulator, path: string, body: object | string, app: App = androidApp) {
  const { answer } = await post(emulator, path, body, app);
  return answer.ret_code ?? answer.retCode;
}

const Uploaded = z.object({ retCode: z.int(), errMsg: z.string(), uploadId: z.int().optional() });

/** What the upload of a file is answered with. */
export async function upload(emulator: Emulator, name: string, content: string | Uint8Array<ArrayBuffer>) {
  const body = new FormData();
  body.set("file", new File([content], name));
  const headers = basicAuth(androidApp);
  const response = await fetch(`${emulator.url}/v3/push/package/upload`, { method: "POST", headers, body });
  return Uploaded.parse(await response.json());
}

let pushes = 0;

/** A notification to every Android phone; each has other words, and comes a second after the one before. */
export async function push(emulator: Emulator, fields: object = {}, app: App = androidApp): Promise<string> {
  emulator.clock.step(1);
  const { answer } = await post(emulator, pushPath, notification(fields), app);
  return z.object({ push_id: z.string() }).parse(answer).push_id;
}

/** The body of a push that is valid on Android. */
export const notification = (fields: object = {}) => ({
  audience_type: "all",
  message_type: "notify",
  message: { title: `Title ${++pushes}`, content: "Content" },
  ...fields,
});

/** The body of a push that is valid on iOS. */
export const iosNotification = (fields: object = {}) => ({
  ...notification(fields),
  environment: "product",
  message: { title: `Title ${pushes}`, content: "Content", ios: { aps: { alert: {} } } },
});

/** The collapse id that the service gave to a task. */
export function collapseIdOf(emulator: Emulator, pushId: string): number {
  const task = emulator.tasks.find((candidate) => candidate.pushId === pushId);
  if (task === undefined) throw new Error(`no task ${pushId}`);
  return task.collapseId;
}

/** The status of a task. */
export const statusOf = (emulator: Emulator, pushId: string) =>
  emulator.records.find((record) => record.pushId === pushId)?.status;

/** What a phone's notification centre shows, by push id. */
export const shownOn = (emulator: Emulator, name: string): readonly string[] =>
  emulator.phone(name).notifications.map((notification) => notification.pushId);

/** Every time a phone alerted, by push id. */
export const alertsOn = (emulator: Emulator, name: string): readonly string[] =>
  emulator.phone(name).alerts.map((alert) => alert.pushId);

/** The phones that a task alerted. */
export const reachedBy = (emulator: Emulator, pushId: string): readonly string[] =>
  emulator.phones.filter(({ alerts }) => alerts.some((alert) => alert.pushId === pushId)).map(({ name }) => name);

const options: EmulatorOptions = {};

/** One emulator a test, on a free port, whose clock stands still unless stepped. */
export const test = base.extend("options", options).extend("emulator", async ({ options }, { onCleanup }) => {
  const emulator = await startEmulator({ now: start, pace: 0, ...options });
  onCleanup(() => emulator.close());
  return emulator;
});
