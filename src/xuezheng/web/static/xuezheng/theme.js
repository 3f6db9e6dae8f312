"use strict";

/* Light, dark, or as the system has it: set before anything is drawn, kept in this browser. Paper is always light. */

const THEMES = ["auto", "light", "dark"];
const page = document.documentElement;
const systemDark = window.matchMedia("(prefers-color-scheme: dark)");

function chosenTheme() {
  const kept = window.localStorage.getItem("xz-theme");
  return THEMES.includes(kept) ? kept : "auto";
}

function applyTheme() {
  const chosen = chosenTheme();
  page.dataset.bsTheme = chosen === "auto" ? (systemDark.matches ? "dark" : "light") : chosen;
  document.querySelectorAll("[data-theme]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.theme === chosen));
  });
  document.dispatchEvent(new Event("xz:theme"));
}

applyTheme();
systemDark.addEventListener("change", applyTheme);
document.addEventListener("DOMContentLoaded", applyTheme);
window.addEventListener("beforeprint", () => { page.dataset.bsTheme = "light"; });
window.addEventListener("afterprint", applyTheme);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme]");
  if (!button) return;
  window.localStorage.setItem("xz-theme", button.dataset.theme);
  applyTheme();
});
