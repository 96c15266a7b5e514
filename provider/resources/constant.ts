/**
 * The whole of what the state holds as code: the installed package's handler, found from the project's folder. It never
 * changes, so a new version of the package updates nothing, and old state runs the installed code.
 */
const handlerOf = (name: string): string =>
  `exports.handler=()=>require("module").createRequire(process.cwd()+"/")("pulumi-tpns/dynamic").${name};`;

export const pushTaskHandler = handlerOf("pushTask");
export const audiencePackageHandler = handlerOf("audiencePackage");
