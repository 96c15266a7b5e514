import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AudiencePackage, Provider, PushTask, type PushTaskArgs } from "../../provider/index.ts";
import { readSettings } from "../../provider/lifecycle/settings.ts";

/** What the state of every task holds as code: a change of it would update every task of everybody. */
const pushTaskText =
  'exports.handler=()=>require("module").createRequire(process.cwd()+"/")("pulumi-tpns/dynamic").pushTask;';
const audiencePackageText =
  'exports.handler=()=>require("module").createRequire(process.cwd()+"/")("pulumi-tpns/dynamic").audiencePackage;';

const springSale: PushTaskArgs = {
  audience: { type: "all" },
  sendTime: { local: "2027-03-01T10:00", timeZone: "Asia/Shanghai" },
  message: { title: "Spring sale", content: "20 % off today" },
};

/** What reached the engine's place, in order. */
const registered: Omit<pulumi.runtime.MockResourceArgs, "id">[] = [];

beforeAll(() =>
  pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider, custom }) => {
        registered.push({ type, name, inputs, ...(provider !== undefined && { provider }), custom: custom === true });
        return { id: `${name}-id`, state: inputs };
      },
      call: ({ inputs }) => inputs,
    },
    "shop",
    "dev",
    false,
    "acme",
  ),
);

beforeEach(() => {
  registered.length = 0;
  pulumi.runtime.setAllConfig({});
});

const settled = (resource: pulumi.Resource): Promise<string> =>
  new Promise((resolve) => {
    resource.urn.apply(resolve);
  });

/** A resource's own options, as they stand once it has added to them. */
function seen(): { options: pulumi.CustomResourceOptions; hidden: unknown[] } {
  const hidden: unknown[] = [];
  const transformations: pulumi.ResourceTransformation[] = [
    ({ opts }) => {
      hidden.push(opts.hideDiffs);
      return undefined;
    },
  ];
  return { options: { transformations }, hidden };
}

class Shop extends pulumi.ComponentResource {
  constructor(name: string) {
    super("shop:index:Shop", name);
  }
}

const taskUrn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/tpns:PushTask::spring-sale";

describe("PushTask", () => {
  test("registers what is declared, who asks and the constant text, and nothing else", async () => {
    await settled(new PushTask("spring-sale", springSale));

    expect(registered).toEqual([
      {
        type: "pulumi-nodejs:dynamic/tpns:PushTask",
        name: "spring-sale",
        custom: true,
        provider: "",
        inputs: { ...springSale, identity: `|acme|${taskUrn}`, __provider: pushTaskText },
      },
    ]);
  });

  test("has its outputs", async () => {
    const task = new PushTask("spring-sale", springSale);
    await settled(task);
    const { accessId, pushId, collapseId, status, phase, sendAt, revisions } = task;

    expect([accessId, pushId, collapseId, status, phase, sendAt, revisions].map(pulumi.Output.isInstance)).toEqual(
      Array(7).fill(true),
    );
  });

  test("shows neither text nor identity in a diff, beside what the user hides", async () => {
    const { options, hidden } = seen();
    await settled(new PushTask("spring-sale", springSale, { ...options, hideDiffs: ["message"] }));

    expect(hidden).toEqual([["message", "__provider", "identity"]]);
  });

  test("says who asks: the owner, and the component that it stands in", async () => {
    pulumi.runtime.setAllConfig({ "tpns:owner": "team-a" });
    const parent = new Shop("market");
    await settled(new PushTask("spring-sale", springSale, { parent }));

    expect(registered.map(({ inputs }) => inputs.identity)).toEqual([
      undefined,
      "team-a|acme|urn:pulumi:dev::shop::shop:index:Shop$pulumi-nodejs:dynamic/tpns:PushTask::spring-sale",
    ]);
  });
});

describe("AudiencePackage", () => {
  test("registers the file, who asks and the constant text, and nothing else", async () => {
    const { options, hidden } = seen();
    await settled(new AudiencePackage("vips", { file: "vips.csv" }, options));

    expect(hidden).toEqual([["__provider", "identity"]]);
    expect(registered).toEqual([
      {
        type: "pulumi-nodejs:dynamic/tpns:AudiencePackage",
        name: "vips",
        custom: true,
        provider: "",
        inputs: {
          file: "vips.csv",
          identity: "|acme|urn:pulumi:dev::shop::pulumi-nodejs:dynamic/tpns:AudiencePackage::vips",
          __provider: audiencePackageText,
        },
      },
    ]);
  });
});

describe("Provider", () => {
  const app = { accessId: "1500001234", platform: "android", accessPoint: "guangzhou" } as const;
  const configured = {
    "tpns:explicit": "true",
    "tpns:accessId": "1500001234",
    "tpns:platform": "android",
    "tpns:accessPoint": "guangzhou",
  };
  const inputsOf = async (provider: Provider): Promise<unknown> => {
    await settled(provider);
    return registered[0]?.inputs;
  };

  test("is named after its app, so that another app is another resource", async () => {
    await settled(new Provider("shop-android", app));

    expect(registered).toEqual([
      {
        type: "pulumi:providers:pulumi-nodejs",
        name: "shop-android-1500001234",
        custom: true,
        provider: "",
        inputs: configured,
      },
    ]);
  });

  test("writes every guard as text", async () => {
    const provider = new Provider("shop-android", {
      ...app,
      secretKeyEnv: "SHOP_ANDROID_KEY",
      maxPushesPerRun: 0,
      onlyStacks: ["prod", "staging"],
      minimumLeadSeconds: 120,
      recallAvailable: true,
      marker: false,
      authentication: "basic",
    });

    expect(await inputsOf(provider)).toEqual({
      ...configured,
      "tpns:secretKeyEnv": "SHOP_ANDROID_KEY",
      "tpns:maxPushesPerRun": "0",
      "tpns:onlyStacks": "prod,staging",
      "tpns:minimumLeadSeconds": "120",
      "tpns:recallAvailable": "true",
      "tpns:marker": "false",
      "tpns:authentication": "basic",
    });
  });

  test("lets no stack in where the list of stacks is empty", async () => {
    await settled(new Provider("shop-android", { ...app, onlyStacks: [] }));
    const { onlyStacks } = readSettings((key) => registered[0]?.inputs[key], {});

    expect(onlyStacks).toEqual([]);
  });

  test("makes the secret key a secret, however it is given", async () => {
    await settled(new Provider("text", { ...app, secretKey: "of the app" }));
    await settled(new Provider("output", { ...app, secretKey: pulumi.output("of the app") }));

    expect(registered.map(({ inputs }) => pulumi.runtime.isRpcSecret(inputs["tpns:secretKey"]))).toEqual([true, true]);
    expect(registered.map(({ inputs }) => pulumi.runtime.unwrapRpcSecret(inputs["tpns:secretKey"]))).toEqual([
      "of the app",
      "of the app",
    ]);
  });

  test("serves the tasks that name it", async () => {
    const provider = new Provider("shop-android", app);
    await settled(new PushTask("spring-sale", springSale, { provider }));

    expect(registered.map((resource) => resource.provider)).toEqual([
      "",
      "urn:pulumi:dev::shop::pulumi:providers:pulumi-nodejs::shop-android-1500001234::shop-android-1500001234-id",
    ]);
  });
});
