import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { env } from "node:process";
import { describe, expect, test } from "vitest";
import { repository } from "../engine/run.ts";
import { pageOf } from "./page.ts";
import { type Played, playRow, readPlayed } from "./play.ts";
import { groups } from "./rows.ts";

const page = join(import.meta.dirname, "README.md");

/** `SURPRISE_PAGE=write` writes the page; with `-t` the rows that are not played stay as the last such run saw them. */
const isWriting = env.SURPRISE_PAGE === "write";
const lastRun = join(repository, "node_modules", ".cache", "pulumi-tpns", "surprise.json");

/** By trigger. */
const played = new Map<string, Played>();

describe("a surprise sends nothing that the program's diff did not ask for", () => {
  for (const { heading, rows } of groups) {
    describe(heading, () => {
      for (const row of rows) {
        test.concurrent(row.trigger, async () => {
          const { seen, expected, told } = await playRow(row);
          played.set(row.trigger, told);
          expect(seen).toEqual(expected);
        });
      }
    });
  }
});

describe("the page", () => {
  test("says what the run has seen", async () => {
    const all = isWriting ? await withLastRun() : played;
    const text = pageOf(groups, all);
    if (isWriting) await writeFile(page, text);
    expect(text).toBe(await readFile(page, "utf8"));
  });
});

async function withLastRun(): Promise<ReadonlyMap<string, Played>> {
  const last = await readFile(lastRun, "utf8").catch(() => "{}");
  const all = new Map([...Object.entries(readPlayed(last)), ...played]);
  await mkdir(dirname(lastRun), { recursive: true });
  await writeFile(lastRun, JSON.stringify(Object.fromEntries(all)));
  return all;
}
