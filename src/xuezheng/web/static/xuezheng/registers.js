"use strict";

/* Lists of the registers: what opens from a heading stands below it, and rows are selected over all pages of a list. */

const picked = { list: "", rows: new Set(), all: false, last: null, opener: "" };

/* Where the one that is open stands. A sheet of its own, since htmx would hand a style on as an attribute, which our policy forbids. */
const places = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, places];

function place(pop) {
  const opener = document.querySelector(`[popovertarget="${CSS.escape(pop.id)}"]`);
  if (!opener) return;
  picked.opener = pop.id;
  const at = opener.getBoundingClientRect();
  pop.classList.add("placed");
  const left = Math.min(at.left, window.innerWidth - pop.offsetWidth - 12);
  const below = at.bottom + 4;
  const room = window.innerHeight - pop.offsetHeight - 12;
  const top = Math.max(12, Math.min(below, room));
  places.replaceSync(`.xz-pop.placed { left: ${Math.max(12, left)}px; top: ${top}px; }`);
}

document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches?.(".xz-pop") || event.newState !== "open") return;
    place(event.target);
    event.target.querySelector("input:not([type=hidden]), select")?.focus();
  },
  true,
);

const rowsOf = () => [...document.querySelectorAll("#list [data-row]")];
const listOf = () => document.querySelector("#list [data-list]");

/* Shows what is selected and asks the server what it comes to. */
function showPicked() {
  const form = document.getElementById("xz-selection");
  if (!form) return;
  for (const row of rowsOf()) {
    const on = picked.all || picked.rows.has(row.dataset.row);
    row.classList.toggle("picked", on);
    row.querySelector("input[name=row]").checked = on;
  }
  const page = document.querySelector("#list [data-pick-page]");
  const rows = rowsOf();
  if (page) {
    page.checked = rows.length > 0 && rows.every((row) => row.classList.contains("picked"));
    page.indeterminate = !page.checked && rows.some((row) => row.classList.contains("picked"));
  }
  const any = picked.all || picked.rows.size > 0;
  form.hidden = !any;
  form.elements.rows.value = picked.all ? "" : [...picked.rows].join(",");
  form.elements.all.value = picked.all ? "1" : "";
  document.querySelector("[data-export]").textContent = any ? "导出所选" : "导出";
  if (any) htmx.trigger(form, "xz-picked");
}

function pick(row, on) {
  if (picked.all) {
    picked.all = false;
    rowsOf().forEach((one) => picked.rows.add(one.dataset.row));
  }
  picked.rows[on ? "add" : "delete"](row.dataset.row);
}

function pickTo(row, on, further) {
  const rows = rowsOf();
  const here = rows.indexOf(row);
  const from = further && picked.last !== null ? picked.last : here;
  for (const one of rows.slice(Math.min(from, here), Math.max(from, here) + 1)) pick(one, on);
  picked.last = here;
  showPicked();
}

function pickNone() {
  picked.rows.clear();
  picked.all = false;
  picked.last = null;
}

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.closest("[data-pick-all]")) {
    pickNone();
    picked.all = true;
    showPicked();
  } else if (target.closest("[data-pick-none]")) {
    pickNone();
    showPicked();
  } else if (target.matches("[data-pick-page]")) {
    rowsOf().forEach((row) => pick(row, target.checked));
    showPicked();
  } else if (target.closest("[data-column-up]")) {
    const column = target.closest(".xz-column");
    column.previousElementSibling?.before(column);
    column.querySelector("button").focus();
  } else if (target.closest("[data-clear-held]")) {
    const pop = target.closest(".xz-pop");
    pop.querySelectorAll("input").forEach((input) => {
      if (input.type === "checkbox") input.checked = false;
      else if (input.type === "radio") input.checked = input.value === "";
      else input.value = "";
    });
    document.getElementById("xz-filters").requestSubmit();
  } else {
    const row = target.closest("#list [data-row]");
    if (!row || target.closest("a, button")) return;
    if (target.matches("input")) pickTo(row, target.checked, event.shiftKey);
    else if (window.getSelection().isCollapsed || event.shiftKey) pickTo(row, event.shiftKey || !row.classList.contains("picked"), event.shiftKey);
  }
});

/* Shift and a click select rows, not the text between them. */
document.addEventListener("mousedown", (event) => {
  if (event.shiftKey && event.target.closest("#list [data-row]")) event.preventDefault();
});

function beginList() {
  const list = listOf();
  if (!list) return;
  if (list.dataset.list !== picked.list) pickNone();
  picked.list = list.dataset.list;
  picked.last = null;
  if (picked.all || picked.rows.size) showPicked();
}

document.addEventListener("DOMContentLoaded", () => {
  pickNone();
  beginList();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "list") return;
  beginList();
  /* Whoever filtered with the keyboard goes on from the same heading. */
  if (document.activeElement === document.body && picked.opener) {
    document.querySelector(`[popovertarget="${CSS.escape(picked.opener)}"]`)?.focus();
  }
});
