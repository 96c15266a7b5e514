import { describe, expect, test } from "vitest";
import { brokenRules, checkGuards, type GuardArgs } from "../../provider/guard/rule.ts";

const at = (text: string) => ({ sendAt: new Date(text), message: {} });
const saying = (message: unknown) => ({ sendAt: undefined, message });
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
  expect(brokenRules(guards, { sendAt: new Date("2027-04-05T10:00:00+08:00"), message: "free" })).toHaveLength(2);
});

test.for<[GuardArgs, string]>([
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
