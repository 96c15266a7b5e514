import * as pulumi from "@pulumi/pulumi";
import * as tpns from "pulumi-tpns";
import { androidApp } from "pulumi-tpns/emulator";

// The emulator's own app. For a real one write its access point and accessId, and secretKeyEnv instead of secretKey.
const accessPoint = new pulumi.Config("shop").get("accessPoint") ?? "http://127.0.0.1:8790";

// Those who write the messages change the files alone.
const { news } = tpns.campaigns("campaigns", {
  providers: { android: new tpns.Provider("shop", { ...androidApp, accessPoint }) },
});

export const schedule = news?.schedule;
