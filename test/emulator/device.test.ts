import { describe, expect } from "vitest";
import { androidApp, type Emulator, iosApp } from "../../provider/emulator/index.ts";
import { codeOf, post, push, reachedBy, test } from "./fixture.ts";

const tagPath = "/v3/device/tag";
const accountPath = "/v3/device/account/batchoperate";
const queryPath = "/v3/device/account/query";
const attributePath = "/v3/device/set_custom_attribute";

const tokenOf = (emulator: Emulator, name: string) => emulator.phone(name).token;
const tagsOf = (emulator: Emulator, name: string) => emulator.phone(name).tags;
const accountsOf = (emulator: Emulator, name: string) => emulator.phone(name).accounts;

describe("device/tag", () => {
  /** The phones oppo (vip) and own-channel (sale, vip) after an operation. */
  const tagged = async (emulator: Emulator, operator_type: number, tag_list: readonly string[]) => {
    const token_list = ["oppo", "own-channel"].map((name) => tokenOf(emulator, name));
    const { answer } = await post(emulator, tagPath, { operator_type, tag_list, token_list });
    expect(answer).toEqual({ seq: 0, ret_code: 0 });
    return [tagsOf(emulator, "oppo"), tagsOf(emulator, "own-channel")];
  };

  test.for<[number, string[], string[], string[]]>([
    [1, ["a", "b"], ["a", "vip"], ["sale", "vip"]],
    [2, ["vip", "b"], [], ["sale", "vip"]],
    [3, ["a", "b"], ["a", "b", "vip"], ["sale", "vip"]],
    [4, ["a", "vip"], [], ["sale", "vip"]],
    [5, ["a"], [], ["sale", "vip"]],
    [6, ["a", "b:1"], ["a", "b:1"], ["sale", "vip"]],
    [7, ["a", "b"], ["a", "vip"], ["a", "sale", "vip"]],
    [8, ["vip", "sale"], [], ["sale"]],
  ])("operation %i with %o", async ([operator, tags, oppo, own], { emulator }) => {
    expect(await tagged(emulator, operator, tags)).toEqual([oppo, own]);
  });

  test.for<[number, string[]]>([
    [9, ["a", "vip"]],
    [10, []],
  ])("operation %i takes pairs", async ([operator_type, tags], { emulator }) => {
    const token = tokenOf(emulator, "oppo");
    const tag_token_list = [{ tag: operator_type === 9 ? "a" : "vip", token }];

    expect(await codeOf(emulator, tagPath, { operator_type, tag_token_list })).toBe(0);
    expect(tagsOf(emulator, "oppo")).toEqual(tags);
  });

  test("overwrites only the categories of its tags where each has one", async ({ emulator }) => {
    await tagged(emulator, 3, ["level:1", "level:2", "test:1"]);

    expect((await tagged(emulator, 6, ["level:3"]))[0]).toEqual(["level:3", "test:1", "vip"]);
  });

  describe("on a phone with a tag of the service's own", () => {
    const phone = { name: "p", accessId: androidApp.accessId, system: "android", channel: "xg" } as const;
    test.override("options", { phones: [{ ...phone, tags: ["xg_auto_province:hunan", "a"] }] });

    test("leaves that where it is", async ({ emulator }) => {
      const token_list = [tokenOf(emulator, "p")];
      await post(emulator, tagPath, { operator_type: 5, token_list });

      expect(tagsOf(emulator, "p")).toEqual(["xg_auto_province:hunan"]);
    });
  });

  test("decides whom a tag push reaches", async ({ emulator }) => {
    await tagged(emulator, 1, ["new"]);
    const pushId = await push(emulator, { audience_type: "tag", tag_list: { tags: ["new"], op: "OR" } });

    expect(reachedBy(emulator, pushId)).toEqual(["oppo"]);
  });

  test.for([
    [{ operator_type: 0 }, 1008007],
    [{ operator_type: 11 }, 1008007],
    [{ operator_type: 1, tag_list: ["a"] }, 1008002],
    [{ operator_type: 1, token_list: ["t"] }, 1008002],
    [{ operator_type: 9, tag_list: ["a"], token_list: ["t"] }, 1008002],
    [{ operator_type: 1, tag_list: ["a".repeat(51)], token_list: ["t"] }, 1008007],
    [{ operator_type: 1, tag_list: ["a"], token_list: ["t".repeat(37)] }, 1008007],
    [{ operator_type: 7, tag_list: ["a"], token_list: Array(501).fill("t") }, 1008007],
    [{ operator_type: 7, tag_list: ["a"], token_list: Array(500).fill("t") }, 0],
  ] as const)("%o is answered with %i", async ([request, retCode], { emulator }) => {
    expect(await codeOf(emulator, tagPath, request)).toBe(retCode);
  });

  describe("with room for two tags a device and three an app", () => {
    test.override("options", { switches: { tagsPerDevice: 2, tagsPerApp: 3 } });

    test("refuses more, and adds none of them", async ({ emulator }) => {
      const add = (name: string, ...tag_list: readonly string[]) =>
        codeOf(emulator, tagPath, { operator_type: 3, tag_list, token_list: [tokenOf(emulator, name)] });

      expect(await add("oppo", "a", "b")).toBe(1008007);
      expect(tagsOf(emulator, "oppo")).toEqual(["vip"]);
      expect([await add("oppo", "a"), await add("huawei-emui9", "b"), await add("huawei-emui9", "a")]).toEqual([
        0, 1008007, 0,
      ]);
    });
  });

  test.for(["/v3/device/tag/delete_all_device", "/v3/device_tag/delete_all_device"])(
    "%s takes tags off all phones of the app",
    async (path, { emulator }) => {
      const { answer } = await post(emulator, path, { tag_list: ["sale", "unknown"] });

      expect(answer).toEqual({ ret_code: 0, err_msg: "", seq: 0, result: "" });
      expect(emulator.phones.map(({ tags }) => tags)).toEqual([
        ["vip"],
        [],
        [],
        [],
        ["vip"],
        ["sale", "vip"],
        ["sale"],
      ]);
    },
  );
});

describe("account/batchoperate", () => {
  const operate = async (emulator: Emulator, request: object) => (await post(emulator, accountPath, request)).answer;
  const good = { ret_code: 0, err_msg: "NO_ERROR" };

  test.for([1, 2])("operation %i replaces a phone's accounts", async (operator_type, { emulator }) => {
    const token_accounts = [{ token: tokenOf(emulator, "oppo"), account_list: [{ account: "zoe" }] }];

    expect(await operate(emulator, { operator_type, token_accounts })).toEqual({ ...good, result: ["0"] });
    expect(accountsOf(emulator, "oppo")).toEqual(["zoe"]);
  });

  test("keeps one account of each type, the last", async ({ emulator }) => {
    const account_list = [{ account: "a" }, { account: "b", account_type: 2 }, { account: "c" }];
    await operate(emulator, {
      operator_type: 2,
      token_accounts: [{ token: tokenOf(emulator, "oppo"), account_list }],
    });

    expect(accountsOf(emulator, "oppo")).toEqual(["b", "c"]);
  });

  test("operation 3 logs out the accounts that it names", async ({ emulator }) => {
    const token_accounts = [
      { token: tokenOf(emulator, "oppo"), account_list: [{ account: "alice" }, { account: "x" }] },
    ];
    await operate(emulator, { operator_type: 3, token_accounts });

    expect(accountsOf(emulator, "oppo")).toEqual([]);
    expect(accountsOf(emulator, "own-channel")).toEqual(["alice"]);
  });

  test("operation 4 logs out all accounts of phones", async ({ emulator }) => {
    const token_list = ["oppo", "huawei-emui9"].map((name) => tokenOf(emulator, name));

    expect(await operate(emulator, { operator_type: 4, token_list })).toEqual({ ...good, result: ["0", "0"] });
    expect([accountsOf(emulator, "oppo"), accountsOf(emulator, "huawei-emui9")]).toEqual([[], []]);
  });

  test("operation 5 logs out an account on all phones of the app", async ({ emulator }) => {
    await operate(emulator, { operator_type: 5, account_list: [{ account: "alice" }] });

    expect(["oppo", "own-channel", "iphone"].map((name) => accountsOf(emulator, name))).toEqual([[], [], ["alice"]]);
  });

  test.for([
    [{ operator_type: 6 }, 1008007],
    [{ operator_type: 2 }, 1008002],
    [{ operator_type: 4 }, 1008002],
    [{ operator_type: 5 }, 1008002],
    [{ operator_type: 4, token_list: Array(21).fill("t") }, 1008007],
    [{ operator_type: 5, account_list: [{ account: "a", account_type: 17 }] }, 1008007],
  ] as const)("%o is answered with %i", async ([request, retCode], { emulator }) => {
    expect(await codeOf(emulator, accountPath, request)).toBe(retCode);
  });

  describe("where unknown tokens are refused", () => {
    test.override("options", { switches: { unknownTargets: "refused" } });

    test("tells which failed, and does the others", async ({ emulator }) => {
      const token_list = ["nobody's", tokenOf(emulator, "oppo")];

      expect(await operate(emulator, { operator_type: 4, token_list })).toMatchObject({
        ret_code: 1008026,
        result: ["1008006", "0"],
      });
      expect(accountsOf(emulator, "oppo")).toEqual([]);
      expect(await operate(emulator, { operator_type: 4, token_list: ["nobody's"] })).toMatchObject({
        ret_code: 1008027,
        result: ["1008006"],
      });
      expect(emulator.requests.map(({ retCode }) => retCode)).toEqual([1008026, 1008027]);
    });
  });
});

describe("account/query", () => {
  test("tells the phones of accounts", async ({ emulator }) => {
    const account_list = [{ account: "alice" }, { account: "zoe" }, { account: "alice", account_type: 1 }];
    const { answer } = await post(emulator, queryPath, { operator_type: 1, account_list });

    expect(answer).toEqual({
      retCode: 0,
      errMsg: "ok",
      result: ["0", "10110008", "10110008"],
      account_tokens: [
        { account: "alice", token_list: [tokenOf(emulator, "own-channel"), tokenOf(emulator, "oppo")] },
        { account: "zoe", token_list: [] },
        { account: "alice", token_list: [] },
      ],
    });
  });

  test("tells the accounts of the app's own phones", async ({ emulator }) => {
    const token_list = [tokenOf(emulator, "iphone"), tokenOf(emulator, "oppo")];
    const { answer } = await post(emulator, queryPath, { operator_type: 2, token_list }, iosApp);

    expect(answer).toMatchObject({
      result: ["0", "10110008"],
      token_accounts: [
        { token: token_list[0], account_list: [{ account: "alice", account_type: 0 }] },
        { token: token_list[1], account_list: [] },
      ],
    });
  });

  test.for([1, 2])("operation %i refuses to do without its list", async (operator_type, { emulator }) => {
    expect(await codeOf(emulator, queryPath, { operator_type })).toBe(1008002);
  });
});

describe("set_custom_attribute", () => {
  const personal = {
    ntf_wt_attrs: true,
    message: { title: "{{name}}", content: "{{score}}", default_title: "You", default_content: "none" },
  };
  const call = async (emulator: Emulator, cmd: number, attributeMap?: Readonly<Record<string, string>>) => {
    const attributeInfo = attributeMap && { attributeMap };
    return (await post(emulator, attributePath, { cmd, token: tokenOf(emulator, "oppo"), attributeInfo })).answer;
  };
  const good = { retCode: 0, errMsg: "success" };
  const told = (attributeMap: object) => ({ ...good, attributeInfo: { attributeMap } });

  test("adds, updates, deletes and tells", async ({ emulator }) => {
    expect(await call(emulator, 1, { name: "Ming", score: "7", age: "9" })).toEqual(good);
    expect(await call(emulator, 2, { name: "Ann" })).toEqual(good);
    expect(await call(emulator, 3, { age: "" })).toEqual(good);
    expect(await call(emulator, 5)).toEqual(told({ name: "Ann", score: "7" }));

    await push(emulator, { ...personal, audience_type: "token", token_list: [tokenOf(emulator, "oppo")] });
    expect(emulator.phone("oppo").notifications).toMatchObject([{ title: "Ann", content: "7" }]);

    expect(await call(emulator, 4)).toEqual(good);
    expect(await call(emulator, 5)).toEqual(told({}));
  });

  test.for([
    [{ cmd: 0, token: "t" }, 1008007],
    [{ cmd: 1, token: "t" }, 1008002],
    [{ cmd: 5 }, 1008002],
    [{ cmd: 1, token: "t", attributeInfo: { attributeMap: { ["é".repeat(26)]: "" } } }, 1008007],
    [{ cmd: 1, token: "t", attributeInfo: { attributeMap: { name: "x".repeat(51) } } }, 1008007],
    [{ cmd: 1, token: "t", attributeInfo: { attributeMap: { name: "x".repeat(50) } } }, 0],
  ] as const)("%o is answered with %i", async ([request, retCode], { emulator }) => {
    expect(await codeOf(emulator, attributePath, request)).toBe(retCode);
  });
});
