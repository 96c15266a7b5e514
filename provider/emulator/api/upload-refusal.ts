import { Refusal, retCodes } from "../refusal.ts";

export const uploadError = (reason: string): Refusal =>
  new Refusal(retCodes.uploadFailed, `upload file error: ${reason}`);

export const uploadMissing = (): Refusal => new Refusal(retCodes.uploadEmpty, "upload empty file");
