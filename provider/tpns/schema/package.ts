import * as z from "zod";
import { DecimalText } from "./id.ts";
import { show, worded } from "./wording.ts";

/** 100 MB, the pages' limit of an upload. */
export const maxPackageBytes = 100 * 1024 * 1024;

const maxNameCharacters = 100;
const kinds = /\.(zip|txt|csv)$/i;

/**
 * A file of accounts or tokens: .txt (UTF-8, one a line), .csv (one column), or .zip with one of these and no folder.
 * @see https://www.tencentcloud.com/document/product/1024/33765
 * @see https://www.tencentcloud.com/document/product/1024/38862
 */
export const PackageFile = z.strictObject(
  {
    /** 1 to 100 characters, ending in .zip, .txt or .csv. */
    name: z
      .string(worded)
      .min(1, worded)
      .max(maxNameCharacters, worded)
      .regex(kinds, { error: ({ input }) => `the package file ${show(input)} is none of .zip, .txt, .csv` }),
    /** At most 100 MB, and not empty. */
    bytes: z.instanceof(Uint8Array).superRefine((bytes, context) => {
      if (bytes.byteLength === 0) context.addIssue({ code: "custom", message: "the package file is empty" });
      if (bytes.byteLength <= maxPackageBytes) return;
      const message = `the package file has ${bytes.byteLength} bytes, which exceeds ${maxPackageBytes}; split it`;
      context.addIssue({ code: "custom", message });
    }),
  },
  worded,
);

export type PackageFile = z.output<typeof PackageFile>;

/** The answer to an upload: the id that the package audiences need. */
export const PackageReply = z.object({ uploadId: DecimalText });

export type PackageReply = z.output<typeof PackageReply>;
