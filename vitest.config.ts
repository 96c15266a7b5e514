import { env } from "node:process";
import { defineConfig } from "vitest/config";

/** Where the report for `.ci/run` goes; unset: none is written. */
const report = env.TEST_REPORT;

export default defineConfig({
  test: {
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/engine/**", "test/faults/**", "test/kill/**", "test/page/**", "test/surprise/**"],
        },
      },
      {
        test: {
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          // After the unit tests, whose times they would spoil.
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          // A cell waits for deadlines more than it works.
          maxConcurrency: 8,
        },
      },
      {
        test: {
          name: "page",
          include: ["test/page/**/*.test.ts"],
          globalSetup: ["test/page/setup.ts"],
          // Alone: beside others a browser would wait for the processor.
          sequence: { groupOrder: 4 },
          testTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
        },
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
      {
        test: {
          name: "kill",
          include: ["test/kill/**/*.test.ts"],
          globalSetup: ["test/engine/setup.ts"],
          sequence: { groupOrder: 3 },
          // Four or five operations of the engine, each of which takes seconds where the machine is busy.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "surprise",
          include: ["test/surprise/**/*.test.ts"],
          globalSetup: ["test/engine/setup.ts"],
          sequence: { groupOrder: 2 },
          // Some rows are a dozen operations; beside other work each of them can take half a minute.
          testTimeout: 600_000,
          maxConcurrency: 2,
        },
      },
    ],
  },
});
