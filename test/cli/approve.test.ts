import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, describe, expect } from "vitest";
import { approvalHash } from "../../provider/guard/approval.ts";
import { outputOf, start } from "./command.ts";

const test = base.extend("folder", async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-tpns-approve-"));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  return folder;
});

const audience = { type: "all" };
const hashOf = (content: string): string => approvalHash({ audience, message: { title: "Sale", content } });

const yaml = `# What goes out in spring
defaults:
  audience: { type: all }   # everybody
  sendTime: "2027-03-01T10:00:00+08:00"
messages:
  open:
    # the day it opens
    message: { title: Sale, content: It is open }
  close: { message: { title: Sale, content: "It is over" }, sendTime: "2027-03-05T10:00:00+08:00" }
  variants:
    variants:
      zh: { message: { content: 二 } }
      en: { message: { content: two } }
    message: { title: Sale }
`;

describe("pulumi-tpns approve", () => {
  test("writes one line a message, and changes nothing else", async ({ folder }) => {
    const file = join(folder, "spring.yaml");
    await writeFile(file, yaml);
    const output = await outputOf(start("approve", file, "--by", "Ann"));

    const open = `    approvedBy: ["Ann:${hashOf("It is open")}"]\n`;
    const over = ` approvedBy: ["Ann:${hashOf("It is over")}"],`;
    const both = `    approvedBy: ["Ann:${hashOf("二")}", "Ann:${hashOf("two")}"]\n`;
    expect(await readFile(file, "utf8")).toBe(
      yaml
        .replace(
          "    message: { title: Sale, content: It is open }",
          `${open}    message: { title: Sale, content: It is open }`,
        )
        .replace("  close: {", `  close: {${over}`)
        .replace("    variants:\n", `${both}    variants:\n`),
    );
    expect(output).toContain(
      `open  ${hashOf("It is open")}  {"type":"all"}  {"title":"Sale","content":"It is open"}  (app)\n`,
    );
    expect(output).toContain(`${file} says now that Ann has approved this; commit it\n`);
  });

  test("keeps what others approved of the same text, and drops what was of an older one", async ({ folder }) => {
    const file = join(folder, "spring.json");
    const write = (content: string, approvedBy: readonly string[]) =>
      writeFile(
        file,
        JSON.stringify({
          messages: {
            open: { approvedBy, audience, sendTime: "2027-03-01T10:00:00+08:00", message: { title: "Sale", content } },
          },
        }),
      );
    await write("now", [`Bo:${hashOf("now")}`, `Cy:${hashOf("before")}`, `Ann:${hashOf("before")}`]);
    await outputOf(start("approve", file, "open", "--by", "Ann"));

    expect(JSON.parse(await readFile(file, "utf8")).messages.open.approvedBy).toEqual([
      `Bo:${hashOf("now")}`,
      `Ann:${hashOf("now")}`,
    ]);
  });

  test("takes the messages that are named alone", async ({ folder }) => {
    const file = join(folder, "spring.yaml");
    await writeFile(file, yaml);
    await outputOf(start("approve", file, "close", "--by", "Ann"));

    expect((await readFile(file, "utf8")).split("approvedBy")).toHaveLength(2);
  });

  test.for([
    [["approve"], "name the campaign file: pulumi-tpns approve campaigns/news.yaml --by <name>"],
    [["approve", "spring.yaml"], "--by is missing; write the name of who approves, without a colon"],
    [["approve", "spring.yaml", "--by", "A:b"], "--by is missing; write the name of who approves, without a colon"],
    [["approve", "nowhere.yaml", "--by", "Ann"], "nowhere.yaml: there is no such file, or it cannot be read"],
    [["approve", "FILE", "none", "--by", "Ann"], 'has no message "none"; write one of open, close, variants'],
    [
      ["approve", "BARE", "--by", "Ann"],
      "audience is missing; write it in the message, or in the campaign's defaults; where the program says it, copy the line that its preview prints",
    ],
  ] as const)("%o says what to do", async ([args, line], { folder }) => {
    await writeFile(join(folder, "spring.yaml"), yaml);
    await writeFile(
      join(folder, "bare.yaml"),
      'messages: { one: { sendTime: "2027-03-01T10:00:00+08:00", message: { title: Sale } } }',
    );
    const paths: Readonly<Record<string, string>> = {
      FILE: join(folder, "spring.yaml"),
      BARE: join(folder, "bare.yaml"),
    };
    const child = start(...args.map((arg) => paths[arg] ?? arg));

    expect(await outputOf(child)).toContain(line);
    expect([child.exitCode, await readFile(join(folder, "spring.yaml"), "utf8")]).toEqual([1, yaml]);
  });
});
