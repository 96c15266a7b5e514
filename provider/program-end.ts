import { journalFolder } from "./once/journal.ts";
import { writeRolls } from "./once/roll-call.ts";

/** Runs in the user's program, not in the provider's process: it alone knows that it has declared all that it declares. */

const declared = new Set<string>();

/** Has the handlers of later runs know, once this program has run to its end, that it declares the task. */
export function callAtTheEnd(identity: string): void {
  if (declared.size === 0) process.once("exit", tell);
  declared.add(identity);
}

function tell(code: number): void {
  if (code !== 0) return;
  try {
    writeRolls(journalFolder(process.env), [...declared], Date.now());
  } catch {
    // Where the folder cannot be written, the handlers say so when they need it.
  }
}
