import { maxPackageBytes, PackageFile } from "../../tpns/schema/package.ts";
import { Refusal, retCodes } from "../refusal.ts";
import type { Call, Endpoint, UploadedFile } from "./endpoint.ts";

/** What a multipart body has beside its file. */
const multipartOverheadBytes = 64 * 1024;

/** Takes a file of accounts or tokens. @see https://www.tencentcloud.com/document/product/1024/33765 */
export const packageUpload: Endpoint = {
  style: () => "camel",
  maxBodyBytes: maxPackageBytes + multipartOverheadBytes,
  tooLongRetCode: retCodes.uploadFailed,
  readFile: fileOf,
  handle: ({ store }, { app, file }) => {
    if (file === undefined) throw new Refusal(retCodes.uploadEmpty, "upload empty file");
    checkFile(file);
    const rows = rowsOf(file.bytes);
    if (rows.length === 0) throw new Refusal(retCodes.uploadEmpty, "upload empty file");
    return { uploadId: store.addPackage(app.accessId, file.name, rows) };
  },
};

async function fileOf({ headers, bytes }: Call): Promise<UploadedFile> {
  const file = (await formOf(headers["content-type"] ?? "", bytes)).get("file");
  if (!(file instanceof File)) throw new Refusal(retCodes.missingParameter, "the form has no file in its field file");
  return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}

const formOf = async (contentType: string, bytes: Buffer): Promise<FormData> => {
  try {
    return await new Response(new Uint8Array(bytes), { headers: { "content-type": contentType } }).formData();
  } catch {
    throw new Refusal(retCodes.uploadFailed, "upload file error: the body is no multipart/form-data");
  }
};

const checkFile = (file: PackageFile): void => {
  if (file.bytes.byteLength === 0) throw new Refusal(retCodes.uploadEmpty, "upload empty file");
  const checked = PackageFile.safeParse(file);
  if (!checked.success) throw uploadError(checked.error.issues[0]?.message ?? file.name);
  if (/\.zip$/i.test(file.name)) throw uploadError("the emulator does not read zip yet; upload its .txt or .csv");
};

const uploadError = (reason: string): Refusal => new Refusal(retCodes.uploadFailed, `upload file error: ${reason}`);

/** One account or token a line, or in a csv's one column. */
const rowsOf = (bytes: Uint8Array): readonly string[] =>
  new TextDecoder()
    .decode(bytes)
    .split(/\r\n|\r|\n/)
    .map((row) => row.trim().replace(/^"(.*)"$/, "$1"))
    .filter((row) => row !== "");
