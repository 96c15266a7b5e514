import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  contentMark,
  type Identity,
  identityHalf,
  identityMark,
  markerOf,
  nameOf,
  nextMarker,
  ordinalOf,
  parseIdentity,
  parseMarker,
  stackOf,
  stackPart,
} from "../../provider/once/marker.ts";

const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/tpns:PushTask::spring-sale";
const identity: Identity = { owner: "", organization: "acme", urn };

const golden = "t3689u8788ctm1u00lbq9gnv0";

const identities = fc.record({
  owner: fc.string({ unit: "binary" }),
  organization: fc.string({ unit: "binary" }),
  urn: fc.string({ unit: "binary" }),
});

describe("a marker", () => {
  test("is the same for ever, or tasks that are out would be pushed again", () => {
    expect(markerOf(identityMark(identity), contentMark("canonical"), 0)).toBe(golden);
  });

  test("fits group_id: 25 lower-case letters and digits, whatever it is made of", () => {
    fc.assert(
      fc.property(identities, fc.string({ unit: "binary" }), fc.nat(), (who, what, ordinal) => {
        expect(markerOf(identityMark(who), contentMark(what), ordinal)).toMatch(/^[0-9a-v]{24}[0-9a-z]$/);
      }),
    );
  });

  test("is read back into its halves", () => {
    fc.assert(
      fc.property(identities, fc.string(), fc.nat({ max: 35 }), (who, what, ordinal) => {
        const halves = { identity: identityMark(who), content: contentMark(what) };
        const marker = markerOf(halves.identity, halves.content, ordinal);

        expect(parseMarker(marker)).toEqual(halves);
        expect(identityHalf(marker)).toBe(halves.identity);
        expect(ordinalOf(marker)).toBe(ordinal);
      }),
    );
  });

  test.for<[number, string]>([
    [0, "0"],
    [9, "9"],
    [10, "a"],
    [35, "z"],
    [36, "0"],
  ])("of the push number %s ends in %s", ([ordinal, last]) => {
    expect(markerOf("t3689u8788ct", "m1u00lbq9gnv", ordinal)).toBe(`t3689u8788ctm1u00lbq9gnv${last}`);
  });
});

describe("the next marker", () => {
  const [who, what] = ["t3689u8788ct", "m1u00lbq9gnv"];
  const pushed = (...which: readonly number[]): ReadonlySet<string> =>
    new Set(which.map((ordinal) => markerOf(who, what, ordinal)));
  const all = Array.from({ length: 36 }, (_, ordinal) => ordinal);

  test.for<[string, first: number, used: readonly number[], next: number]>([
    ["is the first where none is used", 0, [], 0],
    ["is that of the ordinal asked for", 3, [0, 1, 2], 3],
    ["passes over those that are used", 1, [1, 2, 4], 3],
    ["goes on from the start beyond the last ordinal", 35, [35, 0], 1],
    ["comes back to one before the ordinal asked for", 2, all.filter((ordinal) => ordinal !== 1), 1],
    ["is that of the ordinal asked for where all are used", 7, all, 7],
  ])("%s", ([, first, used, next]) => {
    expect(nextMarker(who, what, first, pushed(...used))).toBe(markerOf(who, what, next));
  });

  test("does not mind what is used by other content, or by others", () => {
    const used = new Set([markerOf(who, "0000000000aa", 0), markerOf("00000u8788ct", what, 0)]);

    expect(nextMarker(who, what, 0, used)).toBe(markerOf(who, what, 0));
  });
});

describe("the half that says who", () => {
  test.for<[string, Identity]>([
    ["owner", { ...identity, owner: "team-b" }],
    ["organisation", { ...identity, organization: "other" }],
    ["stack", { ...identity, urn: urn.replace(":dev::", ":prod::") }],
    ["project", { ...identity, urn: urn.replace("::shop::", "::market::") }],
    ["resource", { ...identity, urn: urn.replace("spring-sale", "summer-sale") }],
    ["parent", { ...identity, urn: urn.replace("pulumi-nodejs:", "shop:index:Campaign$pulumi-nodejs:") }],
    ["owner that is part of another's organisation", { ...identity, owner: "acme", organization: "" }],
  ])("differs by %s", ([, other]) => {
    expect(identityMark(other)).not.toBe(identityMark(identity));
  });

  test("begins with the stack's 5 characters, which its resources share", () => {
    const other = { ...identity, urn: urn.replace("spring-sale", "summer-sale") };

    expect(stackPart(identityMark(other))).toBe(stackPart(identityMark(identity)));
    expect(stackPart(identityMark(identity))).toBe(golden.slice(0, 5));
  });

  test("ends with the resource's 7 characters, which other stacks share", () => {
    const other = { ...identity, urn: urn.replace(":dev::", ":prod::") };

    expect(identityMark(other).slice(5)).toBe(identityMark(identity).slice(5));
    expect(identityMark(other).slice(0, 5)).not.toBe(identityMark(identity).slice(0, 5));
  });
});

describe("a record's group_id", () => {
  test.for<[string, string | undefined]>([
    ["nothing", undefined],
    ["an empty text", ""],
    ["the service's own default", "tpns_20270301"],
    ["a marker and more", `${golden}0`],
    ["less than a marker", golden.slice(1)],
    ["25 upper-case letters", golden.toUpperCase()],
    ["25 characters of somebody's own", "spring-sale-2027-for-all!"],
    ["a letter that no marker has", `w${golden.slice(1)}`],
    ["no ordinal at its end", `${golden.slice(0, -1)}_`],
    ["a line break", `${golden.slice(0, -1)}\n`],
  ])("that is %s is no marker", ([, groupId]) => {
    expect(parseMarker(groupId)).toBeUndefined();
  });
});

describe("the input identity", () => {
  test.for<[string, Identity]>([
    [`|acme|${urn}`, identity],
    [`team-a|acme|${urn}`, { ...identity, owner: "team-a" }],
    [`||${urn}|b`, { owner: "", organization: "", urn: `${urn}|b` }],
    ["", { owner: "", organization: "", urn: "" }],
  ])("%s is taken apart", ([text, expected]) => {
    expect(parseIdentity(text)).toEqual(expected);
  });

  test("tells the stack and the name", () => {
    expect([stackOf(identity), nameOf(identity)]).toEqual(["dev", "spring-sale"]);
  });

  test("keeps a name that has colons", () => {
    expect(nameOf({ ...identity, urn: `${urn}::b` })).toBe("spring-sale::b");
  });

  test("without a URN tells no stack and no name", () => {
    expect([stackOf(parseIdentity("")), nameOf(parseIdentity(""))]).toEqual(["", ""]);
  });
});
