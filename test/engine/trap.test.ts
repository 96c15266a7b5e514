import { describe, expect, test } from "vitest";
import { startEmulator } from "../../provider/emulator/index.ts";
import { pushesTo } from "../lifecycle/fixture.ts";
import { finish, worldOf } from "../lifecycle/push-task/world.ts";
import { createProject, succeed } from "./run.ts";
import { alertsOf, everybody, first, openShop, pace, refusalOf, second, tasksOf } from "./shop.ts";

const pushPath = "/v3/push/app";

describe("what the engine does without a change of the program", () => {
  test("sends nothing: a forced replacement, a taint, a lost state, a rename", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await shop.up({ sale: {} });
    const pushId = await shop.pushIdOf("sale");
    const urn = await shop.urnOf("sale");
    const before = worldOf(emulator);

    expect(await succeed(project.up("--replace", urn))).toContain("1 replaced");
    await succeed(project.pulumi("state", "taint", urn, "--yes"));
    expect(await succeed(project.up())).toContain("1 replaced");
    await succeed(project.pulumi("state", "delete", urn, "--yes"));
    expect(await succeed(project.up())).toContain(
      `push ${pushId} is there already (PUSH_WAIT); it is taken over, and nothing is sent`,
    );
    expect(await shop.stateOf("sale")).toMatchObject({ pushId, adopted: true, phase: "pending" });
    // The text of the message stays, and so does its title.
    const message = { title: "sale", content: first };
    expect(await refusalOf(shop.declare({ renamed: { message } }).then(() => project.up()))).toContain(
      `create task "renamed": another resource has pushed the same message to the same audience for the same time, ${pushId} "sale", pending; if it was renamed or moved, write the option aliases`,
    );
    expect(await shop.up({ renamed: { message, options: { aliases: [{ name: "sale" }] } } })).toContain("3 unchanged");
    expect(worldOf(emulator)).toEqual(before);

    await shop.up({ renamed: { message: { title: "sale", content: second } } });
    finish(emulator);
    expect(tasksOf(emulator)).toEqual({
      sale: [`PUSH_CANCELED ${first}`, `PUSH_FINISHED ${second}`],
    });
    expect(alertsOf(emulator, "sale")).toEqual(everybody("android", second));
  });
});

describe("a lost state", () => {
  test("of a task that got another name is taken over by consent, and nothing is sent", async () => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await shop.up({ sale: {} });
    const pushId = await shop.pushIdOf("sale");
    await succeed(project.pulumi("state", "delete", await shop.urnOf("sale"), "--yes"));
    const before = worldOf(emulator);

    await shop.up({ renamed: { message: { title: "sale", content: first }, consent: [`adopt:${pushId}`] } });
    expect(worldOf(emulator)).toEqual(before);
    expect(await shop.stateOf("renamed")).toMatchObject({ pushId, adopted: true });

    await succeed(project.destroy());
    expect(tasksOf(emulator)).toEqual({ sale: [`PUSH_CANCELED ${first}`] });
  });
});

describe("a push that fails after its cancel", () => {
  test.for([true, false])("is owed, and made once by the next up, refreshed %s", async (refreshed) => {
    await using shop = await openShop();
    const { emulator, project } = shop;
    await shop.up({ sale: {} });
    await shop.declare({ sale: { content: second } });
    emulator.failNext({ path: pushPath, fault: { retCode: 1008019 } });

    const { code, output } = await project.up();

    expect(code).toBe(1);
    expect(output).toMatch(
      // The engine escapes the quotes of an init error.
      /\* NOTHING IS SCHEDULED: task .{1,2}sale.{1,2} was cancelled, and its push failed: .*1008019.*; run pulumi up again before its send time, or write a new one\n/,
    );
    expect(tasksOf(emulator)).toEqual({ sale: [`PUSH_CANCELED ${first}`] });
    if (refreshed) await succeed(project.refresh());
    expect(await succeed(project.preview())).toContain("nothing is scheduled since its cancel; it is pushed anew");
    expect(await succeed(project.up())).toContain("1 updated");
    expect(await succeed(project.up())).toContain("3 unchanged");
    finish(emulator);
    expect(alertsOf(emulator, "sale")).toEqual(everybody("android", second));
    expect(pushesTo(emulator)).toBe(2);
  });
});

/** A package of accounts, and a resource whose outputs are known once it is there. */
const unknownProgram = (accessPoint: string, content: string): string => `
import * as pulumi from "@pulumi/pulumi";
import * as tpns from "pulumi-tpns";
import { androidApp } from "pulumi-tpns/emulator";

const load = 'exports.handler=()=>require("module").createRequire(process.cwd()+"/")("./clock.cjs");';

class Source extends pulumi.CustomResource {
  declare readonly at: pulumi.Output<string>;
  constructor(name: string, text: string) {
    super("pulumi-nodejs:dynamic/test:Source", name, { __provider: load, text, at: undefined, copy: undefined });
  }
}

const provider = new tpns.Provider("shop", { ...androidApp, accessPoint: "${accessPoint}" });
const source = new Source("source", "${content}");
const accounts = new tpns.AudiencePackage("accounts", { file: "accounts.txt" }, { provider });
new tpns.PushTask("sale", {
  audience: { type: "package_account_push", uploadId: accounts.uploadId, accountPushType: "all" },
  sendTime: source.at,
  message: { title: "sale", content: pulumi.interpolate\`\${source.copy} today\` },
}, { provider });
`;

const source = `
const outs = ({ text }) => ({ text, copy: text, at: "2027-02-02T10:00:00+08:00" });
module.exports = {
  create: async (inputs) => ({ id: "source", outs: outs(inputs) }),
  diff: async (id, olds, news) => ({ changes: olds.text !== news.text }),
  update: async (id, olds, news) => ({ outs: outs(news) }),
  read: async (id, props) => ({ id, props }),
  delete: async () => {},
};
`;

describe("values that a preview does not know", () => {
  test("are waited for, and the task has the true ones", async () => {
    await using emulator = await startEmulator({ now: "2027-02-01T08:00:00+08:00", pace });
    await using project = await createProject({
      program: unknownProgram(emulator.url, "20 % off"),
      files: { "clock.cjs": source, "accounts.txt": "alice\nbob\n" },
    });

    expect(await succeed(project.preview())).toContain("5 to create");
    expect(emulator.requests).toEqual([]);
    await succeed(project.up());
    expect(tasksOf(emulator)).toEqual({ sale: [`PUSH_WAIT ${first}`] });
    expect(emulator.tasks.map(({ sendTime }) => sendTime)).toEqual(["2027-02-02 10:00:00"]);

    await project.setProgram(unknownProgram(emulator.url, "30 % off"));
    const before = worldOf(emulator);
    expect(await succeed(project.preview())).toContain("2 to update");
    expect(worldOf(emulator)).toEqual(before);
    await succeed(project.up());
    expect(tasksOf(emulator)).toEqual({ sale: [`PUSH_CANCELED ${first}`, `PUSH_WAIT ${second}`] });
    finish(emulator);
    expect(alertsOf(emulator, "sale")).toEqual({
      "own-channel": [second],
      "own-channel-offline": [second],
      oppo: [second],
    });
  });
});
