import type { DatabaseSync } from "node:sqlite";

/** @throws where the file cannot be opened; a file that is locked is waited for so long. */
export function openSqlite(path: string, timeoutMilliseconds: number): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  return new DatabaseSync(path, { timeout: timeoutMilliseconds });
}

/** Node 22 calls it experimental, in a line that the engine would show under the stack. */
function loadSqlite(): typeof import("node:sqlite") {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    const sqlite: typeof import("node:sqlite") | undefined = process.getBuiltinModule("node:sqlite");
    if (sqlite === undefined) throw new Error(`Node ${process.version} has no SQLite; use Node 22.19 or newer`);
    return sqlite;
  } finally {
    process.emitWarning = emitWarning;
  }
}
