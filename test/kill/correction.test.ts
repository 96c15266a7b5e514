import type { Kill } from "./cell.ts";
import { testKills } from "./matrix.ts";

const got = "everybody got the second text";
const first = "everybody got the first text";
const undone = ["cancel answered", "confirmation asked", "cancel confirmed"] as const;

/** The run is dead, and nobody answers it. */
const dead: readonly Kill[] = ["all", "provider", "SIGINT twice"];

testKills("correction", [
  { at: "cancel out", kill: dead, ups: ["corrects", "nothing"], got },
  { at: undone, kill: dead, ups: ["pushes anew", "nothing"], got },
  { at: "push out", kill: dead, ups: ["cannot tell yet", "pushes anew", "nothing"], got },
  { at: "push answered", kill: dead, ups: ["takes over", "nothing"], got },
  // The provider finishes, and nobody writes the state.
  { at: ["cancel answered", "push answered"], kill: "cli", ups: ["takes over", "nothing"], got },
  {
    at: ["cancel out", "confirmation asked", "push out"],
    kill: "SIGINT",
    ups: ["nothing"],
    got,
  },
  {
    at: ["cancel out", "confirmation asked", "push out"],
    kill: "second up",
    beside: "another run is at work",
    ups: ["nothing"],
    got,
  },

  { at: "push out", arrival: ["before", "during"], ups: ["takes over", "nothing"], got },
  { at: "push out", arrival: "between", ups: ["cannot tell yet", "takes over", "nothing"], got },
  { at: "push out", arrival: "too late", ups: ["cannot tell yet", "pushes anew", "nothing"], got },
  { at: "cancel out", arrival: ["before", "during"], ups: ["pushes anew", "nothing"], got },
  { at: "cancel out", arrival: ["between", "too late"], ups: ["corrects", "nothing"], got },

  { at: "cancel out", on: "fresh machine", ups: ["corrects", "nothing"], got },
  {
    at: [...undone, "push out"],
    on: "fresh machine",
    ups: ["asks for push-anew", "pushes anew", "nothing"],
    got,
  },
  { at: "push answered", on: ["fresh machine", "fresh machine with refresh"], ups: ["takes over", "nothing"], got },
  { at: "push out", on: "fresh machine", arrival: "before", ups: ["takes over", "nothing"], got },
  {
    at: "cancel out",
    on: "fresh machine",
    arrival: "before",
    ups: ["asks for push-anew", "pushes anew", "nothing"],
    got,
  },
  { at: "cancel out", on: "fresh machine", arrival: "during", ups: ["corrects", "nothing"], got },
  // What stays open: it is scheduled twice until a refresh shows it.
  {
    at: "push out",
    on: "fresh machine with refresh",
    arrival: "after the push",
    ups: ["asks for push-anew", "pushes anew", "cancels a twin", "nothing"],
    got,
  },
  {
    at: "cancel out",
    kill: "second up",
    on: "fresh machine with refresh",
    beside: "corrects",
    ups: ["nothing"],
    got,
  },

  // The state says what the program says, and the journal knows better.
  { at: undone, next: "reverted", ups: ["pushes anew", "nothing"], got: first },
  { at: "push answered", next: "reverted", ups: ["corrects", "nothing"], got: first },
  { at: "cancel out", next: "reverted", ups: ["cannot tell yet", "settles it", "nothing"], got: first },
  { at: "push out", next: "reverted", ups: ["cannot tell yet", "pushes anew", "nothing"], got: first },
  { at: "cancel out", next: "reverted", arrival: ["before", "during"], ups: ["pushes anew", "nothing"], got: first },
  { at: "push out", next: "reverted", arrival: ["before", "during"], ups: ["corrects", "nothing"], got: first },
  {
    at: "cancel out",
    next: "reverted",
    arrival: "between",
    ups: ["cannot tell yet", "pushes anew", "nothing"],
    got: first,
  },
  {
    at: "push out",
    next: "reverted",
    arrival: "between",
    ups: ["cannot tell yet", "corrects", "nothing"],
    got: first,
  },
  // What stays open: the state says what the program says.
  { at: ["cancel answered", "push out"], on: "fresh machine", next: "reverted", ups: ["nothing"], got: "nobody" },
  { at: "push answered", on: "fresh machine", next: "reverted", ups: ["nothing"], got },
  // A refresh shows that it was cancelled, and its correction where there is one.
  {
    at: ["cancel answered", "push out"],
    on: "fresh machine with refresh",
    next: "reverted",
    ups: ["tells that it is withdrawn"],
    got: "nobody",
  },
  {
    at: "push answered",
    on: "fresh machine with refresh",
    next: "reverted",
    ups: ["names its push"],
    got,
  },

  { at: ["cancel out", ...undone, "push answered"], next: "removed", ups: ["deletes", "nothing"], got: "nobody" },
  { at: "push out", next: "removed", ups: ["cannot tell yet", "deletes", "nothing"], got: "nobody" },
  { at: "push out", next: "removed", arrival: ["before", "during"], ups: ["deletes", "nothing"], got: "nobody" },
  {
    at: "push out",
    next: "removed",
    arrival: "between",
    ups: ["cannot tell yet", "deletes", "nothing"],
    got: "nobody",
  },
  { at: ["cancel out", "push out"], on: "fresh machine", next: "removed", ups: ["deletes", "nothing"], got: "nobody" },
  // What stays open: nobody knows of the push.
  { at: "push answered", on: "fresh machine", next: "removed", ups: ["deletes", "nothing"], got },
]);
