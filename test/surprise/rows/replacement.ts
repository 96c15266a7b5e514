import { everywhere, type Group, type Row } from "../row.ts";
import type { Stage } from "../stage.ts";
import { type Phase, phases, some, tasks } from "../task.ts";
import { takenOver } from "./lines.ts";
import { rootUrn, withOptions, withRoot } from "./root.ts";

const replaced = everywhere({ calls: "replaced", says: takenOver });
const unchanged = everywhere({ calls: "unchanged" });

const replace = async (stage: Stage, names: readonly Phase[], ...flags: readonly string[]) =>
  stage.show("up", ...flags, ...(await stage.flags("--replace", names)));

const actions = ["adopt", "duplicate-of", "push-anew", "override-late", "delete-live"];

const rows: readonly Row[] = [
  { trigger: "`pulumi up --replace`", play: (stage, names) => replace(stage, names), cells: replaced },
  {
    trigger: "`pulumi up --target-replace`",
    play: async (stage, names) => stage.show("up", ...(await stage.flags("--target-replace", names))),
    cells: replaced,
  },
  {
    trigger: "`pulumi state taint`, then `up`",
    prepare: async (stage, names) => stage.run("state", "taint", "--yes", ...(await stage.urns(names))),
    play: (stage) => stage.show("up"),
    cells: replaced,
  },
  {
    trigger: "`pulumi refresh`, then `pulumi up --replace`",
    prepare: (stage) => stage.run("refresh", "--yes"),
    play: (stage, names) => replace(stage, names),
    cells: replaced,
  },
  {
    trigger: "`pulumi up --refresh --replace`",
    play: (stage, names) => replace(stage, names, "--refresh"),
    cells: replaced,
  },
  {
    trigger: "`pulumi up --parallel 1 --replace`",
    play: (stage, names) => replace(stage, names, "--parallel", "1"),
    cells: replaced,
  },
  {
    trigger: "`pulumi up --replace` on another machine (the journal is lost)",
    prepare: (stage) => stage.loseJournal(),
    play: (stage, names) => replace(stage, names),
    cells: replaced,
  },
  {
    trigger: "`pulumi up --replace`, twice",
    prepare: (stage, names) => replace(stage, names),
    play: (stage, names) => replace(stage, names),
    cells: replaced,
  },
  {
    trigger: "`pulumi up --replace`, while `TPNS_CONSENT` holds every consent there is for these pushes",
    prepare: async (stage, names) => {
      const ids = await Promise.all(names.map(stage.shop.pushIdOf));
      stage.project.setEnv("TPNS_CONSENT", ids.flatMap((id) => actions.map((action) => `${action}:${id}`)).join(","));
    },
    play: (stage, names) => replace(stage, names),
    cells: replaced,
  },
  {
    trigger: "`deleteBeforeReplace` and `pulumi up --replace`",
    prepare: (stage) => withOptions(stage, { deleteBeforeReplace: true }),
    play: (stage, names) => replace(stage, names),
    cells: replaced,
  },
  {
    trigger: "`retainOnDelete` and `pulumi up --replace`",
    prepare: (stage) => withOptions(stage, { retainOnDelete: true }),
    play: (stage, names) => replace(stage, names),
    cells: replaced,
  },
  {
    trigger: "`protect` and `pulumi up --replace`",
    prepare: (stage) => withOptions(stage, { protect: true }),
    play: (stage, names) => replace(stage, names),
    cells: everywhere({ calls: "refused", says: "error: unable to replace resource" }),
  },
  {
    trigger: "`protect` and `pulumi up --replace --ignore-protect`",
    prepare: (stage) => withOptions(stage, { protect: true }),
    play: (stage, names) => replace(stage, names, "--ignore-protect"),
    cells: replaced,
  },
  {
    trigger: "`replacementTrigger` is added",
    prepare: (stage) => stage.declare(some(phases, { options: { replacementTrigger: "one" } })),
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "`replacementTrigger` changes",
    prepare: async (stage) => {
      await withOptions(stage, { replacementTrigger: "one" });
      await stage.declare(some(phases, { options: { replacementTrigger: "two" } }));
    },
    play: (stage) => stage.show("up"),
    cells: replaced,
  },
  {
    trigger: '`replaceOnChanges: ["*"]` is added',
    prepare: (stage) => stage.declare(some(phases, { options: { replaceOnChanges: ["*"] } })),
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "`replaceWith` another resource, which is replaced",
    prepare: (stage) => withRoot(stage, { replaceWith: ["@root"] }),
    play: (stage) => stage.show("up", "--replace", rootUrn),
    cells: replaced,
  },
  {
    trigger: "`deletedWith` another resource, which is replaced",
    prepare: (stage) => withRoot(stage, { deletedWith: "@root" }),
    play: (stage) => stage.show("up", "--replace", rootUrn),
    cells: unchanged,
  },
  {
    trigger: "`pulumi up --replace` in a run that fails at another resource, then `up`",
    prepare: async (stage, names) => {
      await stage.declare({ ...tasks, late: { sendTime: "2027-01-01T10:00:00+08:00" } });
      await stage.project.up(...(await stage.flags("--replace", names)));
      await stage.declare(tasks);
    },
    play: (stage) => stage.show("up"),
    cells: everywhere({ calls: "deleted original" }),
  },
  {
    trigger: "`pulumi up --replace` beyond `maxPushesPerRun`",
    each: true,
    prepare: (stage) => stage.declare(tasks, { guards: { maxPushesPerRun: 0 } }),
    play: (stage, names) => replace(stage, names),
    cells: everywhere({ calls: "refused", says: "it is push 1 of this run, and maxPushesPerRun is 0" }),
    wayOn: "a plain `up`",
  },
];

export const replacement: Group = { heading: "Replaced, without a change of the declaration", rows };
