import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import {
  androidApp,
  type Emulator,
  iosApp,
  type PhoneSpec,
  type Switches,
  startEmulator,
} from "../../provider/emulator/index.ts";
import { Switches as SwitchSchema } from "../../provider/emulator/switches.ts";
import { sign } from "../../provider/tpns/sign.ts";
import {
  cancelPath,
  codeOf,
  collapseIdOf,
  iosNotification,
  notification,
  planPath,
  post,
  push,
  pushPath,
  reachedBy,
  recordPath,
  revokePath,
  statusOf,
  stopPath,
  upload,
} from "./fixture.ts";

type Chosen = Partial<Switches>;

/** One reading of a switch, beside others that it needs, and what is seen under it; the default comes first. */
type Reading = readonly [chosen: Chosen, seen: unknown];

interface Row {
  readonly sees: (emulator: Emulator) => unknown;
  readonly readings: readonly Reading[];
}

const start = "2027-02-01T08:00:00+08:00";
const today = { startDate: "2027-02-01", endDate: "2027-02-01" };
const hour = 3600;
const day = 24 * hour;
const statisticPath = "/v3/statistics/get_push_task_stat_channel";
const accountPath = "/v3/device/account/batchoperate";
const tagPath = "/v3/device/tag";
const attributePath = "/v3/device/set_custom_attribute";

const phone = (name: string, more: Partial<PhoneSpec> = {}): PhoneSpec => ({
  name,
  accessId: androidApp.accessId,
  system: "android",
  channel: "xg",
  ...more,
});

const fleet = [
  phone("p", { accounts: ["alice"], tags: ["vip"], token: "token-p" }),
  phone("h", { channel: "honor", token: "token-h" }),
  phone("i", { accessId: iosApp.accessId, system: "ios", channel: "apns" }),
];

const later = { send_time: "2027-02-01 10:00:00" };
const toAlice = { audience_type: "account_list", account_list: ["alice"] };

/** A push to the accounts of an upload. */
const toPackage = async (emulator: Emulator) => {
  const { uploadId } = await upload(emulator, "a.txt", "alice");
  return { audience_type: "package_account_push", upload_id: uploadId };
};

/** The ret_code of a remedy for a push. */
const remedied = async (emulator: Emulator, path: string, fields: object = {}) =>
  codeOf(emulator, path, { pushId: await push(emulator, fields) });

const Records = z.object({ pushRecordData: z.array(z.looseObject({})) });

const recordsIn = (answer: unknown) => Records.parse(answer).pushRecordData;
const listed = async (emulator: Emulator) => recordsIn((await post(emulator, recordPath, today)).answer);
const single = async (emulator: Emulator, pushId: string) =>
  recordsIn((await post(emulator, recordPath, { pushId })).answer);

/** Whether a single record, and a list's, have a field. */
const has = async (emulator: Emulator, field: string) => {
  const pushId = await push(emulator);
  const [one] = await single(emulator, pushId);
  const [row] = await listed(emulator);
  return [one, row].map((record) => Object.hasOwn(record ?? {}, field));
};

/** The codes of pushes to all, one after another in the same second. */
const codes = async (calls: number, call: () => Promise<unknown>) => {
  const all: unknown[] = [];
  for (let count = 0; count < calls; count += 1) all.push(await call());
  return all;
};

/** A push that overrides another, and whether each of the two alerted the phone, and the status of the first. */
const overridden = async (emulator: Emulator, first: object, second: object, untilSeconds = 0) => {
  const old = await push(emulator, first);
  const override = { ...second, collapse_id: collapseIdOf(emulator, old) };
  const { answer } = await post(emulator, pushPath, notification(override));
  emulator.clock.step(untilSeconds);
  return [answer.ret_code, emulator.phone("p").alerts.length, statusOf(emulator, old)];
};

/** Overrides once the dispatch is over. */
const overriddenLate = async (emulator: Emulator, second: object, first: object = {}) => {
  const old = await push(emulator, first);
  emulator.clock.step(10);
  return codeOf(emulator, pushPath, notification({ ...second, collapse_id: collapseIdOf(emulator, old) }));
};

const rows: Readonly<Record<keyof Switches, Row>> = {
  remedyAnswers: {
    sees: async (emulator) =>
      Object.keys((await post(emulator, cancelPath, { pushId: await push(emulator, later) })).answer),
    readings: [
      [{ remedyAnswers: "camel" }, ["retCode", "errMsg"]],
      [{ remedyAnswers: "snake" }, ["ret_code", "err_msg"]],
    ],
  },
  cancelTooLate: {
    sees: (emulator) => remedied(emulator, cancelPath),
    readings: [
      [{ cancelTooLate: "refused" }, 1008007],
      [{ cancelTooLate: "accepted" }, 0],
    ],
  },
  stopTooLate: {
    sees: (emulator) => remedied(emulator, stopPath, later),
    readings: [
      [{ stopTooLate: "refused" }, 1008007],
      [{ stopTooLate: "accepted" }, 0],
    ],
  },
  tooLateRetCode: {
    sees: (emulator) => remedied(emulator, cancelPath),
    readings: [
      [{ tooLateRetCode: 1008007 }, 1008007],
      [{ tooLateRetCode: 1008004 }, 1008004],
    ],
  },
  cancelCutoffSeconds: {
    sees: (emulator) => remedied(emulator, cancelPath, { send_time: "2027-02-01 08:01:01" }),
    readings: [
      [{ cancelCutoffSeconds: 0 }, 0],
      [{ cancelCutoffSeconds: 59 }, 0],
      [{ cancelCutoffSeconds: 60 }, 1008007],
    ],
  },
  remedyDelaySeconds: {
    sees: async (emulator) => {
      const pushId = await push(emulator, later);
      await post(emulator, cancelPath, { pushId });
      const before = statusOf(emulator, pushId);
      emulator.clock.step(5);
      return [before, statusOf(emulator, pushId)];
    },
    readings: [
      [{ remedyDelaySeconds: 0 }, ["PUSH_CANCELED", "PUSH_CANCELED"]],
      [{ remedyDelaySeconds: 5 }, ["PUSH_WAIT", "PUSH_CANCELED"]],
    ],
  },
  iosTermination: {
    sees: async (emulator) =>
      codeOf(emulator, stopPath, { pushId: await push(emulator, iosNotification(), iosApp) }, iosApp),
    readings: [
      [{ iosTermination: "refused" }, 1008007],
      [{ iosTermination: "accepted" }, 0],
    ],
  },
  recall: {
    sees: (emulator) => remedied(emulator, revokePath),
    readings: [
      [{ recall: "offline" }, 1008007],
      [{ recall: "available" }, 0],
    ],
  },
  remediesOfAccountList: {
    sees: (emulator) => remedied(emulator, stopPath, toAlice),
    readings: [
      [{ remediesOfAccountList: "accepted" }, 0],
      [{ remediesOfAccountList: "refused" }, 1008007],
    ],
  },
  remediesOfAccountPackage: {
    sees: async (emulator) => remedied(emulator, stopPath, await toPackage(emulator)),
    readings: [
      [{ remediesOfAccountPackage: "accepted" }, 0],
      [{ remediesOfAccountPackage: "refused" }, 1008007],
    ],
  },
  pushIdOfSingleQuery: {
    sees: async (emulator) => typeof (await single(emulator, await push(emulator)))[0]?.pushId,
    readings: [
      [{ pushIdOfSingleQuery: "number" }, "number"],
      [{ pushIdOfSingleQuery: "text" }, "string"],
    ],
  },
  pushIdOfLoop: {
    sees: async (emulator) => {
      const days = { startDate: "2027-02-02", endDate: "2027-02-03", loopType: 1, loopDayIndexs: [0] };
      const loop_param = { ...days, dayTimes: ["10:00:00"] };
      const { answer } = await post(emulator, pushPath, notification({ loop_param }));
      const ids = emulator.tasks.map(({ pushId }) => pushId);
      return {
        length: ids.length,
        all: z.array(z.string()).safeParse(answer.push_id).success,
        first: answer.push_id === ids[0],
      };
    },
    readings: [
      [{ pushIdOfLoop: "array" }, { length: 2, all: true, first: false }],
      [{ pushIdOfLoop: "text" }, { length: 2, all: false, first: true }],
    ],
  },
  answerOfPush: {
    sees: async (emulator) => Object.keys((await post(emulator, pushPath, notification())).answer).sort(),
    readings: [
      [
        { answerOfPush: "full" },
        ["environment", "err_msg", "err_msg_zh", "invalid_targe_list", "push_id", "result", "ret_code", "seq"],
      ],
      [{ answerOfPush: "short" }, ["environment", "push_id", "ret_code", "seq"]],
    ],
  },
  messageTypeOfNotify: {
    sees: async (emulator) => (await single(emulator, await push(emulator)))[0]?.messageType,
    readings: [
      [{ messageTypeOfNotify: "notify" }, "notify"],
      [{ messageTypeOfNotify: "notification" }, "notification"],
    ],
  },
  statusOfWaiting: {
    sees: async (emulator) => {
      const pushId = await push(emulator, later);
      return [(await single(emulator, pushId))[0]?.status, await codeOf(emulator, cancelPath, { pushId })];
    },
    readings: [
      [{ statusOfWaiting: "PUSH_WAIT" }, ["PUSH_WAIT", 0]],
      [{ statusOfWaiting: "PUSH_INIT" }, ["PUSH_INIT", 0]],
    ],
  },
  recordOrder: {
    sees: async (emulator) => {
      await push(emulator, { message: { title: "old", content: "x" } });
      await push(emulator, { message: { title: "new", content: "x" } });
      return (await listed(emulator)).map(({ title }) => title);
    },
    readings: [
      [{ recordOrder: "newest" }, ["new", "old"]],
      [{ recordOrder: "oldest" }, ["old", "new"]],
    ],
  },
  pushIdDigits: {
    sees: async (emulator) => (await push(emulator)).length,
    readings: [
      [{ pushIdDigits: 10 }, 10],
      [{ pushIdDigits: 19 }, 19],
    ],
  },
  groupIdIn: {
    sees: (emulator) => has(emulator, "groupId"),
    readings: [
      [{ groupIdIn: "list" }, [false, true]],
      [{ groupIdIn: "everywhere" }, [true, true]],
      [{ groupIdIn: "nowhere" }, [false, false]],
    ],
  },
  collapseIdIn: {
    sees: (emulator) => has(emulator, "collapseID"),
    readings: [
      [{ collapseIdIn: "single" }, [true, false]],
      [{ collapseIdIn: "everywhere" }, [true, true]],
      [{ collapseIdIn: "nowhere" }, [false, false]],
    ],
  },
  collapseIdOfOverride: {
    sees: async (emulator) => {
      const collapse_id = collapseIdOf(emulator, await push(emulator));
      const [record] = await single(emulator, await push(emulator, { collapse_id }));
      return record?.collapseID === collapse_id ? "given" : record?.collapseID;
    },
    readings: [
      [{ collapseIdOfOverride: "given" }, "given"],
      [{ collapseIdOfOverride: "zero" }, 0],
    ],
  },
  recordsBy: {
    sees: async (emulator) => {
      await push(emulator, { send_time: "2027-02-03 10:00:00" });
      return (await listed(emulator)).length;
    },
    readings: [
      [{ recordsBy: "creation" }, 1],
      [{ recordsBy: "push" }, 0],
    ],
  },
  listedAheadDays: {
    sees: async (emulator) => {
      await push(emulator, { send_time: "2027-02-09 10:00:00" });
      return (await listed(emulator)).length;
    },
    readings: [
      [{ listedAheadDays: 90 }, 1],
      [{ listedAheadDays: 7 }, 0],
    ],
  },
  unknownPushId: {
    sees: async (emulator) => {
      const { answer } = await post(emulator, recordPath, { pushId: "1" });
      const statistics = await post(emulator, statisticPath, { pushId: "1" });
      return [answer.retCode, answer.pushRecordData, statistics.answer.pushStatDataAll];
    },
    readings: [
      [{ unknownPushId: "1008015" }, [1008015, undefined, undefined]],
      [{ unknownPushId: "empty" }, [0, [], []]],
    ],
  },
  badCredentials: {
    sees: async (emulator) => {
      const response = await fetch(emulator.url + recordPath, { method: "POST", body: "{}" });
      return [response.status, (await response.text()).includes("1008003")];
    },
    readings: [
      [{ badCredentials: "1008003" }, [200, true]],
      [{ badCredentials: "403" }, [403, false]],
    ],
  },
  refusalHttpStatus: {
    sees: async (emulator) => [
      (await post(emulator, cancelPath, { pushId: "1" })).status,
      (await post(emulator, recordPath, today)).status,
    ],
    readings: [
      [{ refusalHttpStatus: 200 }, [200, 200]],
      [{ refusalHttpStatus: 400 }, [400, 200]],
    ],
  },
  signatureWindowSeconds: {
    sees: async (emulator) => {
      const body = JSON.stringify(today);
      const timestampSeconds = emulator.clock.now().getTime() / 1000 - 601;
      const headers = sign({ ...androidApp, timestampSeconds, body });
      const response = await fetch(emulator.url + recordPath, { method: "POST", headers, body });
      return z.object({ retCode: z.int() }).parse(await response.json()).retCode;
    },
    readings: [
      [{ signatureWindowSeconds: 600 }, 1008003],
      [{ signatureWindowSeconds: 601 }, 0],
      [{ signatureWindowSeconds: 0 }, 0],
    ],
  },
  pastSendTime: {
    sees: (emulator) => codeOf(emulator, pushPath, notification({ send_time: "2027-02-01 07:49:59" })),
    readings: [
      [{ pastSendTime: "refused-after-10-minutes" }, 10010012],
      [{ pastSendTime: "immediate" }, 0],
    ],
  },
  expireTimeRules: {
    sees: async (emulator) => {
      const expire = async (fields: object) => {
        const { answer } = await post(emulator, pushPath, notification({ ...toAlice, ...fields }));
        const task = emulator.tasks.find(({ pushId }) => pushId === answer.push_id);
        return task?.expireTime ?? answer.ret_code;
      };
      return [await expire({}), await expire({ expire_time: 259_201 }), await expire({ expire_time: 2 ** 31 })];
    },
    readings: [
      [{ expireTimeRules: "since-2022-12" }, [86_400, 1008007, 1008007]],
      [{ expireTimeRules: "before" }, [259_200, 259_201, 1008007]],
    ],
  },
  tagLimit: {
    sees: (emulator) => {
      const tags = Array.from({ length: 57 }, (_, at) => `tag${100_000 + at}`);
      return codeOf(emulator, pushPath, notification({ audience_type: "tag", tag_list: { tags, op: "OR" } }));
    },
    readings: [
      [{ tagLimit: "500-tags" }, 0],
      [{ tagLimit: "512-characters" }, 1008007],
    ],
  },
  pushSpeedOfAccountPackage: {
    sees: async (emulator) =>
      codeOf(emulator, pushPath, notification({ ...(await toPackage(emulator)), push_speed: 1000 })),
    readings: [
      [{ pushSpeedOfAccountPackage: "yes", unsupportedOptions: "refused" }, 0],
      [{ pushSpeedOfAccountPackage: "no", unsupportedOptions: "refused" }, 1008007],
    ],
  },
  iosCustom: {
    sees: async (emulator) => {
      const message = { title: "t", content: "c", ios: { aps: { alert: {} }, custom: "{}" } };
      const pushId = await push(emulator, { ...iosNotification(), message }, iosApp);
      const { answer } = await post(emulator, recordPath, { pushId }, iosApp);
      return recordsIn(answer)[0]?.pushConfig;
    },
    readings: [
      [{ iosCustom: "accepted" }, { android: null, ios: { aps: { alert: {} }, custom_content: "{}" }, iot: null }],
      [{ iosCustom: "ignored" }, { android: null, ios: { aps: { alert: {} } }, iot: null }],
    ],
  },
  unsupportedOptions: {
    sees: (emulator) => codeOf(emulator, pushPath, notification({ ...toAlice, ...later })),
    readings: [
      [{ unsupportedOptions: "ignored" }, 0],
      [{ unsupportedOptions: "refused" }, 1008007],
    ],
  },
  unknownTargets: {
    sees: async (emulator) => [
      await codeOf(emulator, pushPath, notification({ audience_type: "token", token_list: ["t"] })),
      await codeOf(emulator, pushPath, notification({ audience_type: "account", account_list: ["zoe"] })),
      await codeOf(emulator, tagPath, { operator_type: 1, tag_list: ["a"], token_list: ["t"] }),
      await codeOf(emulator, accountPath, { operator_type: 4, token_list: ["t"] }),
      await codeOf(emulator, attributePath, { cmd: 5, token: "t" }),
      await codeOf(emulator, "/v3/toolbox/getPushListByToken", { token: "t" }),
    ],
    readings: [
      [{ unknownTargets: "accepted" }, [0, 0, 0, 0, 0, 0]],
      [{ unknownTargets: "refused" }, [1008029, 10010005, 1008006, 1008027, 1008006, 1008029]],
    ],
  },
  unknownPlanId: {
    sees: async (emulator) => {
      const { answer } = await post(emulator, planPath, { planName: "p", planDescribe: "d" });
      const { planId } = z.object({ planId: z.string() }).parse(answer.result);
      const request = { audience_type: "token", token_list: ["t"] };
      return [
        await codeOf(emulator, pushPath, notification({ ...request, plan_id: "20200704" })),
        await codeOf(emulator, pushPath, notification({ ...request, plan_id: planId })),
        await codeOf(emulator, pushPath, iosNotification({ ...request, plan_id: planId }), iosApp),
      ];
    },
    readings: [
      [{ unknownPlanId: "accepted" }, [0, 0, 0]],
      [{ unknownPlanId: "refused" }, [1008007, 0, 1008007]],
    ],
  },
  wrongPackageRows: {
    sees: async (emulator) => {
      const { retCode, uploadId } = await upload(emulator, "a.csv", "x\nalice\na,b");
      if (retCode !== 0) return retCode;
      return reachedBy(emulator, await push(emulator, { audience_type: "package_account_push", upload_id: uploadId }));
    },
    readings: [
      [{ wrongPackageRows: "refused" }, 1008011],
      [{ wrongPackageRows: "skipped" }, ["p"]],
    ],
  },
  planNameCharacters: {
    sees: (emulator) => codeOf(emulator, planPath, { planName: "x".repeat(24), planDescribe: "d" }),
    readings: [
      [{ planNameCharacters: 60 }, 0],
      [{ planNameCharacters: 23 }, 1008007],
    ],
  },
  errMsgOfPlan: {
    sees: async (emulator) =>
      Object.keys((await post(emulator, planPath, { planName: "p", planDescribe: "d" })).answer),
    readings: [
      [{ errMsgOfPlan: "ErrMsg" }, ["retCode", "ErrMsg", "result"]],
      [{ errMsgOfPlan: "errMsg" }, ["retCode", "errMsg", "result"]],
    ],
  },
  retCodeOfPlan: {
    sees: async (emulator) => (await post(emulator, planPath, { planName: "p", planDescribe: "d" })).answer.retCode,
    readings: [
      [{ retCodeOfPlan: "number" }, 0],
      [{ retCodeOfPlan: "text" }, "0"],
    ],
  },
  plansPerDay: {
    sees: (emulator) => codes(3, () => codeOf(emulator, planPath, { planName: "p", planDescribe: "d" })),
    readings: [
      [{ plansPerDay: 200 }, [0, 0, 0]],
      [{ plansPerDay: 2 }, [0, 0, 1008028]],
      [{ plansPerDay: 0 }, [0, 0, 0]],
    ],
  },
  tagPairs: {
    sees: (emulator) => {
      const pairs = (length: number) => Array.from({ length }, (_, at) => ({ tag: `t${at}`, token: "token-p" }));
      const call = (length: number) => codeOf(emulator, tagPath, { operator_type: 9, tag_token_list: pairs(length) });
      return Promise.all([call(20), call(21)]);
    },
    readings: [
      [{ tagPairs: 20 }, [0, 1008007]],
      [{ tagPairs: 500 }, [0, 0]],
    ],
  },
  tagsPerApp: {
    sees: (emulator) => codeOf(emulator, tagPath, { operator_type: 1, tag_list: ["a"], token_list: ["token-p"] }),
    readings: [
      [{ tagsPerApp: 10_000 }, 0],
      [{ tagsPerApp: 1 }, 1008007],
      [{ tagsPerApp: 0 }, 0],
    ],
  },
  tagsPerDevice: {
    sees: (emulator) => {
      const tag_list = Array.from({ length: 100 }, (_, at) => `t${at}`);
      return codeOf(emulator, tagPath, { operator_type: 3, tag_list, token_list: ["token-p"] });
    },
    readings: [
      [{ tagsPerDevice: 100 }, 1008007],
      [{ tagsPerDevice: 101 }, 0],
      [{ tagsPerDevice: 0 }, 0],
    ],
  },
  accountsPerType: {
    sees: async (emulator) => {
      const account_list = [{ account: "a" }, { account: "b" }];
      await post(emulator, accountPath, { operator_type: 2, token_accounts: [{ token: "token-p", account_list }] });
      return emulator.phone("p").accounts;
    },
    readings: [
      [{ accountsPerType: "one" }, ["b"]],
      [{ accountsPerType: "many" }, ["a", "b"]],
    ],
  },
  bindingResults: {
    sees: async (emulator) =>
      (await post(emulator, accountPath, { operator_type: 4, token_list: ["token-p"] })).answer.result,
    readings: [
      [{ bindingResults: "0" }, ["0"]],
      [{ bindingResults: "ok" }, ["ok"]],
    ],
  },
  unknownAttributes: {
    sees: async (emulator) => {
      const attributeInfo = { attributeMap: { high: "2.66" } };
      const { answer } = await post(emulator, attributePath, { cmd: 1, token: "token-p", attributeInfo });
      const asked = await post(emulator, attributePath, { cmd: 5, token: "token-p" });
      return [answer.invalidAttribute, asked.answer.attributeInfo];
    },
    readings: [
      [{ unknownAttributes: "accepted" }, [undefined, { attributeMap: { high: "2.66" } }]],
      [{ unknownAttributes: "filtered" }, [["high"], { attributeMap: {} }]],
    ],
  },
  statisticTotals: {
    sees: async (emulator) => {
      const pushId = await push(emulator);
      emulator.click("h", pushId);
      const { answer } = await post(emulator, statisticPath, { pushId });
      const Statistics = z.array(z.object({ channel: z.string(), pushState: z.record(z.string(), z.int()) }));
      const all = Statistics.parse(answer.pushStatDataAll).find(({ channel }) => channel === "all");
      return Object.values(all?.pushState ?? {});
    },
    readings: [
      [{ statisticTotals: "sums" }, [2, 2, 2, 1, 2, 2, 1, 0]],
      [{ statisticTotals: "own" }, [2, 2, 1, 2, 2, 1, 0, 0]],
    ],
  },
  overrideOfPending: {
    sees: async (emulator) => {
      emulator.clock.step(1);
      return overridden(
        emulator,
        later,
        { audience_type: "tag", tag_list: { tags: ["vip"], op: "OR" }, send_time: "2027-02-01 09:00:00" },
        3 * hour,
      );
    },
    readings: [
      [{ overrideOfPending: "independent", pushesPerSecond: 0 }, [0, 2, "PUSH_FINISHED"]],
      [{ overrideOfPending: "replaced", pushesPerSecond: 0 }, [0, 1, "PUSH_COLLAPSED"]],
      [{ overrideOfPending: "refused", pushesPerSecond: 0 }, [1008007, 1, "PUSH_FINISHED"]],
    ],
  },
  unknownCollapseId: {
    sees: async (emulator) => {
      const code = await codeOf(emulator, pushPath, notification({ collapse_id: 7 }));
      return [code, emulator.tasks.map(({ overrides }) => overrides)];
    },
    readings: [
      [{ unknownCollapseId: "refused" }, [1008007, []]],
      [{ unknownCollapseId: "ignored" }, [0, [false]]],
    ],
  },
  collapseIdDays: {
    sees: async (emulator) => {
      const collapse_id = collapseIdOf(emulator, await push(emulator));
      emulator.clock.step(2 * day);
      return codeOf(emulator, pushPath, notification({ collapse_id }));
    },
    readings: [
      [{ collapseIdDays: 0 }, 0],
      [{ collapseIdDays: 2 }, 0],
      [{ collapseIdDays: 1 }, 1008007],
    ],
  },
  overrideTakesEffect: {
    sees: async (emulator) => {
      const old = await push(emulator);
      emulator.clock.step(10);
      await push(emulator, { ...later, collapse_id: collapseIdOf(emulator, old) });
      return statusOf(emulator, old);
    },
    readings: [
      [{ overrideTakesEffect: "dispatch" }, "PUSH_FINISHED"],
      [{ overrideTakesEffect: "acceptance" }, "PUSH_COLLAPSED"],
    ],
  },
  overrideOnHonorAndFcm: {
    sees: async (emulator) => {
      await overriddenLate(emulator, {});
      return emulator.phone("h").alerts.length;
    },
    readings: [
      [{ overrideOnHonorAndFcm: "no" }, 1],
      [{ overrideOnHonorAndFcm: "yes" }, 2],
    ],
  },
  loopWeek: {
    sees: async (emulator) => {
      const days = { startDate: "2027-02-02", endDate: "2027-02-09", loopType: 2, loopDayIndexs: [0] };
      await post(emulator, pushPath, notification({ loop_param: { ...days, dayTimes: ["10:00:00"] } }));
      return emulator.tasks.map(({ sendTime }) => sendTime);
    },
    readings: [
      [{ loopWeek: "sunday" }, ["2027-02-07 10:00:00"]],
      [{ loopWeek: "monday" }, ["2027-02-08 10:00:00"]],
    ],
  },
  dispatchSeconds: {
    sees: async (emulator) => {
      const pushId = await push(emulator);
      emulator.clock.step(3);
      return statusOf(emulator, pushId);
    },
    readings: [
      [{ dispatchSeconds: 3 }, "PUSH_FINISHED"],
      [{ dispatchSeconds: 4 }, "PUSH_STARTED"],
    ],
  },
  otherDevices: {
    sees: async (emulator) => {
      const pushId = await push(emulator, { push_speed: 1000 });
      emulator.clock.step(99);
      return statusOf(emulator, pushId);
    },
    readings: [
      [{ otherDevices: 100_000 }, "PUSH_STARTED"],
      [{ otherDevices: 90_000 }, "PUSH_FINISHED"],
    ],
  },
  pushesPerSecond: {
    sees: (emulator) => codes(4, () => codeOf(emulator, pushPath, notification())),
    readings: [
      [{ pushesPerSecond: 1 }, [0, 1008028, 1008028, 1008028]],
      [{ pushesPerSecond: 3 }, [0, 0, 0, 1008028]],
      [{ pushesPerSecond: 0 }, [0, 0, 0, 0]],
    ],
  },
  queriesPerHour: {
    sees: (emulator) => codes(3, () => codeOf(emulator, recordPath, { pushId: "1" })),
    readings: [
      [{ queriesPerHour: 200 }, [1008015, 1008015, 1008015]],
      [{ queriesPerHour: 2 }, [1008015, 1008015, 1008028]],
      [{ queriesPerHour: 0 }, [1008015, 1008015, 1008015]],
    ],
  },
  repeatSeconds: {
    sees: async (emulator) => {
      const message = { title: "same", content: "same" };
      await push(emulator, { message });
      emulator.clock.step(60);
      return codeOf(emulator, pushPath, notification({ message }));
    },
    readings: [
      [{ repeatSeconds: 3600 }, 10010018],
      [{ repeatSeconds: 60 }, 0],
      [{ repeatSeconds: 0 }, 0],
    ],
  },
};

const Property = z.object({
  default: z.union([z.string(), z.number()]),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
});

/** Each switch of the schema, its default, and its readings where they are counted. */
const schema = z
  .object({ properties: z.record(z.string(), Property) })
  .parse(z.toJSONSchema(z.instanceof(z.ZodType).parse(SwitchSchema), { io: "input" })).properties;

const chosenIn = (name: string, [chosen]: Reading): unknown =>
  new Map<string, unknown>(Object.entries(chosen)).get(name);

describe("the table of switches", () => {
  test("has a row for each, and for no other", () => {
    expect(Object.keys(rows).sort()).toEqual(Object.keys(schema).sort());
  });

  test.for(Object.entries(rows))("tests all readings of %s, its default first", ([name, { readings }]) => {
    const values = readings.map((reading) => chosenIn(name, reading));
    const { default: byDefault, enum: all = [] } = Property.parse(schema[name]);

    expect(values[0]).toBe(byDefault);
    expect(values).toEqual(expect.arrayContaining([...all]));
    expect(new Set(readings.map(([, seen]) => JSON.stringify(seen))).size).toBeGreaterThan(1);
  });

  const source = readFileSync(new URL("../../provider/emulator/switches.ts", import.meta.url), "utf8");
  const told = new Map(
    [...source.matchAll(/\/\*\* (.*) \*\/\n {2}(\w+): /g)].map(([, text = "", name = ""]) => [name, text]),
  );

  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

  test("is that of README.md", () => {
    const listed = [...readme.matchAll(/^\| `(\w+)` \| (.*Default .*) \|$/gm)].map(([, name, text]) => [name, text]);
    expect(listed).toEqual([...told]);
  });

  test.for(Object.entries(schema))("says what %s is by default", ([name, { default: byDefault }]) => {
    expect(told.get(name)).toContain(`Default ${byDefault}`);
  });
});

describe("a switch", () => {
  const readings = Object.entries(rows).flatMap(([name, { sees, readings: all }]) =>
    all.map(([chosen, seen]) => ({ name: `${name} ${JSON.stringify(chosen)}`, sees, chosen, seen })),
  );

  test.for(readings)("$name", async ({ sees, chosen, seen }) => {
    await using emulator = await startEmulator({ now: start, pace: 0, phones: fleet, switches: chosen });

    expect(await sees(emulator)).toEqual(seen);
  });
});
