import { projectFile } from "../../engine/run.ts";
import { second } from "../../engine/shop.ts";
import { everywhere, type Group, type Row } from "../row.ts";
import type { Script } from "../stage.ts";
import { type Phase, renamed, some } from "../task.ts";
import { isCorrected, isOverridden, isTooLate } from "./effect.ts";
import { anotherResource, takenOver } from "./lines.ts";
import { consent, lose, pushIds } from "./lost.ts";

const unchanged = everywhere({ calls: "unchanged" });
const isDuplicate = everywhere({ calls: "creating failed", says: anotherResource });

const aliased = (names: readonly Phase[]) => renamed(names, (name) => ({ options: { aliases: [{ name }] } }));

const component: Script = { prelude: `const root = new pulumi.ComponentResource("test:Root", "root");` };
const inside = { options: { parent: "@root" } };
const insideWithAlias = { options: { parent: "@root", aliases: [{ parent: "@pulumi.rootStackResource" }] } };

const rows: readonly Row[] = [
  {
    trigger: "renamed without an alias",
    each: true,
    prepare: (stage, names) => stage.change(renamed(names)),
    play: (stage) => stage.show("up"),
    cells: isDuplicate,
    wayOn: "`aliases`",
    settle: (stage, names) => stage.change(aliased(names)),
  },
  {
    trigger: "renamed without an alias, `pulumi up --continue-on-error`",
    prepare: (stage, names) => stage.change(renamed(names)),
    play: (stage) => stage.show("up", "--continue-on-error"),
    cells: isDuplicate,
    wayOn: "`aliases`",
    settle: (stage, names) => stage.change(aliased(names)),
  },
  {
    trigger: "renamed with an alias",
    prepare: (stage, names) => stage.change(aliased(names)),
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "renamed with an alias, after a `preview` without it",
    prepare: async (stage, names) => {
      await stage.change(renamed(names));
      await stage.run("preview");
      await stage.change(aliased(names));
    },
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "renamed with an alias, and `up --refresh`",
    prepare: (stage, names) => stage.change(aliased(names)),
    play: (stage) => stage.show("up", "--refresh"),
    cells: unchanged,
  },
  {
    trigger: "renamed with an alias, and then replaced by `up --replace`",
    prepare: async (stage, names) => {
      await stage.change(aliased(names));
      await stage.up();
    },
    play: async (stage, names) =>
      stage.show(
        "up",
        "--continue-on-error",
        ...(await stage.flags(
          "--replace",
          names.map((name) => `renamed-${name}`),
        )),
      ),
    cells: isDuplicate,
    wayOn: "a plain `up`",
  },
  {
    trigger: "renamed with an alias, with another text",
    each: true,
    prepare: (stage, names) =>
      stage.change(renamed(names, (name) => ({ content: second, options: { aliases: [{ name }] } }))),
    play: (stage) => stage.show("up"),
    cells: { pending: isCorrected, live: isOverridden, sent: isTooLate },
    wayOn: "take the new text of the sent one back",
    settle: (stage, names) => (names.includes("sent") ? stage.change(aliased(names)) : Promise.resolve()),
  },
  {
    trigger: "moved into a component without an alias",
    each: true,
    prepare: (stage, names) => stage.change(some(names, inside), component),
    play: (stage) => stage.show("up"),
    cells: isDuplicate,
    wayOn: "`aliases`",
    settle: (stage, names) => stage.change(some(names, insideWithAlias)),
  },
  {
    trigger: "moved into a component with an alias",
    prepare: (stage, names) => stage.change(some(names, insideWithAlias), component),
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "`pulumi stack rename`",
    prepare: (stage) => stage.run("stack", "rename", "production"),
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "the project gets another name",
    prepare: async (stage) => {
      await stage.write("Pulumi.yaml", projectFile("other"));
      await stage.run("stack", "rename", "organization/other/dev", "--stack", "organization/test/dev");
    },
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "`tpns:owner` is set",
    prepare: (stage) => stage.run("config", "set", "tpns:owner", "acme"),
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "`pulumi stack rename`, and the state is lost",
    prepare: async (stage, names) => {
      await lose(stage, names);
      await stage.run("stack", "rename", "production");
    },
    play: (stage) => stage.show("up", "--continue-on-error"),
    cells: isDuplicate,
    wayOn: "`adopt:<id>`",
    settle: async (stage, names) => {
      consent(stage, "adopt", pushIds(stage, names));
      await stage.up();
      stage.project.setEnv("TPNS_CONSENT", undefined);
    },
  },
  {
    trigger: "`pulumi state rename`, and the program keeps the name",
    prepare: async (stage, names) => {
      for (const [index, urn] of (await stage.urns(names)).entries()) {
        await stage.run("state", "rename", urn, `renamed-${names[index]}`, "--yes");
      }
    },
    play: (stage) => stage.show("up"),
    cells: everywhere({ calls: "created, deleted", says: takenOver }),
  },
  {
    trigger: "`pulumi state rename`, and the program has the new name",
    prepare: async (stage, names) => {
      for (const [index, urn] of (await stage.urns(names)).entries()) {
        await stage.run("state", "rename", urn, `renamed-${names[index]}`, "--yes");
      }
      await stage.change(renamed(names));
    },
    play: (stage) => stage.show("up"),
    cells: unchanged,
  },
  {
    trigger: "`pulumi state move` to another stack",
    prepare: async (stage, names) => {
      await stage.run("stack", "init", "other", "--no-select");
      await stage.run("state", "move", "--source", "dev", "--dest", "other", "--yes", ...(await stage.urns(names)));
    },
    play: (stage) => stage.show("up", "--stack", "other"),
    cells: unchanged,
    settle: (stage) => stage.run("stack", "select", "other"),
  },
];

export const name: Group = { heading: "Another name, another place", rows };
