import type { ShopOptions } from "../engine/shop.ts";
import type { Contents, Script, Stage } from "./stage.ts";
import type { Phase, Some } from "./task.ts";

/** What one surprise is to do to the task of one phase. */
export interface Cell {
  /** What pulumi calls it: its last words beside the resource; `unchanged` and `refused` without any. */
  readonly calls: string;
  /** A part of what the user is told of the task; absent: nothing is told. */
  readonly says?: string;
  /** What phones got by it; default nothing. */
  readonly alerts?: Contents;
  /** What is scheduled afterwards; default what was before. */
  readonly scheduled?: readonly string[];
  /** What phones have got when all is over; default each the first text, once. */
  readonly gets?: Contents;
}

type Act = (stage: Stage, names: readonly Phase[]) => Promise<unknown>;

/** What somebody does, and what comes of it. */
export interface Row {
  readonly trigger: string;
  readonly shop?: ShopOptions;
  readonly script?: Script;
  /** Default: three plain tasks. */
  readonly tasks?: Some;
  /** Before the first `up`. */
  readonly configure?: (stage: Stage) => void;
  /** One phase after the other, where one of them refuses and so ends the run of the others. */
  readonly each?: boolean;
  /** What happened before; not shown. */
  readonly prepare?: Act;
  readonly play: Act;
  readonly cells: Readonly<Record<Phase, Cell>>;
  /** The edit or the consent after which all is quiet; absent: a plain `up`. */
  readonly wayOn?: string;
  readonly settle?: Act;
}

export interface Group {
  readonly heading: string;
  readonly rows: readonly Row[];
}

/** The same in each phase. */
export const everywhere = (cell: Cell): Row["cells"] => ({ pending: cell, live: cell, sent: cell });
