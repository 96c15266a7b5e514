import { everybody, first } from "../../engine/shop.ts";
import { everywhere, type Group, type Row } from "../row.ts";
import type { Stage } from "../stage.ts";
import { phases, removed, some } from "../task.ts";
import { isCancelled } from "./effect.ts";
import { beingDelivered, takenOver, withdrawnAlready } from "./lines.ts";
import { consent, pushIds } from "./lost.ts";
import { withOptions, withRoot } from "./root.ts";

const { "own-channel-offline": _, ...onlineAlone } = everybody("android", first);

const isRefused = { calls: "deleting failed", says: beingDelivered } as const;
const removedCells: Row["cells"] = { pending: isCancelled, live: isRefused, sent: { calls: "deleted" } };

const nothingDeclared = { wayOn: "remove them from the program", settle: (stage: Stage) => stage.declare({}) };

const rows: readonly Row[] = [
  {
    trigger: "removed from the program",
    each: true,
    prepare: (stage, names) => stage.change(removed(names)),
    play: (stage) => stage.show("up"),
    cells: removedCells,
    wayOn: "put the live one back, or `TPNS_CONSENT=delete-live:<id>`",
    settle: (stage, names) => (names.includes("live") ? stage.change(some(names)) : Promise.resolve()),
  },
  {
    trigger: "removed from the program, `up --refresh`",
    each: true,
    prepare: (stage, names) => stage.change(removed(names)),
    play: (stage) => stage.show("up", "--refresh"),
    cells: removedCells,
    wayOn: "put the live one back, or `TPNS_CONSENT=delete-live:<id>`",
    settle: (stage, names) => (names.includes("live") ? stage.change(some(names)) : Promise.resolve()),
  },
  {
    trigger: 'removed from the program, with `onDelete: "terminate"`',
    tasks: some(phases, { onDelete: "terminate" }),
    prepare: (stage, names) => stage.change(removed(names)),
    play: (stage) => stage.show("up"),
    cells: { pending: isCancelled, live: { calls: "deleted", gets: onlineAlone }, sent: { calls: "deleted" } },
  },
  {
    trigger: "removed from the program, and put back in the next commit",
    each: true,
    prepare: async (stage, names) => {
      await stage.change(removed(names));
      await stage.project.up();
      await stage.change(some(names));
    },
    play: (stage) => stage.show("up"),
    cells: {
      pending: { calls: "creating failed", says: withdrawnAlready },
      live: { calls: "unchanged" },
      sent: { calls: "created", says: takenOver },
    },
    wayOn: "`push-anew:<id>`",
    settle: async (stage, names) => {
      if (!names.includes("pending")) return;
      consent(stage, "push-anew", pushIds(stage, names));
      await stage.up();
      stage.project.setEnv("TPNS_CONSENT", undefined);
    },
  },
  {
    trigger: "`pulumi destroy`",
    play: (stage) => stage.show("destroy", "--continue-on-error"),
    cells: removedCells,
    wayOn: "keep the live one alone, or `TPNS_CONSENT=delete-live:<id>`",
    settle: (stage) => stage.change(removed(["pending", "sent"])),
  },
  {
    trigger: "`pulumi destroy --run-program`, with `TPNS_CONSENT=delete-live:<id>`",
    prepare: async (stage) => consent(stage, "delete-live", pushIds(stage, ["live"])),
    play: (stage) => stage.show("destroy", "--run-program"),
    cells: { pending: isCancelled, live: { calls: "deleted" }, sent: { calls: "deleted" } },
    ...nothingDeclared,
  },
  {
    trigger: "`pulumi destroy` with a consent, then `up` with the program as it is",
    prepare: async (stage) => {
      consent(stage, "delete-live", pushIds(stage, ["live"]));
      await stage.run("destroy", "--yes");
    },
    play: (stage) => stage.show("up", "--continue-on-error"),
    cells: {
      pending: { calls: "creating failed", says: withdrawnAlready, gets: {} },
      live: { calls: "created", says: takenOver },
      sent: { calls: "created", says: takenOver },
    },
    wayOn: "remove the cancelled one from the program, or `push-anew:<id>`",
    settle: (stage) => stage.change(removed(["pending"])),
  },
  {
    trigger: "`retainOnDelete`, and `pulumi destroy`",
    prepare: (stage) => withOptions(stage, { retainOnDelete: true }),
    play: (stage) => stage.show("destroy"),
    cells: everywhere({ calls: "deleted" }),
    ...nothingDeclared,
  },
  {
    trigger: "`retainOnDelete`, `pulumi destroy`, then `up` with the program as it is",
    prepare: async (stage) => {
      await withOptions(stage, { retainOnDelete: true });
      await stage.run("destroy", "--yes");
    },
    play: (stage) => stage.show("up"),
    cells: everywhere({ calls: "created", says: takenOver }),
  },
  {
    trigger: "`protect`, and `pulumi destroy`",
    prepare: (stage) => withOptions(stage, { protect: true }),
    play: (stage) => stage.show("destroy"),
    cells: everywhere({ calls: "refused", says: "protect" }),
    wayOn: "a plain `up`",
  },
  {
    trigger: "`protect`, and removed from the program",
    each: true,
    prepare: async (stage, names) => {
      if (names.includes("pending")) await withOptions(stage, { protect: true });
      await stage.change(removed(names));
    },
    play: (stage) => stage.show("up"),
    cells: everywhere({ calls: "refused", says: "protect" }),
    wayOn: "put it back",
    settle: (stage, names) => stage.change(some(names, { options: { protect: true } })),
  },
  {
    trigger: "`deletedWith` another resource, and both are removed from the program",
    prepare: async (stage) => {
      await withRoot(stage, { deletedWith: "@root" });
      await stage.declare({});
    },
    play: (stage) => stage.show("up"),
    cells: everywhere({ calls: "deleted" }),
  },
  {
    trigger: "`deletedWith` another resource, which alone is removed from the program",
    prepare: async (stage, names) => {
      await withRoot(stage, { deletedWith: "@root" });
      await stage.declare(some(names), {});
    },
    play: (stage) => stage.show("up"),
    cells: everywhere({ calls: "unchanged" }),
  },
];

export const removal: Group = { heading: "Removed", rows };
