import * as z from "zod";
import { JsonText, Switch } from "./android-message.ts";
import { worded } from "./wording.ts";

/** The alert's texts; the message's own title and content stand over `title` and `body`. */
const IosAlert = z.strictObject(
  {
    title: z.string(worded).optional(),
    subtitle: z.string(worded).optional(),
    body: z.string(worded).optional(),
  },
  worded,
);

const visible = ["alert", "sound", "badge_type"] as const;

/** What goes to APNs. @see https://www.tencentcloud.com/document/product/1024/33764 */
const Aps = z
  .strictObject(
    {
      /** Needed, unless the push is silent. */
      alert: IosAlert.optional(),
      /** -2 adds 1, -1 leaves it, 0 and above sets it. */
      badge_type: z.int(worded).min(-2, worded).optional(),
      /** The identifier of the actions that a long press shows. */
      category: z.string(worded).optional(),
      /** 1, the default, wakes the app's service extension, without which no arrival is reported. */
      "mutable-content": Switch.optional(),
      /** "default", or a file of the bundle of at most 30 seconds; "" or absent is silent. */
      sound: z.string(worded).optional(),
      /** iOS 15 and newer; "active" is the default. */
      "interruption-level": z.enum(["passive", "active", "time-sensitive", "critical"], worded).optional(),
      /** 1 makes it a silent push, of which APNs takes 3 per device and hour. */
      "content-available": z.literal(1, worded).optional(),
    },
    worded,
  )
  .superRefine((aps, context) => {
    const silent = aps["content-available"] === 1;
    for (const field of visible.filter((name) => silent && aps[name] !== undefined)) {
      const message = `content-available 1 is a silent push, which takes no ${field}; remove one of the two`;
      context.addIssue({ code: "custom", path: [field], message });
    }
    if (!silent && aps.alert === undefined) {
      const message = "message.ios.aps.alert is missing; write {}, and the message's title and content fill it";
      context.addIssue({ code: "custom", path: ["alert"], message });
    }
  });

/** The iOS half of a message. @see https://www.tencentcloud.com/document/product/1024/33764 */
export const IosMessage = z.strictObject(
  {
    /** What goes to APNs. */
    aps: Aps,
    /** A JSON text for the app; the SDKs write `custom` here, the documents this name. */
    custom_content: JsonText.optional(),
  },
  worded,
);

export type IosMessage = z.output<typeof IosMessage>;
