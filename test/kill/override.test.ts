import type { Kill } from "./cell.ts";
import { testKills } from "./matrix.ts";

const got = "everybody got the override";
const first = "everybody got the first text";

/** The run is dead, and nobody answers it. */
const dead: readonly Kill[] = ["all", "provider", "SIGINT twice"];

testKills("override", [
  { at: "intent written", kill: dead, ups: ["overrides", "nothing"], got },
  { at: "push out", kill: dead, ups: ["cannot tell yet", "overrides", "nothing"], got },
  { at: "push answered", kill: dead, ups: ["takes over", "nothing"], got },
  // The provider finishes, and nobody writes the state.
  { at: ["push out", "push answered"], kill: "cli", ups: ["takes over", "nothing"], got },
  { at: ["push out", "push answered"], kill: "SIGINT", ups: ["nothing"], got },
  {
    at: ["push out", "push answered"],
    kill: "second up",
    beside: "another run is at work",
    ups: ["nothing"],
    got,
  },

  { at: "push out", arrival: ["before", "during"], ups: ["takes over", "nothing"], got },
  { at: "push out", arrival: "between", ups: ["cannot tell yet", "takes over", "nothing"], got },
  { at: "push out", arrival: "too late", ups: ["cannot tell yet", "overrides", "nothing"], got },

  { at: ["intent written", "push out"], on: "fresh machine", ups: ["overrides", "nothing"], got },
  { at: "push answered", on: ["fresh machine", "fresh machine with refresh"], ups: ["takes over", "nothing"], got },
  { at: "push out", on: "fresh machine", arrival: "before", ups: ["takes over", "nothing"], got },
  // What stays open: an override goes out at once, and cannot be taken back.
  {
    at: "push out",
    on: "fresh machine with refresh",
    arrival: ["during", "after the push"],
    ups: ["overrides", "nothing"],
    got: "everybody got the override twice",
  },

  { at: "intent written", next: "reverted", ups: ["nothing"], got: first },
  // The state says what the program says, and the journal knows better.
  { at: "push out", next: "reverted", ups: ["cannot tell yet", "settles it", "nothing"], got: first },
  {
    at: "push answered",
    next: "reverted",
    ups: ["overrides", "nothing"],
    got: "everybody got the override, and one back",
  },
  {
    at: "push out",
    next: "reverted",
    arrival: ["before", "during"],
    ups: ["overrides", "nothing"],
    got: "everybody got the override, and one back",
  },
  {
    at: "push out",
    next: "reverted",
    arrival: "between",
    ups: ["cannot tell yet", "overrides", "nothing"],
    got: "everybody got the override, and one back",
  },
  // What stays open: the state says what the program says.
  { at: "push out", on: "fresh machine", next: "reverted", ups: ["nothing"], got: first },
  { at: "push answered", on: "fresh machine", next: "reverted", ups: ["nothing"], got },

  { at: "intent written", next: "removed", ups: ["asks for delete-live", "deletes", "nothing"], got: first },
  {
    at: "push out",
    next: "removed",
    ups: ["cannot tell yet", "asks for delete-live", "deletes", "nothing"],
    got: first,
  },
  { at: "push answered", next: "removed", ups: ["asks for delete-live", "deletes", "nothing"], got },
]);
