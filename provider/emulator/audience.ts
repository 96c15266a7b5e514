import type { TagItem, TagOperator, TagRule } from "../tpns/schema/tag.ts";
import type { SimulatedPhone } from "./phone.ts";

/** Whom a task is for; packages hold the rows of their file. */
export type Audience =
  | { readonly type: "all" }
  | { readonly type: "tag"; readonly rules: readonly TagRule[] }
  | { readonly type: "token" | "token_list"; readonly tokens: readonly string[] }
  | { readonly type: "account" | "account_list"; readonly accounts: readonly string[]; readonly allDevices: boolean }
  | { readonly type: "package_account_push"; readonly accounts: readonly string[]; readonly allDevices: boolean }
  | { readonly type: "package_token_push"; readonly tokens: readonly string[] };

/** Those of the app's phones that a task is for. */
export const reachedBy = (audience: Audience, phones: readonly SimulatedPhone[]): readonly SimulatedPhone[] => {
  if (audience.type === "all") return phones;
  if (audience.type === "tag") return phones.filter((phone) => hasTags(phone, audience.rules));
  if ("tokens" in audience) return phones.filter((phone) => audience.tokens.includes(phone.spec.token));
  const devices = [...new Set(audience.accounts)].map((account) => devicesOf(account, phones));
  const chosen = new Set(devices.flatMap((all) => (audience.allDevices ? all : all.slice(-1))));
  return phones.filter((phone) => chosen.has(phone));
};

/** The phones that an account is logged in on, the newest last. */
const devicesOf = (account: string, phones: readonly SimulatedPhone[]): readonly SimulatedPhone[] =>
  phones.filter((phone) => phone.spec.accounts.includes(account));

const hasTags = (phone: SimulatedPhone, rules: readonly TagRule[]): boolean =>
  joined(rules.map((rule) => ({ operator: rule.operator, value: obeys(phone, rule) })));

const obeys = (phone: SimulatedPhone, rule: TagRule): boolean => {
  const items = rule.tag_items.map((item) => ({ operator: item.items_operator, value: matches(phone, item) }));
  return joined(items) !== rule.is_not;
};

const matches = (phone: SimulatedPhone, item: TagItem): boolean => {
  const has = (tag: string) => phone.spec.tags.includes(phoneTag(item.tag_type, tag));
  const found = item.tags_operator === "AND" ? item.tags.every(has) : item.tags.some(has);
  return found !== item.is_not;
};

const phoneTag = (type: string, tag: string): string => (type === "xg_user_define" ? tag : `${type}:${tag}`);

interface Operand {
  readonly operator: TagOperator;
  readonly value: boolean;
}

/** The first operand's operator means nothing; AND binds tighter than OR. */
const joined = (operands: readonly Operand[]): boolean => {
  const groups: boolean[] = [];
  for (const [index, { operator, value }] of operands.entries()) {
    if (index > 0 && operator === "AND") groups.push((groups.pop() ?? true) && value);
    else groups.push(value);
  }
  return groups.includes(true);
};
