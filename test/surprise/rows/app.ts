import { type App, androidApp, type EmulatorOptions } from "../../../provider/emulator/index.ts";
import { first } from "../../engine/shop.ts";
import { everywhere, type Group, type Row } from "../row.ts";
import type { Script, Stage } from "../stage.ts";
import { type Phase, phases, some, tasks } from "../task.ts";
import { takenOver } from "./lines.ts";
import { lose } from "./lost.ts";

const unchanged = everywhere({ calls: "unchanged" });

const otherApp: App = {
  accessId: "1500009999",
  secretKey: "emulatorandroidkey00000000000009",
  platform: "android",
};

const android = { accessId: androidApp.accessId, system: "android", channel: "xg" } as const;

/** Two apps; the phone `new` belongs to the other one. */
const twoApps: EmulatorOptions = {
  apps: [androidApp, otherApp],
  phones: [
    { ...android, name: "own-channel" },
    { ...android, name: "own-channel-offline", online: false },
    { ...android, name: "new", accessId: otherApp.accessId },
  ],
};

const old = { "own-channel": [first], "own-channel-offline": [first] };

/** A second provider beside the first, in the variable `other`. */
const secondProvider = ({ emulator }: Stage, args: object = {}): Script => ({
  prelude: `const other = new tpns.Provider("shop-other", ${JSON.stringify({ ...androidApp, accessPoint: emulator.url, ...args })});`,
});

const underOther = { app: "default", options: { provider: "@other" } } as const;

const moveTo = async (stage: Stage, names: readonly Phase[], args: object = {}): Promise<void> =>
  stage.change(some(names, underOther), secondProvider(stage, args));

const backAgain: Pick<Row, "wayOn" | "settle"> = {
  wayOn: "point it back",
  settle: (stage, names) => stage.change(some(names)),
};

/** The app in the environment, for the default provider. */
const byEnvironment = ({ project, emulator }: Stage): void => {
  project.setEnv("TPNS_ACCESS_ID", androidApp.accessId);
  project.setEnv("TPNS_PLATFORM", "android");
  project.setEnv("TPNS_ACCESS_POINT", emulator.url);
  project.setEnv("TPNS_SECRET_KEY", androidApp.secretKey);
};

const rows: readonly Row[] = [
  {
    trigger: "given to a `tpns.Provider` of another app",
    shop: { emulator: twoApps },
    each: true,
    prepare: (stage, names) => moveTo(stage, names, otherApp),
    play: (stage) => stage.show("up"),
    cells: {
      pending: { calls: "replaced", gets: { new: [first] } },
      live: { calls: "creating failed", says: "is past", gets: old },
      sent: { calls: "creating failed", says: "is past", gets: old },
    },
    wayOn: "point the others back",
    settle: (stage, names) => (names.includes("pending") ? Promise.resolve() : stage.change(some(names))),
  },
  {
    trigger: "`refresh`, then given to a `tpns.Provider` of another app",
    shop: { emulator: twoApps },
    each: true,
    prepare: async (stage, names) => {
      await stage.run("refresh", "--yes");
      await moveTo(stage, names, otherApp);
    },
    play: (stage) => stage.show("up"),
    cells: {
      pending: { calls: "replaced", gets: { new: [first] } },
      live: { calls: "creating failed", says: "is past", gets: old },
      sent: { calls: "unchanged", gets: old },
    },
    wayOn: "point the live one back",
    settle: (stage, names) => (names.includes("live") ? stage.change(some(names)) : Promise.resolve()),
  },
  {
    trigger: "given to a second `tpns.Provider` of the same app",
    prepare: (stage, names) => moveTo(stage, names),
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "given to a second `tpns.Provider` of the same app, `up --replace`",
    prepare: (stage, names) => moveTo(stage, names),
    play: async (stage, names) => stage.show("up", ...(await stage.flags("--replace", names))),
    cells: everywhere({ calls: "replaced", says: takenOver }),
  },
  {
    trigger: "given to a second `tpns.Provider` at another access point",
    each: true,
    prepare: (stage, names) =>
      moveTo(stage, names, { accessPoint: stage.emulator.url.replace("127.0.0.1", "localhost") }),
    play: (stage) => stage.show("up"),
    cells: everywhere({ calls: "refused", says: "it was pushed at <address>, and the access point configured now is" }),
    ...backAgain,
  },
  {
    trigger: "given to a `tpns.Provider` whose `onlyStacks` has not this stack",
    each: true,
    prepare: (stage, names) => moveTo(stage, names, { onlyStacks: ["prod"] }),
    play: (stage) => stage.show("up"),
    cells: everywhere({ calls: "refused", says: "stack dev may not use app 1500001234" }),
    ...backAgain,
  },
  {
    trigger: "given to the default provider, of the same app by the environment",
    configure: byEnvironment,
    prepare: (stage, names) => stage.change(some(names, { app: "default" })),
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "the default provider gets another app by the environment",
    tasks: some(phases, { app: "default" }),
    configure: byEnvironment,
    each: true,
    prepare: async ({ project }) => {
      project.setEnv("TPNS_ACCESS_ID", otherApp.accessId);
      project.setEnv("TPNS_SECRET_KEY", otherApp.secretKey);
    },
    play: async (stage, names) => stage.show("up", ...(await stage.flags("--target", names))),
    cells: everywhere({ calls: "refused", says: "and the app configured now is 1500009999" }),
    wayOn: "configure the first app again",
    settle: async (stage) => byEnvironment(stage),
  },
  {
    trigger: "the provider's key comes from the environment instead",
    prepare: async (stage) => {
      stage.project.setEnv("SHOP_KEY", androidApp.secretKey);
      await stage.declare(tasks, { guards: { secretKey: undefined, secretKeyEnv: "SHOP_KEY" } });
    },
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "the provider gets `marker: false`",
    prepare: (stage) => stage.declare(tasks, { guards: { marker: false } }),
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "the provider gets `marker: false`, and the state is lost",
    prepare: async (stage, names) => {
      await lose(stage, names);
      await stage.declare(tasks, { guards: { marker: false } });
    },
    play: (stage) => stage.show("up"),
    cells: everywhere({ calls: "created", says: takenOver }),
  },
];

export const app: Group = { heading: "A provider pointed elsewhere", rows };
