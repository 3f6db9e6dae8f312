// The editor of a report template: what is chosen from the palette goes in at the cursor; a wrong line is selected.
"use strict";

const source = document.getElementById("id_source");

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button || !source || source.readOnly) return;
  source.focus();
  source.setRangeText(button.dataset.insert, source.selectionStart, source.selectionEnd, "end");
});

if (source && source.dataset.line) {
  const lines = source.value.split("\n");
  const line = Number(source.dataset.line) - 1;
  const start = lines.slice(0, line).reduce((length, text) => length + text.length + 1, 0);
  source.focus();
  source.setSelectionRange(start, start + (lines[line] || "").length);
}
