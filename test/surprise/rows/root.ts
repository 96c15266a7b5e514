import type { Script, Stage } from "../stage.ts";
import { phases, some } from "../task.ts";

const thing = `
module.exports = {
  create: async (inputs) => ({ id: "root", outs: inputs }),
  diff: async (id, olds, news) => ({ changes: olds.text !== news.text }),
  update: async (id, olds, news) => ({ outs: news }),
  read: async (id, props) => ({ id, props }),
  delete: async () => {},
};
`;

const prelude = `
const load = 'exports.handler=()=>require("module").createRequire(process.cwd()+"/")("./thing.cjs");';
class Thing extends pulumi.CustomResource {
  constructor(name, text) {
    super("pulumi-nodejs:dynamic/test:Thing", name, { __provider: load, text });
  }
}
const root = new Thing("root", "one");
`;

/** A program in which the variable `root` is a resource of another kind. */
const rootScript: Script = { prelude };

export const rootUrn = "urn:pulumi:dev::test::pulumi-nodejs:dynamic/test:Thing::root";

/** All tasks with these options, in a stack that has the root. */
export async function withRoot(stage: Stage, options: Readonly<Record<string, unknown>>): Promise<void> {
  await stage.write("thing.cjs", thing);
  await stage.declare(some(phases, { options }), rootScript);
  await stage.up();
}

/** The same options for all tasks, in the state. */
export async function withOptions(stage: Stage, options: Readonly<Record<string, unknown>>): Promise<void> {
  await stage.declare(some(phases, { options }));
  await stage.up();
}
