import * as z from "zod";
import { AndroidMessage } from "./android-message.ts";
import { IosMessage } from "./ios-message.ts";
import { worded, wordedAs } from "./wording.ts";

/** Bytes of the message's JSON in UTF-8; the limit of Android and of iOS. */
const maxMessageBytes = 4_096;

const hour = /^([01]?\d|2[0-3])$/;
const minute = /^[0-5]?\d$/;

/** A time of day, as two texts. */
const TimeOfDay = z.strictObject(
  {
    /** "00" to "23". */
    hour: z.string(worded).regex(hour, wordedAs('a text from "00" to "23"')),
    /** "00" to "59". */
    min: z.string(worded).regex(minute, wordedAs('a text from "00" to "59"')),
  },
  worded,
);

/** A range of the day in which the phone may show the message. */
const AcceptTime = z.strictObject({ start: TimeOfDay, end: TimeOfDay }, worded);

/** What the phone is given. @see https://www.tencentcloud.com/document/product/1024/33764 */
export const Message = z
  .strictObject(
    {
      /** Needed, except for a silent push; on iOS it stands over `alert.title`. */
      title: z.string(worded).min(1, worded).optional(),
      /** Needed, except for a silent push; on iOS it stands over `alert.body`. */
      content: z.string(worded).min(1, worded).optional(),
      /** When in the day it may be shown; fewer than 10 ranges are advised; TPNS channel only. */
      accept_time: z.array(AcceptTime, worded).min(1, worded).optional(),
      /** Groups notifications of one id; on Android TPNS channel only. */
      thread_id: z.string(worded).optional(),
      /** The group's summary, with `thread_id`; Android, TPNS channel only. */
      thread_sumtext: z.string(worded).optional(),
      /** URL of the big image; TPNS and Mi channels (Mi needs its own `pic_url`); on iOS image, audio or video. */
      xg_media_resources: z.string(worded).optional(),
      /** URL of an mp3 of at most 5 MB; TPNS channel only. */
      xg_media_audio_resources: z.string(worded).optional(),
      /** iOS: 1 hides it while the app is in the foreground, 2 (the default) shows it; Android has its own. */
      show_type: z.literal([1, 2], worded).optional(),
      /** With `ntf_wt_attrs`: the title for devices that lack an attribute; needed on Android. */
      default_title: z.string(worded).optional(),
      /** With `ntf_wt_attrs`: the subtitle for devices that lack an attribute. */
      default_subtitle: z.string(worded).optional(),
      /** With `ntf_wt_attrs`, and needed there: the content for devices that lack an attribute. */
      default_content: z.string(worded).optional(),
      /** Android's own settings. */
      android: AndroidMessage.optional(),
      /** iOS's own settings; needed for an iOS app. */
      ios: IosMessage.optional(),
    },
    worded,
  )
  .superRefine((message, context) => {
    const bytes = Buffer.byteLength(JSON.stringify(message));
    if (bytes <= maxMessageBytes) return;
    const words = `message has ${bytes} bytes, which exceeds ${maxMessageBytes}; shorten its content or its custom parameters`;
    context.addIssue({ code: "custom", message: words });
  });

export type Message = z.output<typeof Message>;
