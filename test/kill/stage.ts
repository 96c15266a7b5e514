import { cp, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { androidApp, type Emulator, startEmulator } from "../../provider/emulator/index.ts";
import { Answer, post, pushPath } from "../emulator/fixture.ts";
import { getEngine } from "../engine/engine.ts";
import { createProject, openProject, type Project, succeed } from "../engine/run.ts";
import { first } from "../engine/shop.ts";
import { type Gate, startGate } from "./gate.ts";

/** The moment at which every stage opens. */
const start = "2027-02-01T08:00:00+08:00";
/** When the sale goes out. */
const sendTime = "2027-02-02T10:00:00+08:00";
/** After the sale has gone out, and before it is too old for a phone that was offline. */
const otherSendTime = "2027-02-02T20:00:00+08:00";

/** What the second task says. */
export const otherText = "Back in stock";

/** Between the service's push and a killed run: more than the hour in which it takes no text twice. */
const settledSeconds = 2 * 60 * 60;

/** What a program declares. */
export interface Program {
  /** The text of the task `sale`; undefined: it is removed. */
  readonly sale: string | undefined;
  /** Whether there is a second task, which is pushed before the sale. */
  readonly hasOther?: boolean;
}

const taskText = (name: string, at: string, content: string, options: string): string => {
  const args = { audience: { type: "all" }, sendTime: at, message: { title: name, content } };
  return `const ${name} = new tpns.PushTask("${name}", ${JSON.stringify(args)}, { provider: shop${options} });\n`;
};

const programText = (accessPoint: string, { sale, hasOther = false }: Program): string =>
  [
    `import * as tpns from "pulumi-tpns";\n`,
    `const shop = new tpns.Provider("shop", ${JSON.stringify({ ...androidApp, accessPoint })});\n`,
    hasOther ? taskText("other", otherSendTime, otherText, "") : "",
    sale === undefined ? "" : taskText("sale", sendTime, sale, hasOther ? ", dependsOn: [other]" : ""),
  ].join("");

/** A project, the service behind a gate, and folders for journals. */
export interface Stage extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly gate: Gate;
  readonly project: Project;
  declare(program: Program): Promise<void>;
  /** The journal's folder is gone, as on a fresh machine: later operations have another. */
  loseJournal(): void;
  readonly journalFolder: string;
  /** Whether a run holds the stack's lock, or has left it behind. */
  isLocked(): Promise<boolean>;
}

/** A stack that was got ready once, to be copied: making it takes seconds. */
export interface Template extends AsyncDisposable {
  /** Opens a stage with this stack, whose task, if it has one, is pending at a service of its own. */
  open(): Promise<Stage>;
}

const openWorld = async (): Promise<{ emulator: Emulator; gate: Gate }> => {
  // What the service itself prevents must not hide what we fail to prevent.
  const emulator = await startEmulator({ now: start, switches: { repeatSeconds: 0 } });
  return { emulator, gate: await startGate(emulator.url) };
};

/** A stack that holds nothing yet. */
export async function emptyStack(): Promise<Template> {
  const project = await createProject({ program: "" });
  const root = dirname(project.folder);
  return { open: () => openCopy(root), [Symbol.asyncDispose]: () => project.dispose() };
}

/** A stack that holds the pending task `sale`, whose journal has nothing open. */
export async function pendingStack(): Promise<Template> {
  const { emulator, gate } = await openWorld();
  const project = await createProject({ program: programText(gate.url, { sale: first }) });
  const root = dirname(project.folder);
  project.setEnv("TPNS_JOURNAL", join(root, "journal"));
  await succeed(project.up());
  await succeed(project.up());
  const [body = ""] = gate.answered(pushPath);
  const [task] = emulator.tasks;
  const made: Made = { url: gate.url, pushId: task?.pushId ?? "", body };
  await gate[Symbol.asyncDispose]();
  await emulator.close();
  return { open: () => openCopy(root, made), [Symbol.asyncDispose]: () => project.dispose() };
}

/** What a template's state names, and what its service has taken. */
interface Made {
  readonly url: string;
  readonly pushId: string;
  readonly body: string;
}

async function openCopy(from: string, made?: Made): Promise<Stage> {
  const { emulator, gate } = await openWorld();
  const root = await realpath(await mkdtemp(join(tmpdir(), "pulumi-tpns-kill-")));
  await cp(from, root, { recursive: true, verbatimSymlinks: true });
  const journals = [1, 2].map((number) => join(root, `journal-${number}`));
  const [journal = "", laterJournal = ""] = journals;
  const project = await openProject(await getEngine(() => {}), root, {
    env: { TPNS_JOURNAL: journal, PULUMI_STACK: "dev" },
  });
  if (made) await moveState(project, made, { url: gate.url, pushId: await takenBy(emulator, made) });
  return {
    emulator,
    gate,
    project,
    journalFolder: journal,
    declare: (program) => project.setProgram(programText(gate.url, program)),
    loseJournal: () => project.setEnv("TPNS_JOURNAL", laterJournal),
    isLocked: () => isLocked(root),
    [Symbol.asyncDispose]: async () => {
      await project.dispose();
      await gate[Symbol.asyncDispose]();
      await emulator.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The service of a copy takes the same push; its id is another. */
async function takenBy(emulator: Emulator, { body }: Made): Promise<string> {
  const { answer } = await post(emulator, pushPath, body);
  emulator.clock.step(settledSeconds);
  return String(Answer.parse(answer).push_id);
}

type Named = Pick<Made, "url" | "pushId">;

/** A copied state names the service and the push of its own stage. */
async function moveState({ stateFile }: Project, from: Named, to: Named): Promise<void> {
  const text = await readFile(stateFile, "utf8");
  await writeFile(stateFile, text.replaceAll(from.url, to.url).replaceAll(from.pushId, to.pushId));
}

async function isLocked(root: string): Promise<boolean> {
  const found = await readdir(join(root, "backend", ".pulumi", "locks"), { recursive: true }).catch(() => []);
  return found.some((name) => name.endsWith(".json"));
}
