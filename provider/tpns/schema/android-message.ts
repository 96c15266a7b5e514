import * as z from "zod";
import { worded, wordedAs } from "./wording.ts";

/** Exclusive: the service documents [0, 100). */
const maxBadge = 99;
const maxRgb = 0xffffff;

const webUrl = /^https?:\/\//i;

/** The service's switches are the integers 0 (off) and 1 (on). */
export const Switch = z.literal([0, 1], worded);

/** A JSON object or value as text, as the service asks of custom parameters. */
export const JsonText = z.string(worded).refine(isJson, wordedAs("JSON as one string"));

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The activity's flags, for `action_type` 1. */
const ActivityAttributes = z.strictObject(
  {
    /** Flags of the Intent. */
    if: z.int(worded).optional(),
    /** Flags of the PendingIntent. */
    pf: z.int(worded).optional(),
  },
  worded,
);

/** The page to open, for `action_type` 2. */
const BrowserAction = z.strictObject(
  {
    /** http or https. */
    url: z.string(worded),
    /** 1 asks the user before it opens; 0 does not. */
    confirm: Switch.optional(),
  },
  worded,
);

const openBrowser = 2;
const openIntent = 3;

/** What a tap on the notification opens. @see https://www.tencentcloud.com/document/product/1024/33764 */
const AndroidAction = z
  .strictObject(
    {
      /** 1 (the default) opens an activity or the app, 2 the browser, 3 the page of an Intent. */
      action_type: z.literal([1, 2, 3], worded).optional(),
      /** Full class name of the activity, for `action_type` 1; absent opens the app. */
      activity: z.string(worded).optional(),
      /** For `action_type` 1 with an activity. */
      aty_attr: ActivityAttributes.optional(),
      /** Needed for `action_type` 2. */
      browser: BrowserAction.optional(),
      /** The page's own scheme with its parameters, needed for `action_type` 3; the one way for parameters over Huawei. */
      intent: z.string(worded).optional(),
    },
    worded,
  )
  .superRefine(({ action_type, browser, intent }, context) => {
    if (action_type === openBrowser && !webUrl.test(browser?.url ?? "")) {
      context.addIssue({
        code: "custom",
        path: ["browser"],
        message: "action_type 2 opens a browser; write browser.url with http:// or https://",
      });
    }
    if (action_type === openIntent && !intent) {
      context.addIssue({
        code: "custom",
        path: ["intent"],
        message: 'action_type 3 opens an Intent; write intent, for example "xgscheme://com.tpns.push/detail"',
      });
    }
  });

/** The Android half of a message. @see https://www.tencentcloud.com/document/product/1024/33764 */
export const AndroidMessage = z.strictObject(
  {
    /** Notification channel id; TPNS channel only. */
    n_ch_id: z.string(worded).optional(),
    /** Notification channel name; TPNS channel only. */
    n_ch_name: z.string(worded).optional(),
    /** Mi channel id. */
    xm_ch_id: z.string(worded).optional(),
    /** FCM channel id. */
    fcm_ch_id: z.string(worded).optional(),
    /** Huawei channel id. */
    hw_ch_id: z.string(worded).optional(),
    /** OPPO channel id. */
    oppo_ch_id: z.string(worded).optional(),
    /** vivo channel: "0" (the default) is an operations message, "1" a system message. */
    vivo_ch_id: z.string(worded).optional(),
    /** 1 makes it a Huawei quick notification; 0 is the default; Huawei only, after Huawei's approval. */
    hw_biz_type: Switch.optional(),
    /** Huawei's own category: IM, VOIP, SUBSCRIPTION and so on. */
    hw_category: z.string(worded).optional(),
    /** Huawei: 1 marketing (newer pages: silent), 2 service (newer: strong); 0 is the older pages' default. */
    hw_importance: z.literal([0, 1, 2], worded).optional(),
    /** Deprecated for `collapse_id`: above 0 overrides the same id, 0 (the default) does nothing, -1 clears all. */
    n_id: z.int(worded).min(-1, worded).optional(),
    /** The app's local notification style; 0 is the default. */
    builder_id: z.int(worded).optional(),
    /** -2 adds 1 (Huawei); -1, the default, leaves it; 0 to 99 sets it (Huawei, vivo). */
    badge_type: z.int(worded).min(-2, worded).max(maxBadge, worded).optional(),
    /** Sound; on by default. */
    ring: Switch.optional(),
    /** A file of the app's `raw` folder without extension; needs `n_ch_id`; Huawei, Mi, FCM and TPNS channels. */
    ring_raw: z.string(worded).optional(),
    /** Vibration; on by default. */
    vibrate: Switch.optional(),
    /** Breathing light; on by default. */
    lights: Switch.optional(),
    /** Whether the user can clear it; on by default. */
    clearable: Switch.optional(),
    /** 0, the default: `icon_res` is in the app (TPNS channel); 1: it is a URL (TPNS, FCM, Huawei, Honor). */
    icon_type: Switch.optional(),
    /** The thumbnail: a resource name without extension, or a URL, as `icon_type` says. */
    icon_res: z.string(worded).optional(),
    /** The icon in the status bar; the app's own by default. */
    small_icon: z.string(worded).optional(),
    /** Whether the style of `builder_id` is overwritten; 1 is the default. */
    style_id: z.int(worded).optional(),
    /** Colour of the icon as the decimal number of its RGB value, 0 to 16777215; 0 is the default; TPNS channel only. */
    icon_color: z.int(worded).min(0, worded).max(maxRgb, worded).optional(),
    /** What a tap opens; the app by default. */
    action: AndroidAction.optional(),
    /** A JSON text for the app; not delivered over Huawei, where `action.intent` carries it. */
    custom_content: JsonText.optional(),
    /** 1 hides it while the app is in the foreground, 2 (the default) shows it; TPNS and FCM channels. */
    show_type: z.literal([1, 2], worded).optional(),
  },
  worded,
);

export type AndroidMessage = z.output<typeof AndroidMessage>;
