import { everybody, first, second } from "../../engine/shop.ts";
import { everywhere, type Group, type Row } from "../row.ts";
import type { Stage } from "../stage.ts";
import { edited, type Phase, removed, renamed, some } from "../task.ts";
import { anotherResource, notKnown, past, takenOver } from "./lines.ts";

const created = everywhere({ calls: "created", says: takenOver });

/** The state forgets the tasks; gives their push ids. */
export async function lose(stage: Stage, names: readonly Phase[]): Promise<readonly string[]> {
  const pushIds = await Promise.all(names.map(stage.shop.pushIdOf));
  await stage.run("state", "delete", "--yes", ...(await stage.urns(names)));
  return pushIds;
}

/** The whole stack is gone, and made anew under its name. */
async function loseStack(stage: Stage): Promise<void> {
  await stage.run("stack", "rm", "dev", "--force", "--yes");
  await stage.run("stack", "init", "dev");
}

export const consent = (stage: Stage, action: string, pushIds: readonly string[]): void =>
  stage.project.setEnv("TPNS_CONSENT", pushIds.map((id) => `${action}:${id}`).join(","));

/** The ids of the tasks that are out or will be, in the order of the phases. */
export const pushIds = ({ emulator }: Stage, names: readonly Phase[]): readonly string[] =>
  names.flatMap((name) => emulator.tasks.filter(({ title }) => title === name).map(({ pushId }) => pushId));

const rows: readonly Row[] = [
  {
    trigger: "`pulumi state delete`, then `up`",
    prepare: lose,
    play: (stage) => stage.show("up"),
    cells: created,
  },
  {
    trigger: "`pulumi state delete`, then `up` on another machine (the journal is lost)",
    prepare: async (stage, names) => {
      await lose(stage, names);
      await stage.loseJournal();
    },
    play: (stage) => stage.show("up"),
    cells: created,
  },
  {
    trigger: "the whole stack's state is lost",
    prepare: loseStack,
    play: (stage) => stage.show("up"),
    cells: created,
  },
  {
    trigger: "the whole stack's state is lost, and the journal",
    prepare: async (stage) => {
      await loseStack(stage);
      await stage.loseJournal();
    },
    play: (stage) => stage.show("up"),
    cells: created,
  },
  {
    trigger: "the state is lost, while `TPNS_CONSENT` holds `duplicate-of` and `push-anew` for these pushes",
    prepare: async (stage, names) => {
      const ids = await lose(stage, names);
      stage.project.setEnv("TPNS_CONSENT", ids.flatMap((id) => [`duplicate-of:${id}`, `push-anew:${id}`]).join(","));
    },
    play: (stage) => stage.show("up"),
    cells: created,
  },
  {
    trigger: "a killed run has left a pending operation instead of the resource",
    prepare: async (stage) => stage.importState(withPendingCreates(await stage.exportState())),
    play: (stage) => stage.show("up"),
    cells: created,
    wayOn: "`pulumi refresh --clear-pending-creates`",
    settle: (stage) => stage.run("refresh", "--yes", "--clear-pending-creates"),
  },
  {
    trigger: "the state is lost, and the text was changed in the same commit",
    prepare: async (stage, names) => {
      await lose(stage, names);
      await stage.declare(edited(names));
    },
    play: (stage) => stage.show("up", "--continue-on-error"),
    cells: {
      pending: { calls: "creating failed", says: notKnown, gets: everybody("android", second) },
      live: { calls: "creating failed", says: notKnown },
      sent: { calls: "creating failed", says: notKnown },
    },
    wayOn: "`adopt:<id>`: a pending one is corrected, others are recorded",
    settle: async (stage, names) => {
      consent(stage, "adopt", pushIds(stage, names));
      await stage.up();
      stage.project.setEnv("TPNS_CONSENT", undefined);
    },
  },
  {
    trigger: "the state is lost, and the tasks are renamed",
    prepare: async (stage, names) => {
      await lose(stage, names);
      await stage.change(renamed(names));
    },
    play: (stage) => stage.show("up", "--continue-on-error"),
    cells: everywhere({ calls: "creating failed", says: anotherResource }),
    wayOn: "`adopt:<id>`",
    settle: async (stage, names) => {
      consent(stage, "adopt", pushIds(stage, names));
      await stage.up();
      stage.project.setEnv("TPNS_CONSENT", undefined);
    },
  },
  {
    trigger: '`remedy: "cancel"` is declared where the state is lost',
    prepare: async (stage, names) => {
      await lose(stage, names);
      await stage.declare(some(names, { remedy: "cancel" }));
    },
    play: (stage) => stage.show("up", "--continue-on-error"),
    cells: {
      pending: { calls: "created", says: takenOver, scheduled: [], gets: {} },
      live: { calls: "creating failed", says: "it is out, too late to cancel" },
      sent: { calls: "created", says: takenOver },
    },
    wayOn: "take the remedy of the live one back",
    settle: (stage) => stage.change(some(["live"])),
  },
  {
    trigger: "`pulumi state delete`, and the tasks are removed from the program",
    prepare: async (stage, names) => {
      await lose(stage, names);
      await stage.change(removed(names));
    },
    play: (stage) => stage.show("up"),
    cells: everywhere({ calls: "unchanged" }),
  },
  {
    trigger: "the state is lost a year later",
    prepare: async (stage, names) => {
      stage.emulator.clock.set("2027-02-20T10:05:00+08:00");
      for (const { name } of stage.emulator.phones) stage.emulator.setOnline(name, true);
      stage.emulator.clock.set("2028-02-20T10:00:00+08:00");
      await lose(stage, names);
    },
    play: (stage) => stage.show("up", "--continue-on-error"),
    cells: {
      pending: { calls: "creating failed", says: past("2027-02-20 10:00") },
      live: { calls: "creating failed", says: past("2027-02-04 10:00"), gets: withoutOffline() },
      sent: { calls: "creating failed", says: past("2027-02-02 10:00") },
    },
    wayOn: '`pastSendTime: "skip"`',
    settle: (stage, names) => stage.declare(some(names, { pastSendTime: "skip" })),
  },
  {
    trigger: "the state is lost under a provider with `marker: false`",
    script: { guards: { marker: false } },
    prepare: lose,
    play: (stage) => stage.show("up"),
    cells: created,
  },
];

const twice = [first, first];

const openRows: readonly Row[] = [
  {
    trigger:
      "the state and the journal are lost under a provider with `marker: false`: nothing tells whose push it is, and it is sent twice",
    script: { guards: { marker: false } },
    prepare: async (stage, names) => {
      await lose(stage, names);
      await stage.loseJournal();
    },
    play: (stage) => stage.show("up", "--continue-on-error"),
    cells: {
      pending: {
        calls: "created",
        scheduled: twice,
        gets: Object.fromEntries(Object.keys(everybody("android")).map((phone) => [phone, twice])),
      },
      live: { calls: "creating failed", says: past("2027-02-04 10:00") },
      sent: { calls: "creating failed", says: past("2027-02-02 10:00") },
    },
    wayOn: 'keep the marker, or the state; `pastSendTime: "skip"` for what is out',
    settle: (stage, names) => stage.change(some(names, { pastSendTime: "skip" })),
  },
];

export const open: Group = { heading: "What stays open", rows: openRows };

/** Nobody switched the phone on in the day that the live one was kept for it. */
function withoutOffline() {
  const { "own-channel-offline": _, ...others } = everybody("android", first);
  return others;
}

/** As a run leaves it that was killed between the push and the state. */
function withPendingCreates(text: string): string {
  const exported = JSON.parse(text);
  const isTask = ({ type }: { type: string }): boolean => type.endsWith("PushTask");
  const { resources } = exported.deployment;
  exported.deployment.resources = resources.filter((resource: { type: string }) => !isTask(resource));
  exported.deployment.pending_operations = resources
    .filter(isTask)
    .map(({ id: _id, outputs: _outputs, ...resource }: Record<string, unknown>) => ({ resource, type: "creating" }));
  return JSON.stringify(exported);
}

export const lost: Group = { heading: "The state is lost", rows };
