import { AccountBindingRequest, AccountQueryRequest } from "../../tpns/schema/device.ts";
import type { App } from "../fleet.ts";
import { Refusal, retCodes } from "../refusal.ts";
import type { World } from "../world.ts";
import { needed, phoneOf } from "./device.ts";
import { type Answer, camel, jsonEndpoint, snake } from "./endpoint.ts";
import { checkBody, parseBody } from "./request-body.ts";

/** An account, and its type where it is not that of the request. */
type AccountOfRequest = NonNullable<AccountBindingRequest["account_list"]>[number];

/** Logs accounts in and out on phones. @see https://www.tencentcloud.com/document/product/1024/33768 */
export const batchOperate = jsonEndpoint(snake, (world, { app, bytes }) => {
  const request = checkBody(AccountBindingRequest, parseBody(bytes));
  const codes = worksOf(world, app, request).map(codeOf);
  return {
    ...outcomeOf(codes),
    result: codes.map((code) => (code === 0 && world.switches.bindingResults === "ok" ? "ok" : String(code))),
  };
});

/** What is to be done, by token or by account. */
const worksOf = (world: World, app: App, request: AccountBindingRequest): readonly (() => void)[] => {
  const { phones } = world;
  const name = `operator_type ${request.operator_type}`;
  const typed = typesOf(request.account_type);
  const onPhone = (token: string, work: (phone: number) => void) => (): void => {
    const phone = phoneOf(world, app, token);
    if (phone !== undefined) work(phone);
  };
  switch (request.operator_type) {
    case 4:
      return needed(name, "token_list", request.token_list).map((token) =>
        onPhone(token, (phone) => phones.unbindAll(phone)),
      );
    case 5:
      return needed(name, "account_list", request.account_list)
        .map(typed)
        .map(
          ({ account, type }) =>
            () =>
              phones.unbindEverywhere(app.accessId, account, type),
        );
    case 3:
      return needed(name, "token_accounts", request.token_accounts).map(({ token, account_list }) =>
        onPhone(token, (phone) => account_list.forEach(({ account }) => void phones.unbind(phone, account))),
      );
    default:
      return needed(name, "token_accounts", request.token_accounts).map(({ token, account_list }) =>
        onPhone(token, (phone) => {
          phones.unbindAll(phone);
          for (const { account, type } of account_list.map(typed)) bind(world, app, phone, account, type);
        }),
      );
  }
};

const typesOf =
  (common = 0) =>
  ({ account, account_type: type = common }: AccountOfRequest) => ({ account, type });

const bind = ({ phones, switches }: World, app: App, phone: number, account: string, type: number): void => {
  if (switches.accountsPerType === "one") phones.unbindType(phone, type);
  phones.bind(app.accessId, phone, account, type);
};

const codeOf = (work: () => void): number => {
  try {
    work();
    return 0;
  } catch (error) {
    if (error instanceof Refusal) return error.retCode;
    throw error;
  }
};

const outcomeOf = (codes: readonly number[]): Answer => {
  const failed = codes.filter((code) => code !== 0).length;
  if (failed === 0) return {};
  return failed < codes.length
    ? { ret_code: retCodes.batchPartlyFailed, err_msg: "batch operate partly error" }
    : { ret_code: retCodes.batchFailed, err_msg: "batch operate total error" };
};

/** Tells the phones of accounts, or the accounts of phones. @see https://www.tencentcloud.com/document/product/1024/33769 */
export const accountQuery = jsonEndpoint(camel, (world, { app, bytes }) => {
  const request = checkBody(AccountQueryRequest, parseBody(bytes));
  const name = `operator_type ${request.operator_type}`;
  if (request.operator_type === 1)
    return tokensOf(world, app, request, needed(name, "account_list", request.account_list));
  return accountsOf(world, app, needed(name, "token_list", request.token_list));
});

const tokensOf = (
  { phones }: World,
  app: App,
  { account_type }: AccountQueryRequest,
  accounts: readonly AccountOfRequest[],
): Answer => {
  const account_tokens = accounts
    .map(typesOf(account_type))
    .map(({ account, type }) => ({ account, token_list: phones.tokensOfAccount(app.accessId, account, type) }));
  return { ...found(account_tokens.map(({ token_list }) => token_list)), account_tokens };
};

const accountsOf = ({ phones }: World, app: App, tokens: readonly string[]): Answer => {
  const token_accounts = tokens.map((token) => {
    const phone = phones.withToken(app.accessId, token);
    return { token, account_list: phone === undefined ? [] : phones.typedAccountsOf(phone) };
  });
  return { ...found(token_accounts.map(({ account_list }) => account_list)), token_accounts };
};

/** Each result tells whether there was anything to tell. */
const found = (lists: readonly (readonly unknown[])[]): Answer => ({
  errMsg: "ok",
  result: lists.map(({ length }) => String(length > 0 ? 0 : retCodes.nothingBound)),
});
