import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Project, repository, succeed } from "./run.ts";
import { openShop, second } from "./shop.ts";

const words = "is cancelled and pushed anew";
const newWords = "is cancelled, and pushed anew by the next version";

/** Gives the project a copy of the package with other code and another version. */
async function installNextVersion(project: Project): Promise<void> {
  const folder = join(dirname(project.folder), "pulumi-tpns");
  const installed = join(project.folder, "node_modules", "pulumi-tpns");
  await mkdir(folder);
  for (const name of ["dist", "package.json"]) {
    await cp(join(repository, name), join(folder, name), { recursive: true });
  }
  await symlink(join(repository, "node_modules"), join(folder, "node_modules"));
  await replaceIn(join(folder, "package.json"), '"version": "', '"version": "9');
  await replaceIn(join(folder, "dist", "lifecycle", "push-task", "describe.js"), words, newWords);
  await rm(installed);
  await symlink(folder, installed);
}

async function replaceIn(file: string, old: string, replacement: string): Promise<void> {
  const text = await readFile(file, "utf8");
  if (!text.includes(old)) throw new Error(`${file} has no ${old}`);
  await writeFile(file, text.replace(old, replacement));
}

describe("a new version of the package", () => {
  test("updates nothing and makes no call, and serves what the old one made", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await shop.up({ sale: {}, apple: { app: "ios" } });
    const requests = emulator.requests.length;
    await installNextVersion(project);

    expect(await succeed(project.up())).toContain("5 unchanged");
    expect(emulator.requests.length).toBe(requests);
    expect(await shop.up({ sale: { content: second }, apple: { app: "ios" } })).toContain(newWords);
    expect(await succeed(project.destroy())).toContain("5 deleted");
  });
});

/** Bytes of the state for one task beside its content: DESIGN.md. */
const budgetBytes = 1_700;

describe("the state of a task", () => {
  test("that was pushed once is within its budget", async () => {
    await using shop = await openShop();
    const content = "20 % off today. ".repeat(20).trim();
    await shop.up({ "spring-sale": { content } });
    const { resources } = await shop.project.exportState();
    const task = resources.find(({ urn }) => urn.endsWith("::spring-sale"));
    const { audience, sendTime, message } = task?.inputs ?? {};

    const bytes = Buffer.byteLength(JSON.stringify(task));
    const twice = 2 * Buffer.byteLength(JSON.stringify({ audience, sendTime, message }));

    expect(twice).toBeGreaterThan(2 * content.length);
    expect(bytes - twice).toBeLessThanOrEqual(budgetBytes);
  });
});
