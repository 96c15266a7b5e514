import { mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, exit, once, stderr, stdout } from "node:process";
import { androidApp, type Emulator, iosApp, startEmulator } from "pulumi-tpns/emulator";
import { getEngine } from "./engine.ts";
import { createProjectWith, type Project } from "./run.ts";
