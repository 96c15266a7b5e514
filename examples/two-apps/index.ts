import * as pulumi from "@pulumi/pulumi";
import * as tpns from "pulumi-tpns";
import { androidApp, iosApp } from "pulumi-tpns/emulator";

// The emulator's own apps. For a real one write its access point and accessId, and secretKeyEnv instead of secretKey.
const accessPoint = new pulumi.Config("shop").get("accessPoint") ?? "http://127.0.0.1:8790";
const android = new tpns.Provider("shop-android", { ...androidApp, accessPoint });
const ios = new tpns.Provider("shop-ios", { ...iosApp, accessPoint });

const sendTime = { local: "2027-03-01T10:00", timeZone: "Asia/Shanghai" };
const text = { title: "Spring sale", content: "20 % off today" };

new tpns.PushTask(
  "spring-sale-android",
  { audience: { type: "all" }, sendTime, message: text, onDelete: "terminate" },
  { provider: android },
);

new tpns.PushTask(
  "spring-sale-ios",
  { audience: { type: "all" }, sendTime, message: { ...text, ios: { aps: { alert: {}, sound: "default" } } } },
  { provider: ios },
);

export const vip = new tpns.PushTask(
  "vip-preview",
  {
    audience: { type: "tag", tagRules: [{ tagItems: [{ tags: ["vip"], tagsOperator: "OR" }] }] },
    sendTime: "2027-02-28T20:00:00+08:00",
    message: {
      title: "For you, a day early",
      content: "The spring sale begins here",
      android: { action: { actionType: "intent", intent: "shop://sale" } },
    },
    ifSent: "refuse",
  },
  { provider: android },
).phase;
