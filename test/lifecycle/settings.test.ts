import { describe, expect, test } from "vitest";
import { type Environment, readSettings, type Settings } from "../../provider/lifecycle/settings.ts";

type Configuration = Readonly<Record<string, string>>;

const configured: Configuration = {
  "tpns:accessId": "1500001234",
  "tpns:platform": "android",
  "tpns:accessPoint": "guangzhou",
};

const read = (config: Configuration = configured, env: Environment = {}): Settings =>
  readSettings((key) => config[key], env);

const defaults: Settings = {
  accessId: "1500001234",
  platform: "android",
  baseUrl: "https://api.tpns.tencent.com",
  secretKey: undefined,
  secretKeyPlaces: ["TPNS_SECRET_KEY_1500001234", "TPNS_SECRET_KEY"],
  explicit: false,
  authentication: "signature",
  maxPushesPerRun: 20,
  onlyStacks: undefined,
  minimumLeadSeconds: 60,
  signatureWindowSeconds: 600,
  recallAvailable: false,
  marker: true,
  rules: {},
  halt: undefined,
};

describe("the settings", () => {
  test("need the app, and default to the guards", () => {
    expect(read()).toEqual(defaults);
  });

  test("are read from the environment where the configuration is silent", () => {
    const env = { TPNS_ACCESS_ID: "1600001234", TPNS_PLATFORM: "ios", TPNS_ACCESS_POINT: "singapore" };

    expect(read({}, env)).toEqual({
      ...defaults,
      accessId: "1600001234",
      platform: "ios",
      baseUrl: "https://api.tpns.sgp.tencent.com",
      secretKeyPlaces: ["TPNS_SECRET_KEY_1600001234", "TPNS_SECRET_KEY"],
    });
  });

  test("of the configuration win over those of the environment", () => {
    const env = { TPNS_ACCESS_ID: "1600001234", TPNS_PLATFORM: "ios", TPNS_ACCESS_POINT: "singapore" };

    expect(read(configured, env)).toEqual(defaults);
  });

  test("say all that a provider can say", () => {
    const config = {
      ...configured,
      "tpns:accessPoint": "http://127.0.0.1:8790",
      "tpns:explicit": "true",
      "tpns:secretKey": "of the state",
      "tpns:secretKeyEnv": "SHOP_KEY",
      "tpns:authentication": "basic",
      "tpns:maxPushesPerRun": "3",
      "tpns:onlyStacks": "prod, staging",
      "tpns:minimumLeadSeconds": "0",
      "tpns:signatureWindowSeconds": "300",
      "tpns:recallAvailable": "true",
      "tpns:marker": "false",
      "tpns:guards": '{"bannedWords":["free"]}',
    };

    expect(read(config)).toEqual({
      accessId: "1500001234",
      platform: "android",
      baseUrl: "http://127.0.0.1:8790",
      secretKey: "of the state",
      secretKeyPlaces: ["TPNS_SECRET_KEY_1500001234", "SHOP_KEY", "TPNS_SECRET_KEY"],
      explicit: true,
      authentication: "basic",
      maxPushesPerRun: 3,
      onlyStacks: ["prod", "staging"],
      minimumLeadSeconds: 0,
      signatureWindowSeconds: 300,
      recallAvailable: true,
      marker: false,
      rules: { bannedWords: ["free"] },
    });
  });

  test.for<[string, readonly string[]]>([
    ["prod", ["prod"]],
    ["prod,staging", ["prod", "staging"]],
    ['["prod","staging"]', ["prod", "staging"]],
    ["", []],
    ["[]", []],
  ])("take onlyStacks written %s", ([text, onlyStacks]) => {
    expect(read({ ...configured, "tpns:onlyStacks": text })).toEqual({ ...defaults, onlyStacks });
  });
});

describe("the secret key", () => {
  /** From the first place that is asked to the last. */
  const env = { TPNS_SECRET_KEY_1500001234: "of the app", SHOP_KEY: "of the name", TPNS_SECRET_KEY: "of all" };
  const config = { ...configured, "tpns:secretKeyEnv": "SHOP_KEY", "tpns:secretKey": "of the state" };
  const { TPNS_SECRET_KEY_1500001234: _, ...withoutApp } = env;
  const { SHOP_KEY: __, ...withoutName } = withoutApp;
  const unnamed = { ...configured, "tpns:secretKey": "of the state" };

  test.for<[string, string | undefined, Configuration, Environment]>([
    ["is the app's own", "of the app", config, env],
    ["else that of the variable that the provider names", "of the name", config, withoutApp],
    ["else the provider's or the stack's", "of the state", config, withoutName],
    ["else the environment's for all", "of all", configured, withoutName],
    ["is no variable's that the provider does not name", "of the state", unnamed, withoutApp],
    ["is none where none is given", undefined, configured, {}],
    ["is never an empty text", "of the state", config, { TPNS_SECRET_KEY_1500001234: "", SHOP_KEY: "" }],
    ["is not another app's", undefined, configured, { TPNS_SECRET_KEY_1600001234: "of another app" }],
  ])("%s", ([, expected, configuration, environment]) => {
    expect(read(configuration, environment).secretKey).toBe(expected);
  });
});

describe("settings are refused in one line", () => {
  const without = (name: string): Configuration =>
    Object.fromEntries(Object.entries(configured).filter(([key]) => key !== name));

  test.for<[string, Configuration, Environment]>([
    [
      "no accessId; give the task a tpns.Provider, or run: pulumi config set tpns:accessId ..., or set TPNS_ACCESS_ID",
      without("tpns:accessId"),
      {},
    ],
    [
      "no platform; give the task a tpns.Provider, or run: pulumi config set tpns:platform ..., or set TPNS_PLATFORM",
      without("tpns:platform"),
      {},
    ],
    [
      "no accessPoint; give the task a tpns.Provider, or run: pulumi config set tpns:accessPoint ..., or set TPNS_ACCESS_POINT",
      without("tpns:accessPoint"),
      {},
    ],
    ["accessId shop is not a decimal number", { ...configured, "tpns:accessId": "shop" }, {}],
    ["accessId shop is not a decimal number", without("tpns:accessId"), { TPNS_ACCESS_ID: "shop" }],
    ["platform Android is neither android nor ios", { ...configured, "tpns:platform": "Android" }, {}],
    [
      'accessPoint "beijing" is none of the service; write guangzhou, shanghai, hongkong, singapore, or the emulator\'s address such as http://127.0.0.1:8790',
      { ...configured, "tpns:accessPoint": "beijing" },
      {},
    ],
    [
      'accessPoint "https://tpns.example.com" is none of the service; write guangzhou, shanghai, hongkong, singapore, or the emulator\'s address such as http://127.0.0.1:8790',
      { ...configured, "tpns:accessPoint": "https://tpns.example.com" },
      {},
    ],
    ["tpns:maxPushesPerRun: many is not a whole number", { ...configured, "tpns:maxPushesPerRun": "many" }, {}],
    ["tpns:maxPushesPerRun: -1 is not a whole number", { ...configured, "tpns:maxPushesPerRun": "-1" }, {}],
    ["tpns:maxPushesPerRun: 1.5 is not a whole number", { ...configured, "tpns:maxPushesPerRun": "1.5" }, {}],
    ["tpns:minimumLeadSeconds: 1m is not a whole number", { ...configured, "tpns:minimumLeadSeconds": "1m" }, {}],
    ["tpns:recallAvailable: yes is neither true nor false", { ...configured, "tpns:recallAvailable": "yes" }, {}],
    ["tpns:marker: no is neither true nor false", { ...configured, "tpns:marker": "no" }, {}],
    ["tpns:authentication: hmac is neither signature nor basic", { ...configured, "tpns:authentication": "hmac" }, {}],
  ])("%s", ([line, config, env]) => {
    expect(() => read(config, env)).toThrow(new Error(line));
  });

  test.for(["[prod]", "[1]", "["])("onlyStacks %s, naming it and what to write", (onlyStacks) => {
    expect(() => read({ ...configured, "tpns:onlyStacks": onlyStacks })).toThrow(
      new Error(`tpns:onlyStacks: ${onlyStacks} is not a list of stacks; write dev,prod or ["dev","prod"]`),
    );
  });
});
