import * as pulumi from "@pulumi/pulumi";
import * as tpns from "pulumi-tpns";
import { androidApp, iosApp } from "pulumi-tpns/emulator";

// The emulator's own apps. For a real one write its access point and accessId, and secretKeyEnv instead of secretKey.
const accessPoint = new pulumi.Config("shop").get("accessPoint") ?? "http://127.0.0.1:8790";

const tagged = (...tags: string[]) => ({ tagItems: [{ tags, tagsOperator: "OR" as const }] });
const speaks = (language: string): tpns.TagAudience => ({
  type: "tag",
  tagRules: [{ tagItems: [{ tags: [language], tagsOperator: "OR", tagType: "xg_auto_systemlanguage" }] }],
});

/** A launch in three languages: the staff first, an hour later who asked for it, then everybody else. */
const launch = new tpns.Campaign("launch", {
  providers: {
    android: new tpns.Provider("shop-android", { ...androidApp, accessPoint, maxPushesPerRun: 30 }),
    ios: new tpns.Provider("shop-ios", { ...iosApp, accessPoint, maxPushesPerRun: 30 }),
  },
  apps: { ios: { message: { ios: { aps: { alert: {}, sound: "default" } } } } },
  variants: { zh: { audience: speaks("zh") }, en: { audience: speaks("en") }, de: { audience: speaks("de") } },
  messages: {
    opening: {
      sendTime: { local: "2027-03-01T10:00", timeZone: "Asia/Shanghai" },
      variants: {
        zh: { message: { title: "新品上市", content: "今天开始" } },
        en: { message: { title: "It is here", content: "From today on" } },
        de: { message: { title: "Es ist da", content: "Ab heute" } },
      },
      waves: {
        staff: { afterMinutes: 0, among: [tagged("staff")] },
        fans: { afterMinutes: 60, among: [tagged("fan"), { ...tagged("staff"), operator: "AND", isNot: true }] },
        others: { afterMinutes: 120, among: [{ ...tagged("staff", "fan"), isNot: true }] },
      },
      // To stop after the staff have seen it: hold: "fans".
    },
  },
});

export const schedule = launch.schedule;
