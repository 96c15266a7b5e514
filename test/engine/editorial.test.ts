import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEmulator } from "../../provider/emulator/index.ts";
import { outputOf, start } from "../cli/command.ts";
import { createProject, repository, succeed } from "./run.ts";
import { alertsOf, online, pace, refusalOf, tasksOf } from "./shop.ts";

const folder = join(repository, "examples", "editorial");
const file = "campaigns/spring.yaml";

test("a marketer's change of one file reaches the phones, once somebody has approved it", async () => {
  await using emulator = await startEmulator({ now: "2027-02-27T09:00:00+08:00", pace });
  const program = (await readFile(join(folder, "index.ts"), "utf8")).replace("http://127.0.0.1:8790", emulator.url);
  const text = await readFile(join(folder, file), "utf8");
  await using project = await createProject({ program, files: { [file]: text } });
  const path = join(project.folder, file);
  const before = [`PUSH_WAIT 20 % off today`];
  await succeed(project.up());
  expect(tasksOf(emulator)["Spring sale"]).toEqual(before);

  // The change, and what its review says: a link to another shop, then a text that nobody has read.
  await writeFile(path, text.replace("20 % off today", '"30 % off today: https://shop.example.org/sale"'));
  expect(await refusalOf(project.preview())).toContain(
    "linkHosts: https://shop.example.org/sale points to none of shop.example; write another link",
  );
  await writeFile(path, text.replace("20 % off today", "30 % off today"));
  expect(await refusalOf(project.preview())).toMatch(
    /spring\/opening\/android: approval: its text or its audience is not the one that Li Na approved; who approves it writes approvedBy: \["<name>:[0-9a-f]{12}"\]/,
  );
  expect(tasksOf(emulator)["Spring sale"]).toEqual(before);

  // Who approves it writes one line into the same file.
  await outputOf(start("approve", path, "opening", "--by", "Bo Wang"));
  const preview = await succeed(project.preview());
  expect(preview).toMatch(/push \d+ is cancelled and pushed anew for 2027-03-01 10:00 \(UTC\+8\)/);
  expect(preview).toMatch(/Resources:\n {4}~ 1 to update\n/);
  await succeed(project.up());
  expect(tasksOf(emulator)).toEqual({
    "Spring sale": ["PUSH_CANCELED 20 % off today", "PUSH_WAIT 30 % off today"],
    "Last day": ["PUSH_WAIT The spring sale ends tonight"],
  });
  emulator.clock.set("2027-03-01T10:05:00+08:00");
  expect(alertsOf(emulator, "Spring sale")).toEqual(online("android", "30 % off today"));
});
