import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "vitest";
import { openStore, type Store } from "../../provider/once/store.ts";

/** A folder of its own for each test, and what opens its store as another process would. */
export const test = base
  .extend("folder", async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), "pulumi-tpns-journal-"));
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    return folder;
  })
  .extend("open", async ({ folder }, { onCleanup }) => {
    const stores: Store[] = [];
    onCleanup(() => {
      for (const store of stores) store.close();
    });
    return (): Store => {
      const store = openStore(folder);
      stores.push(store);
      return store;
    };
  });
