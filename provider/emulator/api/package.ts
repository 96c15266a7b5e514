import { maxPackageBytes, PackageFile } from "../../tpns/schema/package.ts";
import { Refusal, retCodes } from "../refusal.ts";
import type { World } from "../world.ts";
import { type Call, camel, type Endpoint, type UploadedFile } from "./endpoint.ts";
import { uploadError, uploadMissing } from "./upload-refusal.ts";
import { onlyFileOf } from "./zip.ts";

/** What a multipart body has beside its file. */
const multipartOverheadBytes = 64 * 1024;

/** Takes a file of accounts or tokens. @see https://www.tencentcloud.com/document/product/1024/33765 */
export const packageUpload: Endpoint = {
  style: camel,
  maxBodyBytes: maxPackageBytes + multipartOverheadBytes,
  tooLongRetCode: retCodes.uploadFailed,
  readFile: fileOf,
  handle: (world, { app, file }) => {
    if (file === undefined) throw uploadMissing();
    checkFile(file);
    const unpacked = /\.zip$/i.test(file.name) ? onlyFileOf(file.bytes, maxPackageBytes) : file;
    const text = textOf(unpacked);
    if (text.trim() === "") throw uploadMissing();
    return { uploadId: world.store.addPackage(app.accessId, file.name, rowsOf(world, unpacked.name, text)) };
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
  if (file.bytes.byteLength === 0) throw uploadMissing();
  const checked = PackageFile.safeParse(file);
  if (!checked.success) throw uploadError(checked.error.issues[0]?.message ?? file.name);
};

const textOf = ({ name, bytes }: UploadedFile): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw uploadError(`${name} is no UTF-8`);
  }
};

/** Of an account; a token has 36. */
const minRowCharacters = 2;
const maxRowCharacters = 100;

/** One account or token a line, or in a csv's one column; read as they are asked for, since there can be millions. */
function* rowsOf({ switches }: World, name: string, text: string): Generator<string> {
  const isCsv = /\.csv$/i.test(name);
  for (const [line] of text.matchAll(/[^\r\n]+/g)) {
    const cell = line.trim();
    if (cell === "") continue;
    const quoted = isCsv ? /^"((?:[^"]|"")*)"$/.exec(cell)?.[1] : undefined;
    const row = quoted?.replaceAll('""', '"') ?? cell;
    const slip = slipOf(row, isCsv && quoted === undefined);
    if (slip === undefined) yield row;
    else if (switches.wrongPackageRows === "refused") throw uploadError(`the row ${row.slice(0, 40)} ${slip}`);
  }
}

const slipOf = (row: string, isBareCell: boolean): string | undefined => {
  if (row.length < minRowCharacters) return `is shorter than ${minRowCharacters} characters`;
  if (row.length > maxRowCharacters) return `is longer than ${maxRowCharacters} characters`;
  return isBareCell && row.includes(",") ? "has more than one column" : undefined;
};
