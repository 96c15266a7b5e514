/** The documented codes that the emulator answers with. @see https://www.tencentcloud.com/document/product/1024/33763 */
export const retCodes = {
  parseError: 1008001,
  missingParameter: 1008002,
  authFailure: 1008003,
  internalError: 1008004,
  unknownToken: 1008006,
  invalidParameter: 1008007,
  uploadFailed: 1008011,
  uploadEmpty: 1008012,
  unknownPushId: 1008015,
  dateFormat: 1008016,
  batchPartlyFailed: 1008026,
  batchFailed: 1008027,
  tooFast: 1008028,
  invalidToken: 1008029,
  unknownApp: 1008035,
  nothingBound: 10110008,
  unknownTarget: 10010005,
  illegalPushTime: 10010012,
  repeatedPush: 10010018,
} as const;

/** The service answers, and refuses. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly retCode: number;

  constructor(retCode: number, message: string) {
    super(message);
    this.retCode = retCode;
  }
}
