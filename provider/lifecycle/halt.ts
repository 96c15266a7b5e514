/** What `tpns:halt` says while it stands. */
export interface Halt {
  /** For people; empty where none is given. */
  readonly reason: string;
  /** Push ids that `pulumi-tpns halt` has cancelled already: that was the halt, and nobody in the service's console. */
  readonly cancelled: ReadonlySet<string>;
}

const withIds = /^(?<reason>.*?)\s*\bcancelled:(?<ids>\d+(?:,\d+)*)$/s;

/** Undefined where none stands. @throws where its push ids are none. */
export function readHalt(text: string | undefined): Halt | undefined {
  if (text === undefined || text.trim() === "" || text === "false") return undefined;
  const { reason, ids } = withIds.exec(text.trim())?.groups ?? {};
  if (ids === undefined && text.includes("cancelled:")) {
    throw new Error('tpns:halt: after "cancelled:" come push ids with commas between them, and nothing after them');
  }
  const why = reason ?? text.trim();
  return { reason: why === "true" ? "" : why, cancelled: new Set(ids?.split(",")) };
}

/** The same as it stands in the configuration. */
export function haltText({ reason, cancelled }: Halt): string {
  const why = reason.replaceAll("cancelled:", "cancelled").trim();
  const ids = cancelled.size > 0 ? [`cancelled:${[...cancelled].join(",")}`] : [];
  const text = [...(why === "" ? [] : [why]), ...ids].join(" ");
  return text === "" || text === "false" ? "true" : text;
}

/** How a line about it begins. */
export const nameOfHalt = ({ reason }: Halt): string => (reason === "" ? "tpns:halt" : `tpns:halt (${reason})`);
