import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { approve } from "../../provider/campaign/approve.ts";
import { readCampaignFile } from "../../provider/campaign/file.ts";
import { approvalHash } from "../../provider/guard/approval.ts";

const head = 'defaults: { audience: { type: all }, sendTime: "2027-03-01T10:00:00+08:00" }\n';
const x = "message: { title: S, content: x }";
const hashOf = (content: string) => approvalHash({ audience: { type: "all" }, message: { title: "S", content } });
function fileOf(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "approve-")), "f.yaml");
  writeFileSync(path, text);
  return path;
}

test("a list under its key, not indented, is replaced", () => {
  const path = fileOf(`${head}messages:\n  a:\n    approvedBy:\n    - "Bo:000000000000"\n    ${x}\n`);
  approve(path, [], "Ann");
  expect(readCampaignFile(path).messages.a?.approvedBy).toEqual([`Ann:${hashOf("x")}`]);
});

test.for([
  ["an explicit key", `  a:\n    ? message\n    : { title: S, content: x }\n`],
  ["a compact map after an explicit key", `  ? a\n  : ${x}\n`],
  ["comments in its list", `  a:\n    approvedBy:\n      - "Bo:${hashOf("x")}" # by phone, 3 May\n    ${x}\n`],
  [
    "a list that stands for another's too",
    `  a:\n    approvedBy: &who ["Bo:${hashOf("y")}"]\n    ${x}\n  b:\n    approvedBy: *who\n    message: { title: S, content: y }\n`,
  ],
] as const)("a message with %s is left to people, and the file as it was", ([, messages]) => {
  const path = fileOf(`${head}messages:\n${messages}`);
  const before = readFileSync(path, "utf8");

  expect(() => approve(path, ["a"], "Ann")).toThrow(
    /^\S+: message "a" is written in a way that only you can edit; write into it approvedBy: \[.*"Ann:[0-9a-f]{12}"\]$/,
  );
  expect(readFileSync(path, "utf8")).toBe(before);
});

test("lines keep their ends", () => {
  const path = fileOf(`${head}messages:\n  a:\n    ${x}\n`.replaceAll("\n", "\r\n"));
  approve(path, [], "Ann");
  expect(readFileSync(path, "utf8").replaceAll("\r\n", "")).not.toContain("\n");
});

test("what others approved in the defaults stays", () => {
  const path = fileOf(`${head.replace(" }\n", `, approvedBy: ["Bo:${hashOf("x")}"] }\n`)}messages:\n  a:\n    ${x}\n`);
  approve(path, [], "Ann");
  expect(readCampaignFile(path).messages.a?.approvedBy).toContain(`Bo:${hashOf("x")}`);
});

test("an approval of a variant's own is told of, and nothing is written", () => {
  const path = fileOf(
    `${head}messages:\n  a:\n    message: { title: S }\n    variants:\n      zh: { message: { content: z }, approvedBy: ["Bo:000000000000"] }\n      en: { message: { content: e } }\n`,
  );
  const before = readFileSync(path, "utf8");

  expect(() => approve(path, [], "Ann")).toThrow(
    'a variant or a wave of message "a" has an approvedBy of its own, which stands over the message\'s; take it out',
  );
  expect(readFileSync(path, "utf8")).toBe(before);
});
