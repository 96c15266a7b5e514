import * as pulumi from "@pulumi/pulumi";
import type { MessageArgs } from "../resources/message.ts";
import type { PushTaskArgs } from "../resources/push-task.ts";

/** Some of a task's arguments; what one layer says a later one may say otherwise. */
export type Layer = Partial<PushTaskArgs>;

/** Later layers win, argument by argument; of messages, part by part. */
export function merge(layers: readonly Layer[]): Layer {
  const merged: Layer = {};
  for (const layer of layers) {
    const message = mergeMessages(merged.message, layer.message);
    Object.assign(merged, layer, message !== undefined && { message });
  }
  return merged;
}

type Message = Layer["message"];

/** What is known only later is taken as a whole. */
function mergeMessages(under: Message, over: Message): Message {
  if (over === undefined) return under;
  if (!isKnown<MessageArgs>(under) || !isKnown<MessageArgs>(over)) return over;
  const android = mergeParts(under.android, over.android);
  const ios = mergeParts(under.ios, over.ios);
  return { ...under, ...over, ...(android !== undefined && { android }), ...(ios !== undefined && { ios }) };
}

function mergeParts<Part extends object>(
  under: pulumi.Input<Part> | undefined,
  over: pulumi.Input<Part> | undefined,
): pulumi.Input<Part> | undefined {
  if (over === undefined) return under;
  if (!isKnown<Part>(under) || !isKnown<Part>(over)) return over;
  return Object.assign({}, under, over);
}

/** A plain object, and no value that is awaited. */
export const isKnown = <Value extends object>(value: pulumi.Input<Value> | undefined): value is Value =>
  typeof value === "object" && value !== null && !pulumi.Output.isInstance(value) && !(value instanceof Promise);

/** The same with the keys in order; undefined where it holds a value that is awaited. */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  if (!isKnown(value)) return undefined;
  const parts = Array.isArray(value)
    ? value.map(textOf)
    : Object.entries(value)
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, entry]) => {
          const text = textOf(entry);
          return text === undefined ? undefined : `${JSON.stringify(key)}:${text}`;
        });
  return parts.includes(undefined) ? undefined : `[${parts.join(",")}]`;
}
