import * as pulumi from "@pulumi/pulumi";
import { type CampaignMessageArgs, expand } from "../campaign/expand.ts";
import { readCampaigns } from "../campaign/file.ts";
import { type Layer, merge } from "../campaign/layer.ts";
import type { GuardArgs } from "../guard/rule.ts";
import type { Phase } from "../remedy/phase.ts";
import type { Provider } from "./provider.ts";
import { PushTask } from "./push-task.ts";

/** Keys become parts of the tasks' names: `<campaign>/<message>/<app>/<variant>/<wave>/<day>`, of which those that there are. */
export interface CampaignArgs {
  /** The apps, by a short key each. */
  providers: Record<string, Provider>;
  /** What all messages have, unless something below says otherwise. */
  defaults?: Layer;
  /** What all messages have on one app, by its key: such as `environment` on iOS. Over the defaults. */
  apps?: Record<string, Layer>;
  /** Languages or segments, by a short key each: each message goes out in each. Over the apps, under the messages. */
  variants?: Record<string, Layer>;
  /** The messages, by a key each. A key that is changed is another message, unless `formerKeys` has the old one. */
  messages: Record<string, CampaignMessageArgs>;
  /** What no message of this campaign may do, beside what its apps' providers refuse. Of several all hold. */
  guards?: GuardArgs | GuardArgs[];
}

/** A task of a campaign, as it stands. */
export interface CampaignEntry {
  readonly name: string;
  /** Key of the app. */
  readonly app: string;
  /** ISO 8601. */
  readonly sendAt: string;
  readonly phase: Phase;
  readonly title: string | undefined;
  readonly audience: string;
}

/** Messages × apps × variants, each a `PushTask` of its own that is corrected, withdrawn and cancelled by itself. */
export class Campaign extends pulumi.ComponentResource {
  /** By name. */
  readonly tasks: Readonly<Record<string, PushTask>>;
  /** What goes out, and when, the earliest first. */
  readonly schedule: pulumi.Output<CampaignEntry[]>;

  /** @throws one line that names the campaign and the message, and says what to write. */
  constructor(name: string, args: CampaignArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("tpns:index:Campaign", name, {}, options);
    const { providers, defaults = {}, apps = {}, variants = {}, messages, guards = [] } = args;
    const expanded = toldPlainly(() =>
      expand({
        name,
        apps: Object.keys(providers),
        defaults,
        byApp: apps,
        variants,
        messages,
        guards: [guards].flat(),
      }),
    );
    const entries = expanded.map(({ name: task, formerNames, app, args: declared }) => {
      const provider = providers[app];
      const aliases = formerNames.map((former) => ({ name: former }));
      const made = new PushTask(task, declared, { parent: this, aliases, ...(provider && { provider }) });
      return { task, app, made, declared };
    });
    this.tasks = Object.fromEntries(entries.map(({ task, made }) => [task, made]));
    this.schedule = pulumi
      .all(
        entries.map(({ task, app, made, declared }) =>
          pulumi
            .all([made.sendAt, made.phase, declared.message, declared.audience])
            .apply(([sendAt, phase, { title }, { type }]) => ({
              name: task,
              app,
              sendAt,
              phase,
              title,
              audience: type,
            })),
        ),
      )
      .apply((all) => all.toSorted((one, other) => Date.parse(one.sendAt) - Date.parse(other.sendAt)));
    this.registerOutputs({ schedule: this.schedule });
  }
}

/** Of what its user has written the engine is to print the line, and no stack trace of ours. */
function toldPlainly<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  }
}

/** What campaign files leave to the program. */
export interface CampaignFilesArgs extends Pick<CampaignArgs, "providers" | "guards"> {
  /** What all messages of all files have, unless their file says otherwise. */
  defaults?: Layer;
}

/**
 * The campaigns of a folder's YAML and JSON files, one a file, by the files' names without ending. The folder is relative
 * to the project's.
 * @throws a line for each thing that is wrong: file, line, column, what, and what to write.
 */
export function campaigns(
  folder: string,
  { providers, defaults = {}, guards = [] }: CampaignFilesArgs,
  options: pulumi.ComponentResourceOptions = {},
): Readonly<Record<string, Campaign>> {
  const made = toldPlainly(() => readCampaigns(folder)).map(({ name, path, campaign }) => {
    const { $schema: _, defaults: own = {}, guards: ownGuards = {}, ...declared } = campaign;
    try {
      return [
        name,
        new Campaign(
          name,
          { ...declared, providers, guards: [guards, ownGuards].flat(), defaults: merge([defaults, own]) },
          options,
        ),
      ] as const;
    } catch (error) {
      throw new pulumi.RunError(`${path}: ${error instanceof Error ? error.message : error}`);
    }
  });
  return Object.fromEntries(made);
}
