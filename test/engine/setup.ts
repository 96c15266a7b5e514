import { stderr } from "node:process";
import { getEngine } from "./engine.ts";

/** Before all tests on the engine: there is one, so that no test's time goes into building it. */
export const setup = async (): Promise<void> => {
  await getEngine((line) => stderr.write(`${line}\n`));
};
