import { createRequire } from "node:module";

/** Writes lines to the engine, which shows them under the resource. Never ERROR: the engine would print "creating failed". */
export interface EngineLog {
  info(line: string, urn?: string): void;
  warning(line: string, urn?: string): void;
  /** Progress: shown at once and not kept. */
  status(line: string, urn?: string): void;
}

interface LogRequest {
  setSeverity(severity: number): void;
  setMessage(message: string): void;
  setUrn(urn: string): void;
  setEphemeral(ephemeral: boolean): void;
}

interface Sdk {
  readonly EngineClient: new (
    address: string,
    credentials: unknown,
  ) => { log(request: LogRequest, done: (error: unknown) => void): void };
  readonly LogRequest: new () => LogRequest;
  readonly insecure: unknown;
}

const severities = { info: 1, warning: 2 } as const;

/** `address` is the engine's, the provider process's only argument. */
export function createEngineLog(address: string): EngineLog {
  const sdk = loadSdk();
  const engine = new sdk.EngineClient(address, sdk.insecure);
  const write = (severity: number, line: string, urn: string | undefined, ephemeral: boolean): void => {
    const request = new sdk.LogRequest();
    request.setSeverity(severity);
    request.setMessage(line);
    if (urn !== undefined) request.setUrn(urn);
    request.setEphemeral(ephemeral);
    // A line that the engine does not take must not fail the push that it tells of.
    engine.log(request, () => {});
  };
  return {
    info: (line, urn) => write(severities.info, line, urn, false),
    warning: (line, urn) => write(severities.warning, line, urn, false),
    status: (line, urn) => write(severities.info, line, urn, true),
  };
}

/** The SDK's own protocol files and its own grpc: another copy of grpc would not take its messages. */
function loadSdk(): Sdk {
  const ofProject = createRequire(import.meta.url);
  const ofSdk = createRequire(ofProject.resolve("@pulumi/pulumi/package.json"));
  const { EngineClient } = ofSdk("./proto/engine_grpc_pb.js");
  const { LogRequest } = ofSdk("./proto/engine_pb.js");
  const { credentials } = ofSdk("@grpc/grpc-js");
  return { EngineClient, LogRequest, insecure: credentials.createInsecure() };
}
