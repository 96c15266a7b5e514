import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { androidApp } from "../../provider/emulator/index.ts";
import { sendTimeOf } from "../../provider/tpns/times.ts";
import { runCommand } from "../engine/command.ts";
import { succeed } from "../engine/run.ts";
import { type Arm, changedContent, environmentOf } from "./arm.ts";
import { operations } from "./result.ts";
import { sendTime } from "./service.ts";

/** `terraform_data` keeps a task and `local-exec` makes its calls: what needs no provider for the service. */
const moduleText = (secretKey: string): string => `
variable "url" { type = string }
variable "total" { type = number }
variable "first" { type = string }
variable "pause" { type = string }

locals {
  tasks = { for number in range(var.total) : "task-\${number}" => {
    title   = "Sale \${number}"
    content = number == 0 ? var.first : "20 % off today"
  } }
}

resource "terraform_data" "task" {
  for_each = local.tasks
  input    = { folder = abspath(path.module), url = var.url, name = each.key, pause = var.pause }
  triggers_replace = jsonencode({
    audience_type = "all"
    message_type  = "notify"
    message       = each.value
    send_time     = "${sendTimeOf(new Date(sendTime))}"
  })
  provisioner "local-exec" {
    command = "sh \${self.input.folder}/call.sh \${self.input.url}/v3/push/app \${self.input.folder}/\${self.input.name} \${self.input.pause}"
    environment = { BODY = self.triggers_replace, KEY = "${secretKey}" }
  }
  provisioner "local-exec" {
    when    = destroy
    command = "sh \${self.input.folder}/call.sh \${self.input.url}/v3/push/cancel_timing_task \${self.input.folder}/\${self.input.name}.end \${self.input.pause}"
    environment = { FOR = "\${self.input.folder}/\${self.input.name}", KEY = "${secretKey}" }
  }
}
`;

/** HTTP Basic, since a shell would need two more programs to sign. A cancel takes its id from the push's answer. */
const script = `
set -e
if [ -n "$FOR" ]; then BODY="{\\"pushId\\":\\"$(sed 's/.*"push_id":"\\([0-9]*\\)".*/\\1/' "$FOR")\\"}"; fi
tries=0
while :; do
  curl -sS -u "${androidApp.accessId}:$KEY" -H 'Content-Type: application/json' -d "$BODY" -o "$2" "$1"
  case "$(cat "$2")" in
    *'"ret_code":0'*|*'"retCode":0'*) exit 0;;
    *1008028*) tries=$((tries + 1)); [ $tries -lt 60 ] || exit 1; sleep "$3";;
    *) cat "$2"; exit 1;;
  esac
done
`;

/** Terraform, where the machine has one. */
export const terraformArm: Arm = {
  name: "terraform",
  async missing() {
    const version = runCommand("terraform", ["version"]).then(
      ({ code }) => code === 0,
      () => false,
    );
    return (await version) ? undefined : "terraform is not on this machine";
  },
  async open(service, tasks) {
    const folder = await mkdtemp(join(tmpdir(), "pulumi-tpns-terraform-"));
    const given = environmentOf(service, tasks, sendTime, androidApp.secretKey);
    const environment: Record<string, string | undefined> = {
      ...env,
      CHECKPOINT_DISABLE: "1",
      TF_VAR_url: given.BENCH_URL,
      TF_VAR_total: given.BENCH_COUNT,
      TF_VAR_first: given.BENCH_FIRST,
      TF_VAR_pause: String(1 / service.pace),
    };
    await writeFile(join(folder, "main.tf"), moduleText(androidApp.secretKey));
    await writeFile(join(folder, "call.sh"), script);
    const terraform = async (...args: readonly string[]): Promise<void> => {
      await succeed(runCommand("terraform", [...args, "-no-color"], { cwd: folder, env: environment }));
    };
    await terraform("init");
    return {
      operations,
      async run(operation) {
        if (operation === "change one") environment.TF_VAR_first = changedContent;
        if (operation === "refresh") await terraform("apply", "-refresh-only", "-auto-approve");
        else await terraform(operation === "destroy" ? "destroy" : "apply", "-auto-approve");
      },
      stateBytes: async () => (await stat(join(folder, "terraform.tfstate"))).size,
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
    };
  },
};
