import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { execPath } from "node:process";
import { createInterface } from "node:readline";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";

/** The SDK's own grpc and protobuf: another copy would not take its messages. */
const ofSdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
const grpc = ofSdk("@grpc/grpc-js");
const { Struct } = ofSdk("google-protobuf/google/protobuf/struct_pb.js");
const { Empty } = ofSdk("google-protobuf/google/protobuf/empty_pb.js");

/** What the engine knows of a resource. */
export type Properties = Readonly<Record<string, unknown>>;

/** A provider's process, driven as the engine drives it. */
export interface ProviderProcess extends AsyncDisposable {
  readonly pid: number;
  check(urn: string, olds: Properties, news: Properties): Promise<Properties>;
  /** Whether something changes. */
  diff(urn: string, id: string, olds: Properties, news: Properties): Promise<boolean>;
  create(urn: string, inputs: Properties): Promise<{ readonly id: string; readonly outputs: Properties }>;
  read(urn: string, id: string, outputs: Properties): Promise<Properties>;
  update(urn: string, id: string, olds: Properties, news: Properties): Promise<Properties>;
  delete(urn: string, id: string, outputs: Properties): Promise<void>;
}

/** Starts one in a project's folder, and configures it. */
export async function startProvider(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  config: Readonly<Record<string, string>>,
): Promise<ProviderProcess> {
  const engine = await startEngine();
  const child = spawn(execPath, [ofSdk.resolve("./cmd/dynamic-provider/index.js"), engine.address], {
    cwd: folder,
    env: environment,
    // It prints what it also answers.
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [port] = await once(createInterface({ input: child.stdout }), "line");
  const client = new providerService.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const request = new messages.ConfigureRequest();
  request.setArgs(Struct.fromJavaScript(config));
  await ask<object>((done) => client.configure(request, done));

  return {
    pid: child.pid ?? 0,
    async check(urn, olds, news) {
      const request = new messages.CheckRequest();
      request.setUrn(urn).setOlds(Struct.fromJavaScript(olds)).setNews(Struct.fromJavaScript(news));
      const answer = await ask<messages.CheckResponse>((done) => client.check(request, done));
      const [failure] = answer.getFailuresList();
      if (failure !== undefined) throw new Error(failure.getReason());
      return propertiesOf(answer.getInputs());
    },
    async diff(urn, id, olds, news) {
      const request = new messages.DiffRequest();
      request.setUrn(urn).setId(id).setOlds(Struct.fromJavaScript(olds)).setNews(Struct.fromJavaScript(news));
      const answer = await ask<messages.DiffResponse>((done) => client.diff(request, done));
      return answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME;
    },
    async create(urn, inputs) {
      const request = new messages.CreateRequest();
      request.setUrn(urn).setProperties(Struct.fromJavaScript(inputs));
      const answer = await ask<messages.CreateResponse>((done) => client.create(request, done));
      return { id: answer.getId(), outputs: propertiesOf(answer.getProperties()) };
    },
    async read(urn, id, outputs) {
      const request = new messages.ReadRequest();
      request.setUrn(urn).setId(id).setProperties(Struct.fromJavaScript(outputs));
      return propertiesOf((await ask<messages.ReadResponse>((done) => client.read(request, done))).getProperties());
    },
    async update(urn, id, olds, news) {
      const request = new messages.UpdateRequest();
      request.setUrn(urn).setId(id).setOlds(Struct.fromJavaScript(olds)).setNews(Struct.fromJavaScript(news));
      return propertiesOf((await ask<messages.UpdateResponse>((done) => client.update(request, done))).getProperties());
    },
    async delete(urn, id, outputs) {
      const request = new messages.DeleteRequest();
      request.setUrn(urn).setId(id).setProperties(Struct.fromJavaScript(outputs));
      await ask<object>((done) => client.delete(request, done));
    },
    async [Symbol.asyncDispose]() {
      client.close();
      child.kill("SIGTERM");
      await once(child, "exit");
      engine.stop();
    },
  };
}

/** What a provider asks of its engine: to be there, and to take its lines. */
async function startEngine(): Promise<{ readonly address: string; stop(): void }> {
  const server = new grpc.Server();
  server.addService(engineService.EngineService, {
    log: (_call: unknown, done: (error: null, answer: unknown) => void) => done(null, new Empty()),
    getRootResource: (_call: unknown, done: (error: null, answer: unknown) => void) => done(null, new Empty()),
    setRootResource: (_call: unknown, done: (error: null, answer: unknown) => void) => done(null, new Empty()),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error: Error | null, bound: number) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

const ask = <Answer>(send: (done: (error: Error | null, answer: Answer) => void) => unknown): Promise<Answer> =>
  new Promise((resolve, reject) => {
    send((error, answer) => {
      if (error) reject(error);
      else resolve(answer);
    });
  });

const propertiesOf = (struct: { toJavaScript(): Properties } | undefined): Properties => struct?.toJavaScript() ?? {};
