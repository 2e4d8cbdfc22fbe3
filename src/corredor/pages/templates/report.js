"use strict";
function safeCell(cell) {
  const text = cell.innerText.replace(/\s+/g, " ").trim();
  // as csv_text.py: a spreadsheet carries out what begins with such a sign, unless an apostrophe stands before it
  return /^'*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) && !/^[+-][\d,.]+$/.test(text) ? `'${text}` : text;
}
function tableText(table) {
  return [...table.rows].map((row) => [...row.cells].map(safeCell).join("\t")).join("\n");
}
function copyBySelection(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("readonly", "");
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
async function copyTable(button) {
  const text = tableText(button.closest(".data").querySelector("table"));
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch {
    done = copyBySelection(text);
    button.focus();
  }
  button.parentElement.querySelector(".copied").textContent = done
    ? "Copied; paste it into a spreadsheet."
    : "This browser does not allow copying; select the table by hand.";
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.copy");
  if (button) copyTable(button);
});
function openAround(address) {
  const target = address.length > 1 ? document.getElementById(decodeURIComponent(address.slice(1))) : null;
  for (let box = target && target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  const own = target && target.querySelector(":scope > details.fold");
  if (own) own.open = true;
  return target;
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (link) openAround(link.getAttribute("href"));
});
if (openAround(location.hash)) document.getElementById(decodeURIComponent(location.hash.slice(1))).scrollIntoView();
let opened = [];
window.addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details.print:not([open])")];
  opened.forEach((box) => { box.open = true; });
});
window.addEventListener("afterprint", () => opened.forEach((box) => { box.open = false; }));
const find = document.getElementById("find");
const LONGEST_FOUND = 110, MOST_FOUND = 14;
const FOUND_IN = "main h2, main h3, main h4, main summary, main caption, main dt, main li, main tbody tr";
function placeOf(node) {
  const section = node.closest("section");
  const figure = node.closest("figure");
  return [section && section.querySelector("h2"), figure && figure.querySelector("h3")]
    .filter((heading) => heading && !node.contains(heading)).map((heading) => heading.textContent.trim()).join(" › ");
}
function matches(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [];
  const seen = new Set();
  for (const node of document.querySelectorAll(FOUND_IN)) {
    const text = [...node.querySelectorAll("td, th")].map((cell) => cell.textContent).join(" · ") || node.textContent;
    const line = text.replace(/\s+/g, " ").trim();
    const whole = `${line} ${placeOf(node)}`.toLowerCase();
    if (!words.every((word) => whole.includes(word)) || !words.some((word) => line.toLowerCase().includes(word))) continue;
    const key = `${line}|${placeOf(node)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    found.push({ node, line, rank: /^H/.test(node.tagName) ? 0 : /^(SUMMARY|CAPTION|DT)$/.test(node.tagName) ? 1 : 2 });
  }
  return found.sort((one, other) => one.rank - other.rank);
}
function leadTo(node) {
  for (let box = node.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  const inside = node.closest("summary");
  if (inside) inside.parentElement.open = true;
  node.scrollIntoView({ block: "center" });
  node.classList.add("found-here");
  setTimeout(() => node.classList.remove("found-here"), 2500);
}
function showFound() {
  const list = document.getElementById("found");
  list.replaceChildren();
  if (find.value.trim().length < 2) return;
  const found = matches(find.value);
  for (const { node, line } of found.slice(0, MOST_FOUND)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = line.length > LONGEST_FOUND ? `${line.slice(0, LONGEST_FOUND)} …` : line;
    const where = document.createElement("span");
    where.className = "where";
    where.textContent = placeOf(node);
    button.append(where);
    button.addEventListener("click", () => { list.replaceChildren(); leadTo(node); });
    const item = document.createElement("li");
    item.append(button);
    list.append(item);
  }
  const rest = document.createElement("p");
  rest.textContent = found.length ? `${found.length - MOST_FOUND} more; add a word` : "Nothing found";
  if (!found.length || found.length > MOST_FOUND) {
    const item = document.createElement("li");
    item.append(rest);
    list.append(item);
  }
}
if (find) {
  find.closest(".find").hidden = false;
  find.addEventListener("input", showFound);
  find.closest(".find").addEventListener("keydown", (event) => {
    if (event.key === "Escape") { find.value = ""; showFound(); find.focus(); }
  });
}
const openAll = document.getElementById("open-all");
if (openAll) {
  openAll.parentElement.hidden = false;
  openAll.addEventListener("click", () => document.querySelectorAll("details.print").forEach((box) => { box.open = true; }));
}
