import { AudiencePackage, PushTask } from "pulumi-tpns";

// Who is told stands in a file; a changed file is uploaded anew and pushed anew while the task is pending.
const subscribers = new AudiencePackage("subscribers", { file: "subscribers.txt" });

export const pushId = new PushTask("renewal", {
  audience: { type: "package_account_push", uploadId: subscribers.uploadId, accountPushType: "all" },
  sendTime: "2027-03-01T09:00:00+08:00",
  message: { title: "Your subscription ends", content: "Renew it until Sunday" },
  expireTime: 3 * 60 * 60,
}).pushId;
