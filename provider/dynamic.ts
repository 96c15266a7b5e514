import type * as pulumi from "@pulumi/pulumi";
import { createEngineLog, type EngineLog } from "./engine-log.ts";
import { createCalls, watchEngine } from "./engine-watch.ts";
import * as audiencePackages from "./lifecycle/audience-package.ts";
import { type Context, createContext } from "./lifecycle/context.ts";
import * as pushTasks from "./lifecycle/push-task/index.ts";
import { Incomplete } from "./lifecycle/refusal.ts";
import type { Config } from "./lifecycle/settings.ts";

/**
 * What the state points at. Everything that enters `lifecycle/` and leaves it passes here: what is thrown becomes one
 * clean line, since the engine takes an error's `id` for "created" and its `code` for a status of its own.
 */

type Properties = Readonly<Record<string, unknown>>;
type Provider = pulumi.dynamic.ResourceProvider;

const handlerName = "__provider";

/** The engine keeps one process for one provider in one phase of a run: its app and what it has seen live here. */
let configured: Context | undefined;

/**
 * A killed engine leaves this process behind, and one that ends sends it a signal and waits for 5 s: either way it ends when it
 * has done what it was told.
 */
const calls = createCalls(() => {
  try {
    configured?.close();
  } finally {
    process.exit();
  }
});

/** The runtime configures once for each handler's text; what one resource has learnt in this run holds for the other. */
function configure({ config }: pulumi.dynamic.ConfigureRequest): void {
  configured ??= contextOf((key) => config.get(key));
}

/** @throws nothing: what the configuration lacks is told by the call that needs it. */
function contextOf(config: Config): Context {
  const address = process.argv[2];
  if (address !== undefined) {
    watchEngine(address, calls.endWithThem);
    for (const signal of ["SIGINT", "SIGTERM", "SIGBREAK"] as const) process.once(signal, calls.endWithThem);
  }
  return createContext({
    config,
    env: process.env,
    log: address === undefined ? silent : createEngineLog(address),
    isAbandoned: () => calls.isEnding,
  });
}

const silent: EngineLog = { info: () => {}, warning: () => {}, status: () => {} };

const context = (): Context => {
  if (configured === undefined) throw new Error("called before it was configured; please report this");
  return configured;
};

/** The runtime puts the handler's text among the properties; it is none of them. */
function strip(properties: Properties): Properties {
  const { [handlerName]: _, ...rest } = properties;
  return rest;
}

/** The runtime prints text and stack of what check, diff, read and delete throw, beside the message that the engine shows. */
const quiet = { toString: () => "pulumi-tpns", stack: "see the error of the resource" } as const;

/** @throws one line without secrets; for what is half done it carries what the engine needs to keep it. */
async function guard<T>(work: () => Promise<T> | T, kept?: Kept): Promise<T> {
  try {
    return await calls.run(work);
  } catch (error) {
    const line = clean(error instanceof Error ? error.message : String(error));
    const told = Object.assign(new Error(line), quiet);
    throw error instanceof Incomplete && kept ? Object.assign(told, initError(error, line, kept)) : told;
  }
}

/** Under which id a half-done resource is kept, and its handler's text, without which it could never be deleted. */
interface Kept {
  readonly id: string;
  readonly handler: unknown;
}

/** The engine keeps the resource with these properties, shows the reason, and calls `update` in the next run. */
const initError = ({ outs }: Incomplete, line: string, { id, handler }: Kept): object => ({
  id,
  properties: { ...outs, [handlerName]: handler },
  // The engine would put a backslash before each double quote, and a consent could not be copied.
  reasons: [line.replaceAll('"', "'")],
});

/** One line, and whatever a library may have put into it, no key. */
function clean(message: string): string {
  const line = message.replace(/\s*\n\s*/g, "; ");
  const secret = secretKey();
  return secret === undefined ? line : line.replaceAll(secret, "[secret]");
}

function secretKey(): string | undefined {
  try {
    return context().settings.secretKey;
  } catch {
    return undefined;
  }
}

const { readState, writeState } = pushTasks;

/** @see `PushTask` */
export const pushTask: Provider = {
  configure: (request) => guard(() => configure(request)),
  check: (olds: Properties, news: Properties) =>
    guard(async () => {
      const { inputs, failures } = await pushTasks.check(context(), strip(olds), strip(news));
      return { inputs: { ...inputs }, failures: [...failures] };
    }),
  diff: (_id, olds: Properties, news: Properties) =>
    guard(async () => ({ ...(await pushTasks.diff(context(), readState(strip(olds)), strip(news))) })),
  create: (inputs: Properties) => {
    const id = pushTasks.idOf(inputs);
    return guard(async () => ({ id, outs: writeState(await pushTasks.create(context(), strip(inputs))) }), {
      id,
      handler: inputs[handlerName],
    });
  },
  read: (id, olds: Properties = {}) =>
    guard(async () => ({
      id,
      props: {
        ...writeState(await pushTasks.read(context(), readState(strip(olds)))),
        [handlerName]: olds[handlerName],
      },
    })),
  update: (id, olds: Properties, news: Properties) =>
    guard(async () => ({ outs: writeState(await pushTasks.update(context(), readState(strip(olds)), strip(news))) }), {
      id,
      handler: news[handlerName],
    }),
  delete: (_id, olds: Properties) => guard(() => pushTasks.remove(context(), readState(strip(olds)))),
};

/** @see `AudiencePackage` */
export const audiencePackage: Provider = {
  configure: (request) => guard(() => configure(request)),
  check: (_olds: Properties, news: Properties) => guard(() => audiencePackages.check(strip(news))),
  diff: (_id, olds: Properties, news: Properties) =>
    guard(() => audiencePackages.diff(context(), strip(olds), strip(news))),
  create: (inputs: Properties) => guard(() => audiencePackages.create(context(), strip(inputs))),
  read: async (id, olds: Properties = {}) => ({ id, props: { ...olds } }),
  update: (_id, olds: Properties, news: Properties) =>
    guard(async () => ({ outs: { ...(await audiencePackages.update(context(), strip(olds), strip(news))) } })),
  // An upload cannot be taken back; it is forgotten.
  delete: async () => {},
};
