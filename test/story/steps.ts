import type { Emulator } from "pulumi-tpns/emulator";

/** What must be so at the end of a step. */
export interface Outcome {
  /** How pulumi sums it up. */
  readonly summary: string;
  /** The service's tasks, by app and send time: status and content. */
  readonly tasks: readonly (readonly [status: string, content: string])[];
  /** What the phones show, by name; the others show nothing. */
  readonly phones: Readonly<Record<string, string>>;
  /** The phones that alerted their owner in this step, once each. */
  readonly alerted: readonly string[];
  /** Calls to the service, where their number matters. */
  readonly calls?: number;
}

/** Something that happens after `pulumi up`, beside the program. */
interface Event {
  readonly told: string;
  readonly happen: (emulator: Emulator) => void;
}

export interface Step {
  /** What the team wants, in a sentence. */
  readonly heading: string;
  /** The service's time, ISO 8601. */
  readonly at: string;
  /** The change of the program: as `applyDiff` takes it. Absent: none. */
  readonly diff?: string;
  readonly event?: Event;
  readonly outcome: Outcome;
}

const waiting = {
  android: ["PUSH_WAIT", "20 % off this week"],
  reminder: ["PUSH_WAIT", "The sale ends tonight"],
} as const;
const iosTypo = ["PUSH_CANCELED", "2 % off this week"] as const;
const iosOut = ["PUSH_FINISHED", "20 % off this week"] as const;
const androidReplaced = ["PUSH_COLLAPSED", "20 % off this week"] as const;
const androidEnded = ["PUSH_DELETED_PUSH_MSG", "20 % off this month"] as const;

const asSent = "20 % off this week";
const overridden = "20 % off this month";
const phonesAfterOverride = {
  "own-channel": overridden,
  "huawei-emui9": asSent,
  "huawei-emui10": overridden,
  oppo: asSent,
  iphone: asSent,
};
const phonesAtTheEnd = { ...phonesAfterOverride, "iphone-offline": asSent };

/** Friday, before anything is scheduled. */
export const firstMoment = "2027-02-26T09:00:00+08:00";

/** A sale of four days, from its schedule to its end. */
export const steps: readonly Step[] = [
  {
    heading: "Schedule the spring sale for Monday on both apps, and a reminder on Android for Thursday.",
    at: firstMoment,
    diff: `  const ios = new tpns.Provider("shop-ios", { ...iosApp, accessPoint });
+ new tpns.PushTask("sale-android", {
+   audience: { type: "all" }, sendTime: "2027-03-01T10:00:00+08:00",
+   message: { title: "Spring sale", content: "20 % off this week" },
+ }, { provider: android });
+ new tpns.PushTask("sale-ios", {
+   audience: { type: "all" }, sendTime: "2027-03-01T10:00:00+08:00",
+   message: { title: "Spring sale", content: "2 % off this week", ios: { aps: { alert: {} } } },
+ }, { provider: ios });
+ new tpns.PushTask("reminder", {
+   audience: { type: "all" }, sendTime: { local: "2027-03-04T18:00", timeZone: "Asia/Shanghai" },
+   message: { title: "Last hours", content: "The sale ends tonight" },
+ }, { provider: android });`,
    outcome: {
      summary: "6 created",
      tasks: [waiting.android, waiting.reminder, ["PUSH_WAIT", "2 % off this week"]],
      phones: {},
      alerted: [],
    },
  },
  {
    heading: "Correct a typo that somebody spotted: iPhones would read 2 %. Nobody has seen it yet.",
    at: "2027-02-26T11:30:00+08:00",
    diff: `  new tpns.PushTask("sale-ios", {
-   message: { title: "Spring sale", content: "2 % off this week", ios: { aps: { alert: {} } } },
+   message: { title: "Spring sale", content: "20 % off this week", ios: { aps: { alert: {} } } },`,
    outcome: {
      summary: "1 updated, 5 unchanged",
      tasks: [waiting.android, waiting.reminder, iosTypo, ["PUSH_WAIT", "20 % off this week"]],
      phones: {},
      alerted: [],
    },
  },
  {
    heading: "Let Monday 10:00 come: the service sends, and running pulumi again sends nothing twice.",
    at: "2027-03-01T10:05:00+08:00",
    outcome: {
      summary: "6 unchanged",
      tasks: [["PUSH_FINISHED", asSent], waiting.reminder, iosTypo, iosOut],
      phones: {
        "own-channel": asSent,
        "huawei-emui9": asSent,
        "huawei-emui10": asSent,
        oppo: asSent,
        iphone: asSent,
      },
      alerted: ["own-channel", "huawei-emui9", "huawei-emui10", "oppo", "iphone"],
      calls: 0,
    },
  },
  {
    heading: "Replace what Android phones already show: there, the sale lasts a month.",
    at: "2027-03-01T10:40:00+08:00",
    diff: `  new tpns.PushTask("sale-android", {
-   message: { title: "Spring sale", content: "20 % off this week" },
+   message: { title: "Spring sale", content: "20 % off this month" },`,
    event: { told: "A minute passes.", happen: ({ clock }) => clock.step(60) },
    outcome: {
      summary: "1 updated, 5 unchanged",
      tasks: [androidReplaced, ["PUSH_FINISHED", overridden], waiting.reminder, iosTypo, iosOut],
      phones: phonesAfterOverride,
      alerted: ["own-channel", "huawei-emui10"],
    },
  },
  {
    heading: "Stop the Android message, the shop is overloaded: who has not got it is not to get it.",
    at: "2027-03-01T11:00:00+08:00",
    diff: `  new tpns.PushTask("sale-android", {
+   remedy: "terminate",`,
    event: {
      told: "Then both offline phones come online: the iPhone gets its message, the Android phone none.",
      happen: (emulator) => {
        emulator.setOnline("own-channel-offline", true);
        emulator.setOnline("iphone-offline", true);
      },
    },
    outcome: {
      summary: "1 updated, 5 unchanged",
      tasks: [androidReplaced, androidEnded, waiting.reminder, iosTypo, iosOut],
      phones: phonesAtTheEnd,
      alerted: ["iphone-offline"],
    },
  },
  {
    heading: "Drop Thursday's reminder, the sale is extended: removed from the program, it is never sent.",
    at: "2027-03-02T15:00:00+08:00",
    diff: `- new tpns.PushTask("reminder", {
-   audience: { type: "all" }, sendTime: { local: "2027-03-04T18:00", timeZone: "Asia/Shanghai" },
-   message: { title: "Last hours", content: "The sale ends tonight" },
- }, { provider: android });`,
    event: { told: "Thursday 18:00 passes.", happen: ({ clock }) => clock.set("2027-03-04T18:05:00+08:00") },
    outcome: {
      summary: "1 deleted, 5 unchanged",
      tasks: [androidReplaced, androidEnded, ["PUSH_CANCELED", "The sale ends tonight"], iosTypo, iosOut],
      phones: phonesAtTheEnd,
      alerted: [],
    },
  },
];
