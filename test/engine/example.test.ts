import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pid } from "node:process";
import { describe, expect, test } from "vitest";
import { androidApp, startEmulator } from "../../provider/emulator/index.ts";
import { createProject, repository, succeed } from "./run.ts";
import { pace } from "./shop.ts";

interface Example {
  /** In the repository. */
  readonly folder: string;
  /** The stack's configuration for an emulator. */
  readonly config: (accessPoint: string) => readonly (readonly [string, string])[];
  /** Titles of its tasks. */
  readonly titles: readonly string[];
}

const bothApps = (accessPoint: string) => [["shop:accessPoint", accessPoint]] as const;
const shopTitles = ["For you, a day early", "Spring sale", "Spring sale"];

const launchTitles = ["Es ist da", "It is here", "新品上市"].flatMap((title) => Array.from({ length: 6 }, () => title));

const defaultApp = (accessPoint: string) =>
  [
    ["tpns:accessId", androidApp.accessId],
    ["tpns:platform", "android"],
    ["tpns:accessPoint", accessPoint],
  ] as const;

const examples: readonly Example[] = [
  { folder: ".", config: bothApps, titles: shopTitles },
  { folder: "examples/two-apps", config: bothApps, titles: shopTitles },
  { folder: "examples/one-app", config: defaultApp, titles: ["Spring sale"] },
  { folder: "examples/launch", config: bothApps, titles: launchTitles },
  { folder: "examples/weekly", config: bothApps, titles: Array.from({ length: 7 }, () => "New this week") },
  { folder: "examples/editorial", config: bothApps, titles: ["Last day", "Spring sale"] },
  { folder: "examples/account-package", config: defaultApp, titles: ["Your subscription ends"] },
];

describe("the example in", () => {
  test.for(examples)("$folder schedules, stays as it is, and is cancelled", async ({ folder, config, titles }) => {
    await using emulator = await startEmulator({ now: "2027-02-27T09:00:00+08:00", pace });
    await using project = await createProject({ program: "" });
    const stack = `engine-test-${pid}`;
    const place = join(repository, folder);
    const pulumi = (...args: readonly string[]) =>
      succeed(project.pulumi("--cwd", place, "--non-interactive", "--color=never", ...args));
    try {
      await pulumi("stack", "init", stack);
      for (const [key, value] of config(emulator.url)) await pulumi("config", "set", key, value);
      if (config === defaultApp) await pulumi("config", "set", "--secret", "tpns:secretKey", androidApp.secretKey);

      await pulumi("up", "--yes", "--skip-preview");
      expect(emulator.tasks.map(({ title }) => title).sort()).toEqual(titles);
      const requests = emulator.requests.length;
      expect(await pulumi("up", "--yes", "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n\n/);
      expect(emulator.requests.length).toBe(requests);
      await pulumi("destroy", "--yes", "--skip-preview");
    } finally {
      await rm(join(place, `Pulumi.${stack}.yaml`), { force: true });
    }
    expect(new Set(emulator.tasks.map(({ status }) => status))).toEqual(new Set(["PUSH_CANCELED"]));
  });
});
