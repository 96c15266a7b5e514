import type { Kill } from "./cell.ts";
import { testKills } from "./matrix.ts";

const got = "everybody got the first text";
const edited = "everybody got the second text";

/** The run is dead, and nobody answers it. */
const dead: readonly Kill[] = ["all", "provider", "SIGINT twice"];

testKills("create", [
  // A step that never began was never sent.
  { at: "intent written", kill: dead, ups: ["pushes", "nothing"], got },
  { at: "push out", kill: dead, ups: ["cannot tell yet", "settles its push", "nothing"], got },
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
  { at: "push out", arrival: "too late", ups: ["cannot tell yet", "settles its push", "nothing"], got },

  { at: ["intent written", "push out"], on: "fresh machine", ups: ["pushes", "nothing"], got },
  { at: "push answered", on: "fresh machine", ups: ["takes over", "nothing"], got },
  { at: "push out", on: "fresh machine", arrival: "before", ups: ["takes over", "nothing"], got },
  // What stays open: it is scheduled twice until a refresh shows it.
  {
    at: "push out",
    on: "fresh machine with refresh",
    arrival: ["during", "after the push"],
    ups: ["pushes", "cancels a twin", "nothing"],
    got,
  },
  {
    at: "push out",
    kill: "second up",
    on: "fresh machine with refresh",
    beside: "pushes",
    ups: ["cancels a twin", "nothing"],
    got,
  },

  { at: "intent written", next: "edited", ups: ["pushes", "nothing"], got: edited },
  { at: "push out", next: "edited", ups: ["cannot tell yet", "settles its push", "nothing"], got: edited },
  { at: "push answered", next: "edited", ups: ["corrects", "nothing"], got: edited },
  { at: "push out", next: "edited", arrival: ["before", "during"], ups: ["corrects", "nothing"], got: edited },
  {
    at: "push out",
    next: "edited",
    arrival: "between",
    ups: ["cannot tell yet", "corrects", "nothing"],
    got: edited,
  },
  { at: "push out", on: "fresh machine", next: "edited", ups: ["pushes", "nothing"], got: edited },
  {
    at: "push answered",
    on: "fresh machine",
    next: "edited",
    ups: ["asks for adopt", "pushes", "nothing"],
    got: edited,
  },

  // It comes to no handler: the journal tells the run after a program that ended without it, by another task.
  { at: "intent written", next: "removed", ups: ["nothing"], got: "nobody" },
  { at: "push out", next: "removed", ups: ["pushes", "tells that it may be there"], got: "nobody" },
  { at: "push answered", next: "removed", ups: ["pushes", "tells that it may be there"], got },
  { at: "push answered", kill: "cli", next: "removed", ups: ["pushes", "tells of the task"], got },
  // What stays open: nobody knows of the task.
  { at: "push answered", on: "fresh machine with refresh", next: "removed", ups: ["pushes", "nothing"], got },
]);
