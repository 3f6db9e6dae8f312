"use strict";

/* The tour of the first login: each stop lights up one part of the page and says what it is for. */

const guide = document.getElementById("xz-tour");
const stops = JSON.parse(document.getElementById("xz-tour-stops").textContent)
  .filter((stop) => document.querySelector(stop.part));
let at = 0;

function light(stop) {
  document.querySelector(".xz-lit")?.classList.remove("xz-lit");
  const part = document.querySelector(stop.part);
  part.classList.add("xz-lit");
  part.scrollIntoView({ block: "nearest" });
}

function show() {
  const stop = stops[at];
  light(stop);
  guide.querySelector("h2").textContent = stop.title;
  guide.querySelector("p").textContent = stop.text;
  guide.querySelector("[data-at]").textContent = `${at + 1} / ${stops.length}`;
  guide.querySelector("[data-back]").disabled = at === 0;
  guide.querySelector("[data-next]").textContent = at === stops.length - 1 ? "开始使用" : "下一步";
}

function end() {
  document.querySelector(".xz-lit")?.classList.remove("xz-lit");
  guide.close();
  fetch(guide.dataset.ended, { method: "POST", body: new FormData(guide.querySelector("form")) });
}

guide.querySelector("[data-next]").addEventListener("click", () => {
  at += 1;
  if (at === stops.length) end();
  else show();
});
guide.querySelector("[data-back]").addEventListener("click", () => {
  at -= 1;
  show();
});
guide.querySelector("[data-end]").addEventListener("click", end);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && guide.open) end();
});

show();
guide.show();
guide.querySelector("[data-next]").focus();
