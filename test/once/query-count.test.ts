import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { createQueryCount } from "../../provider/once/query-count.ts";
import { openStore } from "../../provider/once/store.ts";
import { test } from "./folder.ts";

const app = "1500001234@https://api.tpns.tencent.com";
const all = { before: Number.NEGATIVE_INFINITY, after: Number.POSITIVE_INFINITY };

describe("the queries of a machine", () => {
  test("are those of all processes, oldest first", ({ open }) => {
    const [one, other] = [createQueryCount(open(), app), createQueryCount(open(), app)];
    other.add(2_000, all);
    one.add(1_000, all);
    one.add(3_000, all);

    expect([one.between(0, 5_000), other.between(1_000, 2_000)]).toEqual([[1_000, 2_000, 3_000], [2_000]]);
  });

  test("of one app are not those of another", ({ open }) => {
    const store = open();
    createQueryCount(store, app).add(1_000, all);

    expect(createQueryCount(store, "1600001234@https://api.tpns.tencent.com").between(0, 5_000)).toEqual([]);
  });

  test("are forgotten before a moment and, of the same app, after another", ({ open }) => {
    const store = open();
    const [ours, theirs] = [createQueryCount(store, app), createQueryCount(store, "other")];
    for (const at of [1_000, 2_000, 9_000]) {
      ours.add(at, all);
      theirs.add(at, all);
    }

    ours.add(3_000, { before: 2_000, after: 4_000 });

    expect([ours.between(0, 10_000), theirs.between(0, 10_000)]).toEqual([
      [2_000, 3_000],
      [2_000, 9_000],
    ]);
  });

  test("are none where nothing was ever written, and reading writes nothing", async ({ folder }) => {
    expect(createQueryCount(openStore(join(folder, "none")), app).between(0, 5_000)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  test("are not counted where nothing can be written, and keep nobody from looking", async ({ folder }) => {
    const path = join(folder, "file");
    await writeFile(path, "no folder");
    const count = createQueryCount(openStore(join(path, "journal")), app);

    count.add(1_000, all);

    expect(count.between(0, 5_000)).toEqual([]);
  });
});
