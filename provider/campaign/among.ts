import type * as pulumi from "@pulumi/pulumi";
import type { TagRuleArgs } from "../resources/audience.ts";
import { isKnown, type Layer } from "./layer.ts";

/** The part of an audience that obeys these rules too. @throws for an audience that is no one's tags, or not known yet. */
export function among(audience: Layer["audience"], rules: readonly TagRuleArgs[]): Layer["audience"] {
  if (audience === undefined) return { type: "tag", tagRules: [...rules] };
  if (!isKnown(audience)) throw new Error("waves with among need an audience that is known");
  if (audience.type === "all") return { type: "tag", tagRules: [...rules] };
  if (audience.type !== "tag" || !Array.isArray(audience.tagRules)) {
    throw new Error(
      `waves with among take a part of all, or of a tag audience, and not of ${audience.type}; write audience`,
    );
  }
  return { type: "tag", tagRules: both(audience.tagRules.map(known), rules) };
}

function known(rule: pulumi.Input<TagRuleArgs>): TagRuleArgs {
  if (isKnown<TagRuleArgs>(rule)) return rule;
  throw new Error("waves with among need an audience that is known");
}

/** Rules know no brackets, and AND binds tighter than OR: each alternative of the one with each of the other. */
function both(one: readonly TagRuleArgs[], other: readonly TagRuleArgs[]): TagRuleArgs[] {
  return alternativesOf(one).flatMap((left) =>
    alternativesOf(other).flatMap((right) =>
      [...left, ...right].map((rule, at): TagRuleArgs => ({ ...rule, operator: at === 0 ? "OR" : "AND" })),
    ),
  );
}

/** Rules that are joined by AND, of which one group must be obeyed. */
function alternativesOf(rules: readonly TagRuleArgs[]): readonly (readonly TagRuleArgs[])[] {
  const groups: TagRuleArgs[][] = [];
  for (const rule of rules) {
    const last = groups.at(-1);
    if (last === undefined || (rule.operator ?? "OR") === "OR") groups.push([rule]);
    else last.push(rule);
  }
  return groups;
}
