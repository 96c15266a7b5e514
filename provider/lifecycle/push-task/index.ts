export { check } from "./check.ts";
export { create, idOf } from "./create.ts";
export { remove } from "./delete.ts";
export { diff } from "./diff.ts";
export { read } from "./read.ts";
export { type PushTaskState, readState, writeState } from "./state.ts";
export { update } from "./update.ts";
