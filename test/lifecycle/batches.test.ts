import { expect, test } from "vitest";
import { Batches } from "../../provider/lifecycle/batches.ts";

/** Work whose end is the test's to say, and which of it has begun. */
function open(batches: Batches) {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const done: Promise<unknown>[] = [];
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    begun,
    begin(...names: readonly string[]) {
      for (const name of names) {
        const end = Promise.withResolvers<void>();
        ends.set(name, end);
        const work = async () => {
          begun.push(name);
          await end.promise;
          return name;
        };
        done.push(batches.run(work).catch(String));
      }
      return settled();
    },
    end(...names: readonly string[]) {
      for (const name of names) ends.get(name)?.resolve();
      return settled();
    },
    fail(name: string) {
      ends.get(name)?.reject(new Error(name));
      return settled();
    },
    all: () => Promise.all(done),
  };
}

test("work goes on together when one of the last is left, in the order in which it came", async () => {
  const work = open(new Batches(3));
  await work.begin("a", "b", "c", "d", "e", "f");
  const first = [...work.begun];
  await work.end("a");
  const second = [...work.begun];
  await work.end("b", "c");
  const third = [...work.begun];
  await work.end("d");

  expect([first, second, third, work.begun]).toEqual([
    ["a", "b"],
    ["a", "b", "c", "d", "e"],
    ["a", "b", "c", "d", "e"],
    ["a", "b", "c", "d", "e", "f"],
  ]);
  await work.end("e", "f");
  expect(await work.all()).toEqual(["a", "b", "c", "d", "e", "f"]);
});

test("work that fails lets the next begin", async () => {
  const work = open(new Batches(3));
  await work.begin("a", "b", "c");
  await work.fail("a");

  expect(work.begun).toEqual(["a", "b", "c"]);
  await work.end("b", "c");
  expect(await work.all()).toEqual(["Error: a", "b", "c"]);
});
