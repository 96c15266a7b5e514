import { DeviceTagRequest, TagDeletionRequest } from "../../tpns/schema/device.ts";
import type { App } from "../fleet.ts";
import { Refusal, retCodes } from "../refusal.ts";
import type { World } from "../world.ts";
import { needed, phoneOf } from "./device.ts";
import { jsonEndpoint, snake } from "./endpoint.ts";
import { checkBody, parseBody } from "./request-body.ts";

interface TagOfToken {
  readonly tag: string;
  readonly token: string;
}

/** What an operation of the page's table does with its tags. */
interface Operation {
  readonly does: "add" | "remove" | "clear" | "overwrite";
  /** Tags are for each token of the list, and not for its first alone. */
  readonly manyTokens?: true;
  /** All tags of the list, and not its first alone. */
  readonly manyTags?: true;
  /** Both stand in a list of pairs. */
  readonly pairs?: true;
}

const operations: Readonly<Record<number, Operation>> = {
  1: { does: "add" },
  2: { does: "remove" },
  3: { does: "add", manyTags: true },
  4: { does: "remove", manyTags: true },
  5: { does: "clear" },
  6: { does: "overwrite", manyTags: true },
  7: { does: "add", manyTokens: true },
  8: { does: "remove", manyTokens: true },
  9: { does: "add", pairs: true },
  10: { does: "remove", pairs: true },
};

/** Tags phones, and takes tags off them. @see https://www.tencentcloud.com/document/product/1024/33766 */
export const deviceTag = jsonEndpoint(snake, (world, { app, bytes }) => {
  const request = checkBody(DeviceTagRequest, parseBody(bytes));
  const operation = operations[request.operator_type];
  if (operation === undefined) throw invalid(`operator_type ${request.operator_type} is none of 1 to 10`);
  const chosen = chosenOf(world, request, operation);
  if (operation.does === "clear" || operation.does === "overwrite") clear(world, app, request, operation);
  for (const { tag, token } of chosen) {
    const phone = phoneOf(world, app, token);
    if (phone === undefined) continue;
    if (operation.does === "remove") world.phones.removeTag(phone, tag);
    else if (operation.does !== "clear") addTag(world, app, phone, tag);
  }
  return { seq: 0, err_msg: undefined };
});

/** Takes tags off all phones. @see https://www.tencentcloud.com/document/product/1024/33767 */
export const deleteAllDevice = jsonEndpoint(snake, ({ phones }, { app, bytes }) => {
  const { tag_list } = checkBody(TagDeletionRequest, parseBody(bytes));
  phones.removeTagEverywhere(app.accessId, tag_list);
  return { seq: 0, err_msg: "", result: "" };
});

const invalid = (reason: string): Refusal => new Refusal(retCodes.invalidParameter, reason);

const chosenOf = (
  { switches }: World,
  request: DeviceTagRequest,
  { does, manyTokens, manyTags, pairs }: Operation,
): readonly TagOfToken[] => {
  const name = `operator_type ${request.operator_type}`;
  if (pairs) {
    const list = needed(name, "tag_token_list", request.tag_token_list);
    if (list.length <= switches.tagPairs) return list;
    throw invalid(`tag_token_list has ${list.length} pairs, which exceeds ${switches.tagPairs}`);
  }
  const tokens = needed(name, "token_list", request.token_list);
  const tags = does === "clear" ? [""] : needed(name, "tag_list", request.tag_list);
  return (manyTokens ? tokens : tokens.slice(0, 1)).flatMap((token) =>
    (manyTags ? tags : tags.slice(0, 1)).map((tag) => ({ tag, token })),
  );
};

/** Takes off what an overwriting operation replaces: all tags, or those of its categories where each tag has one. */
const clear = (
  world: World,
  app: App,
  { token_list: [token = ""] = [], tag_list = [] }: DeviceTagRequest,
  { does }: Operation,
): void => {
  const phone = phoneOf(world, app, token);
  if (phone === undefined) return;
  const categories = does === "overwrite" && tag_list.every(hasCategory) ? tag_list.map(categoryOf) : undefined;
  for (const tag of world.phones.customTagsOf(phone)) {
    if (categories === undefined || (hasCategory(tag) && categories.includes(categoryOf(tag)))) {
      world.phones.removeTag(phone, tag);
    }
  }
};

const hasCategory = (tag: string): boolean => tag.includes(":");
const categoryOf = (tag: string): string => tag.slice(0, tag.indexOf(":"));

const addTag = ({ phones, switches }: World, app: App, phone: number, tag: string): void => {
  const { tagsPerApp, tagsPerDevice } = switches;
  const tags = phones.customTagsOf(phone);
  if (tags.includes(tag)) return;
  if (tagsPerDevice > 0 && tags.length >= tagsPerDevice) throw invalid(`the device has ${tagsPerDevice} tags already`);
  if (tagsPerApp > 0 && !phones.hasTag(app.accessId, tag) && phones.countCustomTags(app.accessId) >= tagsPerApp) {
    throw invalid(`the app has ${tagsPerApp} tags already`);
  }
  phones.addTag(phone, tag);
};
