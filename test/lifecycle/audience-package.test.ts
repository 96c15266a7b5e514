import { appendFile, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { Emulator } from "../../provider/emulator/index.ts";
import { check, create, diff, update } from "../../provider/lifecycle/audience-package.ts";
import { unknownValue } from "../../provider/lifecycle/translation.ts";
import { alertsOf, test as base, iosApp, type Properties, processOn, sendTime, springSale, urnOf } from "./fixture.ts";

const uploadPath = "/v3/push/package/upload";

const test = base.extend("folder", async ({ emulator: _ }, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), "audience-package-"));
  onCleanup(() => rm(folder, { recursive: true }));
  return folder;
});

const identity = `|acme|${urnOf("vips")}`;

const uploadsTo = (emulator: Emulator): number =>
  emulator.requests.filter(({ path, retCode }) => path === uploadPath && retCode === 0).length;

const contextOn = (emulator: Emulator) => processOn(emulator).context;

/** Writes a file of accounts and declares it. */
async function declare(folder: string, name: string, text: string): Promise<Properties> {
  const file = join(folder, name);
  await writeFile(file, text);
  return { file, identity };
}

/** What check makes of a declaration that it has nothing against. */
async function inputsOf(news: Properties): Promise<Properties> {
  const { inputs, failures } = await check(news);
  expect(failures).toEqual([]);
  return inputs;
}

describe("check", () => {
  test("adds the SHA-256 of the file", async ({ folder }) => {
    const news = await declare(folder, "vips.txt", "alice\nbob\n");

    expect(await check(news)).toEqual({
      inputs: { ...news, sha256: "464165db627e0547246fff8acfc08662c1aea3b98d9884434e4e7bee3d681b0e" },
      failures: [],
    });
  });

  test.for(["vips.csv", "VIPS.TXT", "vips.zip"])("takes %s", async (name, { folder }) => {
    await inputsOf(await declare(folder, name, "alice\n"));
  });

  test("leaves a path that is not known yet alone", async () => {
    const news = { file: unknownValue, identity };

    expect(await check(news)).toEqual({ inputs: news, failures: [] });
  });

  test.for<[string, string, string]>([
    ["another extension", "vips.json", "file <file> is neither .txt, .csv nor .zip"],
    ["no bytes", "empty.txt", "file <file> is empty"],
    ["no file", "absent.txt", "file <file> is not there; write its path from the project's folder"],
    ["a folder", "folder.txt", "file <file> is not there; write its path from the project's folder"],
    ["too many bytes", "huge.txt", "file <file> has 104857601 bytes, which exceeds 104857600"],
  ])("refuses %s", async ([, name, reason], { folder }) => {
    await writeFile(join(folder, "vips.json"), "alice\n");
    await writeFile(join(folder, "empty.txt"), "");
    await writeFile(join(folder, "huge.txt"), "");
    await truncate(join(folder, "huge.txt"), 100 * 1024 * 1024 + 1);
    await mkdtemp(join(folder, "folder.txt"));
    const file = join(folder, name);

    expect((await check({ file, identity })).failures).toEqual([
      { property: "", reason: reason.replace("<file>", file) },
    ]);
  });

  test("refuses a declaration without a file, and one with another property", async ({ folder }) => {
    const news = await declare(folder, "vips.txt", "alice\n");

    expect([(await check({ identity })).failures, (await check({ ...news, flie: 1 })).failures]).toEqual([
      [{ property: "", reason: "file is missing; write the path of a .txt, .csv or .zip file" }],
      [{ property: "", reason: "flie is not a property of AudiencePackage; remove it" }],
    ]);
  });
});

describe("create", () => {
  test("uploads the file once, and no row of it enters the state", async ({ emulator, folder }) => {
    const inputs = await inputsOf(await declare(folder, "vips.txt", "alice\nbob\n"));

    const { id, outs } = await create(contextOn(emulator), inputs);

    expect([id, outs]).toEqual([
      inputs.sha256,
      { ...inputs, accessId: "1500001234", uploadId: expect.stringMatching(/^\d+$/) },
    ]);
    expect([uploadsTo(emulator), emulator.requests.length, JSON.stringify(outs).includes("alice")]).toEqual([
      1,
      1,
      false,
    ]);
  });

  test("refuses a file that changed since it was checked", async ({ emulator, folder }) => {
    const inputs = await inputsOf(await declare(folder, "vips.txt", "alice\n"));
    await appendFile(String(inputs.file), "bob\n");

    await expect(create(contextOn(emulator), inputs)).rejects.toThrow(
      `upload package ${inputs.file}: it has changed since it was checked; run pulumi up again`,
    );
    expect(emulator.requests).toEqual([]);
  });

  test("tells what the service refuses", async ({ emulator, folder }) => {
    const inputs = await inputsOf(await declare(folder, "vips.txt", "alice\n"));
    emulator.failNext({ path: uploadPath, fault: { retCode: 1008011 } });

    await expect(create(contextOn(emulator), inputs)).rejects.toThrow(
      'upload package "vips": the upload failed; try again (HTTP 200, ret_code 1008011)',
    );
  });
});

describe("an uploaded package", () => {
  test("that is unchanged makes no call", async ({ emulator, folder }) => {
    const inputs = await inputsOf(await declare(folder, "vips.txt", "alice\n"));
    const { outs } = await create(contextOn(emulator), inputs);
    const before = emulator.requests.length;

    expect(diff(contextOn(emulator), outs, await inputsOf({ file: inputs.file, identity }))).toEqual({
      changes: false,
    });
    expect(emulator.requests.length - before).toBe(0);
  });

  test("whose bytes changed is uploaded once more", async ({ emulator, folder }) => {
    const inputs = await inputsOf(await declare(folder, "vips.txt", "alice\n"));
    const { outs } = await create(contextOn(emulator), inputs);
    const news = await inputsOf(await declare(folder, "vips.txt", "bob\n"));

    expect(diff(contextOn(emulator), outs, news)).toEqual({ changes: true });
    const updated = await update(contextOn(emulator), outs, news);

    expect([uploadsTo(emulator), updated.uploadId === outs.uploadId, updated.sha256]).toEqual([2, false, news.sha256]);
  });

  test("whose file has another name alone is not uploaded", async ({ emulator, folder }) => {
    const inputs = await inputsOf(await declare(folder, "vips.txt", "alice\n"));
    const { outs } = await create(contextOn(emulator), inputs);
    const news = await inputsOf(await declare(folder, "guests.txt", "alice\n"));

    expect(diff(contextOn(emulator), outs, news)).toEqual({ changes: true });
    expect(await update(contextOn(emulator), outs, news)).toEqual({ ...outs, ...news });
    expect(uploadsTo(emulator)).toBe(1);
  });

  test("under another app is replaced", async ({ emulator, folder }) => {
    const inputs = await inputsOf(await declare(folder, "vips.txt", "alice\n"));
    const { outs } = await create(contextOn(emulator), inputs);

    expect(diff(processOn(emulator, { app: iosApp }).context, outs, inputs)).toEqual({
      changes: true,
      replaces: ["accessId"],
    });
  });

  test("reaches the newest phone of each of its accounts", async ({ emulator, folder }) => {
    const inputs = await inputsOf(await declare(folder, "vips.csv", '"alice"\r\n"carol"\r\n'));
    const { outs } = await create(contextOn(emulator), inputs);

    await processOn(emulator).create({
      ...springSale,
      audience: { type: "package_account_push", uploadId: outs.uploadId },
    });
    emulator.clock.set(sendTime);

    expect(alertsOf(emulator)).toEqual({ "huawei-emui9": ["20 % off today"], oppo: ["20 % off today"] });
  });
});
