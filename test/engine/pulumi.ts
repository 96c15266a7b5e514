import { spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { argv, env, exit, stderr } from "node:process";
import { pathToFileURL } from "node:url";
import { getEngine } from "./engine.ts";
import { nodeFolder, repository } from "./run.ts";

/** `npm run pulumi -- up`: the engine and the Node of the repository, in the repository's root. */
const main = async (args: readonly string[]): Promise<number> => {
  const engine = await getEngine((line) => stderr.write(`${line}\n`));
  const ownBackend = env.PULUMI_BACKEND_URL === undefined;
  const environment = { ...env, ...(await defaults()), PATH: pathWith(engine.folder) };
  const pulumi = (words: readonly string[], stdio: "inherit" | "ignore"): number =>
    spawnSync(join(engine.folder, "pulumi"), words, { cwd: repository, env: environment, stdio }).status ?? 1;
  if (ownBackend && pulumi(["stack", "--show-name", "--non-interactive"], "ignore") !== 0) {
    const code = pulumi(["stack", "select", "--create", "dev", "--non-interactive"], "inherit");
    if (code !== 0) return code;
  }
  return pulumi(args, "inherit");
};

const pathWith = (engineFolder: string): string => [nodeFolder, engineFolder, env.PATH ?? ""].join(delimiter);

/** What the user has not set: a backend of files in the repository, and an empty passphrase. */
const defaults = async (): Promise<Readonly<Record<string, string>>> => {
  const folder = join(repository, ".pulumi-local");
  await mkdir(folder, { recursive: true });
  const backend = env.PULUMI_BACKEND_URL ?? pathToFileURL(folder).href;
  if (env.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined) return { PULUMI_BACKEND_URL: backend };
  return { PULUMI_BACKEND_URL: backend, PULUMI_CONFIG_PASSPHRASE: env.PULUMI_CONFIG_PASSPHRASE ?? "" };
};

exit(await main(argv.slice(2)));
