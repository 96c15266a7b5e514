import type { Ending } from "./run.ts";

/** What a run says that failed, by the first that is found. */
const failures: readonly (readonly [RegExp, string])[] = [
  [
    /whether it was carried out can be told from \d{4}-\d\d-\d\d \d\d:\d\d \(UTC\+8\) on; run the same again then$/,
    "cannot tell yet",
  ],
  [
    /another run on this machine is at work on it; wait until it has ended, and run the same again$/,
    "another run is at work",
  ],
  [/^error: error reading from server: EOF$/, "the provider is gone"],
  [/TPNS_CONSENT=adopt:P\d$/, "asks for adopt"],
  [/TPNS_CONSENT=push-anew:P\d$/, "asks for push-anew"],
  [/TPNS_CONSENT=delete-live:P\d$/, "asks for delete-live"],
];

/** What a run says of what it did, by the first that is found. */
const successes: readonly (readonly [RegExp, string])[] = [
  [/^warning: it is scheduled more than once \(P\d besides\); pulumi up cancels all but one$/, "cancels a twin"],
  [
    /^warning: task "sale" is declared no longer, and no state is known to hold push P\d of it; unless it is to go out, cancel it: declare it again with remedy: "cancel", run pulumi up, then remove it$/,
    "tells of the task",
  ],
  [
    /^warning: task "sale" is declared no longer, and a push of it that was not answered may be scheduled; unless it is to go out, cancel it: declare it again with remedy: "cancel", run pulumi up, then remove it$/,
    "tells that it may be there",
  ],
  [/^P\d, which an earlier run had pushed, was cancelled; P\d is there now$/, "corrects"],
  [/^push P\d is there already \(PUSH_\w+\); it is taken over, and nothing is sent$/, "takes over"],
  [/^\w+: an earlier run has pushed it already; it is taken over, and nothing is sent$/, "takes over"],
  [/^pending: push P\d is cancelled and pushed anew for /, "corrects"],
  [/^withdrawn: pushed for .*\(UTC\+8\)(; nothing is scheduled since its cancel; it is pushed anew)?$/, "pushes anew"],
  [/^live: push P\d is overridden at once through its collapse_id; /, "overrides"],
  [
    /^warning: its push was not answered; pulumi up finds out whether the service took it, and settles it$/,
    "settles its push",
  ],
  [/^warning: an earlier run did not finish with it; pulumi up finds out what it did, and settles it$/, "settles it"],
  [/^\+ 1 created$/, "pushes"],
  [/^- 1 deleted$/, "deletes"],
  [
    /^warning: push P\d "sale" of this task is scheduled for .*, and the state does not know it; to take it over declare what it says, and run pulumi up; then it can be changed or cancelled$/,
    "names its push",
  ],
  [
    /^warning: it was withdrawn, and not by this stack \(PUSH_CANCELED\); write remedy: "cancel" to /,
    "tells that it is withdrawn",
  ],
];

/** A word for what a run did with the sale, or why it did nothing; what no word fits is given as it is said. */
export function wordOf(ending: Ending): string {
  const said = saidOf(ending);
  const signs = ending.code === 0 ? successes : failures;
  const found = signs.find(([sign]) => said.some((line) => sign.test(line)));
  if (found) return found[1];
  return isQuiet(ending) ? "nothing" : said.join(" | ");
}

/** What a run did that was interrupted, and what the state holds of it; `killed` where it could say nothing. */
export function lastWordOf(ending: Ending): string {
  const said = saidOf(ending);
  if (ending.code === undefined) return "killed";
  const counts = said.filter((line) => /^[-+~]+ ?\d+ /.test(line));
  const failure = failures.find(([sign]) => said.some((line) => sign.test(line)));
  return [...(failure ? [failure[1]] : []), ...counts, `exit ${ending.code}`].join(", ");
}

/** Nothing was changed, and nothing failed. */
export const isQuiet = ({ code, output }: Ending): boolean => code === 0 && !/^ {4}[-+~]+ ?\d+ /m.test(output);

/** What a run says, and what it counts: without ids, and whatever else differs from time to time. */
export function saidOf({ code, output }: Ending): readonly string[] {
  const ids = [...new Set(output.match(/\b\d{10}\b/g) ?? [])].sort();
  const plain = ids.reduce((text, id, at) => text.replaceAll(id, `P${at + 1}`), output);
  return [...linesOf(plain), ...countsIn(plain), ...(code === 0 ? [] : [`exit ${code}`])];
}

/** The lines of the diagnostics. */
function linesOf(output: string): readonly string[] {
  const [, diagnostics = ""] = output.split("\nDiagnostics:\n");
  const [block = ""] = diagnostics.split("\nResources:\n");
  return block.split("\n").flatMap((line) => (line.startsWith("    ") ? [line.trim()] : []));
}

function countsIn(output: string): readonly string[] {
  const [, resources = ""] = output.split("\nResources:\n");
  const [block = ""] = resources.split("\n\n");
  return block
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
