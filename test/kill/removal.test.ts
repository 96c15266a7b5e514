import { testKills } from "./matrix.ts";

const got = "nobody";
const first = "everybody got the first text";
const answered = ["cancel answered", "confirmation asked", "confirmation answered"] as const;
const every = ["cancel out", ...answered] as const;

testKills("removal", [
  { at: every, ups: ["deletes", "nothing"], got },
  { at: ["cancel out", "cancel answered"], kill: "provider", ups: ["deletes", "nothing"], got },
  {
    at: ["cancel out", "confirmation asked"],
    kill: "SIGINT twice",
    ups: ["deletes", "nothing"],
    got,
  },
  // The provider finishes, and nobody writes the state.
  { at: ["cancel out", "confirmation answered"], kill: "cli", ups: ["deletes", "nothing"], got },
  { at: ["cancel out", "confirmation answered"], kill: "SIGINT", ups: ["nothing"], got },
  {
    at: ["cancel out", "confirmation asked"],
    kill: "second up",
    beside: "another run is at work",
    ups: ["nothing"],
    got,
  },

  { at: "cancel out", arrival: ["before", "during", "between", "too late"], ups: ["deletes", "nothing"], got },
  { at: every, on: "fresh machine", ups: ["deletes", "nothing"], got },
  { at: "cancel out", on: "fresh machine", arrival: ["before", "between"], ups: ["deletes", "nothing"], got },

  // The state says what the program says, and the journal knows better.
  { at: answered, next: "reverted", ups: ["pushes anew", "nothing"], got: first },
  { at: "cancel out", next: "reverted", ups: ["cannot tell yet", "settles it", "nothing"], got: first },
  { at: "cancel out", next: "reverted", arrival: ["before", "during"], ups: ["pushes anew", "nothing"], got: first },
  {
    at: "cancel out",
    next: "reverted",
    arrival: "between",
    ups: ["cannot tell yet", "pushes anew", "nothing"],
    got: first,
  },
  // What stays open: the state says what the program says.
  { at: "cancel out", on: "fresh machine", next: "reverted", ups: ["nothing"], got: first },
  { at: answered, on: "fresh machine", next: "reverted", ups: ["nothing"], got },
  // A refresh shows it.
  {
    at: answered,
    on: "fresh machine with refresh",
    next: "reverted",
    ups: ["tells that it is withdrawn"],
    got,
  },
]);

/** It only looks, and takes over what is there. */
testKills("replacement", [
  { at: ["look out", "look answered"], ups: ["nothing"], got: first },
  { at: ["look out", "look answered"], kill: "provider", ups: ["nothing"], got: first },
  { at: ["look out", "look answered"], kill: "SIGINT twice", ups: ["nothing"], got: first },
  { at: ["look out", "look answered"], kill: "cli", ups: ["nothing"], got: first },
  // Its old half is deleted by the next run, which touches nothing at the service and counts nothing.
  { at: "look out", kill: "SIGINT", killed: "exit 1", ups: ["nothing"], got: first },
  { at: "look out", kill: "second up", beside: "nothing", ups: ["nothing"], got: first },
  { at: ["look out", "look answered"], on: "fresh machine", ups: ["nothing"], got: first },
]);
