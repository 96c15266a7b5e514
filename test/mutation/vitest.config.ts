import { defineConfig } from "vitest/config";

/** The tests of the modules that `stryker.config.json` mutates: no socket, no file, no engine. */
export default defineConfig({
  test: { include: ["test/remedy/**/*.test.ts", "test/once/{attempt,look,marker,observe,outcome}.test.ts"] },
});
