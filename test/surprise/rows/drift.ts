import { codeOf, stopPath } from "../../emulator/fixture.ts";
import { everybody, first } from "../../engine/shop.ts";
import { cancelInConsole } from "../../lifecycle/push-task/world.ts";
import { everywhere, type Group, type Row } from "../row.ts";
import type { Stage } from "../stage.ts";
import { edited, type Phase, some } from "../task.ts";
import { notByThisStack, withdrawnAlready } from "./lines.ts";
import { consent, lose, pushIds } from "./lost.ts";

const unchanged = everywhere({ calls: "unchanged" });

/** Somebody cancels the pending one, terminates the live one, and deletes the record of the sent one. */
async function withdrawInConsole(stage: Stage, names: readonly Phase[]): Promise<void> {
  for (const name of names) {
    const pushId = await stage.shop.pushIdOf(name);
    if (name === "pending") await cancelInConsole(stage.emulator, pushId);
    else if (name === "live") await codeOf(stage.emulator, stopPath, { pushId });
    else stage.emulator.setStatus(pushId, "PUSH_DELETED");
  }
}

/** The phone that was offline does not get what was terminated. */
const { "own-channel-offline": _, ...onlineAlone } = everybody("android", first);

const withdrawn = { pending: { gets: {} }, live: { gets: onlineAlone }, sent: {} } as const;

const each = (cell: Row["cells"][Phase]): Row["cells"] => ({
  pending: { ...cell, ...withdrawn.pending },
  live: { ...cell, ...withdrawn.live },
  sent: { ...cell, ...withdrawn.sent },
});

const acknowledge: Pick<Row, "wayOn" | "settle"> = {
  wayOn: '`remedy: "cancel"`',
  settle: (stage, names) => stage.change(some(names, { remedy: "cancel" })),
};

const rows: readonly Row[] = [
  { trigger: "`pulumi up`", play: (stage) => stage.show("up"), cells: unchanged },
  { trigger: "`pulumi up --refresh`", play: (stage) => stage.show("up", "--refresh"), cells: unchanged },
  {
    trigger: "`pulumi refresh`, then `up`",
    play: async (stage) => {
      await stage.show("refresh");
      await stage.show("up");
    },
    cells: unchanged,
  },
  {
    trigger: "`pulumi refresh --run-program`",
    play: (stage) => stage.show("refresh", "--run-program"),
    cells: unchanged,
  },
  {
    trigger: "`pulumi up --refresh --run-program`",
    play: (stage) => stage.show("up", "--refresh", "--run-program"),
    cells: unchanged,
  },
  { trigger: "`pulumi preview --refresh`", play: (stage) => stage.show("preview", "--refresh"), cells: unchanged },
  {
    trigger: "`pulumi cancel`, then `up`",
    prepare: (stage) => stage.run("cancel", "--yes"),
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "withdrawn in the console, then `up`",
    prepare: withdrawInConsole,
    play: (stage) => stage.show("up"),
    cells: each({ calls: "unchanged" }),
  },
  {
    trigger: "withdrawn in the console, then `up --refresh`",
    prepare: withdrawInConsole,
    play: (stage) => stage.show("up", "--refresh"),
    cells: each({ calls: "unchanged", says: notByThisStack }),
    ...acknowledge,
  },
  {
    trigger: "withdrawn in the console, then `refresh` and `up`",
    prepare: async (stage, names) => {
      await withdrawInConsole(stage, names);
      await stage.run("refresh", "--yes");
    },
    play: (stage) => stage.show("up"),
    cells: each({ calls: "unchanged", says: notByThisStack }),
    ...acknowledge,
  },
  {
    trigger: "withdrawn in the console, then `up --replace`",
    prepare: withdrawInConsole,
    play: async (stage, names) => stage.show("up", "--continue-on-error", ...(await stage.flags("--replace", names))),
    cells: each({ calls: "creating failed", says: withdrawnAlready }),
    wayOn: "a plain `up`",
  },
  {
    trigger: "withdrawn in the console, and the state is lost",
    prepare: async (stage, names) => {
      await withdrawInConsole(stage, names);
      await lose(stage, names);
    },
    play: (stage) => stage.show("up", "--continue-on-error"),
    cells: each({ calls: "creating failed", says: withdrawnAlready }),
    ...acknowledge,
  },
  {
    trigger: "withdrawn in the console, the state is lost, and `push-anew` is consented to",
    prepare: async (stage, names) => {
      await withdrawInConsole(stage, names);
      await lose(stage, names);
      consent(stage, "push-anew", pushIds(stage, names));
    },
    play: (stage) => stage.show("up", "--continue-on-error"),
    cells: {
      pending: { calls: "created", scheduled: [first] },
      live: { calls: "creating failed", says: "is past", gets: onlineAlone },
      sent: { calls: "creating failed", says: "is past" },
    },
    wayOn: '`remedy: "cancel"` for what is past',
    settle: (stage) => stage.change(some(["live", "sent"], { remedy: "cancel" })),
  },
  {
    trigger: "withdrawn in the console, and the text is changed",
    each: true,
    prepare: async (stage, names) => {
      await withdrawInConsole(stage, names);
      await stage.change(edited(names));
    },
    play: (stage) => stage.show("up"),
    cells: each({ calls: "refused", says: "it was withdrawn, and nothing of it is scheduled" }),
    wayOn: "take the text back, or `push-anew:<id>`",
    settle: (stage, names) => stage.change(some(names)),
  },
  {
    trigger: "the service failed to send it, then `up --refresh`",
    prepare: async ({ emulator, shop }) => emulator.setStatus(await shop.pushIdOf("pending"), "PUSH_FAILED"),
    play: (stage) => stage.show("up", "--refresh"),
    cells: { ...unchanged, pending: { calls: "unchanged", says: "failed", gets: {} } },
  },
  {
    trigger: "a year later, `up --refresh`",
    prepare: async ({ emulator }) => {
      for (const { name } of emulator.phones) emulator.setOnline(name, true);
      emulator.clock.set("2028-02-20T10:00:00+08:00");
    },
    play: (stage) => stage.show("up", "--refresh"),
    cells: unchanged,
  },
];

export const drift: Group = { heading: "Looked at, without or with an intervention in the console", rows };
