import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Emulator } from "../../provider/emulator/index.ts";
import { post, pushPath } from "../emulator/fixture.ts";
import type { Project } from "../engine/run.ts";

/** What a first `up` has left: what it pushed, and the files of its state and its journal. */
export interface Template {
  readonly url: string;
  /** In the order in which they were pushed. */
  readonly pushIds: readonly string[];
  readonly pushes: readonly Readonly<Record<string, unknown>>[];
  /** By path from the project's root. */
  readonly files: ReadonlyMap<string, string>;
}

const rootOf = ({ folder }: Project): string => dirname(folder);

/** Bytes as text, since the journal's file holds both. */
const encoding = "latin1";

/** The files that an `up` has written; their folders are those of `stage.ts` and of `run.ts`. */
async function filesOf(project: Project): Promise<ReadonlyMap<string, string>> {
  const root = rootOf(project);
  const journal = await readdir(join(root, "journal")).catch(() => []);
  const paths = [
    "backend/.pulumi/stacks/test/dev.json",
    "project/Pulumi.dev.yaml",
    ...journal.map((name) => `journal/${name}`),
  ];
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path), encoding)] as const)),
  );
}

export const templateOf = async (emulator: Emulator, project: Project): Promise<Template> => ({
  url: emulator.url,
  pushIds: emulator.tasks.map(({ pushId }) => pushId),
  pushes: emulator.requests
    .filter(({ path }) => path === pushPath)
    .map(({ body }) => z.record(z.string(), z.unknown()).parse(body)),
  files: await filesOf(project),
});

/** Brings another stack to the same point in a tenth of the time: the same pushes, and the files with their new ids. */
export async function applyTemplate(template: Template, emulator: Emulator, project: Project): Promise<void> {
  for (const body of template.pushes) {
    emulator.clock.step(1);
    await post(emulator, pushPath, body);
  }
  const ids = emulator.tasks.map(({ pushId }) => pushId);
  const news = [
    ...template.pushIds.map((old, index) => [old, ids[index] ?? ""] as const),
    [template.url, emulator.url] as const,
  ];
  for (const [path, text] of template.files) {
    const file = join(rootOf(project), path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(
      file,
      news.reduce((changed, [old, now]) => withoutChangeOfLength(changed, old, now), text),
      encoding,
    );
  }
}

/** The journal is a database, whose file bears no other length. */
function withoutChangeOfLength(text: string, old: string, now: string): string {
  if (old.length !== now.length) throw new Error(`${now} is not as long as ${old}`);
  return text.replaceAll(old, now);
}
