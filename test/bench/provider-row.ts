import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { androidApp } from "../../provider/emulator/index.ts";
import { pushTaskHandler } from "../../provider/resources/constant.ts";
import { repository } from "../engine/run.ts";
import { changedContent, environmentOf, firstContent } from "./arm.ts";
import { median } from "./fit.ts";
import { cpuSecondsOf, watchProcesses } from "./process-use.ts";
import { type Properties, type ProviderProcess, startProvider } from "./provider-process.ts";
import { rawCalls } from "./raw-arm.ts";
import { type CallCost, type Measurement, type Operation, operations } from "./result.ts";
import { type Service, sendTime, startService } from "./service.ts";
import { trafficOf } from "./traffic.ts";

/** Arms whose provider can be driven without an engine. */
type DrivenArm = "ours" | "naive" | "empty";

/** How many creates, reads and deletes the engine has under way on two cores. */
const atOnce = 8;

/** Parts of a row whose median is told: work of others on the machine spoils some of them. */
const batches = 10;

/** More cancels than the service's queries of an hour confirm, this many at once. */
const mostRemoved = 1_000;

/** A provider that does nothing, and from its first up on holds a state like ours: what the protocol and the SDK's runtime cost. */
const emptyHandler = `exports.handler=()=>({
  check: async (olds, news) => ({ inputs: news, failures: [] }),
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({ id: inputs.message.title, outs: { ...inputs } }),
  read: async (id, props) => ({ id, props: { ...props } }),
  update: async (id, olds, news) => ({ outs: { ...news } }),
  delete: async () => {},
});`;

/** A resource as the engine's state holds it. */
interface Held {
  readonly urn: string;
  readonly news: Properties;
  inputs: Properties;
  id: string;
  outputs: Properties;
}

/** The program of an arm in the words of the protocol. */
interface Driven {
  readonly name: DrivenArm;
  readonly handler: string;
}

/** What a row has found. */
interface ProviderRow {
  readonly measurements: readonly Measurement[];
  readonly costs: readonly CallCost[];
}

/** Every operation of every arm over the provider's own protocol, and the calls alone, one at a time. */
export async function measureProviders(
  tasks: number,
  naiveHandler: (url: string) => string,
  report: (measured: Measurement) => void,
): Promise<ProviderRow> {
  await using opened = new AsyncDisposableStack();
  const stages: Stage[] = [];
  for (const name of ["ours", "naive", "empty"] as const)
    stages.push(opened.use(await openStage(name, tasks, naiveHandler)));
  const measurements: Measurement[] = [];
  const costs: CallCost[] = [await rawCost(tasks)];
  for (const operation of operations) {
    for (const stage of stages.filter((stage) => !isLeftOut(stage, operation))) {
      const services = stages.map(({ service }) => service.pid);
      const { measured, spent } = await measure(stage, operation, services);
      measurements.push(measured);
      costs.push(...spent);
      report(measured);
    }
    if (operation === "up") giveStates(stages);
  }
  return { measurements, costs };
}

/** What a row of so many tasks does without. */
export const omissionsOf = (tasks: number): readonly string[] =>
  tasks > mostRemoved
    ? [`destroy of ${tasks} over the protocol: the service's 200 queries an hour do not confirm so many cancels`]
    : [];

const isLeftOut = ({ name, held }: Stage, operation: Operation): boolean =>
  name === "ours" && operation === "destroy" && omissionsOf(held.length).length > 0;

/** The protocol's part depends on the size of what goes over it. */
function giveStates(stages: readonly Stage[]): void {
  const ours = stages.find(({ name }) => name === "ours");
  const empty = stages.find(({ name }) => name === "empty");
  for (const [number, resource] of empty?.held.entries() ?? []) {
    resource.outputs = { ...ours?.held[number]?.outputs, __provider: emptyHandler };
  }
}

/** One arm with its service, its folder and what the engine would hold. */
interface Stage extends AsyncDisposable {
  readonly name: DrivenArm;
  readonly service: Service;
  readonly held: Held[];
  start(): Promise<ProviderProcess>;
}

async function openStage(name: DrivenArm, tasks: number, naiveHandler: (url: string) => string): Promise<Stage> {
  const service = await startService("free", "provider");
  const folder = await mkdtemp(join(tmpdir(), "pulumi-tpns-provider-"));
  await mkdir(join(folder, "node_modules"));
  await symlink(repository, join(folder, "node_modules", "pulumi-tpns"));
  await symlink(join(repository, "node_modules", "@pulumi"), join(folder, "node_modules", "@pulumi"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const handler = { ours: pushTaskHandler, naive: naiveHandler(service.url), empty: emptyHandler }[name];
  const environment = {
    ...env,
    ...environmentOf(service, tasks, sendTime, androidApp.secretKey),
    TPNS_JOURNAL: join(folder, "journal"),
    PULUMI_NODEJS_PROJECT: "test",
    PULUMI_NODEJS_STACK: "dev",
  };
  const config = {
    "tpns:explicit": "true",
    "tpns:accessId": androidApp.accessId,
    "tpns:platform": androidApp.platform,
    "tpns:accessPoint": service.url,
    "tpns:secretKeyEnv": "BENCH_KEY",
    "tpns:maxPushesPerRun": String(tasks + 1),
  };
  return {
    name,
    service,
    held: Array.from({ length: tasks }, (_, number) => resourceOf({ name, handler }, number, firstContent)),
    start: () => startProvider(folder, environment, config),
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As the SDK registers it. */
function resourceOf({ name, handler }: Driven, number: number, content: string): Held {
  const type = name === "naive" ? "dynamic:Resource" : "dynamic/tpns:PushTask";
  const urn = `urn:pulumi:dev::test::pulumi-nodejs:${type}::task-${number}`;
  const title = `Sale ${number}`;
  const args =
    name === "naive"
      ? { title, content, sendTime }
      : { audience: { type: "all" }, sendTime, message: { title, content }, identity: `|organization|${urn}` };
  return { urn, news: { ...args, __provider: handler }, inputs: {}, id: "", outputs: {} };
}

async function measure(
  { name, service, held, start }: Stage,
  operation: Operation,
  services: readonly number[],
): Promise<{ readonly measured: Measurement; readonly spent: readonly CallCost[] }> {
  await using provider = await start();
  const subject = { level: "provider", service: "free", arm: name, n: held.length, operation } as const;
  const spent: CallCost[] = [];
  const startedAt = await service.now();
  await service.resume(operation);
  const watch = watchProcesses(services);
  const began = performance.now();
  const failure = await works[operation](provider, held, async (call, atOnce, work) => {
    spent.push({ ...subject, call, ...(await costOf(provider.pid, held, atOnce, work)) });
  }).then(() => undefined, messageOf);
  const seconds = (performance.now() - began) / 1_000;
  const use = watch.stop();
  await service.pause();
  const traffic = trafficOf(await service.newRequests(), { seconds, startedAt, pace: service.pace });
  const measured = { ...subject, seconds, use, ...traffic, ...(failure !== undefined && { failure }) };
  return { measured, spent };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Makes one call for every resource, and notes what it cost. */
type ForAll = (call: CallCost["call"], atOnce: number, work: (held: Held) => Promise<void>) => Promise<void>;

const works: Readonly<
  Record<Operation, (provider: ProviderProcess, held: readonly Held[], forAll: ForAll) => Promise<void>>
> = {
  async up(provider, _held, forAll) {
    await forAll("check", 1, async (held) => {
      held.inputs = await provider.check(held.urn, {}, held.news);
    });
    await forAll("create", atOnce, async (held) => {
      Object.assign(held, await provider.create(held.urn, held.inputs));
    });
  },
  async "up again"(provider, _held, forAll) {
    await forAll("check", 1, async ({ urn, inputs, news }) => {
      await provider.check(urn, inputs, news);
    });
    await forAll("diff", 1, async ({ urn, id, outputs, inputs }) => {
      if (await provider.diff(urn, id, outputs, inputs)) throw new Error(`${urn} has a change`);
    });
  },
  async "change one"(provider, [first]) {
    if (first === undefined) return;
    const { urn, id, outputs } = first;
    const news = changed(first.news);
    first.inputs = await provider.check(urn, first.inputs, news);
    await provider.diff(urn, id, outputs, first.inputs);
    first.outputs = await provider.update(urn, id, outputs, first.inputs);
  },
  async refresh(provider, _held, forAll) {
    await forAll("read", atOnce, async (held) => {
      held.outputs = await provider.read(held.urn, held.id, held.outputs);
    });
  },
  async destroy(provider, _held, forAll) {
    await forAll("delete", atOnce, ({ urn, id, outputs }) => provider.delete(urn, id, outputs));
  },
};

/** With the content of the first task replaced, wherever an arm has it. */
const changed = (news: Properties): Properties =>
  JSON.parse(JSON.stringify(news).replaceAll(JSON.stringify(firstContent), JSON.stringify(changedContent)));

async function costOf(
  pid: number,
  held: readonly Held[],
  atOnce: number,
  work: (held: Held) => Promise<void>,
): Promise<Pick<CallCost, "milliseconds" | "cpuMilliseconds">> {
  const size = Math.ceil(held.length / batches);
  const milliseconds: number[] = [];
  const cpuBefore = cpuSecondsOf(pid);
  for (let from = 0; from < held.length; from += size) {
    const batch = held.slice(from, from + size);
    const began = performance.now();
    const waiting = batch.values();
    const one = async (): Promise<void> => {
      for (const resource of waiting) await work(resource);
    };
    await Promise.all(Array.from({ length: atOnce }, one));
    milliseconds.push((performance.now() - began) / batch.length);
  }
  const cpuAfter = cpuSecondsOf(pid);
  const isTold = cpuBefore !== undefined && cpuAfter !== undefined;
  return {
    milliseconds: median(milliseconds),
    cpuMilliseconds: isTold ? ((cpuAfter - cpuBefore) * 1_000) / held.length : undefined,
  };
}

/** The same pushes without a provider, one at a time as the service wants them. */
async function rawCost(tasks: number): Promise<CallCost> {
  await using service = await startService("free", "provider");
  await service.resume("up");
  const folder = await mkdtemp(join(tmpdir(), "pulumi-tpns-raw-"));
  const given = environmentOf(service, tasks, sendTime, androidApp.secretKey);
  const environment = { ...env, ...given, BENCH_AT_ONCE: "1", BENCH_PAUSE: "0" };
  const milliseconds = (await rawCalls("up", join(folder, "ids.json"), environment)) / tasks;
  await rm(folder, { recursive: true, force: true });
  return {
    level: "provider",
    service: "free",
    arm: "raw",
    n: tasks,
    operation: "up",
    call: "create",
    milliseconds,
    cpuMilliseconds: undefined,
  };
}
