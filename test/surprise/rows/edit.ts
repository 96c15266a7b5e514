import { everybody, first, second } from "../../engine/shop.ts";
import { everywhere, type Group, type Row } from "../row.ts";
import type { Stage } from "../stage.ts";
import { edited, type Phase, removed, some } from "../task.ts";
import { isCorrected, isOverridden, isTooLate } from "./effect.ts";
import { corrected, lateOverride, notKnown, overriddenAtOnce } from "./lines.ts";
import { withOptions } from "./root.ts";

const unchanged = everywhere({ calls: "unchanged" });

const takeSentBack = (stage: Stage, names: readonly Phase[]): Promise<void> =>
  names.includes("sent") ? stage.change(some(["sent"])) : Promise.resolve();

const takeBack: Pick<Row, "wayOn" | "settle"> = {
  wayOn: "take the new text back",
  settle: (stage, names) => stage.change(some(names)),
};

const thereAndBack = [second, first];

const rows: readonly Row[] = [
  {
    trigger: "another text",
    each: true,
    prepare: (stage, names) => stage.change(edited(names)),
    play: (stage) => stage.show("up"),
    cells: { pending: isCorrected, live: isOverridden, sent: isTooLate },
    wayOn: "take the new text of the sent one back",
    settle: takeSentBack,
  },
  {
    trigger: "another text, `pulumi preview` alone",
    each: true,
    prepare: (stage, names) => stage.change(edited(names)),
    play: (stage) => stage.show("preview"),
    cells: {
      pending: { calls: "update", says: corrected },
      live: { calls: "update", says: overriddenAtOnce },
      sent: { calls: "refused", says: lateOverride },
    },
    ...takeBack,
  },
  {
    trigger: "A → B → A, each with an `up` of its own",
    each: true,
    play: async (stage, names) => {
      await stage.change(edited(names));
      await stage.show("up");
      await stage.change(some(names));
      await stage.show("up");
    },
    cells: {
      pending: { calls: "updated", says: corrected },
      live: {
        calls: "updated",
        says: overriddenAtOnce,
        alerts: { "own-channel": thereAndBack, "huawei-emui10": thereAndBack },
        gets: {
          ...everybody("android", first),
          "own-channel": [first, second, first],
          "huawei-emui10": [first, second, first],
        },
      },
      sent: { calls: "refused", says: lateOverride },
    },
  },
  {
    trigger: "A → B → A before any `up`",
    prepare: async (stage, names) => {
      await stage.change(edited(names));
      await stage.change(some(names));
    },
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "A → B → A → B within an hour",
    each: true,
    prepare: async (stage, names) => {
      await stage.change(edited(names));
      await stage.project.up();
      await stage.change(some(names));
      await stage.project.up();
      await stage.change(edited(names));
    },
    play: (stage) => stage.show("up"),
    cells: {
      pending: { calls: "refused", says: "only once an hour" },
      live: {
        calls: "updating failed",
        says: "the same push went out within the hour",
        gets: {
          ...everybody("android", first),
          "own-channel": [first, second, first],
          "huawei-emui10": [first, second, first],
        },
      },
      sent: isTooLate,
    },
    ...takeBack,
  },
  {
    trigger: "another text under `ignoreChanges`",
    prepare: (stage, names) => stage.change(edited(names, { options: { ignoreChanges: ["message"] } })),
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "another text, and `--target` names another resource",
    prepare: (stage, names) => stage.change({ ...edited(names), other: { sendTime: "2027-02-20T10:00:00+08:00" } }),
    play: (stage) => stage.show("up", "--target", "**::other"),
    cells: unchanged,
    wayOn: "take the new text back",
    settle: (stage, names) => stage.change({ ...some(names), ...removed(["other"]) }),
  },
  {
    trigger: "another text, and `--exclude` names the tasks",
    prepare: (stage, names) => stage.change(edited(names)),
    play: async (stage, names) => stage.show("up", ...(await stage.flags("--exclude", names))),
    cells: unchanged,
    ...takeBack,
  },
  {
    trigger: "another text, `--continue-on-error`, and another resource fails",
    prepare: (stage) =>
      stage.change({ ...edited(["pending", "live"]), late: { sendTime: "2027-01-01T10:00:00+08:00" } }),
    play: (stage) => stage.show("up", "--continue-on-error"),
    cells: { pending: isCorrected, live: isOverridden, sent: { calls: "unchanged" } },
    wayOn: "take the other resource back",
    settle: (stage) => stage.change(removed(["late"])),
  },
  {
    trigger: "another text under `deleteBeforeReplace`",
    each: true,
    prepare: (stage, names) => stage.change(edited(names, { options: { deleteBeforeReplace: true } })),
    play: (stage) => stage.show("up"),
    cells: { pending: isCorrected, live: isOverridden, sent: isTooLate },
    wayOn: "take the new text of the sent one back",
    settle: takeSentBack,
  },
  {
    trigger: '`replaceOnChanges: ["message"]`, and another text',
    each: true,
    prepare: (stage, names) => stage.change(edited(names, { options: { replaceOnChanges: ["message"] } })),
    play: (stage) => stage.show("up"),
    cells: { pending: isCorrected, live: isOverridden, sent: isTooLate },
    wayOn: "take the new text of the sent one back",
    settle: takeSentBack,
  },
  {
    trigger: "`replacementTrigger` changes, and another text",
    each: true,
    prepare: async (stage, names) => {
      if (names.includes("pending")) await withOptions(stage, { replacementTrigger: "one" });
      await stage.change(edited(names, { options: { replacementTrigger: "two" } }));
    },
    play: (stage) => stage.show("up"),
    cells: everywhere({ calls: "creating failed", says: notKnown }),
    wayOn: "take the new text back",
    settle: (stage, names) => stage.change(some(names, { options: { replacementTrigger: "one" } })),
  },
  {
    trigger: "the same time in other words",
    prepare: (stage, names) =>
      stage.change(some(names, (name) => ({ sendTime: { local: localTimes[name], timeZone: "Asia/Shanghai" } }))),
    play: (stage) => stage.show("up"),
    cells: everywhere({ calls: "updated" }),
  },
  {
    trigger: "`customTimeouts`, `additionalSecretOutputs`, `deleteBeforeReplace`, `retainOnDelete` are added",
    prepare: (stage, names) =>
      stage.change(
        some(names, {
          options: {
            customTimeouts: { create: "1s", update: "1s", delete: "1s" },
            additionalSecretOutputs: ["status"],
            deleteBeforeReplace: true,
            retainOnDelete: true,
          },
        }),
      ),
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "another text, by `--save-plan` and `--plan`",
    prepare: async (stage) => {
      stage.project.setEnv("PULUMI_EXPERIMENTAL", "true");
      await stage.change(edited(["pending", "live"]));
      await stage.run("preview", "--save-plan", "plan.json");
    },
    play: (stage) => stage.show("up", "--plan", "plan.json"),
    cells: { pending: isCorrected, live: isOverridden, sent: { calls: "unchanged" } },
  },
];

const localTimes: Readonly<Record<Phase, string>> = {
  pending: "2027-02-20T10:00",
  live: "2027-02-04T10:00",
  sent: "2027-02-02T10:00",
};

export const edit: Group = { heading: "The program changes", rows };
