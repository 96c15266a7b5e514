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
          // After the unit tests, whose times they would spoil.
          sequence: { groupOrder: 1 },
          // A `pulumi up` takes two seconds on an idle machine, and several at once share its cores.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Measured on two cores: 0.58 operations a second with one, 0.85 with two, 0.94 with three, 0.82 with four.
          maxWorkers: 3,
        },
      },
    ],
  },
});
