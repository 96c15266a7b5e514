import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { type App, startEmulator } from "../../provider/emulator/index.ts";
import type { CommandResult } from "./command.ts";
import { createProject, type Project, type ProjectOptions } from "./run.ts";
import { pace } from "./shop.ts";

const app: App = { accessId: "1500001234", secretKey: "canary0of0the0app000000000000001", platform: "android" };
const wrongKey = "canary0that0is0wrong000000000002";

/** HTTP Basic sends the key so. */
const encoded = (key: string): string => Buffer.from(`${app.accessId}:${key}`).toString("base64");
const canaries = [app.secretKey, wrongKey].flatMap((key) => [key, encoded(key)]);

const task = (content: string, options: string): string => `
new tpns.PushTask("sale", {
  audience: { type: "all" },
  sendTime: "2027-02-02T10:00:00+08:00",
  message: { title: "Spring sale", content: "${content}" },
}, ${options});
`;

const withProvider = (accessPoint: string, content: string, key: string): string => `
import * as pulumi from "@pulumi/pulumi";
import * as tpns from "pulumi-tpns";
const provider = new tpns.Provider("shop", {
  accessId: "${app.accessId}", platform: "android", accessPoint: "${accessPoint}", ${key},
});
${task(content, "{ provider }")}`;

const withoutProvider = (content: string): string =>
  `import * as pulumi from "@pulumi/pulumi";\nimport * as tpns from "pulumi-tpns";\n${task(content, "{}")}`;

/** A way to give the key: a program, and what it needs besides. */
interface Way extends Pick<ProjectOptions, "config" | "secrets" | "env"> {
  readonly program: (content: string) => string;
}

/** The app, without its key, for the default provider. */
const defaultApp = (accessPoint: string) => ({
  "tpns:accessId": app.accessId,
  "tpns:platform": "android",
  "tpns:accessPoint": accessPoint,
});

const ways: Readonly<Record<string, (url: string) => Way>> = {
  "secretKeyEnv of a provider": (url) => ({
    program: (content) => withProvider(url, content, `secretKeyEnv: "SHOP_KEY"`),
    env: { SHOP_KEY: app.secretKey },
  }),
  "secretKey of a provider, sent by HTTP Basic": (url) => ({
    program: (content) =>
      withProvider(url, content, `secretKey: new pulumi.Config().requireSecret("key"), authentication: "basic"`),
    secrets: { "test:key": app.secretKey },
  }),
  "the stack's secret configuration": (url) => ({
    program: withoutProvider,
    config: defaultApp(url),
    secrets: { "tpns:secretKey": app.secretKey },
  }),
  TPNS_SECRET_KEY: (url) => ({
    program: withoutProvider,
    config: defaultApp(url),
    env: { TPNS_SECRET_KEY: app.secretKey },
  }),
};

/** Operations that succeed, that the service refuses, that get no answer, and whose key is wrong. */
async function* operationsOn(project: Project, { program }: Way, fail: (fault: Fault) => void) {
  yield await project.preview();
  yield await project.up();
  yield await project.pulumi("stack", "export");
  await project.setProgram(program("30 % off today"));
  fail({ retCode: 1008003 });
  yield await project.up();
  fail("dropAfter");
  yield await project.up();
  project.setEnv(`TPNS_SECRET_KEY_${app.accessId}`, wrongKey);
  await project.setProgram(program("40 % off today"));
  yield await project.preview();
  yield await project.refresh();
  yield await project.destroy();
  project.setEnv(`TPNS_SECRET_KEY_${app.accessId}`, undefined);
  yield await project.destroy();
}

type Fault = "dropAfter" | { readonly retCode: number };

/** The texts of every file of the project, its backend and its home; what it links to is not its own. */
async function filesOf(project: Project): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(dirname(project.folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(files.map(async (file) => [file, await readFile(file, "latin1")] as const));
}

const leaksIn = (text: string): readonly string[] => canaries.filter((canary) => text.includes(canary));

describe("the secret key", () => {
  test.for(Object.keys(ways).map((name, index) => [name, index % 2 === 0 ? "403" : "1008003"] as const))(
    "given by %s is in no output and in no file, with wrong credentials answered by %s",
    async ([name, badCredentials]) => {
      await using emulator = await startEmulator({
        now: "2027-02-01T08:00:00+08:00",
        pace,
        apps: [app],
        phones: [],
        switches: { badCredentials },
      });
      const way = ways[name]?.(emulator.url);
      if (way === undefined) throw new Error(`there is no way ${name}`);
      await using project = await createProject({ ...way, program: way.program("20 % off today") });
      const fail = (fault: Fault): void => emulator.failNext({ path: "/v3/push/app", fault });

      const results: CommandResult[] = [];
      const leaks: (readonly string[])[] = [];
      for await (const result of operationsOn(project, way, fail)) {
        results.push(result);
        const files = await filesOf(project);
        leaks.push([result.output, ...files.map(([, text]) => text)].flatMap(leaksIn));
      }

      expect(leaks.flat()).toEqual([]);
      expect((await filesOf(project)).map(([file]) => file)).toContain(project.stateFile);
      // The canary is the key that works: without it nothing would have been pushed, or cancelled.
      expect(results.map(({ code }) => code === 0)).toEqual([
        ...[true, true, true, false, true],
        ...[false, false, false, true],
      ]);
      expect(emulator.tasks.map(({ status }) => status)).toEqual(["PUSH_CANCELED", "PUSH_CANCELED"]);
    },
  );
});
