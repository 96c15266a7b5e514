import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { json, type Reply } from "./reply.ts";

/** The package's folder, both from its sources and from dist. */
const root = new URL("../../", import.meta.url);
const require = createRequire(import.meta.url);

const script = "text/javascript; charset=utf-8";

/** The modules of the page as `npm run build` writes them; they import each other by these names. */
const modules = [
  "service-time",
  "control/answer",
  ...["main", "app", "route", "live", "api", "format", "part", "clock", "watch"].map((name) => `page/${name}`),
  ...["tasks", "task", "remedy", "phones", "requests", "faults", "switches"].map((name) => `page/${name}`),
];

const libraries: ReadonlyMap<string, string> = new Map([
  ["preact", "/library/preact.js"],
  ["preact/hooks", "/library/hooks.js"],
  ["preact/jsx-runtime", "/library/jsx-runtime.js"],
]);

interface PageFile {
  readonly contentType: string;
  readonly read: () => string;
}

const built = (name: string): string => `dist/emulator/${name}.js`;

const fromRoot = (path: string) => (): string => readFileSync(new URL(path, root), "utf8");

/** Every path of the page; there is no other, so none leads out of its folders. */
const files: ReadonlyMap<string, PageFile> = new Map<string, PageFile>([
  ["/", { contentType: "text/html; charset=utf-8", read: readHtml }],
  ["/page/style.css", { contentType: "text/css; charset=utf-8", read: fromRoot("provider/emulator/page/style.css") }],
  ["/page/icon.svg", { contentType: "image/svg+xml", read: fromRoot("provider/emulator/page/icon.svg") }],
  ...modules.map((name): [string, PageFile] => [`/${name}.js`, { contentType: script, read: fromRoot(built(name)) }]),
  ...[...libraries].map(([name, path]): [string, PageFile] => [
    path,
    { contentType: script, read: () => readFileSync(require.resolve(name), "utf8") },
  ]),
]);

/** Whether the page has a file of that path. */
export const isPagePath = (path: string): boolean => files.has(path);

/** A file of the page. */
export const servePage = (path: string): Reply => {
  const file = files.get(path);
  if (file === undefined) throw new Error(`the page has no ${path}; please report this`);
  try {
    return { status: 200, contentType: file.contentType, text: file.read(), headers };
  } catch {
    return json(503, { error: `${path} is not built; run npm run build` });
  }
};

const importMap = JSON.stringify({ imports: Object.fromEntries(libraries) });

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>TPNS emulator</title>
<link rel="icon" href="/page/icon.svg">
<link rel="stylesheet" href="/page/style.css">
<script type="importmap">${importMap}</script>
<script type="module" src="/page/main.js"></script>
</head>
<body>
<noscript>This page needs JavaScript; curl /emulator/overview does not.</noscript>
</body>
</html>
`;

/** Blank, it would not say what its modules lack. */
function readHtml(): string {
  fromRoot(built("page/main"))();
  return html;
}

const hash = createHash("sha256").update(importMap).digest("base64");

const headers = {
  "Content-Security-Policy": [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-cache",
};
