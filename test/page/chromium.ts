import { existsSync } from "node:fs";
import { env, getuid } from "node:process";
import { type Browser, launch } from "puppeteer-core";

const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Where the machine has a browser, or the one that CHROMIUM names; undefined if there is none. */
export const chromium = (): string | undefined =>
  (env.CHROMIUM === undefined ? usualPlaces : [env.CHROMIUM]).find((place) => existsSync(place));

/** Starts it without a window. */
export const launchChromium = async (): Promise<Browser> => {
  const executablePath = chromium();
  if (executablePath === undefined) throw new Error("there is no Chromium");
  // Chromium refuses to put root into its sandbox.
  return launch({ executablePath, args: getuid?.() === 0 ? ["--no-sandbox"] : [] });
};
