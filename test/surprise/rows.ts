import type { Group } from "./row.ts";
import { app } from "./rows/app.ts";
import { copy } from "./rows/copy.ts";
import { drift } from "./rows/drift.ts";
import { edit } from "./rows/edit.ts";
import { hook } from "./rows/hook.ts";
import { lost, open } from "./rows/lost.ts";
import { name } from "./rows/name.ts";
import { removal } from "./rows/removal.ts";
import { replacement } from "./rows/replacement.ts";

/** Every surprise. */
export const groups: readonly Group[] = [replacement, lost, name, drift, edit, removal, copy, app, hook, open];
