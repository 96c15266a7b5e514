import { describe, expect, test } from "vitest";
import { type App, androidApp, type EmulatorOptions, iosApp, startEmulator } from "../../provider/emulator/index.ts";
import { finish, worldOf } from "../lifecycle/push-task/world.ts";
import { createProject, succeed } from "./run.ts";
import { alertsOf, everybody, first, openShop, pace, programOf, refusalOf, second, tasksOf } from "./shop.ts";

const otherApp: App = {
  accessId: "1500009999",
  secretKey: "emulatorandroidkey00000000000009",
  platform: "android",
};

/** A shop with two Android apps, each with one phone, and an iOS app. */
const world: EmulatorOptions = {
  now: "2027-02-01T08:00:00+08:00",
  pace,
  apps: [androidApp, otherApp, iosApp],
  phones: [
    { name: "old", accessId: androidApp.accessId, system: "android", channel: "xg" },
    { name: "new", accessId: otherApp.accessId, system: "android", channel: "xg" },
    { name: "iphone", accessId: iosApp.accessId, system: "ios", channel: "apns" },
  ],
};

const toOtherApp = (program: string): string =>
  program.replaceAll(androidApp.accessId, otherApp.accessId).replaceAll(androidApp.secretKey, otherApp.secretKey);

describe("two providers in one stack", () => {
  test("serve their apps, and one that is given another app cancels on the old one and pushes on the new", async () => {
    await using shop = await openShop({ emulator: world });
    const { emulator, project } = shop;
    const tasks = (content: string) => ({ sale: { content }, apple: { app: "ios", content: first } }) as const;
    await shop.up(tasks(first));

    await project.setProgram(toOtherApp(programOf(emulator.url, tasks(first))));
    const preview = await succeed(project.preview());
    expect(preview).toContain("replace");
    expect(emulator.tasks.map(({ status }) => status)).toEqual(["PUSH_WAIT", "PUSH_WAIT"]);
    await succeed(project.up());
    const byApp = () =>
      emulator.tasks.map(({ accessId, status, content }) => `${accessId} ${status} ${content}`).sort();
    expect(byApp()).toEqual([
      `${androidApp.accessId} PUSH_CANCELED ${first}`,
      `${otherApp.accessId} PUSH_WAIT ${first}`,
      `${iosApp.accessId} PUSH_WAIT ${first}`,
    ]);

    const requests = emulator.requests.length;
    expect(await succeed(project.up())).toContain("5 unchanged");
    expect(emulator.requests.length).toBe(requests);
    await project.setProgram(toOtherApp(programOf(emulator.url, tasks(second))));
    await succeed(project.up());
    await succeed(project.refresh());
    finish(emulator);
    expect(alertsOf(emulator, "sale")).toEqual({ new: [second] });
    expect(alertsOf(emulator, "apple")).toEqual({ iphone: [first] });
    emulator.clock.step(2 * 24 * 3_600);
    expect(await succeed(project.destroy())).toContain("5 deleted");
  });
});

describe("the app of the stack's configuration", () => {
  test("serves the default provider; another one is refused, and the stack is usable once it is back", async () => {
    await using emulator = await startEmulator(world);
    const program = (content: string): string => programOf(emulator.url, { sale: { app: "default", content } });
    await using project = await createProject({
      program: program(first),
      config: {
        "tpns:accessId": androidApp.accessId,
        "tpns:platform": "android",
        "tpns:accessPoint": emulator.url,
      },
      secrets: { "tpns:secretKey": androidApp.secretKey },
      env: { [`TPNS_SECRET_KEY_${otherApp.accessId}`]: otherApp.secretKey },
    });
    const configure = ({ accessId }: App) => succeed(project.pulumi("config", "set", "tpns:accessId", accessId));
    await succeed(project.up());
    expect(JSON.stringify(await project.exportState())).not.toContain(androidApp.secretKey);
    const before = worldOf(emulator);

    await configure(otherApp);
    for (const operation of ["preview", "up", "refresh", "destroy"] as const) {
      expect(await refusalOf(project[operation]())).toContain(
        `it was pushed on app ${androidApp.accessId}, and the app configured now is ${otherApp.accessId}; configure ${androidApp.accessId} again, or give each app its own tpns.Provider`,
      );
    }
    expect(worldOf(emulator)).toEqual(before);

    await configure(androidApp);
    expect(await succeed(project.up())).toContain("2 unchanged");
    await project.setProgram(program(second));
    await succeed(project.up());
    expect(await succeed(project.destroy())).toContain("2 deleted");
    expect(tasksOf(emulator)).toEqual({ sale: [`PUSH_CANCELED ${first}`, `PUSH_CANCELED ${second}`] });
  });
});

describe("the app of the environment", () => {
  test("serves the default provider", async () => {
    await using emulator = await startEmulator({ now: "2027-02-01T08:00:00+08:00", pace });
    const program = (content: string): string => programOf(emulator.url, { sale: { app: "default", content } });
    await using project = await createProject({
      program: program(first),
      env: {
        TPNS_ACCESS_ID: androidApp.accessId,
        TPNS_PLATFORM: "android",
        TPNS_ACCESS_POINT: emulator.url,
        TPNS_SECRET_KEY: androidApp.secretKey,
      },
    });
    await succeed(project.up());
    const requests = emulator.requests.length;
    expect(await succeed(project.up())).toContain("2 unchanged");
    expect(emulator.requests.length).toBe(requests);
    await project.setProgram(program(second));
    await succeed(project.up());
    await succeed(project.refresh());
    finish(emulator);
    expect(alertsOf(emulator, "sale")).toEqual(everybody("android", second));

    project.setEnv("TPNS_ACCESS_ID", undefined);
    await project.setProgram(program(first));
    expect(await refusalOf(project.preview())).toContain(
      "no accessId; give the task a tpns.Provider, or run: pulumi config set tpns:accessId ..., or set TPNS_ACCESS_ID",
    );
  });
});
