import * as z from "zod";
import type { Answer, Endpoint } from "../api/endpoint.ts";
import { push } from "../api/push.ts";
import { cancelTimingTask, revokePushMsg, stopPushMsg } from "../api/remedy.ts";
import { fieldOf, parseBody } from "../api/request-body.ts";
import type { StoredTask } from "../data/store.ts";
import { Refusal } from "../refusal.ts";
import type { World } from "../world.ts";
import { knownTask } from "./task.ts";

const text = z.string().min(1).max(4096);

/** What is to be done about a task; an override says what takes its place. */
const Asked = z.discriminatedUnion("remedy", [
  z.strictObject({ remedy: z.enum(["cancel", "terminate", "recall"]), pushId: z.string() }),
  z.strictObject({ remedy: z.literal("override"), pushId: z.string(), title: text, content: text }),
]);

type Asked = z.output<typeof Asked>;

/** Does it as the app itself would, and tells the push id of an override. */
export const applyRemedy = (world: World, body: unknown): { readonly pushId: string } => {
  const asked = Asked.parse(body);
  const task = knownTask(world, asked.pushId);
  if (asked.remedy !== "override") {
    call(world, task, endpoints[asked.remedy], { pushId: task.pushId });
    return { pushId: task.pushId };
  }
  const answered = call(world, task, push, overrideOf(world, task, asked));
  return { pushId: z.object({ push_id: z.string() }).parse(answered).push_id };
};

const endpoints = { cancel: cancelTimingTask, terminate: stopPushMsg, recall: revokePushMsg };

const call = (world: World, task: StoredTask, endpoint: Endpoint, body: object): Answer => {
  const app = world.store.app(task.accessId);
  if (app === undefined) throw new Error(`task ${task.pushId} belongs to no app; please report this`);
  try {
    return world.database.transaction(() =>
      endpoint.handle(world, { app, headers: {}, bytes: Buffer.from(JSON.stringify(body)) }),
    );
  } catch (error) {
    throw error instanceof Refusal ? new Error(`ret_code ${error.retCode}: ${error.message}`) : error;
  }
};

type Json = Readonly<Record<string, unknown>>;

/** The same push with other words, at once and under the same collapse id; whose marker its group_id is, did not push it. */
const overrideOf = (
  { store }: World,
  task: StoredTask,
  words: Pick<Asked & { remedy: "override" }, "title" | "content">,
) => {
  const request = parseBody(Buffer.from(store.requestOf(task)));
  const message = z.record(z.string(), z.unknown()).parse(fieldOf(request, "message"));
  const { title, content } = words;
  return {
    ...without(request, ["message", "send_time", "loop_param", "collapse_id", "group_id"]),
    message: { ...without(message, ["title", "content"]), title, content },
    collapse_id: task.collapseId,
  };
};

/** The documents' own samples write keys in more than one case. */
const without = (object: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !names.includes(key.toLowerCase())));
