import * as z from "zod";
import { AccountType } from "./delivery.ts";
import { worded } from "./wording.ts";

/** Entries of each list of one call. */
const maxEntries = 500;
const maxTagCharacters = 50;
const maxTokenCharacters = 36;

const Token = z.string(worded).min(1, worded).max(maxTokenCharacters, worded);
const Tag = z.string(worded).min(1, worded).max(maxTagCharacters, worded);
const Tags = z.array(Tag, worded).min(1, worded).max(maxEntries, worded);
const Tokens = z.array(Token, worded).min(1, worded).max(maxEntries, worded);

/**
 * Binds tags to devices and takes them off. No call of ours: phones of the emulator's world are tagged with it.
 * @see https://www.tencentcloud.com/document/product/1024/33766
 */
export const DeviceTagRequest = z.strictObject(
  {
    /** 1 to 10, as the page's table numbers the operations. */
    operator_type: z.int(worded).min(1, worded).max(10, worded),
    /** At most 500 tags of 50 characters. */
    tag_list: Tags.optional(),
    /** At most 500 of 36 characters. */
    token_list: Tokens.optional(),
    /** At most 500 pairs; the operations' text says 20. */
    tag_token_list: z
      .array(z.strictObject({ tag: Tag, token: Token }, worded), worded)
      .min(1, worded)
      .max(maxEntries, worded)
      .optional(),
  },
  worded,
);

export type DeviceTagRequest = z.output<typeof DeviceTagRequest>;

/** Takes tags off every device. No call of ours. @see https://www.tencentcloud.com/document/product/1024/33767 */
export const TagDeletionRequest = z.strictObject({ tag_list: Tags }, worded);

export type TagDeletionRequest = z.output<typeof TagDeletionRequest>;

/** Devices whose accounts one call changes. */
const maxTokenAccounts = 20;

const Account = z.strictObject(
  { account: z.string(worded).min(1, worded), account_type: AccountType.optional() },
  worded,
);

/**
 * Binds accounts to devices and takes them off. No call of ours.
 * @see https://www.tencentcloud.com/document/product/1024/33768
 */
export const AccountBindingRequest = z.strictObject(
  {
    /** 1 to 5, as the page's table numbers the operations; 1 is out of use and behaves as 2. */
    operator_type: z.int(worded).min(1, worded).max(5, worded),
    /** At most 20 devices, each with its accounts. */
    token_accounts: z
      .array(z.strictObject({ token: Token, account_list: z.array(Account, worded).min(1, worded) }, worded), worded)
      .min(1, worded)
      .max(maxTokenAccounts, worded)
      .optional(),
    /** At most 20 devices, for the operation that clears them. */
    token_list: z.array(Token, worded).min(1, worded).max(maxTokenAccounts, worded).optional(),
    /** For the operation that takes accounts off every device. */
    account_list: z.array(Account, worded).min(1, worded).optional(),
    /** The type of accounts that name none; 0 is the default. */
    account_type: AccountType.optional(),
  },
  worded,
);

export type AccountBindingRequest = z.output<typeof AccountBindingRequest>;

/** Asks for the devices of accounts, or for the accounts of devices. No call of ours. @see https://www.tencentcloud.com/document/product/1024/33769 */
export const AccountQueryRequest = z.strictObject(
  {
    /** 1 asks by account, 2 by device. */
    operator_type: z.literal([1, 2], worded),
    /** Needed for 1. */
    account_list: z.array(Account, worded).min(1, worded).optional(),
    /** Needed for 2. */
    token_list: z.array(Token, worded).min(1, worded).optional(),
    /** The type of accounts that name none; 0 is the default. */
    account_type: AccountType.optional(),
  },
  worded,
);

export type AccountQueryRequest = z.output<typeof AccountQueryRequest>;

/** Sets, deletes and tells a device's attributes. No call of ours. @see https://www.tencentcloud.com/document/product/1024/38571 */
export const CustomAttributeRequest = z.strictObject(
  {
    /** 1 adds, 2 updates, 3 deletes, 4 deletes all, 5 asks. */
    cmd: z.int(worded).min(1, worded).max(5, worded),
    token: Token,
    /** Needed for 1, 2 and 3: names and values, each at most 50 bytes. */
    attributeInfo: z
      .strictObject({ attributeMap: z.record(z.string(worded).min(1, worded), z.string(worded), worded) }, worded)
      .optional(),
  },
  worded,
);

export type CustomAttributeRequest = z.output<typeof CustomAttributeRequest>;
