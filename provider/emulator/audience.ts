import type { TagItem, TagOperator, TagRule } from "../tpns/schema/tag.ts";

/** Whom a task is for; of a package the rows stay with its upload. */
export type Audience =
  | { readonly type: "all" }
  | { readonly type: "tag"; readonly rules: readonly TagRule[] }
  | { readonly type: "token" | "token_list"; readonly tokens: readonly string[] }
  | {
      readonly type: "account" | "account_list";
      readonly accounts: readonly string[];
      readonly accountType: number;
      readonly allDevices: boolean;
    }
  | {
      readonly type: "package_account_push";
      readonly uploadId: number;
      readonly accountType: number;
      readonly allDevices: boolean;
    }
  | { readonly type: "package_token_push"; readonly uploadId: number };

/** A condition on a `phone` of the app, and the values that it names. */
export interface Condition {
  readonly sql: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** Those of the app's phones that a task is for. */
export const conditionOf = (audience: Audience): Condition => {
  switch (audience.type) {
    case "all":
      return { sql: "true", values: {} };
    case "tag":
      return tagCondition(audience.rules);
    case "token":
    case "token_list":
      return { sql: `phone.token in ${listed("tokens")}`, values: { tokens: JSON.stringify(audience.tokens) } };
    case "package_token_push":
      return { sql: `phone.token in ${uploaded}`, values: { uploadId: audience.uploadId } };
    case "account":
    case "account_list":
      return {
        sql: accountCondition(listed("accounts"), audience.allDevices),
        values: { accounts: JSON.stringify(audience.accounts), accountType: audience.accountType },
      };
    case "package_account_push":
      return {
        sql: accountCondition(uploaded, audience.allDevices),
        values: { uploadId: audience.uploadId, accountType: audience.accountType },
      };
  }
};

const listed = (name: string): string => `(select value from json_each(:${name}))`;

const uploaded = "(select row from packageRow where uploadId = :uploadId)";

/** On all devices of an account, or on the one that it was last logged in on. */
const accountCondition = (accounts: string, allDevices: boolean): string => {
  const newest = `and one.seq = (
    select max(other.seq) from account as other
    where other.app = one.app and other.account = one.account and other.type = one.type
  )`;
  return `exists (
    select 1 from account as one
    where one.phone = phone.id and one.type = :accountType and one.account in ${accounts} ${allDevices ? "" : newest}
  )`;
};

const tagCondition = (rules: readonly TagRule[]): Condition => {
  const lists: string[] = [];
  const matches = ({ tags, tag_type, tags_operator, is_not }: TagItem): string => {
    const wanted = [...new Set(tags.map((tag) => phoneTag(tag_type, tag)))];
    lists.push(JSON.stringify(wanted));
    const found = `(select count(*) from tag where tag.phone = phone.id and tag.tag in ${listed(`tags${lists.length}`)})`;
    return negated(`${found} >= ${tags_operator === "AND" ? wanted.length : 1}`, is_not);
  };
  const obeys = ({ tag_items, is_not }: TagRule): string =>
    negated(joined(tag_items.map((item) => ({ operator: item.items_operator, sql: matches(item) }))), is_not);
  const sql = joined(rules.map((rule) => ({ operator: rule.operator, sql: obeys(rule) })));
  return { sql, values: Object.fromEntries(lists.map((list, at) => [`tags${at + 1}`, list])) };
};

const phoneTag = (type: string, tag: string): string => (type === "xg_user_define" ? tag : `${type}:${tag}`);

const negated = (sql: string, isNot: boolean): string => (isNot ? `not (${sql})` : `(${sql})`);

interface Operand {
  readonly operator: TagOperator;
  readonly sql: string;
}

/** The first operand's operator means nothing; AND binds tighter than OR, in SQL too. */
const joined = (operands: readonly Operand[]): string =>
  operands.map(({ operator, sql }, at) => (at === 0 ? sql : `${operator === "AND" ? "and" : "or"} ${sql}`)).join(" ") ||
  "false";
