/** One way to get an engine: fills an empty folder with its three programs, or throws. */
export type EngineSource = (folder: string, report: (line: string) => void) => Promise<void>;

/** The newest that Go's module proxy serves. */
export const engineVersion = "3.259.0";
