import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { finish } from "../lifecycle/push-task/world.ts";
import { repository, succeed } from "./run.ts";
import { alertsOf, centresOf, first, openShop, refusalOf, type Shop, second, type Tasks, whenLive } from "./shop.ts";

const readme = await readFile(join(repository, "README.md"), "utf8");

/** The command lines of each block under a heading of the page for 3 am. */
const blocksUnder = (heading: string): readonly (readonly string[])[] => {
  const section = readme.split(`### ${heading}\n`)[1]?.split(/\n##/)[0] ?? "";
  return [...section.matchAll(/```sh\n([^`]*)```/g)].map(([, text = ""]) => text.trim().split("\n"));
};

/** Runs a line as it is printed; its push id stands for the task's. */
async function run({ project, pushIdOf }: Shop, line: string): Promise<string> {
  const words = line.replace("15003211", await pushIdOf("spring-sale")).match(/'[^']*'|\S+/g) ?? [];
  const [setting] = words[0]?.includes("=") ? words.splice(0, 1) : [];
  const [name, value] = setting?.split("=") ?? [];
  if (name !== undefined) project.setEnv(name, value);
  const [program, ...args] = words.map((word) => word.replaceAll("'", ""));
  expect(program).toBe("pulumi");
  return succeed(project.pulumi(...args, "--non-interactive", "--color=never"));
}

/** A neighbour whose own change is refused once it is out: it must not stand in the way. */
const withNeighbour = (content: string, more: object = {}): Tasks => ({
  "spring-sale": { content, ...more },
  neighbour: { content, ifSent: "refuse" },
});

async function openWith(tasks: Tasks): Promise<Shop> {
  const shop = await openShop();
  await shop.up(tasks);
  return shop;
}

describe("each command line of the page for 3 am", () => {
  test("works while nobody has seen the message", async () => {
    const [correct = [], withdraw = []] = blocksUnder("Nobody has seen it yet");
    await using shop = await openWith(withNeighbour(first));

    await shop.declare(withNeighbour(second));
    for (const line of correct) await run(shop, line);
    expect(shop.emulator.tasks.map(({ title, status, content }) => [title, status, content])).toEqual(
      expect.arrayContaining([
        ["spring-sale", "PUSH_CANCELED", first],
        ["spring-sale", "PUSH_WAIT", second],
        ["neighbour", "PUSH_WAIT", first],
      ]),
    );
    for (const line of withdraw) await run(shop, line);
    const refused = await refusalOf(shop.project.up("--target", "**::spring-sale"));
    finish(shop.emulator);

    expect(refused).toContain("the same task is there already, and it was withdrawn");
    expect(alertsOf(shop.emulator, "spring-sale")).toEqual({});
    expect([correct, withdraw].map((lines) => lines.length)).toEqual([2, 1]);
  });

  test("works once it is out on Android, and a neighbour's refusal does not stand in the way", async () => {
    const [override = []] = blocksUnder("It is out, on Android");
    await using shop = await openWith(withNeighbour(first));
    shop.emulator.clock.set(whenLive);

    await shop.declare(withNeighbour(second));
    expect(await refusalOf(shop.project.up())).toContain('it is out, and ifSent is "refuse"');
    for (const line of override) await run(shop, line);
    expect(centresOf(shop.emulator, "spring-sale")).toMatchObject({ "own-channel": [second], oppo: [first] });

    await shop.declare(withNeighbour(second, { remedy: "terminate" }));
    for (const line of override) await run(shop, line);
    shop.emulator.setOnline("own-channel-offline", true);

    expect(alertsOf(shop.emulator, "spring-sale")).not.toHaveProperty("own-channel-offline");
    expect(override).toHaveLength(1);
  });

  test("works once it is out on iOS", async () => {
    const [override = []] = blocksUnder("It is out, on iOS");
    await using shop = await openWith({ "spring-sale": { app: "ios" } });
    shop.emulator.clock.set(whenLive);

    await shop.declare({ "spring-sale": { app: "ios", content: second } });
    for (const line of override) await run(shop, line);

    expect(centresOf(shop.emulator, "spring-sale")).toEqual({ iphone: [second] });
    expect(override).toHaveLength(1);
  });

  test("stops everything, and brings it back", async () => {
    const [, stop = [], resume = []] = blocksUnder("Everything must stop");
    await using shop = await openWith(withNeighbour(first));
    const titles = () => shop.emulator.tasks.map(({ title, status }) => `${title} ${status}`).toSorted();

    for (const line of stop) await run(shop, line);
    expect(titles()).toEqual(["neighbour PUSH_CANCELED", "spring-sale PUSH_CANCELED"]);
    shop.emulator.clock.step(3_700);
    for (const line of resume) await run(shop, line);

    expect(titles()).toEqual([
      "neighbour PUSH_CANCELED",
      "neighbour PUSH_WAIT",
      "spring-sale PUSH_CANCELED",
      "spring-sale PUSH_WAIT",
    ]);
    expect([stop, resume].map((lines) => lines.length)).toEqual([2, 2]);
  });

  test("works when it was delivered, and after somebody else acted", async () => {
    const [late = []] = blocksUnder("It was delivered, and its offline storage is over");
    const [refresh = []] = blocksUnder("The state may be behind");
    await using shop = await openWith(withNeighbour(first));
    shop.emulator.clock.set("2027-02-05T10:00:00+08:00");

    for (const line of refresh) await run(shop, line);
    expect((await shop.stateOf("spring-sale")).phase).toBe("sent");
    await shop.declare(withNeighbour(second));
    expect(await refusalOf(shop.project.preview("--target", "**::spring-sale"))).toContain(
      `TPNS_CONSENT=override-late:${await shop.pushIdOf("spring-sale")}`,
    );
    for (const line of late) await run(shop, line);

    expect(centresOf(shop.emulator, "spring-sale")).toMatchObject({ "own-channel": [second] });
    expect([late, refresh].map((lines) => lines.length)).toEqual([1, 1]);
  });
});
