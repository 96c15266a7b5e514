import type * as pulumi from "@pulumi/pulumi";

/** Several tags, and how they are taken together. Becomes an element of `tag_items`. */
export interface TagItemArgs {
  tags: pulumi.Input<pulumi.Input<string>[]>;
  /** How `tags` are joined. */
  tagsOperator: pulumi.Input<"AND" | "OR">;
  /** How this item is joined to the one before it; AND binds tighter. The first item's counts for nothing. Default `AND`. */
  itemsOperator?: pulumi.Input<"AND" | "OR">;
  /** Whether the result of `tags` is negated. Default false. */
  isNot?: pulumi.Input<boolean>;
  /** Kind of tag. Default `xg_user_define`. `xg_auto_active` takes days as yyyymmdd. */
  tagType?: pulumi.Input<
    | "xg_user_define"
    | "xg_auto_version"
    | "xg_auto_province"
    | "xg_auto_active"
    | "xg_auto_sdkversion"
    | "xg_auto_systemlanguage"
    | "xg_auto_devicebrand"
    | "xg_auto_deviceversion"
    | "xg_auto_country"
  >;
}

/** A rule of tags. Becomes an element of `tag_rules`. */
export interface TagRuleArgs {
  tagItems: pulumi.Input<pulumi.Input<TagItemArgs>[]>;
  /** How this rule is joined to the one before it. The first rule's counts for nothing. Default `OR`. */
  operator?: pulumi.Input<"AND" | "OR">;
  /** Whether the result of the rule is negated. Default false. */
  isNot?: pulumi.Input<boolean>;
}

/** How accounts become phones. @see https://www.tencentcloud.com/document/product/1024/33764 */
export interface AccountOptions {
  /** An account's newest phone (0, the default), or all its phones (1). */
  accountPushType?: pulumi.Input<"newest" | "all">;
  /** Type under which the accounts were bound. Default 0. */
  accountType?: pulumi.Input<number>;
}

/** All phones of the app. The same title and content can be pushed to all only once an hour. */
export interface AllAudience {
  type: "all";
}

/** Phones by their tags. At most 512 characters of tags. */
export interface TagAudience {
  type: "tag";
  tagRules: pulumi.Input<pulumi.Input<TagRuleArgs>[]>;
}

/** Phones by their tokens, at most 1,000 of 36 characters. Only with `sendTime: { asap: true }`; it can be neither cancelled nor overridden. */
export interface TokenAudience {
  type: "token" | "token_list";
  tokenList: pulumi.Input<pulumi.Input<string>[]>;
  /** Skips invalid tokens (1) instead of failing the push (0, the default). */
  ignoreInvalidToken?: pulumi.Input<boolean>;
}

/** Phones by their accounts, at most 1,000. Only with `sendTime: { asap: true }`. */
export interface AccountAudience extends AccountOptions {
  type: "account" | "account_list";
  accountList: pulumi.Input<pulumi.Input<string>[]>;
}

/** Phones by an uploaded file of accounts: the `uploadId` of an `AudiencePackage`. */
export interface AccountPackageAudience extends AccountOptions {
  type: "package_account_push";
  uploadId: pulumi.Input<string>;
}

/** Phones by an uploaded file of tokens: the `uploadId` of an `AudiencePackage`. Only with `sendTime: { asap: true }`. */
export interface TokenPackageAudience {
  type: "package_token_push";
  uploadId: pulumi.Input<string>;
}

/** Whom a push reaches. Its type is the service's `audience_type`. */
export type AudienceArgs =
  | AllAudience
  | TagAudience
  | TokenAudience
  | AccountAudience
  | AccountPackageAudience
  | TokenPackageAudience;
