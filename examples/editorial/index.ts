import * as pulumi from "@pulumi/pulumi";
import * as tpns from "pulumi-tpns";
import { androidApp } from "pulumi-tpns/emulator";

// The emulator's own app. For a real one write its access point and accessId, and secretKeyEnv instead of secretKey.
const accessPoint = new pulumi.Config("shop").get("accessPoint") ?? "http://127.0.0.1:8790";

// This program is the engineers'; the messages are the marketers', in campaigns/spring.yaml.
const { spring } = tpns.campaigns("campaigns", {
  providers: { android: new tpns.Provider("shop", { ...androidApp, accessPoint }) },
  guards: {
    allowedHours: { from: "09:00", until: "21:00", timeZone: "Asia/Shanghai" },
    linkHosts: ["shop.example"],
    // What goes to everybody, somebody else has read: npx pulumi-tpns approve campaigns/spring.yaml --by <name>
    approval: ["all"],
  },
});

export const schedule = spring?.schedule;
