import { generateKeyPairSync, sign } from "node:crypto";

/** One element of DER. */
const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const bitString = (content: Uint8Array): Buffer => der(0x03, Buffer.from([0]), content);
const ecdsaWithSha256 = sequence(der(0x06, Buffer.from("2a8648ce3d040302", "hex")));
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text));
const commonName = sequence(
  der(0x31, sequence(der(0x06, Buffer.from("550403", "hex")), der(0x0c, Buffer.from("localhost")))),
);

const pem = (content: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${content.toString("base64")}\n-----END CERTIFICATE-----\n`;

const octets = (content: Uint8Array): Buffer => der(0x04, content);

/** Good for 127.0.0.1, so that a client that is told to trust it does. */
const loopbackName = der(
  0xa3,
  sequence(sequence(der(0x06, Buffer.from("551d11", "hex")), octets(sequence(der(0x87, Buffer.from([127, 0, 0, 1])))))),
);

/** A key and a certificate that nobody vouches for, made anew, so that no key lies in the repository. */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const validity = sequence(utcTime("200101000000Z"), utcTime("491231235959Z"));
  const spki = publicKey.export({ type: "spki", format: "der" });
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([1]));
  const body = sequence(version, serial, ecdsaWithSha256, commonName, validity, commonName, spki, loopbackName);
  const signature = sign("sha256", body, privateKey);
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: pem(sequence(body, ecdsaWithSha256, bitString(signature))),
  };
}
