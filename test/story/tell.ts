import type { Emulator } from "pulumi-tpns/emulator";
import type { Project } from "../engine/run.ts";
import { checkOutcome, type FactsOfPulumi, factsOf } from "./facts.ts";
import { announcement, report } from "./narrate.ts";
import { applyDiff } from "./program.ts";
import { readOutput } from "./said.ts";
import { type Step, steps } from "./steps.ts";

/** Where the story plays. */
export interface Stage {
  readonly emulator: Emulator;
  readonly project: Project;
  /** Before the first step. */
  readonly program: string;
  readonly say: (lines: readonly string[]) => void;
  /** Aborted by whoever does not want to hear the rest. */
  readonly signal: AbortSignal;
}

/** Plays all steps. @throws at the first whose outcome is not what the story says. */
export const tell = async (stage: Stage): Promise<void> => {
  let { program } = stage;
  for (const [index, step] of steps.entries()) {
    if (step.diff !== undefined) program = applyDiff(program, step.diff);
    await play(stage, step, index + 1, program);
  }
};

const play = async ({ emulator, project, say, signal }: Stage, step: Step, number: number, program: string) => {
  signal.throwIfAborted();
  say(announcement(step, number, steps.length));
  const { phones: before } = emulator;
  emulator.clock.set(step.at);
  await project.setProgram(program);
  const pulumi = await up(emulator, project);
  signal.throwIfAborted();
  step.event?.happen(emulator);
  const facts = factsOf(emulator, before, pulumi);
  say(report(step, facts));
  checkOutcome(`step ${number}`, facts, step.outcome);
};

const up = async (emulator: Emulator, project: Project): Promise<FactsOfPulumi> => {
  const callsBefore = emulator.requests.length;
  const started = performance.now();
  const { code, output } = await project.up();
  if (code !== 0) throw new Error(`pulumi up ended with exit code ${code}:\n${output.trim()}`);
  const seconds = (performance.now() - started) / 1000;
  return { said: readOutput(output), seconds, calls: emulator.requests.length - callsBefore };
};
