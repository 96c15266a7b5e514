/** What differs between what is declared and what the state recorded. */
export interface Change {
  /** Title, text, or anything else inside `message`. */
  readonly content: boolean;
  readonly messageType: boolean;
  readonly sendTime: boolean;
  readonly audience: boolean;
  /** `expireTime`, `pushSpeed`, `channelRules` and the other options of the delivery. */
  readonly options: boolean;
  /** The audience differs in its `uploadId` alone. */
  readonly uploadId: boolean;
  readonly remedy: "none" | "added" | "removed";
}

/** A push request taken apart the way the remedy table asks for it; each part is canonical text, or its hash. */
export interface RequestParts {
  readonly content: string;
  readonly messageType: string;
  readonly sendTime: string;
  readonly audience: string;
  readonly audienceWithoutUpload: string;
  readonly options: string;
}

/** A declaration taken apart likewise. */
export interface Parts extends RequestParts {
  readonly remedy: string | undefined;
}

/** Compares two declarations part by part. */
export function changeBetween(olds: Parts, news: Parts): Change {
  const audience = olds.audience !== news.audience;
  const uploadId = audience && olds.audienceWithoutUpload === news.audienceWithoutUpload;
  return {
    content: olds.content !== news.content,
    messageType: olds.messageType !== news.messageType,
    sendTime: olds.sendTime !== news.sendTime,
    audience: audience && !uploadId,
    options: olds.options !== news.options,
    uploadId,
    remedy: remedyChange(olds.remedy, news.remedy),
  };
}

/** Whether two requests would push the same. */
export const isSameRequest = (olds: RequestParts, news: RequestParts): boolean =>
  !changesRequest(changeBetween({ ...olds, remedy: undefined }, { ...news, remedy: undefined }));

function remedyChange(olds: string | undefined, news: string | undefined): Change["remedy"] {
  if (olds === news) return "none";
  return news === undefined ? "removed" : "added";
}

/** Whether what would be pushed differs; if not, the change concerns the record alone. */
export const changesRequest = ({ content, messageType, sendTime, audience, options, uploadId }: Change): boolean =>
  content || messageType || sendTime || audience || options || uploadId;
