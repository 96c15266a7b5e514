import { chmod, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, describe, expect } from "vitest";
import { getEngine } from "./engine.ts";
import { type EngineSource, engineVersion } from "./source.ts";

const programs = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

/** A program that states the version, as `pulumi version` does. */
const writeProgram = async (file: string, version: string): Promise<void> => {
  await writeFile(file, `#!/bin/sh\necho v${version}\n`);
  await chmod(file, 0o755);
};

const writeEngine = async (folder: string, version: string, names = programs): Promise<string> => {
  await mkdir(folder, { recursive: true });
  await Promise.all(names.map((name) => writeProgram(join(folder, name), version)));
  return folder;
};

const works: EngineSource = async (folder) => void (await writeEngine(folder, engineVersion));

const fails: EngineSource = async () => {
  throw new Error("not to be had here");
};

const nothing = (): void => {};

const test = base.extend("folder", async ({}, { onCleanup }) => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "engine-")));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  return folder;
});

describe("getEngine", () => {
  test("takes the pulumi of PATH", async ({ folder }) => {
    const path = [join(folder, "empty"), await writeEngine(join(folder, "bin"), "3.250.1")];

    const engine = await getEngine(nothing, { path, cacheFolder: join(folder, "cache"), sources: [] });

    expect(engine).toEqual({ folder: join(folder, "bin"), version: "3.250.1" });
  });

  test("finds the language host elsewhere on PATH", async ({ folder }) => {
    const path = [
      await writeEngine(join(folder, "a"), "3.300.0", ["pulumi"]),
      await writeEngine(join(folder, "b"), "3.300.0", programs.slice(1)),
    ];

    const engine = await getEngine(nothing, { path, cacheFolder: join(folder, "cache"), sources: [] });

    expect(engine).toEqual({ folder: join(folder, "a"), version: "3.300.0" });
  });

  test.for([
    ["an older pulumi", "3.249.9", programs],
    ["a pulumi without a language host", "3.270.0", ["pulumi", "pulumi-resource-pulumi-nodejs"]],
    ["a pulumi that states no version", "unknown", programs],
  ] as const)("passes over %s", async ([, version, names], { folder }) => {
    const path = [await writeEngine(join(folder, "bin"), version, [...names])];

    const engine = await getEngine(nothing, { path, cacheFolder: join(folder, "cache"), sources: [works] });

    expect(engine.version).toBe(engineVersion);
    expect(await readdir(join(folder, "cache"))).toEqual([engine.folder.slice(join(folder, "cache").length + 1)]);
  });

  test("goes on to the next source when one fails, and says so", async ({ folder }) => {
    const lines: string[] = [];

    await getEngine((line) => lines.push(line), { path: [], cacheFolder: folder, sources: [fails, works] });

    expect(lines).toEqual([expect.stringContaining("no pulumi 3.250 or newer here"), "not to be had here"]);
  });

  test("gets one once, however many ask at once, and keeps it", async ({ folder }) => {
    const calls: string[] = [];
    const counted: EngineSource = (place, report) => {
      calls.push(place);
      return works(place, report);
    };
    const machine = { path: [], cacheFolder: folder, sources: [counted] };

    const engines = await Promise.all([1, 2, 3].map(() => getEngine(nothing, machine)));
    const later = await getEngine(nothing, { ...machine, sources: [fails] });

    expect(calls).toHaveLength(1);
    expect(new Set([...engines, later].map((engine) => engine.folder)).size).toBe(1);
  });

  test("breaks the lock of a process that is gone", async ({ folder }) => {
    const machine = { path: [], cacheFolder: folder, sources: [works] };
    const { folder: place } = await getEngine(nothing, machine);
    await rm(place, { recursive: true });
    await writeFile(`${place}.lock`, "99999999");

    const engine = await getEngine(nothing, machine);

    expect(engine.version).toBe(engineVersion);
  });

  test("says what to install when nothing works, and leaves nothing behind", async ({ folder }) => {
    const asked = getEngine(nothing, { path: [], cacheFolder: folder, sources: [fails] });

    await expect(asked).rejects.toThrow("no pulumi could be got: install it");
    expect(await readdir(folder)).toEqual([]);
  });
});
