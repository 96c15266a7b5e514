import { expect, test } from "vitest";
import { startEmulator } from "../../provider/emulator/index.ts";
import { finish, worldOf } from "../lifecycle/push-task/world.ts";
import { createProject, succeed } from "./run.ts";
import { pace, tasksOf } from "./shop.ts";

type Messages = Readonly<Record<string, object>>;

interface Declared {
  readonly messages: Messages;
  readonly variants: Readonly<Record<string, object>>;
}

const program = (accessPoint: string, { messages, variants }: Declared): string => `
import * as tpns from "pulumi-tpns";
import { androidApp, iosApp } from "pulumi-tpns/emulator";

const guards = { accessPoint: "${accessPoint}", maxPushesPerRun: 100 };
const campaign = new tpns.Campaign("spring", {
  providers: {
    android: new tpns.Provider("shop-android", { ...androidApp, ...guards }),
    ios: new tpns.Provider("shop-ios", { ...iosApp, ...guards }),
  },
  defaults: { onDelete: "cancel" },
  apps: { ios: { environment: "product", message: { ios: { aps: { alert: {} } } } } },
  variants: ${JSON.stringify(variants)},
  messages: ${JSON.stringify(messages)},
});
export const schedule = campaign.schedule;
`;

const languages = ["zh", "en", "de"];

/** Whoever speaks one of the languages, by a tag. */
const variants = Object.fromEntries(
  languages.map((language) => [
    language,
    { audience: { type: "tag", tagRules: [{ tagItems: [{ tags: [language], tagsOperator: "OR" }] }] } },
  ]),
);

const messageOf = (day: number, text = `Day ${day}`) => ({
  sendTime: `2027-02-${String(day).padStart(2, "0")}T10:00:00+08:00`,
  variants: Object.fromEntries(
    languages.map((language) => [language, { message: { title: `day-${day}-${language}`, content: text } }]),
  ),
});

/** Ten messages, in three languages, on two apps: sixty tasks. */
const messages: Messages = Object.fromEntries(
  Array.from({ length: 10 }, (_, at) => [`day-${at + 2}`, messageOf(at + 2)]),
);

const without = <Value>(all: Readonly<Record<string, Value>>, key: string): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => name !== key));

test("a campaign of sixty tasks changes by what was changed, and by nothing else", async () => {
  await using emulator = await startEmulator({ now: "2027-02-01T08:00:00+08:00", pace });
  await using project = await createProject({ program: program(emulator.url, { messages, variants }) });
  const up = async (declared: Declared): Promise<string> => {
    await project.setProgram(program(emulator.url, declared));
    return succeed(project.up());
  };
  const statuses = (title: string) => tasksOf(emulator)[title];

  expect(await succeed(project.preview())).toContain("64 to create");
  expect(emulator.requests).toEqual([]);
  expect(await succeed(project.up())).toContain("64 created");
  expect(emulator.tasks).toHaveLength(60);
  const before = worldOf(emulator);
  expect(await succeed(project.up())).toContain("64 unchanged");
  expect(worldOf(emulator)).toEqual(before);

  // One text.
  const edited = { ...messages, "day-5": { ...messageOf(5), only: ["android"] } };
  expect(await up({ messages: edited, variants })).toContain("3 deleted");
  const corrected = { ...edited, "day-7": messageOf(7, "Day 7, corrected") };
  expect(await up({ messages: corrected, variants })).toContain("6 updated");
  expect(statuses("day-7-en")).toEqual([
    "PUSH_CANCELED Day 7",
    "PUSH_CANCELED Day 7",
    "PUSH_WAIT Day 7, corrected",
    "PUSH_WAIT Day 7, corrected",
  ]);

  // A message in the middle.
  const added = Object.fromEntries(
    Object.entries(corrected).flatMap(([key, message]) =>
      key === "day-6"
        ? [["extra", { ...messageOf(12), only: ["ios"] }] as const, [key, message] as const]
        : [[key, message] as const],
    ),
  );
  expect(await up({ messages: added, variants })).toContain("+ 3 created");

  // A language goes.
  const fewer = without(variants, "de");
  const spoken = Object.fromEntries(
    Object.entries(added).map(([key, message]) => [
      key,
      { ...message, variants: without(Object(message).variants, "de") },
    ]),
  );
  expect(await up({ messages: spoken, variants: fewer })).toContain("- 20 deleted");
  expect(statuses("day-9-de")).toEqual(["PUSH_CANCELED Day 9", "PUSH_CANCELED Day 9"]);

  // Another key for the same message.
  const calm = worldOf(emulator);
  const renamed = { ...without(spoken, "day-3"), "third-day": { ...Object(spoken["day-3"]), formerKeys: ["day-3"] } };
  await up({ messages: renamed, variants: fewer });
  expect(worldOf(emulator)).toEqual(calm);

  finish(emulator);
  expect(emulator.phones.flatMap(({ alerts }) => alerts)).toEqual([]);
});
