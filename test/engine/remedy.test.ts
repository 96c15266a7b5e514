import { describe, expect, test } from "vitest";
import { finish } from "../lifecycle/push-task/world.ts";
import { succeed } from "./run.ts";
import {
  alertsOf,
  centresOf,
  everybody,
  first,
  online,
  openShop,
  refusalOf,
  second,
  tasksOf,
  whenLive,
} from "./shop.ts";

describe("a pending task", () => {
  test("that is corrected is cancelled and pushed anew, and only the new text reaches the phones", async () => {
    await using shop = await openShop();
    await shop.up({ sale: {}, apple: { app: "ios" } });
    const pushId = await shop.pushIdOf("sale");

    await shop.declare({ sale: { content: second }, apple: { app: "ios", content: second } });
    const preview = await succeed(shop.project.preview());
    expect(tasksOf(shop.emulator)).toEqual({ sale: [`PUSH_WAIT ${first}`], apple: [`PUSH_WAIT ${first}`] });
    expect(await succeed(shop.project.up())).toContain("2 updated");

    expect(preview).toContain(
      `pending: push ${pushId} is cancelled and pushed anew for 2027-02-02 10:00 (UTC+8); if this runs after 2027-02-02 10:00 (UTC+8), when it is out, it is overridden instead, unless more than the message changed`,
    );
    expect(tasksOf(shop.emulator)).toEqual({
      sale: [`PUSH_CANCELED ${first}`, `PUSH_WAIT ${second}`],
      apple: [`PUSH_CANCELED ${first}`, `PUSH_WAIT ${second}`],
    });
    finish(shop.emulator);
    expect(alertsOf(shop.emulator, "sale")).toEqual(everybody("android", second));
    expect(alertsOf(shop.emulator, "apple")).toEqual(everybody("ios", second));
  });

  test("that is removed, or gets a remedy, is cancelled; the record stays, and later runs are quiet", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await shop.up({ removed: {}, recorded: {} });
    const pushId = await shop.pushIdOf("recorded");

    await shop.declare({ recorded: { remedy: "cancel" } });
    for (let preview = 1; preview <= 3; preview += 1) {
      expect(await succeed(project.preview())).not.toContain("declared no longer");
    }
    const output = await succeed(project.up());
    expect(output).toContain(`pending: push ${pushId} is cancelled\n`);
    expect(output).toContain("1 updated");
    expect(output).toContain("1 deleted");
    expect(await shop.stateOf("recorded")).toMatchObject({ pushId, phase: "withdrawn", status: "PUSH_CANCELED" });

    const requests = emulator.requests.length;
    expect(await succeed(project.up())).toContain("3 unchanged");
    await succeed(project.refresh());
    expect(await shop.up({ recorded: {} })).toContain(
      "what the remedy did is final, and nothing is sent; to send it after all use a new resource name, in a campaign another key",
    );
    expect(await succeed(project.destroy())).toContain("3 deleted");
    expect(emulator.requests.slice(requests).filter(({ path }) => path !== "/v3/statistics/get_push_record")).toEqual(
      [],
    );
    finish(emulator);

    expect(tasksOf(emulator)).toEqual({ removed: [`PUSH_CANCELED ${first}`], recorded: [`PUSH_CANCELED ${first}`] });
    expect(emulator.phones.flatMap(({ alerts }) => alerts)).toEqual([]);
  });
});

describe("a live task", () => {
  test("that is corrected is overridden on the phones that can, and beside the old text with forceCollapse", async () => {
    await using shop = await openShop();
    const { emulator } = shop;
    const tasks = (content: string) => ({
      plain: { content },
      forced: { content, forceCollapse: true },
      apple: { content, app: "ios" as const },
    });
    await shop.up(tasks(first));
    emulator.clock.set(whenLive);

    const output = await shop.up(tasks(second));

    for (const reach of [
      "it replaces what is shown on the own channel, Mi, Meizu and Huawei with EMUI 10 or newer; OPPO, vivo and older Huawei get nothing new and keep the old one; Honor and FCM are not documented",
      "OPPO, vivo and older Huawei show both messages (forceCollapse)",
      "APNs replaces what is shown",
    ]) {
      expect(output).toContain(reach);
    }
    finish(emulator);
    const replaced = { "own-channel": [second], "own-channel-offline": [second], "huawei-emui10": [second] };
    expect(centresOf(emulator, "plain")).toEqual({ ...replaced, "huawei-emui9": [first], oppo: [first] });
    expect(centresOf(emulator, "forced")).toEqual({
      ...replaced,
      "huawei-emui9": [first, second],
      oppo: [first, second],
    });
    expect(centresOf(emulator, "apple")).toEqual({ iphone: [second], "iphone-offline": [second] });
    const both = [first, second];
    expect(alertsOf(emulator, "plain")).toEqual({
      "own-channel": both,
      "own-channel-offline": [second],
      "huawei-emui9": [first],
      "huawei-emui10": both,
      oppo: [first],
    });
    expect(alertsOf(emulator, "apple")).toEqual({ iphone: both, "iphone-offline": [second] });
  });

  test("that is terminated, by a remedy or by onDelete, never reaches the phone that comes online", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await shop.up({ kept: {}, stopped: {}, removed: { onDelete: "terminate" } });
    emulator.clock.set(whenLive);
    const pushId = await shop.pushIdOf("stopped");

    const output = await shop.up({ kept: {}, stopped: { remedy: "terminate" } });
    finish(emulator);

    expect(output).toContain(
      `live: push ${pushId} is terminated: what is not delivered yet is stopped, what phones show stays`,
    );
    expect(alertsOf(emulator, "kept")).toEqual(everybody("android", first));
    expect(alertsOf(emulator, "stopped")).toEqual(online("android", first));
    expect(alertsOf(emulator, "removed")).toEqual(online("android", first));
    expect(await shop.stateOf("stopped")).toMatchObject({
      pushId,
      phase: "withdrawn",
      status: "PUSH_DELETED_PUSH_MSG",
    });
    const requests = emulator.requests.length;
    expect([await succeed(project.up()), emulator.requests.length]).toEqual([
      expect.stringContaining("4 unchanged"),
      requests,
    ]);
  });

  test("is recalled only where the provider says that recall is available", async () => {
    await using shop = await openShop({ emulator: { switches: { recall: "available" } } });
    const { emulator, project } = shop;
    await shop.up({ sale: {} });
    emulator.clock.set(whenLive);
    emulator.click("oppo");
    await shop.declare({ sale: { remedy: "recall" } });

    expect(await refusalOf(project.preview())).toContain(
      `'sale' has a problem: the service has taken recall offline; write remedy: "terminate", change the message, or set recallAvailable: true on the provider if yours has it`,
    );
    expect(centresOf(emulator, "sale")).toEqual({
      "own-channel": [first],
      "huawei-emui9": [first],
      "huawei-emui10": [first],
    });
    const output = await shop.up({ sale: { remedy: "recall" } }, { recallAvailable: true });
    finish(emulator);

    expect(output).toContain("is recalled from the phones that did not open it");
    expect(centresOf(emulator, "sale")).toEqual({});
    expect(alertsOf(emulator, "sale")).toEqual(online("android", first));
    expect(await shop.stateOf("sale")).toMatchObject({ phase: "withdrawn", status: "PUSH_REVOKED" });
  });
});
