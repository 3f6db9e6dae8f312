"use strict";

function prepare(root) {
  root.querySelectorAll("select[data-search]").forEach((select) => {
    if (select.tomselect) return;
    new TomSelect(select, { maxOptions: null, allowEmptyOption: true });
    select.setAttribute("aria-hidden", "true"); // its label now belongs to the box that took its place
  });
}

document.addEventListener("DOMContentLoaded", () => prepare(document));
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target !== document.body) prepare(event.target);
});

/* A select that moves on by itself, such as the period of a figure. */
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  if (event.target.matches("[data-go]")) window.location.assign(event.target.value);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

function say(text) {
  const place = document.getElementById("xz-messages");
  const box = document.createElement("div");
  box.className = "alert alert-warning";
  box.setAttribute("role", "alert");
  box.textContent = text;
  place.replaceChildren(box);
}

document.addEventListener("htmx:sendError", () => say("没有连上服务器。请检查网络，然后再试一次。"));
document.addEventListener("htmx:responseError", () => say("服务器没能完成这一步。请刷新页面再试，仍不行请联系管理员。"));

/* The search box of the frame: Ctrl K (⌘K) opens it, arrows walk through what was found, Enter opens the first. */

const finder = document.getElementById("xz-finder");

function find() {
  finder.showModal();
  finder.querySelector("input[type=search]").select();
}

function walk(step) {
  const stops = [finder.querySelector("input[type=search]"), ...finder.querySelectorAll("#xz-hits a")];
  const next = stops.indexOf(document.activeElement) + step;
  stops[(next + stops.length) % stops.length].focus();
}

document.addEventListener("keydown", (event) => {
  if (!finder) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (!finder.open) find();
  } else if (finder.open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    walk(event.key === "ArrowDown" ? 1 : -1);
  }
});

if (finder) {
  document.addEventListener("click", (event) => {
    if (event.target === finder) finder.close();
    if (event.target.closest("[data-find]")) {
      event.preventDefault();
      find();
    }
  });
  finder.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    finder.querySelector("#xz-hits a")?.click();
  });
}
