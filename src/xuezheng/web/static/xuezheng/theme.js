"use strict";

/* Light, dark, or as the system has it, and the size of type: set before anything is drawn, kept in this browser. Paper is light, and of usual type. */

const LOOKS = { theme: ["auto", "light", "dark"], type: ["usual", "large"] };
const page = document.documentElement;
const systemDark = window.matchMedia("(prefers-color-scheme: dark)");

function chosenLook(name) {
  const stored = window.localStorage.getItem(`xz-${name}`);
  return LOOKS[name].includes(stored) ? stored : LOOKS[name][0];
}

function applyLooks() {
  const theme = chosenLook("theme");
  page.dataset.bsTheme = theme === "auto" ? (systemDark.matches ? "dark" : "light") : theme;
  page.dataset.size = chosenLook("type");
  for (const name of Object.keys(LOOKS)) {
    document.querySelectorAll(`[data-${name}]`).forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset[name] === chosenLook(name)));
    });
  }
  document.dispatchEvent(new Event("xz:theme"));
}

applyLooks();
systemDark.addEventListener("change", applyLooks);
document.addEventListener("DOMContentLoaded", applyLooks);
window.addEventListener("beforeprint", () => {
  page.dataset.bsTheme = "light";
  page.dataset.size = "usual";
});
window.addEventListener("afterprint", applyLooks);
document.addEventListener("click", (event) => {
  for (const name of Object.keys(LOOKS)) {
    const button = event.target.closest(`button[data-${name}]`);
    if (!button) continue;
    window.localStorage.setItem(`xz-${name}`, button.dataset[name]);
    applyLooks();
  }
});
