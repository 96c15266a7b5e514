import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, describe, expect } from "vitest";
import * as z from "zod";
import type { CampaignMessageArgs } from "../../provider/campaign/expand.ts";
import { type CampaignFile, readCampaigns } from "../../provider/campaign/file.ts";
import { createCampaignFile } from "../../provider/campaign/schema.ts";

const test = base.extend("folder", async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-tpns-campaigns-"));
  onCleanup(() => rm(folder, { recursive: true }));
  return folder;
});

/** Compiles only where a file's message is one that the program could have declared. */
const asDeclared = (message: CampaignFile["messages"][string]): CampaignMessageArgs => message;

const spring = `
defaults:
  audience: { type: all }
messages:
  opening:
    sendTime: { local: "2027-03-01T10:00", timeZone: Asia/Shanghai }
    message:
      title: Spring sale
      content: 20 % off today
  weekly:
    repeat: { every: week, on: [monday], at: "10:00", timeZone: Asia/Shanghai, from: "2027-03-01", until: "2027-03-31" }
    message: { title: Weekly, content: News }
`;

describe("campaign files", () => {
  test("are read by their names, YAML and JSON", async ({ folder }) => {
    await writeFile(join(folder, "spring.yaml"), spring);
    await writeFile(join(folder, "autumn.json"), JSON.stringify({ messages: {} }));
    await writeFile(join(folder, "notes.md"), "not one");

    const [autumn, read] = readCampaigns(folder);

    expect(autumn).toEqual({ name: "autumn", path: join(folder, "autumn.json"), campaign: { messages: {} } });
    expect(read).toMatchObject({ name: "spring", campaign: { defaults: { audience: { type: "all" } } } });
    expect(read && asDeclared(read.campaign.messages.opening ?? {}).message).toEqual({
      title: "Spring sale",
      content: "20 % off today",
    });
  });

  test.for<[string, string, string, string]>([
    [
      "an unknown name",
      "sendTime:",
      "sendTyme:",
      ":6:5: messages.opening.sendTyme is not known; remove it, or correct its name",
    ],
    [
      "an unknown audience",
      "type: all",
      "type: everybody",
      ':3:15: defaults.audience.type "everybody" is none of all, tag, token, token_list, account, account_list, package_account_push, package_token_push',
    ],
    [
      "a number for a text",
      "title: Spring sale",
      "title: 20",
      ":8:7: messages.opening.message.title 20 is no text; write it in quotes",
    ],
    [
      "an unknown day",
      "on: [monday]",
      "on: [moonday]",
      ':11:33: messages.weekly.repeat.on[0] "moonday" is none of monday, tuesday, wednesday, thursday, friday, saturday, sunday',
    ],
    ["a missing part", ', from: "2027-03-01"', "", ":11:5: messages.weekly.repeat.from is missing"],
    [
      "a key with a blank",
      "opening:",
      '"the opening":',
      ":5:3: messages.the opening is no key; write letters, digits, - and _",
    ],
    ["no messages", spring, "defaults: {}", ":1:1: messages is missing"],
    [
      "a colon in a text",
      "content: 20 % off today",
      "content: 20 % off: today",
      ":9:16: a text with a colon and a blank in it stands in quotes; write them",
    ],
    ["no YAML", "content: 20 % off today", "content: [20", ":10:3: "],
    ["one key twice", "  weekly:", "  opening:", ":10:3: Map keys must be unique"],
    [
      "an alias of nothing",
      "{ type: all }",
      "*everybody",
      ":3:13: *everybody stands for nothing; write &everybody before it at what it is to stand for",
    ],
    ["two documents", "messages:", "---\nmessages:", ":4:1: the file has a second document; write one campaign a file"],
    [
      "a word for an audience",
      "{ type: all }",
      "all",
      ':3:3: defaults.audience "all" is no object; write for example { type: all }',
    ],
    [
      "half of a send time at once",
      '{ local: "2027-03-01T10:00", timeZone: Asia/Shanghai }',
      "{ asap: true }",
      ":6:5: messages.opening.sendTime.notAfter is missing",
    ],
    [
      "half of a local send time",
      ", timeZone: Asia/Shanghai }\n    message",
      " }\n    message",
      ":6:5: messages.opening.sendTime.timeZone is missing",
    ],
    [
      "a number for a send time",
      '{ local: "2027-03-01T10:00", timeZone: Asia/Shanghai }',
      "5",
      ':6:5: messages.opening.sendTime 5 has the wrong form; see the schema; write for example "2027-03-01T10:00:00+08:00"',
    ],
    ["nothing in it", spring, "", ":1:1: the file is empty; write for example messages: and a message under it"],
  ])("with %s are refused at their line and column", async ([, right, wrong, line], { folder }) => {
    const path = join(folder, "spring.yaml");
    await writeFile(path, spring.replace(right, wrong));

    expect(() => readCampaigns(folder)).toThrow(`${path}${line}`);
  });

  test("that are wrong in several places are told of all of them", async ({ folder }) => {
    await writeFile(join(folder, "a.yaml"), "messages: { one: { tytle: x } }\nextra: 1\n");
    await writeFile(join(folder, "b.yaml"), "messages: 3\n");
    let lines: readonly string[] = [];
    try {
      readCampaigns(folder);
    } catch (error) {
      if (error instanceof Error) lines = error.message.split("\n");
    }

    expect(lines).toEqual([
      `${join(folder, "a.yaml")}:1:20: messages.one.tytle is not known; remove it, or correct its name`,
      `${join(folder, "a.yaml")}:2:1: extra is not known; remove it, or correct its name`,
      `${join(folder, "b.yaml")}:1:1: messages 3 is no list of keys`,
    ]);
  });

  test("need a folder, and one name each", async ({ folder }) => {
    expect(() => readCampaigns(join(folder, "none"))).toThrow("write the folder of the campaign files");
    await writeFile(join(folder, "spring.yaml"), spring);
    await writeFile(join(folder, "spring.json"), '{"messages":{}}');
    expect(() => readCampaigns(folder)).toThrow(`${folder}: two files are called spring; rename one`);
  });
});

test("the JSON Schema for editors is that of the reader", async () => {
  const published = await readFile(join(import.meta.dirname, "../../provider/campaign/campaign.schema.json"), "utf8");
  expect(JSON.parse(published)).toEqual(z.toJSONSchema(createCampaignFile(z), { io: "input", reused: "ref" }));
});
