import { basename, dirname } from "node:path";
import { styleText } from "node:util";
import type { Phone, Task } from "pulumi-tpns/emulator";
import type { Facts } from "./facts.ts";
import type { Said } from "./said.ts";
import type { Step } from "./steps.ts";

/** Leaves everything up after the last step. */
export const keepOption = "--keep";

/** Columns that a terminal has at the least. */
const width = 100;

/** Coloured on a terminal alone, and not with NO_COLOR. */
const style = (format: Parameters<typeof styleText>[0], text: string): string => styleText(format, text);

type Lines = readonly string[];

/** What is real here and what is not, and the program that the steps change. */
export const introduction = (version: string, url: string, program: string, phones: readonly Phone[]): Lines => [
  style("bold", "pulumi-tpns: push messages, scheduled, corrected and stopped by a program and `pulumi up`."),
  `Real: pulumi ${version}, its state, the provider. Emulated: the push service (TPNS) with its clock,`,
  `an Android and an iOS app and their phones, at ${url}. It takes half a minute.`,
  "",
  ...titled("The program, index.ts, before its first message", program.trim().split("\n")),
  ...titled("The phones", phones.map(phoneIntroduced)),
];

const phoneIntroduced = ({ name, channel, emui, system, online }: Phone): string => {
  const channels = {
    xg: "TPNS's own channel",
    hw: `Huawei's channel, EMUI ${emui}`,
    oppo: "OPPO's channel",
    apns: "APNs",
  };
  const over = new Map(Object.entries(channels)).get(channel) ?? channel;
  return `${name.padEnd(19)}  ${system === "ios" ? "iOS" : "Android"}, reached over ${over}${online ? "" : "; offline"}`;
};

/** What the team wants, when, and what it writes; pulumi is about to run. */
export const announcement = ({ heading, at, diff }: Step, number: number, of: number): Lines => [
  style("dim", "=".repeat(width)),
  style("bold", `${number} of ${of}  ${heading}`),
  `        It is ${dayOf(at)}, in Shanghai.`,
  "",
  ...titled("The program's change", diff === undefined ? ["none"] : diff.split("\n").map(colouredChange)),
  title("pulumi up"),
];

const dayOf = (at: string): string =>
  new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short", timeZone: "Asia/Shanghai" })
    .format(new Date(at))
    .replace(" at ", ", ");

const colouredChange = (line: string): string => {
  if (line.startsWith("+")) return style("green", line);
  return line.startsWith("-") ? style("red", line) : line;
};

/** What came of it: at pulumi, at the service, on the phones. */
export const report = ({ event }: Step, facts: Facts): Lines => [
  ...[...saidLines(facts.said), summaryLine(facts)].map(indented),
  "",
  ...(event === undefined ? [] : [event.told, ""]),
  ...titled("The service's tasks", facts.tasks.map(taskLine)),
  ...titled("The phones", phoneLines(facts)),
];

const saidLines = ({ resources }: Said): Lines =>
  resources.flatMap(({ line, details }) => [line, ...details.flatMap((detail) => wrapped(detail, "    "))]);

const summaryLine = ({ said, seconds, calls }: Facts): string =>
  `${style("bold", said.summary)} (${seconds.toFixed(1)} s, ${calls === 0 ? "no call" : `${calls} calls`} to the service)`;

/** In plain words. */
const meanings: ReadonlyMap<string, string> = new Map([
  ["PUSH_WAIT", "waits"],
  ["PUSH_FINISHED", "sent"],
  ["PUSH_CANCELED", "cancelled unsent"],
  ["PUSH_COLLAPSED", "overridden"],
  ["PUSH_DELETED_PUSH_MSG", "terminated"],
]);

const taskLine = ({ accessId, title, content, sendTime, status }: Task): string =>
  [
    accessId.startsWith("16") ? "iOS    " : "Android",
    sendTime.slice(5, 16),
    `${title}: ${content}`.padEnd(33),
    style(status === "PUSH_WAIT" || status === "PUSH_FINISHED" ? "green" : "dim", status.padEnd(21)),
    meanings.get(status) ?? "",
  ]
    .join("  ")
    .trimEnd();

const phoneLines = ({ phones, alerted }: Facts): Lines => {
  const shows = phones.some(({ notifications, stored }) => notifications.length + stored.length > 0);
  if (!shows) return [`all ${phones.length} show nothing`];
  return phones.map((phone) => phoneLine(phone, alerted.includes(phone.name)));
};

const phoneLine = ({ name, online, notifications, stored }: Phone, isNew: boolean): string => {
  const shown = notifications.map(({ title, content }) => `${title}: ${content}`).join(" | ") || "nothing";
  const waits = stored.length === 0 ? "" : `; ${stored.length} message waits at the service`;
  const state = online ? "online " : "offline";
  return `${name.padEnd(19)}  ${state}  ${shown}${waits}${isNew ? style("green", "  <- new") : ""}`;
};

const titled = (text: string, lines: Lines): Lines => [title(text), ...lines.map(indented), ""];

const title = (text: string): string => style("cyan", text);

const indented = (line: string): string => (line === "" ? "" : `  ${line}`);

/** Breaks a text into lines that fit, each indented. */
const wrapped = (text: string, indent: string): Lines => {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > width - 2) {
      lines.push(indent + line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, indent + line];
};

/** What was shown, and where to go on. */
export const ending = (stepCount: number, seconds: number, keep: boolean): Lines => [
  style("bold", `All ${stepCount} steps came out as the program says, in ${Math.round(seconds)} seconds.`),
  "Each was a change that a reviewer could read; nothing else sent, stopped or repeated a message.",
  ...(keep ? [] : [`To see what the service shows of it, and to go on by hand: npm start -- ${keepOption}`]),
];

/** With everything left up: what to type. */
export const wayOn = (url: string, folder: string): Lines => [
  style("dim", "=".repeat(width)),
  style("bold", `The service's page, with these tasks, the clock and the phones: ${url}/`),
  "The project stays where it is. In another terminal, in this repository:",
  "",
  ...titled("write a PushTask for Friday into the program; see what that would do; do it", [
    `STORY=${dirname(folder)}`,
    "export PULUMI_BACKEND_URL=file://$STORY/backend PULUMI_HOME=$STORY/pulumi",
    `\${EDITOR:-vi} $STORY/${basename(folder)}/index.ts`,
    `npm run pulumi -- -C $STORY/${basename(folder)} preview`,
    `npm run pulumi -- -C $STORY/${basename(folder)} up`,
  ]),
  ...titled("let an hour pass; go to a time; switch a phone off", [
    `curl ${url}/emulator/clock -d '{"step": 3600}'`,
    `curl ${url}/emulator/clock -d '{"set": "2027-03-05T10:00:00+08:00"}'`,
    `curl ${url}/emulator/phones -d '{"name": "iphone", "online": false}'`,
  ]),
  "Ctrl-C here ends it and removes everything.",
];
