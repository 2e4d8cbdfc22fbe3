/** Bundle the page's programs into the package: node build.mjs [FOLDER]. */

import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import path from "node:path";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? path.join(here, "../../src/corredor/pages/explore");
const common = { bundle: true, minify: true, target: "es2022", legalComments: "none", charset: "utf8", absWorkingDir: here };

await build({ ...common, entryPoints: ["src/worker-main.ts"], format: "iife", outfile: path.join(out, "worker.js") });
await build({ ...common, entryPoints: ["src/main.tsx"], format: "iife", jsx: "automatic", jsxImportSource: "preact", outfile: path.join(out, "page.js") });
await build({ ...common, entryPoints: ["src/page.css"], outfile: path.join(out, "page.css") });
await build({ ...common, entryPoints: ["src/kernel-main.ts"], format: "esm", outfile: path.join(out, "simulator.mjs") });
