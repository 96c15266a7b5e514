export type { CampaignMessageArgs, WaveArgs } from "./campaign/expand.ts";
export type { RecurrenceArgs, Weekday } from "./campaign/recurrence.ts";
export type { GuardArgs } from "./guard/rule.ts";
export type { Phase } from "./remedy/phase.ts";
export type * from "./resources/audience.ts";
export { AudiencePackage, type AudiencePackageArgs } from "./resources/audience-package.ts";
export {
  Campaign,
  type CampaignArgs,
  type CampaignEntry,
  type CampaignFilesArgs,
  campaigns,
} from "./resources/campaign.ts";
export type * from "./resources/message.ts";
export { Provider, type ProviderArgs } from "./resources/provider.ts";
export {
  type AsapSendTime,
  type ChannelRuleArgs,
  type LocalSendTime,
  PushTask,
  type PushTaskArgs,
  type Revision,
  type SendTimeArgs,
  type SmsInfoArgs,
} from "./resources/push-task.ts";
export type { PushStatus } from "./tpns/schema/status.ts";
