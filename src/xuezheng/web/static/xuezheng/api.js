"use strict";

/* Tries an operation of the interface as oneself, and shows the answer and the command that asks the same. */

function addressOf(form) {
  let path = decodeURI(form.getAttribute("action"));
  const query = new URLSearchParams();
  for (const field of form.querySelectorAll("input[name]")) {
    const value = field.value.trim();
    if ("inPath" in field.dataset) path = path.replace(`{${field.name}}`, encodeURIComponent(value));
    else if (value) query.set(field.name, value);
  }
  return query.size ? `${path}?${query}` : path;
}

async function tryOut(form) {
  const address = addressOf(form);
  const place = document.getElementById(`answer-${form.dataset.try}`);
  const badge = place.querySelector(".badge");
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
  if (told === null) return window.location.reload();
  badge.textContent = answer.status;
  badge.className = `badge ${answer.ok ? "bg-green-lt" : "bg-orange-lt"}`;
  place.querySelector(".xz-asked").textContent =
    `curl -H "Authorization: Bearer xz_令牌" "${window.location.origin}${address}"`;
  place.querySelector("pre").textContent = JSON.stringify(told, null, 1);
  place.hidden = false;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-try]");
  if (!form) return;
  event.preventDefault();
  tryOut(form).catch(() => say("没有连上服务器。请检查网络，然后再试一次。"));
});
