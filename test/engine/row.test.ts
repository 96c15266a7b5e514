import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cancelInConsole, finish, worldOf } from "../lifecycle/push-task/world.ts";
import { succeed } from "./run.ts";
import {
  alertsOf,
  centresOf,
  type Declared,
  everybody,
  first,
  online,
  openShop,
  refusalOf,
  type Shop,
  second,
  type Tasks,
  tasksOf,
  toVips,
  whenLive,
} from "./shop.ts";

const laterTime = "2027-03-01T10:00:00+08:00";

/** What the engine shows of a refusal. */
const lineOf = (action: string, name: string, why: string): string => `error: ${action} task "${name}": ${why}\n`;

const orConsent = (consent: string): string =>
  `; or to do it nevertheless write consent: ["${consent}"] or set TPNS_CONSENT=${consent}`;

/** The operation refuses by the line, and the world stays as it is. */
async function expectRefusal(shop: Shop, tasks: Tasks, operation: "preview" | "up", line: string): Promise<void> {
  const before = worldOf(shop.emulator);
  await shop.declare(tasks);
  expect(await refusalOf(shop.project[operation]())).toContain(line);
  expect(worldOf(shop.emulator)).toEqual(before);
}

/** The same as one of the environment's. */
async function withConsent<T>(shop: Shop, consent: string, work: () => Promise<T>): Promise<T> {
  shop.project.setEnv("TPNS_CONSENT", consent);
  try {
    return await work();
  } finally {
    shop.project.setEnv("TPNS_CONSENT", undefined);
  }
}

describe("on pending tasks", () => {
  test("a change of time, audience or option corrects, a remedy comes alone, and our own settings make no call", async () => {
    await using shop = await openShop();
    const { emulator } = shop;
    await shop.up({ later: {}, vips: {}, brief: {}, data: {}, stopped: {}, own: {} });
    const before = emulator.requests.length;

    expect(await shop.up({ later: {}, vips: {}, brief: {}, data: {}, stopped: {}, own: ownSettings })).toContain(
      "1 updated",
    );
    expect(emulator.requests.length).toBe(before);
    // An hour later, since the service takes the same text to all only once an hour.
    emulator.clock.step(3_600);
    const output = await shop.up({
      later: { sendTime: laterTime },
      vips: { audience: toVips },
      brief: { expireTime: 0 },
      data: { messageType: "message" },
      stopped: { remedy: "cancel", content: second, sendTime: laterTime },
      own: ownSettings,
    });
    expect(output).toContain("5 updated");
    emulator.clock.set(whenLive);
    const corrected = [`PUSH_CANCELED ${first}`, `PUSH_FINISHED ${first}`];
    expect(tasksOf(emulator)).toEqual({
      later: [`PUSH_CANCELED ${first}`, `PUSH_WAIT ${first}`],
      vips: corrected,
      brief: corrected,
      data: corrected,
      stopped: [`PUSH_CANCELED ${first}`],
      own: [`PUSH_FINISHED ${first}`],
    });
    finish(emulator);

    expect(alertsOf(emulator, "later")).toEqual(everybody("android", first));
    expect(alertsOf(emulator, "vips")).toEqual({ "own-channel": [first], oppo: [first] });
    expect(alertsOf(emulator, "brief")).toEqual(online("android", first));
    expect([alertsOf(emulator, "data"), alertsOf(emulator, "stopped")]).toEqual([{}, {}]);
  });
});

const ownSettings: Declared = {
  ifSent: "refuse",
  onDelete: "terminate",
  consent: ["adopt:1"],
  pastSendTime: "skip",
};

describe("on live tasks", () => {
  test("each refusal names a way on, and the way on works", async () => {
    await using shop = await openShop();
    const { emulator } = shop;
    const tasks = {
      data: {},
      later: {},
      brief: {},
      strict: { ifSent: "refuse" },
      stopped: {},
      removed: {},
      apple: { app: "ios" },
    } as const;
    await shop.up(tasks);
    emulator.clock.set(whenLive);
    const { removed: _, ...others } = tasks;

    for (const [name, change, why] of [
      [
        "data",
        { messageType: "message" },
        "it is out, and the service cannot override a notification by an in-app message, or the reverse; take the change of messageType back, or send a new task",
      ],
      [
        "later",
        { sendTime: laterTime },
        "it was sent already; take the change back, or send a new message as a new task",
      ],
      [
        "strict",
        { ifSent: "refuse", content: second },
        'it is out, and ifSent is "refuse"; take the change back, or write ifSent: "override"',
      ],
      [
        "stopped",
        { remedy: "cancel" },
        'it is out, too late to cancel; write remedy: "terminate" to stop what is not delivered yet, or change the message to override it',
      ],
      ["apple", { app: "ios", remedy: "cancel" }, "it is out, too late to cancel; change the message to override it"],
    ] as const) {
      await expectRefusal(shop, { ...tasks, [name]: change }, "preview", lineOf("update", name, why));
    }
    const until = "it is being delivered until 2027-02-03 10:00 (UTC+8); wait";
    const wayOn = `or restore it with remedy: "terminate"; or set TPNS_CONSENT=delete-live:${await shop.pushIdOf("removed")}`;
    await expectRefusal(shop, others, "up", lineOf("delete", "removed", `${until}, ${wayOn}`));

    await shop.up({
      ...tasks,
      brief: { expireTime: 7_200, content: second },
      strict: { content: second, ifSent: "override" },
      stopped: { remedy: "terminate" },
      removed: { remedy: "terminate" },
      apple: { app: "ios", content: second },
    });
    const overridden = [`PUSH_COLLAPSED ${first}`, expect.stringContaining(second)];
    expect(tasksOf(emulator)).toEqual({
      data: [`PUSH_FINISHED ${first}`],
      later: [`PUSH_FINISHED ${first}`],
      brief: overridden,
      strict: overridden,
      stopped: [`PUSH_DELETED_PUSH_MSG ${first}`],
      removed: [`PUSH_DELETED_PUSH_MSG ${first}`],
      apple: overridden,
    });
    expect(centresOf(emulator, "strict")).toMatchObject({ "own-channel": [second], oppo: [first] });
    expect(centresOf(emulator, "apple")).toEqual({ iphone: [second] });
  });

  test("one that is removed is refused until it is consented to, and what phones show stays", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await shop.up({ sale: {}, apple: { app: "ios" } });
    emulator.clock.set(whenLive);
    const consents = [`delete-live:${await shop.pushIdOf("sale")}`, `delete-live:${await shop.pushIdOf("apple")}`];
    const before = worldOf(emulator);

    expect(await refusalOf(project.destroy("--target", await shop.urnOf("apple")))).toContain(
      lineOf(
        "delete",
        "apple",
        `it is being delivered until 2027-02-03 10:00 (UTC+8); wait, or restore it with a corrected message; or set TPNS_CONSENT=${consents[1]}`,
      ),
    );
    expect(await withConsent(shop, consents.join(", "), () => succeed(project.destroy()))).toContain("5 deleted");

    expect(worldOf(emulator)).toEqual(before);
    finish(emulator);
    expect(alertsOf(emulator, "sale")).toEqual(everybody("android", first));
  });
});

describe("on tasks that are over", () => {
  test("a changed message is refused, pushed by consent, pushed anew after a failure, or recorded", async () => {
    await using shop = await openShop();
    const { emulator } = shop;
    const archived = {
      archived: {},
      skipped: { sendTime: "2027-01-31T10:00:00+08:00", pastSendTime: "skip" },
    } as const;
    await shop.up(archived);
    // The service lists a task for a month after its creation.
    emulator.clock.set("2027-03-10T08:00:00+08:00");
    const ahead = { sendTime: "2027-04-01T10:00:00+08:00" };
    const sent = { sendTime: "2027-03-11T10:00:00+08:00" };
    const tasks = { ...archived, sent, withdrawn: ahead, moved: ahead, failed: ahead } as const;
    await shop.up(tasks);
    emulator.clock.set("2027-03-20T10:00:00+08:00");
    const [sentId, withdrawnId, movedId] = await Promise.all(["sent", "withdrawn", "moved"].map(shop.pushIdOf));
    await cancelInConsole(emulator, `${withdrawnId}`);
    await cancelInConsole(emulator, `${movedId}`);
    emulator.setStatus(await shop.pushIdOf("failed"), "PUSH_FAILED");

    const late = `override-late:${sentId}`;
    const anew = `push-anew:${withdrawnId}`;
    const changed = { content: second };
    await expectRefusal(
      shop,
      { ...tasks, sent: { ...sent, ...changed } },
      "preview",
      lineOf(
        "update",
        "sent",
        `it was sent, and an override would be a new notification for the whole audience; to keep the text as a record only, write the option ignoreChanges: ["message"]${orConsent(late)}`,
      ),
    );
    await expectRefusal(
      shop,
      { ...tasks, withdrawn: { ...ahead, ...changed } },
      "up",
      lineOf(
        "update",
        "withdrawn",
        `it was withdrawn, and nothing of it is scheduled; use a new resource name for a new push${orConsent(anew)}`,
      ),
    );
    await expectRefusal(
      shop,
      { ...tasks, archived: { sendTime: ahead.sendTime } },
      "preview",
      lineOf(
        "update",
        "archived",
        "it is history that the service no longer lists; use a new resource name for a new push",
      ),
    );
    const news = {
      archived: changed,
      skipped: { ...archived.skipped, ...changed },
      sent: { ...sent, ...changed, consent: [late] },
      withdrawn: { ...ahead, ...changed },
      moved: { sendTime: "2027-04-02T10:00:00+08:00" },
      failed: { ...ahead, ...changed },
    };
    const output = await withConsent(shop, anew, () => shop.up(news));
    const settled = worldOf(emulator);

    for (const phase of ["archived", "skipped"]) {
      expect(output).toContain(`${phase}: nothing is sent or withdrawn; recorded; it has no effect on what was pushed`);
    }
    expect(tasksOf(emulator)).toEqual({
      archived: [`PUSH_FINISHED ${first}`],
      sent: [`PUSH_COLLAPSED ${first}`, expect.stringContaining(second)],
      withdrawn: [`PUSH_CANCELED ${first}`, `PUSH_WAIT ${second}`],
      moved: [`PUSH_CANCELED ${first}`, `PUSH_WAIT ${first}`],
      failed: [`PUSH_FAILED ${first}`, `PUSH_WAIT ${second}`],
    });
    // The consent stays in the program, and is dead text.
    expect(await shop.up(news)).toContain("8 unchanged");
    expect(worldOf(emulator)).toEqual(settled);
    // What is named skipped and gets a send time ahead has never been sent.
    await shop.up({ ...news, skipped: { sendTime: "2027-04-03T10:00:00+08:00", content: second } });
    finish(emulator);

    expect(alertsOf(emulator, "withdrawn")).toMatchObject(online("android", second));
    expect(alertsOf(emulator, "failed")).toMatchObject(online("android", second));
    // Its day in offline storage is over when the last phone comes online.
    expect(alertsOf(emulator, "moved")).toEqual(online("android", first));
    expect(alertsOf(emulator, "skipped")).toEqual(everybody("android", second));
    expect(alertsOf(emulator, "archived")).toEqual(online("android", first));
    expect(alertsOf(emulator, "sent")).toMatchObject({ "own-channel": [first, second], oppo: [first] });
  });
});

describe("create", () => {
  test("refuses what the service has of the same resource, and takes it over or pushes it by consent", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    const tasks = { adopted: {}, anew: {} };
    await shop.up(tasks);
    const adopt = `adopt:${await shop.pushIdOf("adopted")}`;
    const anew = `push-anew:${await shop.pushIdOf("anew")}`;
    for (const name of ["adopted", "anew"]) {
      await succeed(project.pulumi("state", "delete", await shop.urnOf(name), "--yes"));
    }
    // Another machine, whose journal knows nothing of the pushes.
    project.setEnv("TPNS_JOURNAL", join(project.folder, "journal"));
    await cancelInConsole(emulator, anew.slice("push-anew:".length));
    // An hour later, since the service takes the same text to all only once an hour.
    emulator.clock.step(3_600);

    await expectRefusal(
      shop,
      { adopted: { content: second } },
      "up",
      lineOf(
        "create",
        "adopted",
        `the service has another push of this resource, ${adopt.slice("adopt:".length)} "adopted", pending, which the state does not know; restore the state, or declare what is there; if it is a resource's that was renamed or removed, give this one another name${orConsent(adopt)}`,
      ),
    );
    await expectRefusal(
      shop,
      { anew: {} },
      "up",
      lineOf(
        "create",
        "anew",
        `the same task is there already, and it was withdrawn; use a new resource name for a new push${orConsent(anew)}`,
      ),
    );
    await withConsent(shop, anew, () => shop.up({ adopted: { content: second, consent: [adopt] }, anew: {} }));
    expect(tasksOf(emulator)).toEqual({
      adopted: [`PUSH_CANCELED ${first}`, `PUSH_WAIT ${second}`],
      anew: [`PUSH_CANCELED ${first}`, `PUSH_WAIT ${first}`],
    });
    finish(emulator);

    expect(alertsOf(emulator, "adopted")).toEqual(everybody("android", second));
    expect(alertsOf(emulator, "anew")).toEqual(everybody("android", first));
  });

  test("refuses the same message of another resource, and pushes it by consent", async () => {
    await using shop = await openShop();
    const { emulator } = shop;
    const sale = { audience: toVips, message: { title: "sale", content: first } };
    await shop.up({ sale });
    const pushId = await shop.pushIdOf("sale");
    const consent = `duplicate-of:${pushId}`;

    await expectRefusal(
      shop,
      { sale, copy: sale },
      "up",
      lineOf(
        "create",
        "copy",
        `another resource has pushed the same message to the same audience for the same time, ${pushId} "sale", pending; if it was renamed or moved, write the option aliases, or consent: ["adopt:${pushId}"] where the state is lost; if not, change one of the two${orConsent(consent)}`,
      ),
    );
    await shop.up({ sale, copy: { ...sale, consent: [consent] } });
    finish(emulator);

    expect(alertsOf(emulator, "sale")).toEqual({ "own-channel": [first, first], oppo: [first, first] });
  });
});
