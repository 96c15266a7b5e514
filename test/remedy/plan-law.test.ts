import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Change } from "../../provider/remedy/change.ts";
import { isRefusal, type Plan, plan, type Remedy, type Situation, type Step } from "../../provider/remedy/plan.ts";
import { audiences, phases, platforms, unchanged } from "./situation.ts";

const pushIds = ["15003211", "15003212"] as const;
const actions = ["adopt", "duplicate-of", "push-anew", "override-late", "delete-live"] as const;
const everyConsent = actions.flatMap((action) => pushIds.map((pushId) => `${action}:${pushId}`));

const remedies: readonly (Remedy | undefined)[] = [undefined, "cancel", "terminate", "recall"];

const remedyChange = (remedy: Remedy | undefined, changed: boolean): Change["remedy"] => {
  if (!changed) return "none";
  return remedy === undefined ? "removed" : "added";
};

const change = fc.record({
  content: fc.boolean(),
  messageType: fc.boolean(),
  sendTime: fc.boolean(),
  audience: fc.boolean(),
  options: fc.boolean(),
  uploadId: fc.boolean(),
});

/** Every situation that a declaration, a state and the service can make together. */
const situations: fc.Arbitrary<Situation> = fc
  .record({
    change,
    remedyChanged: fc.boolean(),
    phase: fc.constantFrom(...phases),
    platform: fc.constantFrom(...platforms),
    audience: fc.constantFrom(...audiences),
    overrideLimit: fc.constant(undefined),
    pushId: fc.constantFrom(...pushIds),
    remedy: fc.constantFrom(...remedies),
    ifSent: fc.constantFrom("override" as const, "refuse" as const),
    sendTimeAhead: fc.boolean(),
    owed: fc.boolean(),
    halting: fc.boolean(),
    anyPending: fc.boolean(),
    halted: fc.boolean(),
    skippedForTime: fc.boolean(),
    consents: fc.subarray(everyConsent),
  })
  .map(({ remedyChanged, change, consents, ...rest }) => ({
    ...rest,
    anyPending: rest.anyPending || rest.phase === "pending",
    change: { ...change, remedy: remedyChange(rest.remedy, remedyChanged) },
    consents: new Set(consents),
  }));

const stepsOf = (plan: Plan): readonly Step[] => (isRefusal(plan) ? [] : plan.steps);

/** Holds for all situations; `plan` sees nothing else. */
const always = (law: (situation: Situation) => void): void =>
  fc.assert(fc.property(situations, law), { numRuns: 2_000 });

describe("a plan", () => {
  test("has no step and no refusal where nothing is changed and nothing is owed", () => {
    always((situation) => {
      expect(plan({ ...situation, change: unchanged, owed: false, halting: false })).toEqual({ steps: [] });
    });
  });

  test("never pushes and never overrides where a remedy is declared", () => {
    always((situation) => {
      if (situation.remedy === undefined) return;
      expect(stepsOf(plan(situation)).filter((step) => step === "push" || step === "override")).toEqual([]);
    });
  });

  test("pushes and overrides nothing under a halt, and leaves nothing scheduled that it does not refuse", () => {
    always((situation) => {
      const made = plan({ ...situation, halting: true, remedy: undefined });
      expect(stepsOf(made).filter((step) => step === "push" || step === "override")).toEqual([]);
      if (situation.anyPending && !isRefusal(made)) expect(stepsOf(made)).toEqual(["cancel", "confirm"]);
    });
  });

  test("owes nothing but under a halt, and there what it would push without it", () => {
    always((situation) => {
      const without = stepsOf(plan({ ...situation, halting: false }));
      const under = plan({ ...situation, halting: true });
      const isOwed = !isRefusal(under) && under.owes === true;
      if (!isRefusal(under)) {
        const { phase, anyPending, owed, halted, sendTimeAhead, remedy } = situation;
        const isOut = phase === "live" || phase === "sent";
        const hasPassed = owed && halted && !sendTimeAhead && phase !== "pending" && phase !== "live";
        const wouldStand = (anyPending && !isOut) || without.includes("push") || hasPassed;
        expect(isOwed).toBe(remedy === undefined && wouldStand);
      }
      expect("owes" in plan({ ...situation, halting: false })).toBe(false);
    });
  });

  test("pushes a pending task only after a cancel that is confirmed", () => {
    always((situation) => {
      const steps = stepsOf(plan({ ...situation, phase: "pending" }));
      if (steps.includes("push")) expect(steps).toEqual(["cancel", "confirm", "push"]);
    });
  });

  test("overrides what is live, and with the consent what was sent, and nothing else", () => {
    always((situation) => {
      if (!stepsOf(plan(situation)).includes("override")) return;
      const { phase, consents, pushId } = situation;
      expect(phase === "live" || (phase === "sent" && consents.has(`override-late:${pushId}`))).toBe(true);
    });
  });

  test("confirms each withdrawal, and only one", () => {
    always((situation) => {
      const steps = stepsOf(plan(situation));
      const [first] = steps;
      const withdraws = first === "cancel" || first === "terminate" || first === "recall";
      expect(steps.indexOf("confirm")).toBe(withdraws ? 1 : -1);
      expect(steps.length).toBeLessThanOrEqual(3);
    });
  });

  test("pushes nothing that the declaration did not change and that is not owed", () => {
    always((situation) => {
      const { change, owed } = situation;
      const asked = owed || Object.values({ ...change, remedy: false }).includes(true);
      if (!asked) expect(stepsOf(plan(situation)).filter((step) => step === "push" || step === "override")).toEqual([]);
    });
  });

  test("is changed by no consent but the one that its refusal names", () => {
    always((situation) => {
      const unconsented = plan({ ...situation, consents: new Set() });
      const consent = isRefusal(unconsented) ? unconsented.consent : undefined;
      if (consent === undefined || !situation.consents.has(consent)) expect(plan(situation)).toEqual(unconsented);
    });
  });

  test("that refuses says a way on, and asks consent for its own push alone", () => {
    always((situation) => {
      const made = plan(situation);
      if (!isRefusal(made)) return;
      expect(made.wayOn).not.toBe("");
      if (made.consent !== undefined) expect(made.consent.split(":")[1]).toBe(situation.pushId);
    });
  });

  test("terminates on Android alone", () => {
    always((situation) => {
      if (situation.platform === "ios") expect(stepsOf(plan(situation))).not.toContain("terminate");
    });
  });
});
