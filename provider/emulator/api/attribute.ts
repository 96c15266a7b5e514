import { CustomAttributeRequest } from "../../tpns/schema/device.ts";
import type { App } from "../fleet.ts";
import { Refusal, retCodes } from "../refusal.ts";
import type { World } from "../world.ts";
import { needed, phoneOf } from "./device.ts";
import { type Answer, camel, jsonEndpoint } from "./endpoint.ts";
import { checkBody, parseBody } from "./request-body.ts";

/** Of a name, and of a value. */
const maxAttributeBytes = 50;

const deleteSome = 3;
const deleteAll = 4;
const ask = 5;

/** Sets, deletes and tells a phone's attributes. @see https://www.tencentcloud.com/document/product/1024/38571 */
export const setCustomAttribute = jsonEndpoint(camel, (world, { app, bytes }) => {
  const request = checkBody(CustomAttributeRequest, parseBody(bytes));
  const phone = phoneOf(world, app, request.token);
  const attributes = new Map(attributesOf(request));
  const invalid = unknownOf(world, app, [...attributes.keys()]);
  for (const name of invalid) attributes.delete(name);
  if (phone !== undefined) carryOut(world, phone, request.cmd, attributes);
  return {
    errMsg: "success",
    ...(request.cmd === ask ? { attributeInfo: { attributeMap: mapOf(world, phone) } } : {}),
    ...(invalid.length > 0 ? { invalidAttribute: invalid } : {}),
  };
});

const attributesOf = ({ cmd, attributeInfo }: CustomAttributeRequest): readonly (readonly [string, string])[] => {
  if (cmd === deleteAll || cmd === ask) return [];
  const attributes = Object.entries(needed(`cmd ${cmd}`, "attributeInfo", attributeInfo).attributeMap);
  const tooLong = attributes.flat().find((text) => Buffer.byteLength(text) > maxAttributeBytes);
  if (tooLong === undefined) return attributes;
  throw new Refusal(retCodes.invalidParameter, `attribute ${tooLong.slice(0, 40)} exceeds ${maxAttributeBytes} bytes`);
};

/** Those that nobody has made in the console, for which stands that no phone has them. */
const unknownOf = ({ phones, switches }: World, app: App, names: readonly string[]): readonly string[] =>
  switches.unknownAttributes === "accepted" ? [] : names.filter((name) => !phones.hasAttribute(app.accessId, name));

const carryOut = ({ phones }: World, phone: number, cmd: number, attributes: ReadonlyMap<string, string>): void => {
  if (cmd === deleteAll) phones.removeAttributes(phone);
  for (const [name, value] of attributes) {
    if (cmd === deleteSome) phones.removeAttribute(phone, name);
    else phones.setAttribute(phone, name, value);
  }
};

const mapOf = ({ phones }: World, phone: number | undefined): Answer =>
  phone === undefined ? {} : Object.fromEntries(phones.attributesOf(phone));
