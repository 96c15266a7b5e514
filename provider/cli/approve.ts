import { type Approved, approve } from "../campaign/approve.ts";

/** The command's options as they were typed. */
export interface ApproveArguments {
  readonly by?: string | undefined;
}

/** Writes the approvals into the file, and shows each text that they are for. */
export function runApprove([path, ...keys]: readonly string[], { by }: ApproveArguments): void {
  if (path === undefined)
    throw new Error("name the campaign file: pulumi-tpns approve campaigns/news.yaml --by <name>");
  const name = by?.trim() ?? "";
  if (name === "" || name.includes(":"))
    throw new Error("--by is missing; write the name of who approves, without a colon");
  const approved = approve(path, keys, name);
  console.log([...approved.map(lineOf), `${path} says now that ${name} has approved this; commit it`].join("\n"));
}

const lineOf = ({ message, task, args, hash }: Approved): string =>
  `${message}  ${hash}  ${JSON.stringify(args.audience)}  ${JSON.stringify(args.message)}  (${task.split("/").slice(2).join("/")})`;
