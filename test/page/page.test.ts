import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect } from "vitest";
import { Database } from "../../provider/emulator/data/database.ts";
import { startEmulator } from "../../provider/emulator/index.ts";
import { cancelPath, notification, post, push, pushPath, shownOn, statusOf } from "../emulator/fixture.ts";
import { chromium } from "./chromium.ts";
import { closeBrowser, test } from "./fixture.ts";

afterAll(closeBrowser);

const titles = "td.main a";
const shown = ".notification b";
const words = (title: string, content = "Content") => ({ message: { title, content } });

describe.skipIf(chromium() === undefined)("the page", () => {
  describe("its tasks", () => {
    test("come as they are pushed, newest first", async ({ emulator, tab }) => {
      await tab.open();
      await tab.see("::-p-text(No task yet.)");

      await push(emulator, words("First"));
      await tab.reads(titles, "First");
      await push(emulator, words("Second"));
      await tab.reads(titles, "Second");

      expect(await tab.texts(titles)).toEqual(["Second", "First"]);
      await expect.poll(() => tab.texts(".chips a")).toEqual(["All 2", "Pushing 2"]);
    });

    test("show hostile words as words", async ({ emulator, tab }) => {
      const hostile = "<img src=x onerror=alert(1)>";
      const pushId = await push(emulator, words(hostile, "</p><script>alert(2)</script>"));
      await tab.open(`#/tasks/${pushId}`);

      await tab.reads("h1", hostile);
      await tab.reads(".content", "</p><script>alert(2)</script>");
      await tab.reads(shown, hostile);
      expect(await tab.page.$$("img[src=x], main script")).toEqual([]);
    });

    test("show the request as it came, with every digit", async ({ emulator, tab }) => {
      const body = `{"audience_type":"all","message_type":"notify","unknown":12345678901234567890,"message":{"title":"a \\"b\\"","content":"{}"}}`;
      await post(emulator, pushPath, body);
      const pushId = emulator.tasks[0]?.pushId ?? "";
      await tab.open(`#/tasks/${pushId}`);
      await tab.see("pre");

      const text = (await tab.text("pre")) ?? "";
      expect(text.replace(/\n\s*/g, "").replaceAll('": ', '":')).toBe(body);
      expect(text).toContain('\n  "unknown": 12345678901234567890,\n');
    });

    test("are linked to, and the back button leads back", async ({ emulator, tab }) => {
      const pushId = await push(emulator, words("Linked"));
      await tab.open("#/tasks?status=PUSH_STARTED");
      await tab.page.locator(titles).click();
      await tab.reads("h1", "Linked");

      expect(new URL(tab.page.url()).hash).toBe(`#/tasks/${pushId}`);
      await tab.page.goBack();
      await tab.reads("h1", "Tasks");
      expect(new URL(tab.page.url()).hash).toBe("#/tasks?status=PUSH_STARTED");
    });
  });

  describe("with ten thousand tasks", () => {
    test("pages and searches them", async ({ tab }) => {
      const folder = await mkdtemp(join(tmpdir(), "tpns-page-"));
      const dataFile = join(folder, "data");
      await fillWithTasks(dataFile);
      await using emulator = await startEmulator({ dataFile, pace: 0, now: "2027-02-01T08:00:00+08:00" });
      await tab.page.goto(emulator.url);

      await tab.reads(".pager span", "1–25 of 10,000 tasks");
      await tab.reads(titles, "Task 9999");
      await tab.press("Next");
      await tab.reads(titles, "Task 9974");
      await tab.press("Last");
      await tab.reads(".pager span", "9,976–10,000 of 10,000 tasks");
      expect((await tab.texts(titles)).at(-1)).toBe("Seed");

      await tab.fill("Search title, content or push id", "task 123");
      await tab.reads(".pager span", "1–11 of 11 tasks");
      expect(await tab.texts(titles)).toEqual([
        ...[9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((n) => `Task 123${n}`),
        "Task 123",
      ]);
      await tab.page.locator("::-p-text(Cancelled)").click();
      await tab.reads(".pager span", "1–1 of 1 task");
      await tab.page.goto("about:blank");
      await rm(folder, { recursive: true });
    });
  });

  describe("its remedies", () => {
    test("cancel what waits", async ({ emulator, tab }) => {
      const pushId = await push(emulator, { send_time: "2027-02-01 10:00:00" });
      await tab.open(`#/tasks/${pushId}`);
      await tab.see(".remedies");
      expect(await tab.remedies()).toEqual({ Cancel: true, Terminate: false, Recall: false, Override: true });

      await tab.press("Cancel");
      await tab.page.locator("dialog button.danger").click();

      await tab.reads(".title .status", "Cancelled");
      expect(statusOf(emulator, pushId)).toBe("PUSH_CANCELED");
      expect(await tab.remedies()).toEqual({ Cancel: false, Terminate: false, Recall: false, Override: false });
      expect((await tab.texts(".history span")).at(-1)).toBe("cancelled");
    });

    test("terminate what offline phones wait for", async ({ emulator, tab }) => {
      const pushId = await push(emulator);
      await tab.open(`#/tasks/${pushId}`);
      await tab.see(".remedies");
      expect(await tab.texts(".numbers thead .badge")).toEqual(["stored", "shown"]);

      await tab.press("Terminate");
      await tab.page.locator("dialog button.danger").click();

      await tab.reads(".title .status", "Terminated");
      await expect.poll(() => tab.texts(".numbers thead .badge")).toEqual(["shown", "dropped"]);
      emulator.setOnline("own-channel-offline", true);
      expect(shownOn(emulator, "own-channel-offline")).toEqual([]);
    });

    describe("where recall is available", () => {
      test.override("options", { switches: { recall: "available" } });

      test("recall what nobody opened, before one's eyes", async ({ emulator, tab }) => {
        const pushId = await push(emulator, words("Oops"));
        await tab.open(`#/tasks/${pushId}`);
        await tab.reads(shown, "Oops");

        await tab.press("Recall");
        await tab.page.locator("dialog button.danger").click();

        await tab.reads(".title .status", "Recalled");
        await tab.reads(".phone .quiet", "No notifications");
        expect(await tab.texts(shown)).toEqual([]);
      });
    });

    test("override what is shown, before one's eyes", async ({ emulator, tab }) => {
      const pushId = await push(emulator, words("Spring sael"));
      emulator.clock.step(5);
      await tab.open(`#/tasks/${pushId}`);
      await tab.reads(shown, "Spring sael");

      await tab.press("Override");
      await tab.fill("Title", "Spring sale");
      await tab.press("Push the override");

      await tab.reads("h1", "Spring sale");
      await tab.reads(shown, "Spring sale");
      expect(await tab.texts(shown)).toEqual(["Spring sale"]);
      expect(emulator.records.map(({ title, status }) => [title, status])).toEqual([
        ["Spring sael", "PUSH_COLLAPSED"],
        ["Spring sale", "PUSH_STARTED"],
      ]);
    });

    describe("that the emulator refuses", () => {
      test.override("expectedTrouble", ["status of 400"]);

      test("say why, and leave the dialog open", async ({ emulator, tab }) => {
        const pushId = await push(emulator, words("Same"));
        emulator.clock.step(5);
        await tab.open(`#/tasks/${pushId}`);
        await tab.press("Override");
        await tab.press("Push the override");

        await tab.reads(
          "dialog .refusal:not([hidden])",
          "ret_code 10010018: Push repeat: the same content to all within 3600 s",
        );
        expect(emulator.tasks.length).toBe(1);
      });
    });
  });

  describe("a phone", () => {
    test("is taken offline and back, and its notification opened", async ({ emulator, tab }) => {
      await tab.open("#/phones/own-channel");
      await tab.page.locator("::-p-text(Take offline)").click();
      await tab.reads(".title .badge", "offline");
      const pushId = await push(emulator, words("Stored"));
      await tab.reads(".watch .buttons span", "1 in offline storage");

      await tab.page.locator("::-p-text(Bring online)").click();
      await tab.reads(shown, "Stored");
      await tab.press("Open Stored");

      await tab.reads("td .badge", "clicked");
      expect([emulator.phone("own-channel").alerts.map((alert) => alert.pushId), await tab.texts(shown)]).toEqual([
        [pushId],
        [],
      ]);
    });

    test("is found by tag and account", async ({ tab }) => {
      await tab.open("#/phones");
      await tab.fill("Search name, token, channel, tag or account", "vip");
      await tab.reads(".pager span", "1–3 of 3 phones");

      expect(await tab.texts(titles)).toEqual(["own-channel", "oppo", "iphone"]);
      await tab.fill("Search name, token, channel, tag or account", "bob");
      await tab.reads(".pager span", "1–2 of 2 phones");
      expect(await tab.texts(titles)).toEqual(["own-channel-offline", "iphone-offline"]);
    });
  });

  describe("its clock", () => {
    test("steps, and does what is due", async ({ emulator, tab }) => {
      const pushId = await push(emulator, { send_time: "2027-02-01 09:00:00" });
      await tab.open(`#/tasks/${pushId}`);
      await tab.reads(".title .status", "Waiting");
      await tab.press("Step one hour on");
      await tab.reads(".title .status", "Pushing");
      await tab.press("Step one minute on");

      await tab.reads(".title .status", "Finished");
      await tab.reads(".now time", "2027-02-01 09:01:01");
    });

    test("ends what can be done about a task once its storage has ended", async ({ emulator, tab }) => {
      const pushId = await push(emulator);
      await tab.open(`#/tasks/${pushId}`);
      await tab.see(".remedies");
      expect(await tab.remedies()).toEqual({ Cancel: false, Terminate: true, Recall: false, Override: true });
      emulator.clock.step(10);
      await tab.reads(".title .status", "Finished");
      await tab.press("Step one day on");

      await tab.reads("#why-terminate", "too late: its offline storage has ended");
      expect(await tab.remedies()).toEqual({ Cancel: false, Terminate: false, Recall: false, Override: false });
    });

    test("is set in UTC+8, and runs at a pace", async ({ emulator, tab }) => {
      await tab.open();
      await tab.press("Set…");
      await tab.page.$eval("input[type=datetime-local]", (input) => {
        Reflect.set(input, "value", "2027-03-01T12:00:00");
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
      await tab.press("Set the clock");
      await tab.reads(".now time", "2027-03-01 12:00:00");
      await tab.press("Set…");
      await tab.fill("Service seconds per real second", "0.5");
      await tab.press("Set the clock");
      await expect.poll(() => emulator.clock.pace).toBe(0.5);
      await tab.page.select(".clock select", "3600");

      await expect.poll(() => emulator.clock.pace).toBe(3600);
      await expect.poll(() => tab.text(".now time"), { timeout: 20_000 }).toMatch(/2027-03-01 1[3-9]/);
    });
  });

  describe("its requests", () => {
    test("come with what was refused and why, and a fault can be queued", async ({ emulator, tab }) => {
      await tab.open("#/requests");
      await tab.page.select("aside select", "/v3/push/cancel_timing_task");
      await tab.press("Queue the fault");
      await tab.see("::-p-text(Drop before the service acts, 1 ×)");
      await expect(post(emulator, cancelPath, { pushId: "1" })).rejects.toThrow("fetch failed");
      await tab.see("::-p-text(No fault waits)");
      await tab.page.select("aside .field:nth-of-type(2) select", "delaySeconds");
      await tab.fill("Seconds", "0.1");
      await tab.press("Queue the fault");
      await tab.see("::-p-text(Answer late, 0.1 s, 1 ×)");
      await post(emulator, cancelPath, { pushId: "1" });
      await post(emulator, pushPath, notification());

      await expect.poll(() => tab.texts("tbody .badge")).toEqual(["0 ok", "1008015", "no answer"]);
      expect(await tab.texts(".why")).toEqual(["push id not exist: 1"]);
      await tab.page.select(".filter select", "only");
      await expect.poll(() => tab.texts("tbody .badge")).toEqual(["1008015", "no answer"]);
    });
  });

  describe("its switches", () => {
    test.override("expectedTrouble", ["status of 400"]);

    test("hold at once, and refuse what they cannot be", async ({ emulator, tab }) => {
      await tab.open("#/switches");
      await tab.see("#recall");
      await tab.page.select("#recall", "available");
      await tab.reads(".switches .badge", "changed from offline");
      expect(await tab.page.$eval("#recall", (select) => Reflect.get(select, "value"))).toBe("available");

      await tab.page.locator("#pushIdDigits").fill("99");
      const answered = tab.page.waitForResponse((response) => response.url().endsWith("/switch-list"));
      emulator.clock.step(1);
      await answered;
      await tab.page.keyboard.press("Tab");
      await tab.reads(".refusal:not([hidden])", "✖ Too big: expected number to be <=19   → at pushIdDigits");
    });
  });

  describe("by keyboard", () => {
    test("everything is reached, and a dialog keeps the focus and gives it back", async ({ emulator, tab }) => {
      const pushId = await push(emulator, { send_time: "2027-02-01 10:00:00" });
      await tab.open(`#/tasks/${pushId}`);
      await tab.see(".remedies");
      await tab.page.keyboard.press("Tab");
      expect(await tab.focused()).toBe("BUTTON Skip to the content");
      await tab.page.keyboard.press("Enter");
      await tab.page.keyboard.press("Tab");
      await tab.page.keyboard.press("Tab");
      expect(await tab.focused()).toBe("BUTTON Cancel");

      await tab.page.keyboard.press("Enter");
      await tab.see("dialog[open]");
      for (const name of ["Leave it", "Cancel"]) {
        expect(await tab.focused()).toBe(`BUTTON ${name}`);
        await tab.page.keyboard.press("Tab");
      }
      expect(await tab.page.evaluate("document.activeElement.closest('main') === null")).toBe(true);
      await tab.page.keyboard.press("Escape");
      await tab.page.waitForSelector("dialog", { hidden: true });
      expect(await tab.focused()).toBe("BUTTON Cancel");
      expect(statusOf(emulator, pushId)).toBe("PUSH_WAIT");
    });
  });

  describe("without its emulator", () => {
    test.override("expectedTrouble", ["net::ERR"]);

    test("says so, and comes back by itself", async ({ tab }) => {
      const first = await startEmulator({ pace: 0 });
      const port = Number(new URL(first.url).port);
      await tab.page.goto(first.url);
      await tab.reads(".connection", "Live");
      await first.close();
      await tab.reads(".connection", "The emulator does not answer; trying again");
      await using second = await startEmulator({ pace: 0, port });
      await push(second, words("Back"));

      await tab.reads(".connection", "Live");
      await tab.reads(titles, "Back");
    });
  });

  test.for([
    [1280, "light"],
    [390, "dark"],
  ] as const)("fits a screen %i wide, %s", async ([width, scheme], { emulator, tab }) => {
    const pushId = await push(emulator, words("A title that goes on and on ".repeat(10), "content".repeat(100)));
    await tab.page.setViewport({ width, height: 800 });
    await tab.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await tab.open();
    const wide: string[] = [];
    for (const hash of ["#/tasks", `#/tasks/${pushId}`, "#/phones", "#/phones/oppo", "#/requests", "#/switches"]) {
      await tab.open(hash);
      await tab.see("main td, main .switches li");
      if (Number(await tab.page.evaluate("document.documentElement.scrollWidth")) > width) wide.push(hash);
    }

    expect(wide).toEqual([]);
  });
});

/** One task from a request, and 9,999 copies, of which the one called 1239 is cancelled. */
async function fillWithTasks(dataFile: string): Promise<void> {
  const emulator = await startEmulator({ dataFile, pace: 0, now: "2027-02-01T08:00:00+08:00" });
  await push(emulator, { ...words("Seed"), send_time: "2027-02-01 10:00:00" });
  await emulator.close();
  const database = new Database(dataFile);
  database.run(
    `with recursive copy(n) as (select 1 union all select n + 1 from copy where n < 9999)
     insert into task (pushId, app, createdMs, sendAtMs, status, title, content, collapseId, overrides, executions, handedOut, push, request)
     select 5000000000 + n, app, createdMs, sendAtMs, iif(n = 1239, 'PUSH_CANCELED', 'PUSH_WAIT'), 'Task ' || n, content, n, 0, 0, 0, push, request
     from task join copy`,
  );
  database.close();
}
