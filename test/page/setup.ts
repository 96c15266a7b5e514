import { existsSync } from "node:fs";
import { stderr } from "node:process";
import { chromium } from "./chromium.ts";

/** Says what keeps the page's tests from running. */
export const setup = (): void => {
  if (!existsSync(new URL("../../dist/emulator/page/main.js", import.meta.url))) {
    throw new Error("the page is not built; run npm run build");
  }
  if (chromium() !== undefined) return;
  stderr.write("\nTHE PAGE IS NOT TESTED: no Chromium; apt-get install chromium, or set CHROMIUM to its path\n\n");
};
