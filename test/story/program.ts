/** The program before it declares any task: the two apps of a shop, both on the emulator. */
export const firstProgram = (accessPoint: string): string =>
  [
    'import * as tpns from "pulumi-tpns";',
    'import { androidApp, iosApp } from "pulumi-tpns/emulator";',
    "",
    `const accessPoint = "${accessPoint}";`,
    'const android = new tpns.Provider("shop-android", { ...androidApp, accessPoint });',
    'const ios = new tpns.Provider("shop-ios", { ...iosApp, accessPoint });',
    "",
  ].join("\n");

/** Applies a diff whose lines begin with `- `, `+ ` or, for the line after which to look, two spaces. */
export const applyDiff = (program: string, diff: string): string => {
  const lines = program.split("\n");
  let next = 0;
  for (const [mark, text] of diffLines(diff)) {
    if (mark === "+") lines.splice(next, 0, text);
    else next = placeOf(lines, text, next) + (mark === "-" ? 0 : 1);
    if (mark === "-") lines.splice(next, 1);
    if (mark === "+") next += 1;
  }
  return lines.join("\n");
};

const diffLines = (diff: string): readonly (readonly [mark: string, text: string])[] =>
  diff.split("\n").map((line) => [line.slice(0, 1), line.slice(2)]);

const placeOf = (lines: readonly string[], text: string, from: number): number => {
  const place = lines.indexOf(text, from);
  if (place === -1) throw new Error(`the program has no line "${text}"`);
  return place;
};
