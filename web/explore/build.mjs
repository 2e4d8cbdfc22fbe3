/** Bundle the page's programs into the package: node build.mjs [FOLDER]. */

import { build } from "esbuild";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? path.join(here, "../../src/corredor/pages/explore");
const common = { bundle: true, minify: true, target: "es2022", legalComments: "none", charset: "utf8", absWorkingDir: here };

await build({ ...common, entryPoints: ["src/worker-main.ts"], format: "iife", outfile: path.join(out, "worker.js") });
await build({ ...common, entryPoints: ["src/main.tsx"], format: "iife", jsx: "automatic", jsxImportSource: "preact", outfile: path.join(out, "page.js") });
await build({ ...common, entryPoints: ["src/page.css"], outfile: path.join(out, "page.css") });
await build({ ...common, entryPoints: ["src/kernel-main.ts"], format: "esm", outfile: path.join(out, "simulator.mjs") });

// what the programs are made of, for the test that they match: tests/browser/test_explore_page.py
const sources = ["build.mjs", "package-lock.json", "package.json", "tsconfig.json", ...fs.readdirSync(path.join(here, "src")).sort().map((name) => `src/${name}`)];
const hash = createHash("sha256");
for (const name of sources) hash.update(fs.readFileSync(path.join(here, name)));
fs.writeFileSync(path.join(out, "programs.json"), `${JSON.stringify({ sources: hash.digest("hex") })}\n`);
