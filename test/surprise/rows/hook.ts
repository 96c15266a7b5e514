import { join } from "node:path";
import { pushPath } from "../../emulator/fixture.ts";
import { runCommand } from "../../engine/command.ts";
import { nodeFolder } from "../../engine/run.ts";
import { everywhere, type Group, type Row } from "../row.ts";
import type { Stage } from "../stage.ts";
import { edited, type Phase, renamed, some } from "../task.ts";
import { isCorrected, isOverridden, isTooLate } from "./effect.ts";
import { takenOver } from "./lines.ts";
import { lose } from "./lost.ts";

/** The program inline, since the language host knows no hooks; a hundred times, says the engine, and then it fails. */
const script = `
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
const stack = await LocalWorkspace.createOrSelectStack(
  { stackName: "dev", projectName: "test", program: async () => { await import("./index.ts"); } },
  { workDir: process.cwd() },
);
await stack.up({ onOutput: (text) => process.stdout.write(text), color: "never" }).catch(() => {});
`;

const prelude = `const again = new pulumi.ErrorHook("again", () => true);`;
const hooks = { hooks: { onError: ["@again"] } };

/** `up` by the Automation API. */
async function upWithHooks(stage: Stage): Promise<void> {
  await stage.write("automation.mjs", script);
  const { output } = await runCommand(join(nodeFolder, "node"), ["automation.mjs"], {
    cwd: stage.project.folder,
    env: stage.project.environment,
  });
  stage.shown.push(output);
}

const change = (stage: Stage, declared: Parameters<Stage["change"]>[0]): Promise<void> =>
  stage.change(declared, { prelude });

const withoutHooks = (stage: Stage, names: readonly Phase[]): Promise<void> =>
  stage.change(names.includes("sent") ? some(names) : edited(names), {});

const rows: readonly Row[] = [
  {
    trigger: "an `onError` hook asks again and again, and the name is new and has no alias",
    each: true,
    prepare: (stage, names) =>
      change(
        stage,
        renamed(names, () => ({ options: hooks })),
      ),
    play: upWithHooks,
    cells: everywhere({ calls: "creating failed", says: "maximum number of error hook retries reached" }),
    wayOn: "`aliases`",
    settle: (stage, names) =>
      stage.change(
        renamed(names, (name) => ({ options: { aliases: [{ name }] } })),
        {},
      ),
  },
  {
    trigger: "an `onError` hook asks again and again, and the state is lost",
    prepare: async (stage, names) => {
      await lose(stage, names);
      await change(stage, some(names, { options: hooks }));
    },
    play: upWithHooks,
    cells: everywhere({ calls: "created", says: takenOver }),
    settle: (stage, names) => stage.change(some(names), {}),
  },
  {
    trigger: "an `onError` hook asks again, and the service refuses the push of a new text three times",
    each: true,
    prepare: async (stage, names) => {
      if (!names.includes("sent")) stage.emulator.failNext({ path: pushPath, fault: { retCode: 1008019 }, times: 3 });
      await change(stage, edited(names, { options: hooks }));
    },
    play: upWithHooks,
    cells: { pending: isCorrected, live: isOverridden, sent: isTooLate },
    wayOn: "take the new text of the sent one back",
    settle: withoutHooks,
  },
  {
    trigger: "an `onError` hook asks again, and the answer to the push of a new text is lost",
    each: true,
    prepare: async (stage, names) => {
      if (!names.includes("sent")) stage.emulator.failNext({ path: pushPath, fault: "dropAfter" });
      await change(stage, edited(names, { options: hooks }));
    },
    play: upWithHooks,
    cells: { pending: isCorrected, live: isOverridden, sent: isTooLate },
    wayOn: "take the new text of the sent one back",
    settle: withoutHooks,
  },
];

export const hook: Group = { heading: "Error hooks that ask a hundred times (Automation API)", rows };
