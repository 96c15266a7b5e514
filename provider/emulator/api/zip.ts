import { Unzip, type UnzipFile, UnzipInflate } from "fflate";
import { Refusal } from "../refusal.ts";
import type { UploadedFile } from "./endpoint.ts";
import { uploadError } from "./upload-refusal.ts";

/** Unpacked a thousandfold at most, such a slice fits the memory. */
const sliceBytes = 64 * 1024;

/** The one file of a zip; what holds anything else, or unpacks to more than the limit, is refused before it is unpacked. */
export const onlyFileOf = (zip: Uint8Array, maxBytes: number): UploadedFile => {
  if (Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength).lastIndexOf(endOfDirectory) < 0) throw damaged();
  const found: Unpacked = { name: undefined, chunks: [], length: 0, ended: false };
  const unzip = new Unzip((file) => begin(found, file, maxBytes));
  unzip.register(UnzipInflate);
  try {
    for (let from = 0; from < zip.length; from += sliceBytes) {
      unzip.push(zip.subarray(from, from + sliceBytes), from + sliceBytes >= zip.length);
    }
  } catch (error) {
    throw error instanceof Refusal ? error : damaged();
  }
  if (found.name === undefined) throw uploadError("the zip holds no file");
  if (!found.ended) throw damaged();
  return { name: found.name, bytes: new Uint8Array(Buffer.concat(found.chunks)) };
};

/** A zip that was cut off lacks it. */
const endOfDirectory = "PK\x05\x06";

const damaged = (): Refusal => uploadError("the zip is damaged");

interface Unpacked {
  name: string | undefined;
  readonly chunks: Uint8Array[];
  length: number;
  ended: boolean;
}

const begin = (found: Unpacked, file: UnzipFile, maxBytes: number): void => {
  if (found.name !== undefined) throw uploadError("the zip holds more than one file");
  if (/[\\/]/.test(file.name)) throw uploadError("the zip holds a folder");
  if (!/\.(txt|csv)$/i.test(file.name)) throw uploadError("the file in the zip is none of .txt, .csv");
  found.name = file.name;
  file.ondata = (error, chunk, isLast) => {
    if (error !== null) throw error;
    found.length += chunk.byteLength;
    if (found.length > maxBytes) throw uploadError(`the file in the zip exceeds ${maxBytes} bytes`);
    found.chunks.push(chunk);
    found.ended ||= isLast;
  };
  file.start();
};
