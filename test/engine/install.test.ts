import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { androidApp, startEmulator } from "../../provider/emulator/index.ts";
import { runCommand } from "./command.ts";
import { getEngine } from "./engine.ts";
import { initStack, openProject, type Project, projectFile, repository, succeed } from "./run.ts";

/** A project of somebody who installs the package: its files, and what else they install. */
interface Kind {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly dependencies: readonly string[];
  /** How they check the types of the program; absent: they do not. */
  readonly typeCheck?: string;
}

/** As `pulumi new typescript` makes it, with the oldest SDK that the peer dependency allows. */
const commonJs: Kind = {
  name: "a CommonJS TypeScript project with another SDK",
  files: {
    "Pulumi.yaml": "name: test\nruntime:\n  name: nodejs\n  options:\n    packagemanager: npm\n",
    "package.json": JSON.stringify({ name: "test", main: "index.ts" }),
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        strict: true,
        outDir: "bin",
        target: "es2020",
        module: "commonjs",
        moduleResolution: "node",
        sourceMap: true,
        experimentalDecorators: true,
        pretty: true,
        noFallthroughCasesInSwitch: true,
        noImplicitReturns: true,
        forceConsistentCasingInFileNames: true,
      },
      files: ["index.ts"],
    }),
  },
  dependencies: ["@pulumi/pulumi@3.250.0", "typescript@5.9.3", "@types/node@18"],
  typeCheck: "node_modules/.bin/tsc",
};

const esModule: Kind = {
  name: "an ES-module project",
  files: {
    "Pulumi.yaml": projectFile("test"),
    "package.json": JSON.stringify({ name: "test", type: "module", private: true }),
  },
  dependencies: ["@pulumi/pulumi@3.270.0"],
};

const program = (accessPoint: string, content: string): string => `
import * as tpns from "pulumi-tpns";

const shop = new tpns.Provider("shop-android", {
  accessId: "${androidApp.accessId}",
  platform: "android",
  accessPoint: "${accessPoint}",
  secretKeyEnv: "SHOP_KEY",
});

new tpns.PushTask(
  "spring-sale",
  {
    audience: { type: "all" },
    sendTime: { local: "2027-03-01T10:00", timeZone: "Asia/Shanghai" },
    message: { title: "Spring sale", content: "${content}" },
  },
  { provider: shop },
);
`;

const temporaryFolder = async (): Promise<string> => await realpath(await mkdtemp(join(tmpdir(), "pulumi-tpns-")));

const npm = async (cwd: string, ...args: readonly string[]): Promise<string> => {
  const { code, stdout, output } = await runCommand("npm", args, { cwd });
  if (code !== 0) throw new Error(`npm ${args.join(" ")}: ${output}`);
  return stdout;
};

/** `dist` is built already; building it anew would pull it from under the tests that run beside this one. */
const pack = async (folder: string): Promise<string> => {
  const text = await npm(repository, "pack", "--ignore-scripts", "--json", "--pack-destination", folder);
  const [packed] = z.array(z.object({ filename: z.string() })).parse(JSON.parse(text));
  if (packed === undefined) throw new Error("npm pack made no file");
  return join(folder, packed.filename);
};

const install = async (kind: Kind, tarball: string, env: Readonly<Record<string, string>>): Promise<Project> => {
  const root = await temporaryFolder();
  const project = await openProject(await getEngine(() => {}), root, { env });
  for (const [path, text] of Object.entries(kind.files)) {
    await mkdir(dirname(join(project.folder, path)), { recursive: true });
    await writeFile(join(project.folder, path), text);
  }
  await npm(project.folder, "install", "--prefer-offline", "--ignore-scripts", tarball, ...kind.dependencies);
  await initStack(project, {});
  return project;
};

let tarball = "";

beforeAll(async () => {
  const folder = await temporaryFolder();
  tarball = await pack(folder);
  return () => rm(folder, { recursive: true, force: true });
});

describe("the packed package", () => {
  test.for([commonJs, esModule])("schedules, corrects and cancels from $name", async (kind) => {
    await using emulator = await startEmulator({ now: "2027-02-01T08:00:00+08:00" });
    await using project = await install(kind, tarball, { SHOP_KEY: androidApp.secretKey });

    await project.setProgram(program(emulator.url, "20 % off today"));
    if (kind.typeCheck !== undefined) {
      await succeed(
        runCommand(join(project.folder, kind.typeCheck), ["--noEmit", "--pretty", "false"], { cwd: project.folder }),
      );
    }
    expect(await succeed(project.up())).toContain("created");
    expect(emulator.tasks.map(({ status, content }) => [status, content])).toEqual([["PUSH_WAIT", "20 % off today"]]);

    expect(await succeed(project.up())).toContain("3 unchanged");

    await project.setProgram(program(emulator.url, "30 % off today"));
    expect(await succeed(project.up())).toContain("1 updated");
    expect(emulator.tasks.map(({ status, content }) => [status, content])).toEqual([
      ["PUSH_CANCELED", "20 % off today"],
      ["PUSH_WAIT", "30 % off today"],
    ]);

    expect(await succeed(project.destroy())).toContain("3 deleted");
    expect(emulator.tasks.map(({ status }) => status)).toEqual(["PUSH_CANCELED", "PUSH_CANCELED"]);
    expect(emulator.phones.flatMap(({ alerts }) => alerts)).toEqual([]);
  });
});
