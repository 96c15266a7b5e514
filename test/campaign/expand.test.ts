import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { type CampaignMessageArgs, type Definition, expand } from "../../provider/campaign/expand.ts";

const sendTime = "2027-03-01T10:00:00+08:00";
const audience = { type: "all" } as const;

const opening: CampaignMessageArgs = { sendTime, message: { title: "Open", content: "Come in" } };

const spring: Definition = {
  name: "spring",
  apps: ["android"],
  defaults: { audience },
  byApp: {},
  variants: {},
  messages: { opening },
  guards: [],
};

const namesOf = (definition: Partial<Definition>): readonly string[] =>
  expand({ ...spring, ...definition }).map(({ name }) => name);

const lineOf = (definition: Partial<Definition>): string => {
  try {
    expand({ ...spring, ...definition });
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error("nothing was refused");
};

/** What is said of a task, by its name. */
const argsOf = (definition: Partial<Definition>, name: string) =>
  expand({ ...spring, ...definition }).find((task) => task.name === name)?.args;

describe("the names of a campaign's tasks", () => {
  test("are made of the keys of what there is", () => {
    expect(namesOf({})).toEqual(["spring/opening/android"]);
    expect(
      namesOf({
        apps: ["android", "ios"],
        variants: { zh: {}, en: {} },
        messages: {
          opening: {
            ...opening,
            waves: { first: { afterMinutes: 0, pushSpeed: 1000 }, rest: { afterMinutes: 30 } },
            variants: { zh: { message: { content: "a" } }, en: { message: { content: "b" } } },
            only: ["ios"],
          },
        },
      }),
    ).toEqual([
      "spring/opening/ios/zh/first",
      "spring/opening/ios/zh/rest",
      "spring/opening/ios/en/first",
      "spring/opening/ios/en/rest",
    ]);
  });

  test("do not change with what stands beside them, or with the order", () => {
    const more = { ...opening, message: { title: "More", content: "x" } };
    const one = namesOf({ messages: { opening, closing: more } });
    const other = namesOf({
      messages: { reminder: { ...more, message: { title: "y", content: "y" } }, closing: more, opening },
    });

    expect(one.every((name) => other.includes(name))).toBe(true);
  });

  test("are the former ones too, where a key was changed", () => {
    const [task] = expand({ ...spring, messages: { launch: { ...opening, formerKeys: ["opening", "start"] } } });
    expect(task).toMatchObject({
      name: "spring/launch/android",
      formerNames: ["spring/opening/android", "spring/start/android"],
    });
  });

  test("end with the day of a recurrence", () => {
    const { sendTime: _, ...weekly } = opening;
    const repeat = {
      every: "week",
      on: ["monday"],
      at: "10:00",
      timeZone: "Asia/Shanghai",
      from: "2027-03-01",
      until: "2027-03-21",
      except: ["2027-03-08"],
    } as const;
    const messages = { weekly: { ...weekly, repeat: { ...repeat, on: [...repeat.on], except: [...repeat.except] } } };

    expect(expand({ ...spring, messages }).map(({ name, args }) => [name, args.sendTime])).toEqual([
      ["spring/weekly/android/2027-03-01", "2027-03-01T10:00:00+08:00"],
      ["spring/weekly/android/2027-03-15", "2027-03-15T10:00:00+08:00"],
    ]);
  });
});

describe("what a task says", () => {
  test("is said by the defaults, the app, the variant, the message, and the message's variant; the later wins", () => {
    const args = argsOf(
      {
        defaults: {
          audience,
          expireTime: 0,
          pushSpeed: 1000,
          message: { title: "default", content: "default", android: { ring: false } },
        },
        byApp: { android: { expireTime: 3600, message: { content: "app" } } },
        variants: { zh: { expireTime: 7200, message: { content: "variant", threadId: "zh" } } },
        messages: {
          opening: {
            sendTime,
            message: { title: "message", content: "message", android: { vibrate: false } },
            variants: { zh: { message: { content: "message in zh" } } },
          },
        },
      },
      "spring/opening/android/zh",
    );

    expect(args).toEqual({
      audience,
      sendTime,
      expireTime: 7200,
      pushSpeed: 1000,
      message: { title: "message", content: "message in zh", threadId: "zh", android: { ring: false, vibrate: false } },
    });
  });

  test("is taken as a whole where it is known only later", () => {
    const message = pulumi.output({ title: "later", content: "later" });
    const args = argsOf(
      {
        defaults: { audience, message: { title: "x", content: "y", threadId: "z" } },
        messages: { opening: { sendTime, message } },
      },
      "spring/opening/android",
    );

    expect(args?.message).toBe(message);
  });
});

test("the same words in two environments are two messages", () => {
  const ios = (environment: "product" | "dev"): CampaignMessageArgs => ({ ...opening, environment });
  expect(namesOf({ messages: { product: ios("product"), dev: ios("dev") } })).toHaveLength(2);
});

describe("waves", () => {
  const vip = { type: "tag", tagRules: [{ tagItems: [{ tags: ["vip"], tagsOperator: "OR" }] }] } as const;
  const waves = { "wave-1": { afterMinutes: 0 }, "wave-2": { afterMinutes: 60 }, "wave-3": { afterMinutes: 120 } };
  const wavesOf = (message: CampaignMessageArgs) =>
    expand({ ...spring, messages: { opening: { ...message, waves } } }).map(({ args }) => [args.sendTime, args.remedy]);

  test("follow each other", () => {
    expect(wavesOf(opening)).toEqual([
      [sendTime, undefined],
      ["2027-03-01T11:00:00+08:00", undefined],
      ["2027-03-01T12:00:00+08:00", undefined],
    ]);
  });

  test("have audiences of their own", () => {
    const messages = {
      opening: { ...opening, waves: { ...waves, "wave-1": { afterMinutes: 0, audience: { ...vip, tagRules: [] } } } },
    };
    expect(argsOf({ messages }, "spring/opening/android/wave-1")?.audience).toEqual({ type: "tag", tagRules: [] });
    expect(argsOf({ messages }, "spring/opening/android/wave-2")?.audience).toEqual(audience);
  });

  test("take a part of the audience by tags, within what it was before", () => {
    const tags = (...tags: string[]) => ({ tagItems: [{ tags, tagsOperator: "OR" as const }] });
    const wave = { afterMinutes: 0, among: [tags("vip"), tags("staff")] };
    const of = (given: CampaignMessageArgs["audience"]) =>
      argsOf(
        { messages: { opening: { ...opening, ...(given && { audience: given }), waves: { first: wave } } } },
        "spring/opening/android/first",
      )?.audience;

    expect(of({ type: "all" })).toEqual({ type: "tag", tagRules: [tags("vip"), tags("staff")] });
    expect(of({ type: "tag", tagRules: [tags("zh"), { ...tags("hunan"), operator: "AND" }, tags("en")] })).toEqual({
      type: "tag",
      tagRules: [
        { ...tags("zh"), operator: "OR" },
        { ...tags("hunan"), operator: "AND" },
        { ...tags("vip"), operator: "AND" },
        { ...tags("zh"), operator: "OR" },
        { ...tags("hunan"), operator: "AND" },
        { ...tags("staff"), operator: "AND" },
        { ...tags("en"), operator: "OR" },
        { ...tags("vip"), operator: "AND" },
        { ...tags("en"), operator: "OR" },
        { ...tags("staff"), operator: "AND" },
      ],
    });
    expect(() => of({ type: "package_account_push", uploadId: "1" })).toThrow(
      'campaign "spring", message "opening": waves with among take a part of all, or of a tag audience, and not of package_account_push; write audience',
    );
  });

  test("keep to real time over a change of daylight saving", () => {
    const night = { ...opening, sendTime: { local: "2027-03-28T01:30", timeZone: "Europe/Berlin" } };
    expect(wavesOf(night).map(([time]) => time)).toEqual([
      { local: "2027-03-28T01:30", timeZone: "Europe/Berlin" },
      "2027-03-28T03:30:00+02:00",
      "2027-03-28T04:30:00+02:00",
    ]);
  });

  test("are held from one on, the earlier ones not", () => {
    expect(wavesOf({ ...opening, hold: "wave-2" }).map(([, remedy]) => remedy)).toEqual([
      undefined,
      "cancel",
      "cancel",
    ]);
  });

  test("need a time that is known", () => {
    const asap = { ...opening, sendTime: { asap: true, notAfter: sendTime } as const, waves };
    expect(lineOf({ messages: { opening: asap } })).toBe(
      'campaign "spring", message "opening": waves need a sendTime that is known: ISO 8601 with offset, or a local time in a zone',
    );
  });
});

test.for<[string, Partial<Definition>, string]>([
  [
    "a key with a blank",
    { messages: { "the opening": opening } },
    'campaign "spring", message "the opening": it has the key "the opening"; write letters, digits, - and _',
  ],
  [
    "a name with a slash",
    { name: "spring/sale" },
    'campaign "spring/sale" has the key "spring/sale"; write letters, digits, - and _',
  ],
  [
    "an app that no provider is for",
    { byApp: { ios: {} } },
    'campaign "spring": apps has "ios", and providers has not; write one of android',
  ],
  [
    "only an app that there is not",
    { messages: { opening: { ...opening, only: ["ios"] } } },
    'campaign "spring", message "opening": only has "ios", and providers has not; write one of android',
  ],
  [
    "a message without an audience",
    { defaults: {} },
    `campaign "spring", message "opening": audience is missing; write it in the message, or in the campaign's defaults`,
  ],
  [
    "a hold of no wave",
    { messages: { opening: { ...opening, waves: { a: { afterMinutes: 0 } }, hold: "b" } } },
    'campaign "spring", message "opening": hold names "b", which is no wave; write one of a',
  ],
  [
    "a wave before its time",
    { messages: { opening: { ...opening, waves: { a: { afterMinutes: -1 } } } } },
    'campaign "spring", message "opening": wave "a": afterMinutes -1 is no number of minutes; write 0 or more',
  ],
  [
    "the same message twice",
    { messages: { opening, again: { ...opening } } },
    'campaign "spring": spring/opening/android and spring/again/android are the same message to the same audience at the same time; change one of the two',
  ],
  [
    "a former key that is a message's",
    { messages: { opening, launch: { ...opening, formerKeys: ["opening"] } } },
    'campaign "spring", message "launch": formerKeys has "opening", which is message "opening"\'s; leave it out',
  ],
  [
    "a former key of two messages",
    { messages: { a: { ...opening, formerKeys: ["old"] }, b: { ...opening, formerKeys: ["old"] } } },
    'campaign "spring", message "b": formerKeys has "old", which is message "a"\'s; leave it out',
  ],
  [
    "a message for no app",
    { messages: { opening: { ...opening, only: [] } } },
    'campaign "spring", message "opening": only names no app; leave it out, or remove the message',
  ],
  [
    "a hold of what every object has",
    { messages: { opening: { ...opening, waves: { a: { afterMinutes: 0 } }, hold: "constructor" } } },
    'campaign "spring", message "opening": hold names "constructor", which is no wave; write one of a',
  ],
  [
    "two send times",
    {
      messages: {
        opening: {
          ...opening,
          repeat: { every: "day", at: "10:00", timeZone: "Asia/Shanghai", from: "2027-03-01", until: "2027-03-01" },
        },
      },
    },
    'campaign "spring", message "opening": it has sendTime and repeat; write one of the two',
  ],
])("a campaign refuses %s", ([, wrong, line]) => {
  expect(lineOf(wrong)).toBe(line);
});
