/** Where the page's program begins: unpacks what Python has put in, and starts workers. */

import { render } from "preact";
import { App } from "./app";
import { Pool } from "./pool";
import type { StudyPage } from "./study";
import { languageOf, sayIn } from "./words";

function text(id: string): string {
  return document.getElementById(id)!.textContent!;
}

/** A part of the page: base64 of gzip. */
async function unpacked(id: string): Promise<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(text(id)), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

async function begin(): Promise<void> {
  const root = document.getElementById("page")!;
  if (typeof WebAssembly === "undefined" || typeof Worker === "undefined") {
    root.textContent = sayIn(languageOf(navigator.language))("needs");
    return;
  }
  const study = JSON.parse(new TextDecoder().decode(await unpacked("study"))) as StudyPage;
  const [blob, wasm, program] = [await unpacked("arrays"), await unpacked("kernel"), new TextDecoder().decode(await unpacked("worker"))];
  const module = await WebAssembly.compile(wasm);
  root.textContent = "";
  render(<App study={study} makePool={(told, failed) => new Pool(program, module, study, blob, told, failed)} />, root);
}

// what is folded away is on paper too
window.addEventListener("beforeprint", () => {
  for (const box of document.querySelectorAll<HTMLDetailsElement>("#page details")) box.open = true;
});
void begin();
