import { env } from "node:process";
import { describe, expect, test } from "vitest";
import { report, tryOut } from "./sequence.ts";

/** How many sequences are played, and from which seed on. */
const runs = Number(env.SEQUENCES_RUNS ?? 1_000);
const firstSeed = Number(env.SEQUENCES_SEED ?? 1);

/** After so many failures the rest is likely to tell the same. */
const maxFailures = 5;

/** Milliseconds for one sequence on a machine that has other work to do. */
const patience = 600;

describe(`${runs} sequences of programs, runs, faults, kills and interventions, from seed ${firstSeed}`, () => {
  test("send nothing unintended, lose nothing, leave no stack stuck, and stay quiet", {
    timeout: 60_000 + runs * patience,
  }, async () => {
    const failures: string[] = [];
    for (let run = 0; run < runs && failures.length < maxFailures; run += 1) {
      const failure = await tryOut(firstSeed + run);
      if (failure !== undefined) failures.push(report(failure));
    }
    expect(failures.join("\n\n")).toEqual("");
  });
});
