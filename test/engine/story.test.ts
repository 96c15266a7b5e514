import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { test as base, describe, expect } from "vitest";
import { z } from "zod";
import { androidApp, iosApp } from "../../provider/emulator/index.ts";
import { steps } from "../story/steps.ts";
import { nodeFolder, repository } from "./run.ts";

interface Story {
  /** What it has said so far. */
  text(): string;
  /** Waits until it has said this; whatever it says is what `text` holds. */
  until(part: string): Promise<void>;
  interrupt(): void;
  readonly ended: Promise<number | null>;
}

const startStory = (temporaryFolder: string, ...args: readonly string[]): Story => {
  const child = spawn(join(nodeFolder, "node"), [join(repository, "test", "story", "main.ts"), ...args], {
    env: { ...env, TMPDIR: temporaryFolder, FORCE_COLOR: undefined },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part) => (text += part));
  return {
    text: () => text,
    until: async (part) => {
      while (!text.includes(part)) await once(child.stdout, "data");
    },
    interrupt: () => child.kill("SIGINT"),
    ended: new Promise((resolve) => child.once("close", resolve)),
  };
};

/** Processes whose environment names the folder, those of pulumi and its plugins among them. Linux alone can tell. */
const processesOf = async (folder: string): Promise<readonly string[]> => {
  const numbers = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(
    numbers.map((number) => readFile(join("/proc", number, "environ"), "utf8").catch(() => "")),
  );
  return numbers.filter((_, index) => environments[index]?.includes(folder));
};

const traceOf = async (folder: string) => ({ files: await readdir(folder), processes: await processesOf(folder) });
const noTrace = { files: [], processes: [] };

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "pulumi-tpns-test-")));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});

const rule = "=".repeat(100);

describe("the story of npm start", () => {
  test("plays every step, each on one screen, and leaves nothing behind", async ({ folder }) => {
    const story = startStory(folder);

    const code = await story.ended;

    const [, ...screens] = story.text().split(rule);
    expect({ code, text: story.text() }).toMatchObject({ code: 0 });
    expect(screens.map((screen) => screen.split("\n")[1])).toEqual(
      steps.map(({ heading }, index) => `${index + 1} of ${steps.length}  ${heading}`),
    );
    const lines = story.text().split("\n");
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    expect(screens.filter((screen) => screen.trimEnd().split("\n").length > 40)).toEqual([]);
    expect(story.text()).not.toContain("\u001b");
    for (const { secretKey } of [androidApp, iosApp]) expect(story.text()).not.toContain(secretKey);
    expect(await traceOf(folder)).toEqual(noTrace);
  });

  test("stays open with --keep until it is interrupted", async ({ folder }) => {
    const story = startStory(folder, "--keep");

    await story.until("Ctrl-C here");
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(story.text()) ?? [];
    const reply = await fetch(`${url}/emulator/phones`);
    expect(z.array(z.looseObject({ name: z.string() })).parse(await reply.json())).toHaveLength(7);

    story.interrupt();
    expect(await story.ended).toBe(0);
    expect(await traceOf(folder)).toEqual(noTrace);
  });

  test("ends with nothing left behind when it is interrupted halfway", async ({ folder }) => {
    const story = startStory(folder);

    await story.until("2 of 6");
    story.interrupt();

    expect(await story.ended).toBe(130);
    expect(story.text()).toContain("interrupted by SIGINT; nothing is left behind");
    expect(story.text()).not.toContain("3 of 6");
    expect(await traceOf(folder)).toEqual(noTrace);
  });

  test("takes no other argument", async ({ folder }) => {
    const story = startStory(folder, "--keeps");

    expect(await story.ended).toBe(1);
    expect(story.text()).toBe("npm start takes --keep alone: npm start -- --keep\n");
  });
});
