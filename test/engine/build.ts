import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { env } from "node:process";
import { type CommandOptions, runCommand } from "./command.ts";
import { type EngineSource, engineVersion } from "./source.ts";

/** A program to build: the folder here that pins its modules and their sums, its Go package, and the version it states. */
interface GoProgram {
  readonly folder: string;
  readonly package: string;
  readonly version: string;
}

/** The language host comes from the last released module that carried it; it runs with newer engines and SDKs. */
const goPrograms: readonly GoProgram[] = [
  { folder: "pulumi", package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", version: `v${engineVersion}` },
  {
    folder: "language-host",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    version: "v3.68.0",
  },
];

/** A script of a few lines that starts the SDK's dynamic provider; the npm package carries it. */
const dynamicProvider = "pulumi-resource-pulumi-nodejs";

const sdkFolder = join(import.meta.dirname, "..", "..", "node_modules", "@pulumi", "pulumi");

const reportEveryMilliseconds = 15_000;

/** Builds the engine with this machine's Go, from modules whose versions and sums are pinned here. */
export const buildFromModules: EngineSource = async (folder, report) => {
  await checkGo();
  for (const program of goPrograms) await build(program, folder, report);
  await copyFile(join(sdkFolder, dynamicProvider), join(folder, dynamicProvider));
};

const checkGo = async (): Promise<void> => {
  try {
    await runCommand("go", ["version"]);
  } catch {
    throw new Error("building pulumi from Go modules: there is no go on PATH");
  }
};

const build = async (program: GoProgram, folder: string, report: (line: string) => void): Promise<void> => {
  const progress = buildProgress();
  const timer = setInterval(() => report(`building ${program.folder}: ${progress.text()}`), reportEveryMilliseconds);
  try {
    const options = { ...buildOptions(program), onLine: progress.onLine };
    const { code, output } = await runCommand("go", buildArguments(program, folder), options);
    if (code !== 0) throw new Error(`building ${program.folder} from Go modules:\n${lastLines(output)}`);
  } finally {
    clearInterval(timer);
  }
  report(`built ${program.folder} ${program.version}: ${progress.text()}`);
};

const buildArguments = ({ package: name, version }: GoProgram, folder: string): readonly string[] => {
  const versionFlag = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`;
  const flags = ["-mod=readonly", "-modcacherw", "-trimpath", "-tags", "osusergo,grpcnotrace"];
  return ["build", "-v", ...flags, "-ldflags", `-s -w ${versionFlag}`, "-o", folder, name];
};

/** No toolchain is downloaded, no workspace around the repository counts, and nothing is linked with C. */
const buildOptions = ({ folder }: GoProgram): CommandOptions => ({
  cwd: join(import.meta.dirname, folder),
  env: { ...env, CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOWORK: "off" },
});

/** Go says one line for each module that it downloads, and then one for each package that it compiles. */
const buildProgress = (): { onLine: (line: string) => void; text: () => string } => {
  const started = Date.now();
  let modules = 0;
  let packages = 0;
  return {
    onLine: (line) => {
      if (line.startsWith("go: downloading")) modules += 1;
      else packages += 1;
    },
    text: () => {
      const seconds = Math.round((Date.now() - started) / 1000);
      return `${modules} modules downloaded, ${packages} packages compiled, ${seconds} s`;
    },
  };
};

const lastLines = (output: string): string => output.trim().split("\n").slice(-10).join("\n");
