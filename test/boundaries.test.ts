import { execFile } from "node:child_process";
import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

const repository = join(import.meta.dirname, "..");

/** What Biome's JSON report says of one place. */
const Report = z.object({
  diagnostics: z.array(
    z.object({ category: z.string(), message: z.string(), location: z.object({ path: z.string() }) }),
  ),
});

type Row = readonly [folder: string, statement: string];

const value = (source: string) => `import { thing } from "${source}"; export const other = thing;`;
const type = (source: string) => `import type { Thing } from "${source}"; export type Other = Thing;`;

/** Each breaks one row of STYLE.md's table "Who may import whom". */
const refusedImports: readonly Row[] = [
  ["provider", value("zod")],
  ["provider", value("./lifecycle/create.ts")],
  ["provider", value("./remedy/plan.ts")],
  ["provider/resources", value("zod")],
  ["provider/resources", value("undici")],
  ["provider/resources", value("../lifecycle/create.ts")],
  ["provider/resources", type("../lifecycle/create.ts")],
  ["provider/resources", value("../tpns/schema/record.ts")],
  ["provider/campaign", value("undici")],
  ["provider/campaign", value("../tpns/client.ts")],
  ["provider/dynamic.ts", value("zod")],
  ["provider/dynamic.ts", value("./tpns/client.ts")],
  ["provider/dynamic.ts", value("./resources/push-task.ts")],
  ["provider/engine-log.ts", value("./lifecycle/create.ts")],
  ["provider/engine-watch.ts", value("./lifecycle/create.ts")],
  ["provider/program-end.ts", value("./lifecycle/create.ts")],
  ["provider/program-end.ts", value("undici")],
  ["provider/sqlite.ts", value("./once/journal.ts")],
  ["provider/guard", value("../lifecycle/create.ts")],
  ["provider/guard", value("@pulumi/pulumi")],
  ["provider/guard", value("../lifecycle/canonical.ts")],
  ["provider/canonical.ts", value("node:crypto")],
  ["provider/engine-watch.ts", value("undici")],
  ["provider/lifecycle", value("@pulumi/pulumi")],
  ["provider/lifecycle", value("undici")],
  ["provider/lifecycle", value("../emulator/index.ts")],
  ["provider/lifecycle", value("node:fs")],
  ["provider/lifecycle/push-task", value("../../resources/push-task.ts")],
  ["provider/remedy", value("zod")],
  ["provider/remedy", value("node:fs")],
  ["provider/remedy", type("@pulumi/pulumi")],
  ["provider/remedy", type("../tpns/client.ts")],
  ["provider/remedy", value("../tpns/schema/record.ts")],
  ["provider/once", value("@pulumi/pulumi")],
  ["provider/once", value("undici")],
  ["provider/once", value("node:http")],
  ["provider/once", value("../tpns/client.ts")],
  ["provider/once", value("../remedy/plan.ts")],
  ["provider/tpns", value("@pulumi/pulumi")],
  ["provider/tpns", value("../remedy/plan.ts")],
  ["provider/tpns", value("node:process")],
  ["provider/tpns/schema", value("undici")],
  ["provider/tpns/schema", value("../../remedy/plan.ts")],
  ["provider/emulator", value("../tpns/client.ts")],
  ["provider/emulator", value("undici")],
  ["provider/emulator", value("node:process")],
  ["provider/emulator/api", value("../../tpns/client.ts")],
  ["provider/emulator/api", value("../../lifecycle/create.ts")],
  ["provider/cli", value("@pulumi/pulumi")],
  ["provider/cli", value("../resources/push-task.ts")],
  ["examples/first", value("../../provider/index.ts")],
  ["examples/first", value("pulumi-tpns/dynamic")],
];

/** Each stands in the table as allowed. */
const allowedImports: readonly Row[] = [
  ["provider", value("./resources/push-task.ts")],
  ["provider", type("./remedy/phase.ts")],
  ["provider/resources", value("@pulumi/pulumi")],
  ["provider/resources", value("./identity.ts")],
  ["provider/resources", type("../tpns/schema/record.ts")],
  ["provider/campaign", value("zod")],
  ["provider/dynamic.ts", value("./lifecycle/create.ts")],
  ["provider/dynamic.ts", value("./engine-watch.ts")],
  ["provider/dynamic.ts", type("@pulumi/pulumi")],
  ["provider/engine-log.ts", value("@pulumi/pulumi/proto/engine_grpc_pb.js")],
  ["provider/engine-watch.ts", value("node:http2")],
  ["provider/program-end.ts", value("./once/journal.ts")],
  ["provider/sqlite.ts", value("node:sqlite")],
  ["provider/lifecycle", value("../remedy/plan.ts")],
  ["provider/lifecycle", value("../once/marker.ts")],
  ["provider/lifecycle", value("../tpns/schema/record.ts")],
  ["provider/lifecycle", value("zod")],
  ["provider/lifecycle/audience-package.ts", value("node:fs")],
  ["provider/lifecycle/push-task", value("../../tpns/client.ts")],
  ["provider/remedy", type("../tpns/schema/record.ts")],
  ["provider/once", value("node:crypto")],
  ["provider/once", value("../tpns/errors.ts")],
  ["provider/once", type("../remedy/phase.ts")],
  ["provider/tpns", value("undici")],
  ["provider/tpns", value("node:http")],
  ["provider/tpns", value("./schema/record.ts")],
  ["provider/tpns/schema", value("../json.ts")],
  ["provider/emulator", value("../tpns/sign.ts")],
  ["provider/emulator", value("node:http")],
  ["provider/emulator/api", value("../../tpns/schema/record.ts")],
  ["provider/emulator/api", value("../world.ts")],
  ["provider/cli", value("../emulator/index.ts")],
  ["provider/cli", value("../lifecycle/create.ts")],
  ["examples/first", value("pulumi-tpns")],
  ["examples/first", value("pulumi-tpns/emulator")],
];

const environment = "export const key = process.env.KEY;\n";
const print = `console.log("a line");\n`;
const clock = "export const now = Date.now();\n";
const date = "export const now = new Date();\n";

/** Each brings in the environment, the console or the clock where it has no place. */
const refusedPowers: readonly Row[] = [
  ["provider/lifecycle", environment],
  ["provider/emulator", environment],
  ["provider/lifecycle", print],
  ["provider/dynamic.ts", print],
  ["provider/lifecycle", clock],
  ["provider/tpns", clock],
  ["provider/emulator", date],
];

const allowedPowers: readonly Row[] = [
  ["provider/dynamic.ts", environment],
  ["provider/cli", environment],
  ["provider/cli", print],
  ["provider/cli", date],
  ["provider/dynamic.ts", clock],
  ["provider/tpns", "export const clock = { localNow: Date.now, at: new Date(0) };\n"],
];

const rows = [...refusedImports, ...allowedImports, ...refusedPowers, ...allowedPowers];

/** A file of the row's folder; a row that names a file has a folder of its own to keep the name. */
const fileOf = ([folder]: Row, index: number): string => {
  if (folder.endsWith(".ts")) return join(`tree-${index}`, folder);
  return join(`tree-${index}`, folder, folder === "provider" ? "index.ts" : "sample.ts");
};

/** Lints every row in a tree of its own, with the repository's configuration. */
const lint = async (): Promise<readonly (readonly string[])[]> => {
  const folder = await mkdtemp(join(tmpdir(), "boundaries-"));
  try {
    await Promise.all(rows.map((row, index) => writeRow(folder, row, index)));
    return await Promise.all(rows.map((_, index) => complaints(join(folder, `tree-${index}`))));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const writeRow = async (folder: string, row: Row, index: number): Promise<void> => {
  const tree = join(folder, `tree-${index}`);
  const file = join(folder, fileOf(row, index));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, row[1]);
  await copyFile(join(repository, "biome.json"), join(tree, "biome.json"));
  await copyFile(join(repository, ".gitignore"), join(tree, ".gitignore"));
  await cp(join(repository, "test", "lint"), join(tree, "test", "lint"), { recursive: true });
};

const complaints = async (tree: string): Promise<readonly string[]> => {
  const args = ["lint", "--reporter=json", "--max-diagnostics=none", "."];
  const text = await new Promise<string>((resolve) => {
    execFile(join(repository, "node_modules", ".bin", "biome"), args, { cwd: tree }, (_, stdout) => resolve(stdout));
  });
  return Report.parse(JSON.parse(text)).diagnostics.map(({ category, message }) => `${category}: ${message}`);
};

let found: readonly (readonly string[])[] = [];

beforeAll(async () => {
  found = await lint();
}, 60_000);

const complaintsOf = (row: Row): readonly string[] => found[rows.indexOf(row)] ?? ["not linted"];

describe("who may import whom", () => {
  test.for(refusedImports)("%s may not: %s", (row) => {
    expect(complaintsOf(row).join("\n")).toMatch(/^(?:(?:lint\/style\/noRestrictedImports|plugin): [^\n]+\n?)+$/);
  });

  test.for(allowedImports)("%s may: %s", (row) => {
    expect(complaintsOf(row)).toEqual([]);
  });
});

describe("environment, console and clock", () => {
  test.for(refusedPowers)("%s may not: %s", (row) => {
    expect(complaintsOf(row)).toEqual([
      expect.stringMatching(/^(lint\/(style\/noProcessEnv|suspicious\/noConsole)|plugin): /),
    ]);
  });

  test.for(allowedPowers)("%s may: %s", (row) => {
    expect(complaintsOf(row)).toEqual([]);
  });
});
