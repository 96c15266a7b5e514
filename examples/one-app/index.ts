import { PushTask } from "pulumi-tpns";

// One app by the stack's configuration: tpns:accessId, tpns:platform, tpns:accessPoint and, encrypted, tpns:secretKey.
export const pushId = new PushTask("spring-sale", {
  audience: { type: "all" },
  sendTime: { local: "2027-03-01T10:00", timeZone: "Asia/Shanghai" },
  message: { title: "Spring sale", content: "20 % off today" },
}).pushId;
