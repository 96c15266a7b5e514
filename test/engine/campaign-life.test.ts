import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { androidApp, type Emulator, iosApp, type PhoneSpec, startEmulator } from "../../provider/emulator/index.ts";
import { createProject, repository, succeed } from "./run.ts";
import { pace } from "./shop.ts";

const android = { accessId: androidApp.accessId, system: "android", channel: "xg" } as const;
const ios = { accessId: iosApp.accessId, system: "ios", channel: "apns" } as const;
const speaks = (language: string) => `xg_auto_systemlanguage:${language}`;

const phones: readonly PhoneSpec[] = [
  { ...android, name: "zh staff", tags: [speaks("zh"), "staff"] },
  { ...android, name: "zh fan", tags: [speaks("zh"), "fan"] },
  { ...android, name: "en", tags: [speaks("en"), "sale"] },
  { ...android, name: "en staff and fan", tags: [speaks("en"), "staff", "fan"] },
  { ...android, name: "fr", tags: [speaks("fr"), "staff"] },
  { ...ios, name: "de fan", tags: [speaks("de"), "fan"] },
  { ...ios, name: "de", tags: [speaks("de")] },
];

/** What each phone alerted of, and when, in the service's zone. */
const alertsOf = ({ phones: all }: Emulator) =>
  Object.fromEntries(
    all.map(({ name, alerts }) => [
      name,
      alerts.map(
        ({ at, title }) =>
          `${new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 16).replace("T", " ")} ${title}`,
      ),
    ]),
  );

/** An example's program, and an `up` on each of some days at nine in the morning. */
async function lived(
  example: string,
  days: readonly string[],
  files: readonly string[] = [],
  edit: (text: string) => string = (text) => text,
): Promise<Emulator> {
  const folder = join(repository, "examples", example);
  const emulator = await startEmulator({ now: `${days[0]}T09:00:00+08:00`, pace, phones });
  const program = await readFile(join(folder, "index.ts"), "utf8");
  await using project = await createProject({
    program: program.replace("http://127.0.0.1:8790", emulator.url),
    files: Object.fromEntries(
      await Promise.all(files.map(async (file) => [file, edit(await readFile(join(folder, file), "utf8"))] as const)),
    ),
  });
  for (const day of days) {
    emulator.clock.set(`${day}T09:00:00+08:00`);
    await succeed(project.up());
  }
  return emulator;
}

test("a launch reaches each phone once, in its language, at the minute of its wave", async () => {
  await using emulator = await lived("launch", ["2027-02-27", "2027-02-28", "2027-03-01", "2027-03-02"]);

  expect(alertsOf(emulator)).toEqual({
    "zh staff": ["2027-03-01 10:00 新品上市"],
    "zh fan": ["2027-03-01 11:00 新品上市"],
    en: ["2027-03-01 12:00 It is here"],
    "en staff and fan": ["2027-03-01 10:00 It is here"],
    fr: [],
    "de fan": ["2027-03-01 11:00 Es ist da"],
    de: ["2027-03-01 12:00 Es ist da"],
  });
});

/** Wednesdays. */
const weeks = Array.from({ length: 9 }, (_, week) =>
  new Date(Date.UTC(2027, 1, 24 + 7 * week)).toISOString().slice(0, 10),
);
const mondays = ["03-01", "03-08", "03-15", "03-22", "03-29", "04-12", "04-19"];
const news = mondays.map((day) => `2027-${day} 10:00 New this week`);
const gotBy = (whom: (phone: PhoneSpec) => boolean) =>
  Object.fromEntries(phones.map((phone) => [phone.name, whom(phone) ? news : []]));

test("a weekly message from a file comes each Monday, but for the holiday", async () => {
  await using emulator = await lived("weekly", weeks, ["campaigns/news.yaml"]);

  expect(alertsOf(emulator)).toEqual(gotBy(({ name }) => name === "en"));
});

test("a weekly message to all is handed over week by week", async () => {
  await using emulator = await lived("weekly", weeks, ["campaigns/news.yaml"], (text) =>
    text.replace(/ {2}audience:[\s\S]*?\n\n/, "  audience: { type: all }\n  handOverDays: 6\n\n"),
  );

  expect(alertsOf(emulator)).toEqual(gotBy(({ system }) => system === "android"));
  expect(emulator.tasks).toHaveLength(mondays.length);
});
