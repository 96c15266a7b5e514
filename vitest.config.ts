import { env } from "node:process";
import { defineConfig } from "vitest/config";

/** Where the report for `.ci/run` goes; unset: none is written. */
const report = env.TEST_REPORT;

export default defineConfig({
  test: {
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    projects: [
      {
        test: { name: "unit", include: ["test/**/*.test.ts"], exclude: ["test/engine/**", "test/bench/**"] },
      },
      {
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          globalSetup: ["test/engine/setup.ts"],
          // A `pulumi up` takes two seconds on an idle machine, and several at once share its cores.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
