/** Reads from the control API. */
export const read = async <Answer>(path: string, signal: AbortSignal): Promise<Answer> =>
  answerOf(await fetch(`/emulator/${path}`, { signal }));

/** Changes something, and gives what the control API answers. */
export const change = async <Answer>(path: string, body: object): Promise<Answer> => {
  const headers = { "Content-Type": "application/json" };
  return answerOf(await fetch(`/emulator/${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
};

/** @throws what the emulator refuses, in its words. */
const answerOf = async <Answer>(response: Response): Promise<Answer> => {
  const answer = await response.json();
  if (response.ok) return answer;
  throw new Error(String(answer.error ?? `HTTP ${response.status}`));
};

/** What went wrong, in one line. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
