import * as z from "zod";
import { worded } from "./wording.ts";

/** Entries of each list of one call. */
const maxEntries = 500;
const maxTagCharacters = 50;

const Token = z.string(worded).min(1, worded);
const Tag = z.string(worded).min(1, worded).max(maxTagCharacters, worded);

/**
 * Binds tags to devices and takes them off. No call of ours: phones of the emulator's world are tagged with it.
 * @see https://www.tencentcloud.com/document/product/1024/33766
 */
export const DeviceTagRequest = z.strictObject(
  {
    /** 1 to 10, as the page's table numbers the operations. */
    operator_type: z.int(worded).min(1, worded).max(10, worded),
    /** At most 500 tags of 50 characters. */
    tag_list: z.array(Tag, worded).max(maxEntries, worded).optional(),
    /** At most 500. */
    token_list: z.array(Token, worded).max(maxEntries, worded).optional(),
    /** At most 500 pairs of a tag and a token; the operations' text says 20. */
    tag_token_list: z
      .array(z.tuple([Tag, Token], worded), worded)
      .max(maxEntries, worded)
      .optional(),
  },
  worded,
);

export type DeviceTagRequest = z.output<typeof DeviceTagRequest>;

/** Devices whose accounts one call changes. */
const maxTokenAccounts = 20;

const Account = z.strictObject(
  { account: z.string(worded).min(1, worded), account_type: z.int(worded).optional() },
  worded,
);

/**
 * Binds accounts to devices and takes them off. No call of ours.
 * @see https://www.tencentcloud.com/document/product/1024/33768
 */
export const AccountBindingRequest = z.strictObject(
  {
    /** As the page's table numbers the operations; 1 is out of use and behaves as 2. */
    operator_type: z.int(worded).min(1, worded),
    /** At most 20 devices, each with its accounts. */
    token_accounts: z
      .array(z.strictObject({ token: Token, account_list: z.array(Account, worded) }, worded), worded)
      .max(maxTokenAccounts, worded)
      .optional(),
    /** At most 20 devices, for the operations that clear them. */
    token_list: z.array(Token, worded).max(maxTokenAccounts, worded).optional(),
  },
  worded,
);

export type AccountBindingRequest = z.output<typeof AccountBindingRequest>;
