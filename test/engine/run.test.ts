import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { createProject, succeed } from "./run.ts";

/** A provider that keeps what it is given. */
const provider = `
module.exports = {
  create: async (inputs) => ({ id: "thing-1", outs: inputs }),
  diff: async (id, olds, news) => ({ changes: olds.title !== news.title }),
  update: async (id, olds, news) => ({ outs: news }),
  read: async (id, props) => ({ id, props }),
  delete: async () => {},
};
`;

const program = (title: string): string => `
import * as pulumi from "@pulumi/pulumi";

const load = 'exports.handler=()=>require("module").createRequire(process.cwd()+"/")("./provider.cjs");';

class Thing extends pulumi.CustomResource {
  constructor(name: string, title: pulumi.Input<string>) {
    super("pulumi-nodejs:dynamic/test:Thing", name, { __provider: load, title });
  }
}

new Thing("thing", ${JSON.stringify(title)});
`;

describe("a project on the real engine", () => {
  test("creates, keeps, changes, refreshes and destroys a dynamic resource", async () => {
    await using project = await createProject({ program: program("one"), files: { "provider.cjs": provider } });

    expect(await succeed(project.up())).toContain("2 created");
    expect(await succeed(project.up())).toContain("2 unchanged");
    await project.setProgram(program("two"));
    expect(await succeed(project.preview())).toContain("1 to update");
    expect(await succeed(project.up())).toContain("1 updated");
    expect(await succeed(project.refresh())).toContain("2 unchanged");
    const { resources } = await project.exportState();
    expect(resources.find(({ id }) => id === "thing-1")?.outputs).toMatchObject({ title: "two" });
    expect(await succeed(project.destroy())).toContain("2 deleted");
    expect(await project.exportState()).toMatchObject({ resources: [] });
  });

  test("has the stack's configuration, secrets encrypted", async () => {
    const text = `
      import * as pulumi from "@pulumi/pulumi";
      const config = new pulumi.Config("tpns");
      export const app = config.require("accessId");
      export const key = config.requireSecret("secretKey");
      export const region = process.env.REGION;
    `;
    await using project = await createProject({
      program: text,
      config: { "tpns:accessId": "1500001234" },
      secrets: { "tpns:secretKey": "canary" },
      env: { REGION: "guangzhou" },
    });

    expect(await succeed(project.up())).not.toContain("canary");
    const { stdout } = await project.pulumi("stack", "output", "--json", "--show-secrets");

    expect(JSON.parse(stdout)).toEqual({ app: "1500001234", key: "canary", region: "guangzhou" });
    expect(JSON.stringify(await project.exportState())).not.toContain("canary");
  });

  test("gives the exit code and both outputs of a failing program", async () => {
    await using project = await createProject({ program: `throw new Error("no such luck");` });

    const result = await project.up();

    expect(result).toMatchObject({ code: 1, output: expect.stringContaining("no such luck") });
  });

  test("leaves nothing behind", async () => {
    const project = await createProject({ program: "" });
    await project.dispose();

    await expect(access(dirname(project.folder))).rejects.toThrow("ENOENT");
  });
});
