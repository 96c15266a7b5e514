import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { runCommand } from "./command.ts";
import { type EngineSource, engineVersion } from "./source.ts";

const installerUrl = "https://get.pulumi.com/install.sh";

/** Where it is reached, it answers within a second; where it is not, nobody should wait for it. */
const installerTimeoutMilliseconds = 5_000;

/** It downloads about 150 MB. */
const downloadTimeoutMilliseconds = 10 * 60_000;

/** Runs Pulumi's own installer, which leaves PATH and the home folder's `.pulumi` as they are. */
export const installOfficially: EngineSource = async (folder, report) => {
  const script = await installerScript();
  report(`installing pulumi ${engineVersion} with ${installerUrl}`);
  const work = await mkdtemp(join(tmpdir(), "pulumi-install-"));
  try {
    await install(script, work);
    await cp(join(work, "root", "bin"), folder, { recursive: true });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

const installerScript = async (): Promise<string> => {
  try {
    const reply = await fetch(installerUrl, { signal: AbortSignal.timeout(installerTimeoutMilliseconds) });
    if (!reply.ok) throw new Error(`HTTP ${reply.status}`);
    return await reply.text();
  } catch {
    throw new Error("the official installer cannot be reached from here");
  }
};

const install = async (script: string, work: string): Promise<void> => {
  const file = join(work, "install.sh");
  await writeFile(file, script);
  const args = [file, "--version", engineVersion, "--install-root", join(work, "root"), "--no-edit-path"];
  const options = { env: { ...env, HOME: work }, timeout: downloadTimeoutMilliseconds };
  const { code, output } = await runCommand("sh", args, options);
  if (code !== 0) throw new Error(`the official installer failed:\n${output.trim()}`);
};
