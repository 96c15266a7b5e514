import { everybody, first, second } from "../../engine/shop.ts";
import { everywhere, type Group, type Row } from "../row.ts";
import type { Stage } from "../stage.ts";
import { edited, some, tasks } from "../task.ts";
import { afterOverride, isCancelled, isCorrected, isOverridden, isTooLate } from "./effect.ts";
import { beingDelivered, notByThisStack, settles, takenOver } from "./lines.ts";
import { lose } from "./lost.ts";
import { withOptions } from "./root.ts";

const unchanged = everywhere({ calls: "unchanged" });

/** The stack's state stands in a second stack, too. */
async function copyStack(stage: Stage): Promise<void> {
  const text = await stage.exportState();
  await stage.run("stack", "init", "copy", "--no-select");
  await stage.importState(text.replaceAll("urn:pulumi:dev::", "urn:pulumi:copy::"), "--stack", "copy");
}

/** A backup from before an edit is imported after it. */
async function importOlder(stage: Stage): Promise<void> {
  const older = await stage.exportState();
  await stage.declare({ ...tasks, ...edited(["pending", "live"]) });
  await stage.up();
  await stage.importState(older);
}

const olderHandler =
  'exports.handler = () => require(\\"module\\").createRequire(process.cwd() + \\"/\\")(\\"pulumi-tpns/dynamic\\").pushTask;';
const handler =
  'exports.handler=()=>require(\\"module\\").createRequire(process.cwd()+\\"/\\")(\\"pulumi-tpns/dynamic\\").pushTask;';

/** As a version of the package left it that wrote the text otherwise. */
async function withOlderHandler(stage: Stage): Promise<void> {
  const text = await stage.exportState();
  if (!text.includes(handler)) throw new Error("the state does not hold the handler's text");
  await stage.importState(text.replaceAll(handler, olderHandler));
}

/** What `pulumi import --file` takes. */
function importFileOf(text: string): string {
  const { resources } = JSON.parse(text).deployment;
  const isTask = ({ type }: { type: string }): boolean => type.endsWith("PushTask");
  const provider = resources.find(({ type }: { type: string }) => type === "pulumi:providers:pulumi-nodejs");
  const entry = ({ type, id, urn, inputs, outputs }: Record<string, unknown>) => ({
    type,
    name: String(urn).split("::").at(-1),
    id,
    inputs,
    outputs,
    provider: "shop",
  });
  return JSON.stringify({ nameTable: { shop: provider.urn }, resources: resources.filter(isTask).map(entry) });
}

/** The journal tells that the state is older than what is there: the revert is one more edit. */
const isReverted: Row["cells"] = {
  pending: { calls: "updated", says: settles, scheduled: [first] },
  live: {
    calls: "updated",
    says: settles,
    alerts: { "own-channel": [first], "huawei-emui10": [first] },
    gets: {
      ...everybody("android", first),
      "own-channel": [first, second, first],
      "huawei-emui10": [first, second, first],
    },
  },
  sent: { calls: "unchanged" },
};

/** Without a journal only a look tells, and it tells of what the state knows. */
const staysCorrected = (says?: string): Row["cells"] => ({
  pending: { calls: "unchanged", gets: everybody("android", second), ...(says && { says }) },
  live: { calls: "unchanged", gets: afterOverride, ...(says && { says }) },
  sent: { calls: "unchanged" },
});

async function importOlderAndRevert(stage: Stage): Promise<void> {
  await importOlder(stage);
  await stage.declare(tasks);
}

async function importOlderAndRevertElsewhere(stage: Stage): Promise<void> {
  await importOlderAndRevert(stage);
  await stage.loseJournal();
}

const rows: readonly Row[] = [
  {
    trigger: "the state is copied to another stack, `up` there",
    prepare: copyStack,
    play: (stage) => stage.show("up", "--stack", "copy"),
    cells: unchanged,
  },
  {
    trigger: "the state is copied to another stack, `up --refresh` there on another machine (the journal is lost)",
    prepare: async (stage) => {
      await copyStack(stage);
      await stage.loseJournal();
    },
    play: (stage) => stage.show("up", "--refresh", "--stack", "copy"),
    cells: unchanged,
  },
  {
    trigger: "the state is copied to another stack, the text is changed, and `up` there",
    each: true,
    prepare: async (stage, names) => {
      if (names.includes("pending")) await copyStack(stage);
      await stage.change(edited(names));
    },
    play: (stage) => stage.show("up", "--stack", "copy"),
    cells: { pending: isCorrected, live: isOverridden, sent: isTooLate },
    wayOn: "take the new text of the sent one back; `up` of the first stack finds what was pushed",
    settle: (stage, names) => (names.includes("sent") ? stage.change(some(names)) : stage.up()),
  },
  {
    trigger: "the state is copied to another stack, and `destroy` there",
    prepare: copyStack,
    play: (stage) => stage.show("destroy", "--stack", "copy", "--continue-on-error"),
    cells: {
      pending: isCancelled,
      live: { calls: "deleting failed", says: beingDelivered },
      sent: { calls: "deleted" },
    },
  },
  {
    trigger: "an older export is imported back after an edit",
    prepare: importOlder,
    play: (stage) => stage.show("up"),
    cells: {
      pending: { calls: "updated", says: takenOver, gets: everybody("android", second) },
      live: { calls: "updated", says: takenOver, gets: afterOverride },
      sent: { calls: "unchanged" },
    },
  },
  {
    trigger: "an older export is imported back after an edit, on another machine (the journal is lost)",
    prepare: async (stage) => {
      await importOlder(stage);
      await stage.loseJournal();
    },
    play: (stage) => stage.show("up"),
    cells: {
      pending: { calls: "updated", says: takenOver, gets: everybody("android", second) },
      live: { calls: "updated", says: takenOver, gets: afterOverride },
      sent: { calls: "unchanged" },
    },
  },
  {
    trigger: "an older export is imported back after an edit, and the edit is reverted",
    prepare: importOlderAndRevert,
    play: (stage) => stage.show("up"),
    cells: isReverted,
  },
  {
    trigger: "an older export is imported back after an edit, and the edit is reverted, `up --refresh`",
    prepare: importOlderAndRevert,
    play: (stage) => stage.show("up", "--refresh"),
    cells: isReverted,
  },
  {
    trigger: "an older export is imported back after an edit, and the edit is reverted (the journal is lost)",
    prepare: importOlderAndRevertElsewhere,
    play: (stage) => stage.show("up"),
    cells: staysCorrected(),
  },
  {
    trigger:
      "an older export is imported back after an edit, and the edit is reverted, `up --refresh` (the journal is lost)",
    prepare: importOlderAndRevertElsewhere,
    play: (stage) => stage.show("up", "--refresh"),
    cells: staysCorrected(notByThisStack),
  },
  {
    trigger: "the state holds an older handler's text",
    prepare: withOlderHandler,
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "the state holds an older handler's text, `up --refresh`",
    prepare: withOlderHandler,
    play: (stage) => stage.show("up", "--refresh"),
    cells: unchanged,
  },
  {
    trigger: "`pulumi state protect`, then `up`",
    prepare: async (stage, names) => stage.run("state", "protect", "--yes", ...(await stage.urns(names))),
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "`pulumi state unprotect`, then `up`",
    prepare: async (stage, names) => {
      await withOptions(stage, { protect: true });
      await stage.run("state", "unprotect", "--yes", ...(await stage.urns(names)));
    },
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "`pulumi state repair`, then `up`",
    prepare: (stage) => stage.run("state", "repair", "--yes"),
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "the state is lost, and `pulumi import --file` with inputs and outputs",
    prepare: async (stage, names) => {
      await stage.write("import.json", importFileOf(await stage.exportState()));
      await lose(stage, names);
    },
    play: async (stage) => {
      await stage.show("import", "--file", "import.json", "--generate-code=false");
      await stage.show("up");
    },
    cells: everywhere({ calls: "imported" }),
  },
  {
    trigger: "the state is lost, and the option `import` names the id",
    each: true,
    prepare: async (stage, names) => {
      const { resources } = await stage.project.exportState();
      const id = resources.find(({ urn }) => urn.endsWith(`::${names[0]}`))?.id;
      await lose(stage, names);
      await stage.change(some(names, { options: { import: id } }));
    },
    play: (stage) => stage.show("up"),
    cells: everywhere({ calls: "refused", says: "error: " }),
    wayOn: "take the option back",
    settle: (stage, names) => stage.change(some(names)),
  },
];

export const copy: Group = { heading: "The state is copied, older, or edited", rows };
