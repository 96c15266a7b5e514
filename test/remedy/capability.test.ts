import { describe, expect, test } from "vitest";
import {
  canBeRemedied,
  canBeScheduled,
  type Declaration,
  isRemedyDoubtful,
  limitOf,
  overrideLimitOf,
  overrideReach,
  type Platform,
  type Refusal,
} from "../../provider/remedy/capability.ts";
import type { AudienceType } from "../../provider/tpns/schema/push-request.ts";
import { audiences, platforms } from "./situation.ts";

/** A scheduled notification to all, which every app can have. */
const plain = (platform: Platform): Declaration => ({
  platform,
  audience: "all",
  scheduled: true,
  hasPushSpeed: false,
  hasIosMessage: platform === "ios",
  hasAndroidMessage: false,
  hasEnvironment: platform === "ios",
  recallAvailable: false,
});

/** To an audience that needs no send time. */
const asap = (platform: Platform, audience: AudienceType): Declaration => ({
  ...plain(platform),
  audience,
  scheduled: false,
});

const noSendTime: Refusal = {
  refusal: "a send time works for the audiences all, tag and package_account_push alone",
  wayOn: 'write sendTime: { asap: true, notAfter: "..." }, or another audience',
};
const noPushSpeed: Refusal = {
  refusal: "pushSpeed works for the audiences all, tag and package_account_push alone",
  wayOn: "remove pushSpeed, or write another audience",
};
const notOnIos: Refusal = {
  refusal: "the service cannot terminate a push on iOS",
  wayOn: 'write remedy: "cancel" while it is pending, or change the message to override it',
};
const noRemovalOnIos: Refusal = {
  refusal: "the service cannot terminate a push on iOS",
  wayOn: "remove onDelete; a removal then cancels it, as long as it is pending",
};
const notForAudience: Refusal = {
  refusal: "the service can terminate or recall pushes to all, tags, account lists and packages alone",
  wayOn: "remove the remedy; what is out to single devices cannot be taken back",
};
const noRemovalForAudience: Refusal = {
  refusal: "the service can terminate pushes to all, tags, account lists and packages alone",
  wayOn: "remove onDelete; what is out to single devices cannot be taken back",
};
const noCancel: Refusal = {
  refusal: "the service can cancel pushes to all, tags and account packages alone",
  wayOn: "remove the remedy; what goes out at once cannot be cancelled",
};
const recallOffline: Refusal = {
  refusal: "the service has taken recall offline",
  wayOn: 'write remedy: "terminate", change the message, or set recallAvailable: true on the provider if yours has it',
};

/** What the specification and DESIGN.md say of each audience. */
const abilities: readonly [AudienceType, scheduled: boolean, remedied: boolean, doubtful: boolean][] = [
  ["all", true, true, false],
  ["tag", true, true, false],
  ["token", false, false, false],
  ["token_list", false, false, false],
  ["account", false, false, false],
  ["account_list", false, true, true],
  ["package_account_push", true, true, true],
  ["package_token_push", false, true, true],
];

describe("the audience", () => {
  test("has eight kinds, and each stands in the table", () => {
    expect(abilities.map(([audience]) => audience)).toEqual(audiences);
  });

  test.for(abilities)("%s can be scheduled: %s, remedied: %s, with a doubt: %s", ([audience, ...expected]) => {
    expect([canBeScheduled(audience), canBeRemedied(audience), isRemedyDoubtful(audience)]).toEqual(expected);
  });

  describe.for(platforms)("on %s", (platform) => {
    test.for(abilities)("%s takes a send time and a speed, or is told that it takes none", ([audience, scheduled]) => {
      const timed = { ...asap(platform, audience), scheduled: true };
      const fast = { ...asap(platform, audience), hasPushSpeed: true };

      expect([limitOf(timed), limitOf(fast)]).toEqual(scheduled ? [undefined, undefined] : [noSendTime, noPushSpeed]);
    });

    test.for(abilities)("%s can be terminated, or is told that it cannot", ([audience, , remedied]) => {
      const declared = asap(platform, audience);
      const [byRemedy, byRemoval] =
        platform === "ios" ? [notOnIos, noRemovalOnIos] : [notForAudience, noRemovalForAudience];
      const isTold = platform === "ios" || !remedied;

      expect(limitOf({ ...declared, remedy: "terminate" })).toEqual(isTold ? byRemedy : undefined);
      expect(limitOf({ ...declared, onDelete: "terminate" })).toEqual(isTold ? byRemoval : undefined);
    });

    test.for(abilities)(
      "%s can be recalled where the service does, or is told that it cannot",
      ([audience, , remedied]) => {
        const declared: Declaration = { ...asap(platform, audience), remedy: "recall" };

        expect(limitOf({ ...declared, recallAvailable: true })).toEqual(remedied ? undefined : notForAudience);
        expect(limitOf(declared)).toEqual(remedied ? recallOffline : notForAudience);
      },
    );

    test.for(abilities)(
      "%s can be cancelled where it can be scheduled, or is told that it cannot",
      ([audience, scheduled]) => {
        const declared = asap(platform, audience);

        expect(limitOf({ ...declared, remedy: "cancel" })).toEqual(scheduled ? undefined : noCancel);
        expect([limitOf(declared), limitOf({ ...declared, onDelete: "cancel" })]).toEqual([undefined, undefined]);
      },
    );
  });
});

describe("the platform", () => {
  test.for<[string, Declaration, Refusal | undefined]>([
    ["Android takes a message of both", plain("android"), undefined],
    ["Android takes a message of its own", { ...plain("android"), hasAndroidMessage: true }, undefined],
    ["iOS takes a message of its own", plain("ios"), undefined],
    ["onDelete cancel is for both", { ...plain("ios"), onDelete: "cancel" }, undefined],
    [
      "iOS needs message.ios",
      { ...plain("ios"), hasIosMessage: false },
      {
        refusal: "message.ios is missing, and the app is an iOS app",
        wayOn: "write message: { ..., ios: { aps: { alert: {} } } }",
      },
    ],
    [
      "iOS takes no message.android",
      { ...plain("ios"), hasAndroidMessage: true },
      {
        refusal: "message.android on an iOS app",
        wayOn: "remove it, or give the task the Android app's provider",
      },
    ],
    [
      "Android takes no message.ios",
      { ...plain("android"), hasIosMessage: true },
      {
        refusal: "message.ios on an Android app",
        wayOn: "remove it, or give the task the iOS app's provider",
      },
    ],
    [
      "Android has no environment",
      { ...plain("android"), hasEnvironment: true },
      { refusal: "environment is for iOS alone, and the app is an Android app", wayOn: "remove environment" },
    ],
  ])("%s", ([, declared, expected]) => {
    expect(limitOf(declared)).toEqual(expected);
  });
});

describe("an override", () => {
  test.for<[Platform, boolean, string]>([
    ["ios", false, "APNs replaces what is shown"],
    ["ios", true, "APNs replaces what is shown"],
    [
      "android",
      false,
      "it replaces what is shown on the own channel, Mi, Meizu and Huawei with EMUI 10 or newer; OPPO, vivo and older Huawei get nothing new and keep the old one; Honor and FCM are not documented",
    ],
    [
      "android",
      true,
      "it replaces what is shown on the own channel, Mi, Meizu and Huawei with EMUI 10 or newer; OPPO, vivo and older Huawei show both messages (forceCollapse); Honor and FCM are not documented",
    ],
  ])("on %s, forced: %s", ([platform, forceCollapse, reach]) => {
    expect(overrideReach(platform, forceCollapse)).toBe(reach);
  });
});

describe("an override with custom data", () => {
  const huawei: Refusal = {
    refusal: "Huawei refuses an override that has message.android.customContent",
    wayOn: "write its data into message.android.action.intent, or switch off channel hw in channelRules",
  };

  test.for<[Platform, hasCustomContent: boolean, huaweiDisabled: boolean, Refusal | undefined]>([
    ["android", true, false, huawei],
    ["android", true, true, undefined],
    ["android", false, false, undefined],
    ["android", false, true, undefined],
    ["ios", true, false, undefined],
    ["ios", false, false, undefined],
  ])("on %s, custom data: %s, without Huawei: %s", ([platform, hasCustomContent, huaweiDisabled, expected]) => {
    expect(overrideLimitOf({ platform, hasCustomContent, huaweiDisabled })).toEqual(expected);
  });
});
