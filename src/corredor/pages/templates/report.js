"use strict";
function tableText(table) {
  return [...table.rows].map((row) => [...row.cells].map((cell) => cell.innerText.replace(/\s+/g, " ").trim()).join("\t")).join("\n");
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
