import { describe, expect, test } from "vitest";
import { approvalHash } from "../../provider/guard/approval.ts";
import { brokenRules, checkGuards, type GuardArgs, type Guarded } from "../../provider/guard/rule.ts";

const plain: Guarded = { sendAt: undefined, message: {}, audience: "all", approvalHash: undefined, approvedBy: [] };
const at = (text: string): Guarded => ({ ...plain, sendAt: new Date(text) });
const saying = (message: unknown): Guarded => ({ ...plain, message });
const timeZone = "Asia/Shanghai";

describe("freeze days", () => {
  const guards: GuardArgs = { freezeDays: { days: ["2027-04-05"], timeZone } };

  test.for([
    ["2027-04-04T15:59:00Z", 0],
    ["2027-04-04T16:00:00Z", 1],
    ["2027-04-05T15:59:00Z", 1],
    ["2027-04-05T16:00:00Z", 0],
  ] as const)("are days of their zone: %s breaks %i", ([time, count]) => {
    expect(brokenRules(guards, at(time))).toHaveLength(count);
  });

  test("are named", () => {
    expect(brokenRules(guards, at("2027-04-05T10:00:00+08:00"))).toEqual([
      "freezeDays: nothing goes out on 2027-04-05 in Asia/Shanghai; write another sendTime",
    ]);
  });
});

describe("allowed hours", () => {
  test.for([
    ["09:00", "21:00", "08:59", 1],
    ["09:00", "21:00", "09:00", 0],
    ["09:00", "21:00", "20:59", 0],
    ["09:00", "21:00", "21:00", 1],
    ["21:00", "06:00", "23:00", 0],
    ["21:00", "06:00", "05:59", 0],
    ["21:00", "06:00", "06:00", 1],
  ] as const)("from %s until %s: %s breaks %i", ([from, until, time, count]) => {
    const guards: GuardArgs = { allowedHours: { from, until, timeZone } };
    expect(brokenRules(guards, at(`2027-03-01T${time}:00+08:00`))).toHaveLength(count);
  });

  test("are named", () => {
    expect(
      brokenRules({ allowedHours: { from: "09:00", until: "21:00", timeZone } }, at("2027-03-01T22:30:00+08:00")),
    ).toEqual([
      "allowedHours: it goes out at 22:30 in Asia/Shanghai, and messages do from 09:00 until 21:00; write another sendTime",
    ]);
  });
});

describe("links", () => {
  const guards: GuardArgs = { linkHosts: ["shop.example"] };

  test.for([
    [{ content: "see https://shop.example/sale" }, 0],
    [{ content: "see https://www.SHOP.example/sale" }, 0],
    [{ content: "see https://shop.example.evil.example/" }, 1],
    [{ content: "see https://myshop.example/" }, 1],
    [{ content: "see https://shop.example@evil.example/" }, 1],
    [{ android: { action: { browser: { url: "http://evil.example" } } } }, 1],
    [{ content: "one https://shop.example and two https://evil.example" }, 1],
    [{ content: "no link, evil.example" }, 0],
    [{ content: "见 https://shop.example，立即" }, 0],
    [{ content: "见 https://shop.example。" }, 0],
    [{ content: "（https://shop.example）" }, 0],
    [{ content: "see https://shop.example." }, 0],
    [{ content: "see (www.shop.example)" }, 0],
    [{ content: "https:evil.example" }, 1],
    [{ content: "http:/evil.example" }, 1],
    [{ content: "https:\\\\evil.example" }, 1],
    [{ content: "see //evil.example/a" }, 1],
    [{ content: "see www.evil.example" }, 1],
    [{ android: { customContent: '{"url":"https:\\/\\/evil.example"}' } }, 1],
  ] as const)("point to allowed hosts: %o breaks %i", ([message, count]) => {
    expect(brokenRules(guards, saying(message))).toHaveLength(count);
  });

  test("are named", () => {
    expect(brokenRules(guards, saying({ xgMediaResources: "https://evil.example/a.png" }))).toEqual([
      "linkHosts: https://evil.example/a.png points to none of shop.example; write another link",
    ]);
  });
});

test("banned words are found in whatever case, and named", () => {
  const guards: GuardArgs = { bannedWords: ["Free", "最便宜"] };

  expect(brokenRules(guards, saying({ title: "FREE today" }))).toEqual([
    'bannedWords: the message has "Free"; write it without',
  ]);
  expect(brokenRules(guards, saying({ ios: { aps: { alert: { body: "全场最便宜" } } } }))).toHaveLength(1);
  expect(brokenRules(guards, saying({ title: "fee" }))).toEqual([]);
});

test("several rules that are broken are all told", () => {
  const guards: GuardArgs = { freezeDays: { days: ["2027-04-05"], timeZone }, bannedWords: ["free"] };
  expect(brokenRules(guards, { ...at("2027-04-05T10:00:00+08:00"), message: "free" })).toHaveLength(2);
});

describe("an approval", () => {
  const guards: GuardArgs = { approval: ["all", "tag"] };
  const declared = { message: { title: "Sale", content: "20 % off" }, audience: { type: "all" } };
  const hash = approvalHash(declared);
  const asked = (approvedBy: readonly string[], audience: string | undefined = "all"): Guarded => ({
    ...plain,
    audience,
    approvalHash: hash,
    approvedBy,
  });
  const way = `who approves it writes approvedBy: ["<name>:${hash}"]`;

  test("is asked for the kinds of audience that are named, and given by any of several", () => {
    expect(brokenRules(guards, asked([]))).toEqual([`approval: a message to all needs approvedBy; ${way}`]);
    expect(brokenRules(guards, asked([], "account_list"))).toEqual([]);
    expect(brokenRules(guards, asked(["Ann:000000000000", `Bo Li: ${hash}`]))).toEqual([]);
    expect(brokenRules({}, asked([]))).toEqual([]);
  });

  test("is void for another text, and says whose it was", () => {
    expect(brokenRules(guards, asked(["Ann:000000000000", "Bo Li:111111111111"]))).toEqual([
      `approval: its text or its audience is not the one that Ann and Bo Li approved; ${way}`,
    ]);
  });

  test("names a hash", () => {
    expect(brokenRules(guards, asked(["Ann"]))).toEqual([`approval: "Ann" in approvedBy names no hash; ${way}`]);
  });

  test("is not given to what is not known yet", () => {
    const line =
      "approval: its text or its audience is not known yet, so that nobody can have approved it; write them out";
    expect(brokenRules(guards, { ...asked([`Ann:${hash}`]), audience: undefined })).toEqual([line]);
    expect(brokenRules(guards, { ...asked([`Ann:${hash}`]), approvalHash: undefined })).toEqual([line]);
  });

  test.for([
    ["another text", { ...declared, message: { title: "Sale", content: "30 % off" } }, false],
    ["another audience", { ...declared, audience: { type: "tag", tagRules: [] } }, false],
    ["another type", { ...declared, messageType: "message" }, false],
    ["the default type written out", { ...declared, messageType: "notify" }, true],
    ["another order of words", { ...declared, message: { content: "20 % off", title: "Sale" } }, true],
    ["nothing where nothing was", { ...declared, message: { ...declared.message, android: undefined } }, true],
  ] as const)("of %s is another one, or not", ([, other, isSame]) => {
    expect(approvalHash(other) === hash).toBe(isSame);
  });

  test("outlives a new upload of its package", () => {
    const audience = { type: "package_account_push", uploadId: "1" };
    expect(approvalHash({ ...declared, audience })).toBe(
      approvalHash({ ...declared, audience: { ...audience, uploadId: "2" } }),
    );
  });
});

test.for<[GuardArgs, string]>([
  [
    { approval: ["everybody"] },
    "guards.approval everybody is no kind of audience; write some of all, tag, token, token_list, account, account_list, package_account_push, package_token_push",
  ],
  [{ bannedWords: [""] }, "guards.bannedWords has an empty word, which every message has; leave it out"],
  [
    { freezeDays: { days: ["2027-02-30"], timeZone } },
    'guards.freezeDays 2027-02-30 is no day; write for example "2027-04-05"',
  ],
  [
    { allowedHours: { from: "9:00", until: "21:00", timeZone } },
    'guards.allowedHours 9:00 is no time of day; write for example "09:00"',
  ],
  [
    { freezeDays: { days: [], timeZone: "China" } },
    'guards: China is no IANA time zone; write for example "Asia/Shanghai"',
  ],
  [
    { linkHosts: ["https://shop.example"] },
    'guards.linkHosts https://shop.example is no host; write for example "shop.example"',
  ],
])("a rule that is wrong itself is refused: %o", ([guards, line]) => {
  expect(() => checkGuards(guards)).toThrow(new Error(line));
});
