import { readFileSync } from "node:fs";
import * as z from "zod";
import { endpoints } from "../service.ts";
import { Switches } from "../switches.ts";
import type { World } from "../world.ts";
import type { Overview, SwitchView } from "./answer.ts";

/** The world in a few numbers. */
export const readOverview = ({ store, phones, requests }: World): Overview => ({
  apps: store.apps.map(({ accessId, platform }) => ({ accessId, platform })),
  tasks: store.countByStatus(),
  phones: phones.count(),
  requests: requests.entries.length,
  endpoints: [...endpoints.keys()],
});

const Value = z.union([z.string(), z.number()]);

/** A schema of switches tells what each can be. */
const SwitchSchema = z.object({
  properties: z.record(z.string(), z.object({ default: Value, enum: z.array(Value).optional() })),
});

/** Every switch, what it can be and what it is. */
export const readSwitchList = ({ switches }: World): readonly SwitchView[] => {
  if (!(Switches instanceof z.ZodType)) throw new Error("the switches have no schema; please report this");
  const { properties } = SwitchSchema.parse(z.toJSONSchema(Switches));
  const meanings = readMeanings();
  const values = z.record(z.string(), Value).parse({ ...switches });
  return Object.entries(properties).map(([name, { default: byDefault, enum: choices }]) => ({
    name,
    meaning: meanings.get(name) ?? "",
    value: values[name] ?? byDefault,
    default: byDefault,
    ...(choices === undefined ? {} : { choices }),
  }));
};

/** The declarations of this package, both from its sources and from dist; they hold each switch's one description. */
const declarations = new URL("../../../dist/emulator/switches.d.ts", import.meta.url);

const readMeanings = (): ReadonlyMap<string, string> => {
  try {
    const described = readFileSync(declarations, "utf8").matchAll(/\/\*\* ([^\n]*) \*\/\s+(\w+): /g);
    return new Map([...described].map(([, meaning = "", name = ""]) => [name, meaning]));
  } catch {
    return new Map();
  }
};
