import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { nameOf, parseIdentity } from "../once/marker.ts";
import type { Context } from "./context.ts";
import { isUnknown } from "./translation.ts";

/** @see https://www.tencentcloud.com/document/product/1024/33765 */
const maxFileBytes = 100 * 1024 * 1024;

type Properties = Readonly<Record<string, unknown>>;

const State = z.object({ accessId: z.string(), sha256: z.string(), uploadId: z.string() });

/** Reads the file, and adds the hash of its bytes: what the engine compares. */
export async function check(
  news: Properties,
): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }> {
  const { file, identity } = news;
  if (isUnknown(file)) return { inputs: news, failures: [] };
  const strange = Object.keys(news).filter((name) => name !== "file" && name !== "identity");
  const wrong =
    strange.length > 0
      ? `${strange.join(", ")} is not a property of AudiencePackage; remove it`
      : await fileFailure(file);
  if (wrong !== undefined) return { inputs: news, failures: [{ property: "", reason: wrong }] };
  return { inputs: { file, identity, sha256: await hashOf(String(file)) }, failures: [] };
}

async function fileFailure(file: unknown): Promise<string | undefined> {
  if (typeof file !== "string") return "file is missing; write the path of a .txt, .csv or .zip file";
  if (!/\.(txt|csv|zip)$/i.test(file)) return `file ${file} is neither .txt, .csv nor .zip`;
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return `file ${file} is not there; write its path from the project's folder`;
  if (found.size === 0) return `file ${file} is empty`;
  return found.size > maxFileBytes ? `file ${file} has ${found.size} bytes, which exceeds ${maxFileBytes}` : undefined;
}

/** A file can be replaced at any time by one that never ends, or grows for ever. */
const withoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  const handle = await open(file, withoutWaiting);
  await pipeline(handle.createReadStream({ end: maxFileBytes - 1 }), hash);
  return hash.digest("hex");
}

/** Another app needs an upload of its own; the same bytes under another name do not. */
export function diff(context: Context, olds: Properties, news: Properties): { changes: boolean; replaces?: string[] } {
  const state = State.parse(olds);
  if (state.accessId !== context.settings.accessId) return { changes: true, replaces: ["accessId"] };
  return { changes: isUnknown(news) || state.sha256 !== news.sha256 || olds.file !== news.file };
}

export async function create(context: Context, inputs: Properties): Promise<{ id: string; outs: Properties }> {
  const uploadId = await upload(context, inputs);
  return { id: String(inputs.sha256), outs: stateOf(context, inputs, uploadId) };
}

/** Only new bytes are uploaded. */
export async function update(context: Context, olds: Properties, news: Properties): Promise<Properties> {
  const { sha256, uploadId } = State.parse(olds);
  return stateOf(context, news, sha256 === news.sha256 ? uploadId : await upload(context, news));
}

const stateOf = ({ settings }: Context, inputs: Properties, uploadId: string): Properties => ({
  ...inputs,
  accessId: settings.accessId,
  uploadId,
});

/** Undefined where it is no file that could be uploaded any more. */
async function bytesOf(path: string) {
  await using handle = await open(path, withoutWaiting);
  const found = await handle.stat();
  return found.isFile() && found.size <= maxFileBytes ? handle.readFile() : undefined;
}

async function upload({ service }: Context, { file, identity, sha256 }: Properties): Promise<string> {
  const path = String(file);
  const bytes = await bytesOf(path);
  if (bytes === undefined || createHash("sha256").update(bytes).digest("hex") !== sha256) {
    throw new Error(`upload package ${path}: it has changed since it was checked; run pulumi up again`);
  }
  return service.uploadPackage(nameOf(parseIdentity(String(identity))), { name: basename(path), bytes });
}
