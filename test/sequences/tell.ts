import { tellEdit } from "./campaign.ts";
import type { Command, Dying, Mishap } from "./command.ts";

const stackNames = ["dev", "prod"] as const;
const slotNames = ["one", "two", "three"] as const;

const deaths = {
  before: "killed before",
  lost: "killed, its bytes lost, at",
  late: "killed, its bytes minutes late, at",
  after: "killed after",
} as const;

const dyingAt = (death: Dying | undefined): string =>
  death === undefined ? "" : `, ${deaths[death.how]} its call ${death.at}`;

const mishapOf = (fault: Mishap): string => {
  if (typeof fault === "string") return fault;
  return "retCode" in fault ? `refused with ${fault.retCode}` : JSON.stringify(fault);
};

const given = (is: boolean | undefined, text: string): string => (is ? text : "");

/** A command in words. */
export function tell(command: Command): string {
  const where = "stack" in command ? `${stackNames[command.stack === 1 ? 1 : 0]}: ` : "";
  return where + what(command);
}

function what(command: Command): string {
  const task = "slot" in command ? (slotNames[command.slot] ?? "one") : "";
  switch (command.kind) {
    case "write":
      return `write ${command.content} in ${task}`;
    case "schedule":
      return `schedule ${task} for ${command.time}`;
    case "address":
      return `address ${task} to ${command.audience}`;
    case "remedy":
      return `set the remedy of ${task} to ${command.remedy ?? "none"}`;
    case "option":
      return `set ${command.option} of ${task}`;
    case "remove":
      return `remove ${task}`;
    case "rename":
      return `rename ${task} ${command.aliased ? "with" : "without"} an alias`;
    case "revert":
      return "revert to the last program that was brought about";
    case "campaign":
      return `the campaign file: ${tellEdit(command.edit)}`;
    case "halt":
      return `tpns:halt ${command.stands ? "is set" : "is taken away"}`;
    case "up":
      return `up${given(command.refreshes, " --refresh")}${given(!command.previews, " --skip-preview")}${
        command.replaced === undefined ? "" : ` --replace ${slotNames[command.replaced]}`
      }${given(command.consents, " with the printed consents")}${dyingAt(command.death)}`;
    case "two":
      return `two ups at once${given(command.elsewhere, ", on two machines")}, in turn ${command.order
        .map((isFirst) => (isFirst ? "1" : "2"))
        .join("")}`;
    case "preview":
      return `preview${given(command.refreshes, " --refresh")}`;
    case "refresh":
      return "refresh";
    case "destroy":
      return `destroy${given(command.consents, " with the printed consents")}${dyingAt(command.death)}`;
    case "lose":
      return "the state is lost";
    case "restore":
      return `the state of ${command.back} saves ago is restored`;
    case "copy":
      return "its state and program are copied to the other stack";
    case "console":
      return `waiting task ${command.task} is cancelled in the console`;
    case "pass":
      return `${command.seconds / 60} minutes pass`;
    case "approach":
      return `it is ${Math.abs(command.seconds)} s ${command.seconds < 0 ? "before" : "after"} the next send time`;
    case "fault":
      return `the next ${command.times} of ${command.path}: ${mishapOf(command.fault)}`;
    case "loseJournal":
      return "the journal is lost";
  }
}
