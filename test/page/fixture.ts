import type { Browser, Page } from "puppeteer-core";
import { expect } from "vitest";
import type { Emulator } from "../../provider/emulator/index.ts";
import { test as emulatorTest } from "../emulator/fixture.ts";
import { launchChromium } from "./chromium.ts";

let browser: Promise<Browser> | undefined;

/** One browser a file, as starting one takes a second. */
export const closeBrowser = async (): Promise<void> => (await browser)?.close();

const noWords: readonly string[] = [];

/** A tab of the page, whose console has to stay empty but for what a test expects. */
export const test = emulatorTest
  .extend("expectedTrouble", noWords)
  .extend("tab", async ({ emulator, expectedTrouble }, { onCleanup }) => {
    browser ??= launchChromium();
    const context = await (await browser).createBrowserContext();
    const page = await context.newPage();
    page.setDefaultTimeout(waitMs);
    const troubles: string[] = [];
    page.on("console", (message) => troubles.push(message.text()));
    page.on("pageerror", (error) => troubles.push(String(error)));
    page.on("dialog", (dialog) => troubles.push(`dialog ${dialog.message()}`));
    onCleanup(async () => {
      await context.close();
      expect(troubles.filter((trouble) => !expectedTrouble.some((words) => trouble.includes(words)))).toEqual([]);
    });
    return new Tab(page, emulator);
  });

/** Long enough for a machine that has other work. */
const waitMs = 20_000;

/** The page as one reads and uses it. */
class Tab {
  readonly page: Page;
  readonly #emulator: Emulator;

  constructor(page: Page, emulator: Emulator) {
    this.page = page;
    this.#emulator = emulator;
  }

  async open(hash = ""): Promise<void> {
    await this.page.goto(`${this.#emulator.url}/${hash}`);
    await this.see(".connection.good");
  }

  /** Waits until a selector finds something that can be seen. */
  async see(selector: string): Promise<void> {
    await this.page.waitForSelector(selector, { visible: true });
  }

  /** Waits until an element's text is this, and fails with what it is otherwise. */
  async reads(selector: string, text: string): Promise<void> {
    await expect.poll(() => this.text(selector), { timeout: waitMs }).toBe(text);
  }

  /** The texts of all elements that a selector finds. */
  async texts(selector: string): Promise<readonly string[]> {
    return this.page.$$eval(selector, (found) => found.map((element) => element.textContent ?? ""));
  }

  async text(selector: string): Promise<string | undefined> {
    return (await this.texts(selector))[0];
  }

  /** Presses a button by the name that a screen reader says. */
  async press(name: string): Promise<void> {
    await this.page.locator(`::-p-aria([name="${name}"][role="button"])`).click();
  }

  async fill(label: string, text: string): Promise<void> {
    await this.page.locator(`::-p-aria([name="${label}"])`).fill(text);
  }

  /** What has the focus, by its tag and name. */
  focused(): Promise<unknown> {
    return this.page.evaluate("document.activeElement.tagName + ' ' + document.activeElement.textContent.trim()");
  }

  /** Whether the buttons of the remedies can be pressed. */
  async remedies(): Promise<Readonly<Record<string, boolean>>> {
    const buttons = await this.page.$$eval(".remedy button", (found) =>
      found.map((button) => [button.textContent ?? "", !button.hasAttribute("disabled")] as const),
    );
    return Object.fromEntries(buttons);
  }
}
