import * as pulumi from "@pulumi/pulumi";
import { audiencePackageHandler } from "./constant.ts";
import { identityOf } from "./identity.ts";

const type = "pulumi-nodejs:dynamic/tpns:AudiencePackage";

/** @see https://www.tencentcloud.com/document/product/1024/33765 */
export interface AudiencePackageArgs {
  /** Path from the project's folder: .txt (UTF-8, one a line), .csv (one column) or .zip (one of these), 100 MB at most. Accounts have 2 to 100 characters, tokens 36. */
  file: string;
}

/** An uploaded file of accounts or tokens. A change of its bytes uploads it again; no row of it enters the state. */
export class AudiencePackage extends pulumi.CustomResource {
  declare readonly accessId: pulumi.Output<string>;
  /** What a package audience needs. */
  declare readonly uploadId: pulumi.Output<string>;
  /** SHA-256 of the file's bytes, hexadecimal. */
  declare readonly sha256: pulumi.Output<string>;

  constructor(name: string, args: AudiencePackageArgs, options: pulumi.CustomResourceOptions = {}) {
    super(
      type,
      name,
      {
        ...args,
        accessId: undefined,
        uploadId: undefined,
        sha256: undefined,
        identity: identityOf(type, name, options),
        __provider: audiencePackageHandler,
      },
      pulumi.mergeOptions(options, { hideDiffs: ["__provider", "identity"] }),
    );
  }
}
