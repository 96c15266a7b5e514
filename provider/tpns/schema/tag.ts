import * as z from "zod";
import { worded } from "./wording.ts";

/** The newer page counts 500 tags; the older ones 512 characters, which would refuse lists that the service takes. */
const maxTags = 500;

const day = /^\d{8}$/;

/** How two results are joined; AND binds tighter than OR. */
export const TagOperator = z.enum(["AND", "OR"], worded);

export type TagOperator = z.output<typeof TagOperator>;

/** What a tag says; one that the service does not list would reach nobody. */
const TagType = z.enum(
  [
    "xg_user_define",
    "xg_auto_version",
    "xg_auto_province",
    "xg_auto_active",
    "xg_auto_sdkversion",
    "xg_auto_systemlanguage",
    "xg_auto_devicebrand",
    "xg_auto_deviceversion",
    "xg_auto_country",
  ],
  worded,
);

const Tags = z.array(z.string(worded).min(1, worded), worded).min(1, worded).max(maxTags, worded);

/** Some tags of one type, joined. @see https://www.tencentcloud.com/document/product/1024/33764 */
export const TagItem = z
  .strictObject(
    {
      /** 1 to 500 values; for `xg_auto_active` days as yyyyMMdd. */
      tags: Tags,
      /** Whether the result of `tags` is negated. */
      is_not: z.boolean(worded),
      /** Joins the values of `tags`. */
      tags_operator: TagOperator,
      /** Joins this item to the one before; without effect on the first. */
      items_operator: TagOperator,
      /** What the values are. */
      tag_type: TagType,
    },
    worded,
  )
  .superRefine(({ tags, tag_type }, context) => {
    const wrong = tag_type === "xg_auto_active" ? tags.find((tag) => !day.test(tag)) : undefined;
    if (wrong === undefined) return;
    const message = `xg_auto_active ${JSON.stringify(wrong)} is not a day; write yyyyMMdd`;
    context.addIssue({ code: "custom", path: ["tags"], message });
  });

export type TagItem = z.output<typeof TagItem>;

/** One rule of a tag audience. @see https://www.tencentcloud.com/document/product/1024/33764 */
export const TagRule = z.strictObject(
  {
    /** The rule's items, in order. */
    tag_items: z.array(TagItem, worded).min(1, worded),
    /** Joins this rule to the one before; without effect on the first. */
    operator: TagOperator,
    /** Whether the result of `tag_items` is negated. */
    is_not: z.boolean(worded),
  },
  worded,
);

export type TagRule = z.output<typeof TagRule>;

/** The old form of a tag audience: tolerated, not developed further; `tag_rules` wins over it. */
export const TagList = z.strictObject(
  {
    /** 1 to 500 tags of the type `xg_user_define`. */
    tags: Tags,
    /** Joins the tags. */
    op: TagOperator,
  },
  worded,
);

export type TagList = z.output<typeof TagList>;
