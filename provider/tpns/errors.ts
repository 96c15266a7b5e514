/** What the service answered when it refused. */
export interface RefusedAnswer {
  readonly httpStatus: number;
  readonly retCode: number;
  /** The service's own text; shown where the code is general or unknown. */
  readonly errMsg: string;
}

interface RetCode {
  readonly meaning: string;
  readonly wayOn?: string;
  /** Too general to stand without the service's own text. */
  readonly general?: true;
}

/** The request is too fast: refused for sure, so it may be waited out. */
export const requestTooFast = 1_008_028;

/** A query found no such push. */
export const pushIdUnknown = 1_008_015;

/** The same content went to the same audience within the hour, whoever pushed it. */
export const pushRepeated = 10_010_018;

const authFailure = 1_008_003;

/** The service failed inside, and may have carried the call out nevertheless. */
const failedInside = 1_008_004;

const keyMismatch = 10_030_002;

const checkKey = "check that access id, secret key and access point belong together, and this machine's clock";

/** HTTP statuses that refuse a credential by themselves, where the answer has no code of the service. */
const refusedStatuses: ReadonlyMap<number, RetCode> = new Map<number, RetCode>([
  [401, { meaning: "access refused", wayOn: checkKey }],
  [403, { meaning: "access refused", wayOn: `${checkKey}; an IP allowlist of the app refuses likewise` }],
]);

/** What the service tests before it acts: with one of these nothing was done. @see https://www.tencentcloud.com/document/product/1024/33763 */
const refusals: ReadonlyMap<number, RetCode> = new Map<number, RetCode>([
  [1_008_001, { meaning: "the service cannot parse the parameters", general: true }],
  [1_008_002, { meaning: "a parameter is missing", general: true }],
  [authFailure, { meaning: "authentication failed", wayOn: checkKey }],
  [1_008_006, { meaning: "a token is invalid", wayOn: "correct it, or set ignore_invalid_token" }],
  [1_008_007, { meaning: "a parameter is invalid", general: true }],
  [1_008_012, { meaning: "the uploaded file is empty" }],
  [1_008_013, { meaning: "the certificate cannot be parsed", wayOn: "upload it anew in the console" }],
  [pushIdUnknown, { meaning: "there is no such push id, or it is more than a month old" }],
  [1_008_016, { meaning: "a date has the wrong form", wayOn: "write yyyy-MM-dd" }],
  [1_008_019, { meaning: "the service's review refused the content", wayOn: "change title or content" }],
  [1_008_020, { meaning: "the certificate is of another bundle id", wayOn: "upload the app's own in the console" }],
  [1_008_021, { meaning: "the certificate is no p12 file", wayOn: "upload a p12 file in the console" }],
  [1_008_022, { meaning: "the certificate's password is wrong", wayOn: "upload it anew in the console" }],
  [1_008_023, { meaning: "the iOS push certificate has expired", wayOn: "upload a new one in the console" }],
  [1_008_025, { meaning: "the app exists on this platform" }],
  [requestTooFast, { meaning: "request too fast", wayOn: "wait: 1 push a second, 200 queries an hour" }],
  [1_008_029, { meaning: "a token is not valid", wayOn: "correct it, or set ignore_invalid_token" }],
  [1_008_030, { meaning: "the app is not paid for", wayOn: "renew it in the console" }],
  [1_008_031, { meaning: "the app has expired and its resources are gone", wayOn: "renew it in the console" }],
  [1_008_035, { meaning: "the access id is unknown at this access point", wayOn: "check access id and access point" }],
  [1_010_001, { meaning: "no push resources are deployed for the app", wayOn: "buy them in the console" }],
  [10_010_005, { meaning: "the push target does not exist", wayOn: "check accounts, tokens, tags or upload id" }],
  [10_010_012, { meaning: "the send time is not allowed", wayOn: "write one that is ahead, within 90 days" }],
  [pushRepeated, { meaning: "the same push went out within the hour", wayOn: "change it, or wait for an hour" }],
  [keyMismatch, { meaning: "access id and secret key do not match", wayOn: checkKey }],
  [10_030_009, { meaning: "there is no such app at this access point", wayOn: "check access id and access point" }],
  [10_110_008, { meaning: "neither token nor account is given" }],
]);

/** What goes wrong in the midst of the work: the call may have been carried out, or a part of it. */
const failures: ReadonlyMap<number, RetCode> = new Map<number, RetCode>([
  [failedInside, { meaning: "a call inside the service failed", wayOn: "try again later" }],
  [1_008_011, { meaning: "the upload failed", wayOn: "try again" }],
  [1_008_026, { meaning: "the operation failed in part", general: true }],
  [1_008_027, { meaning: "the operation failed as a whole", general: true }],
]);

const retCodes: ReadonlyMap<number, RetCode> = new Map([...refusedStatuses, ...refusals, ...failures]);

const unknownCode: RetCode = { meaning: "refused with a code that the documents do not list", general: true };

const successTexts: readonly string[] = ["", "NO_ERROR", "ok", "success"];

const maxQuotedCharacters = 200;

/** The service's text on one line, so that it can stand in ours. */
const quoted = (errMsg: string): string => {
  const line = errMsg.replace(/\s+/g, " ").trim().slice(0, maxQuotedCharacters);
  return successTexts.includes(line) ? "" : `: ${line}`;
};

function messageOf(action: string, { httpStatus, retCode, errMsg }: RefusedAnswer): string {
  const { meaning, wayOn, general } = retCodes.get(retCode) ?? unknownCode;
  const code = refusedStatuses.has(retCode) ? "" : `, ret_code ${retCode}`;
  return `${action}: ${meaning}${general ? quoted(errMsg) : ""}${wayOn ? `; ${wayOn}` : ""} (HTTP ${httpStatus}${code})`;
}

/** The service answered with a code that is not success; whether nothing was done is a matter of the code. */
export class PushApiError extends Error {
  override readonly name = "PushApiError";
  /** The service's code; where it gave none, the HTTP status 401 or 403. */
  readonly retCode: number;
  readonly httpStatus: number;

  /** @param action What was tried, as "push task "spring-sale"". */
  constructor(action: string, answer: RefusedAnswer) {
    super(messageOf(action, answer));
    this.retCode = answer.retCode;
    this.httpStatus = answer.httpStatus;
  }
}

/** No answer, or none that can be read. */
export class PushConnectionError extends Error {
  override readonly name = "PushConnectionError";
  /** false only where it is proved that not a byte of the call went out. */
  readonly began: boolean;

  constructor(action: string, reason: string, began = true) {
    super(`${action}: ${reason}`);
    this.began = began;
  }
}

/** Whether an HTTP status refuses the credentials by itself. */
export const isRefusedStatus = (httpStatus: number): boolean => refusedStatuses.has(httpStatus);

/** Whether nothing was done: the service said so by its code or, without one, by an HTTP status that refuses the credentials. */
export const isSureRefusal = ({ retCode, httpStatus }: PushApiError): boolean =>
  refusals.has(retCode) || (isRefusedStatus(httpStatus) && retCode === httpStatus);

/** Whether the refusal is of the signature or of the key, and so may be a matter of the clock. */
export const isAuthRefusal = ({ retCode, httpStatus }: PushApiError): boolean =>
  retCode === authFailure || retCode === keyMismatch || isRefusedStatus(httpStatus);
