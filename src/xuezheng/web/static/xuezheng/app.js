"use strict";

/* Charts: a page hands over labels, values and their texts as JSON; what a reader sees is written by the server. */

const COLOURS = ["#c8553d", "#4f8a6b", "#d09a3a", "#6b7a8f", "#8a6591"];

function chartOption(chart, narrow) {
  const lying = chart.labels.length > 6 || narrow;
  const names = { type: "category", data: chart.labels, inverse: lying, axisTick: { show: false } };
  names.axisLabel = { interval: 0, width: narrow ? 96 : 150, overflow: "truncate" };
  const look = getComputedStyle(document.body);
  const lines = { show: !lying, lineStyle: { color: look.getPropertyValue("--xz-rule") } };
  const values = { type: "value", splitNumber: 4, axisLabel: { show: false }, splitLine: lines };
  const label = { show: true, position: lying ? "right" : "top", color: look.color };
  names.axisLabel.color = look.color;
  label.formatter = (point) => chart.texts[point.dataIndex];
  return {
    animationDuration: 300,
    color: [look.getPropertyValue("--xz-ink"), ...COLOURS],
    textStyle: { fontFamily: look.fontFamily },
    grid: { left: 8, right: lying ? 84 : 12, top: lying ? 4 : 28, bottom: 4, containLabel: true },
    /* Drawn on the canvas, since HTML tooltips carry inline styles, which our policy forbids. */
    tooltip: {
      renderMode: "richText",
      confine: true,
      formatter: (point) => `${chart.labels[point.dataIndex]}  ${chart.texts[point.dataIndex]}`,
    },
    xAxis: lying ? values : names,
    yAxis: lying ? names : values,
    series: [{ type: "bar", data: chart.values, barMaxWidth: lying ? 18 : 44, label, cursor: "pointer" }],
  };
}

function drawChart(box) {
  const chart = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const narrow = box.clientWidth < 380;
  if (chart.labels.length > 6 || narrow) box.style.height = `${Math.max(6, chart.labels.length * 1.9)}rem`;
  const known = echarts.getInstanceByDom(box);
  const drawn = known || echarts.init(box, null, { renderer: "canvas" });
  drawn.setOption(chartOption(chart, narrow), true);
  if (known) return;
  drawn.on("click", (point) => {
    const address = chart.links && chart.links[point.dataIndex];
    if (address) window.location.assign(address);
  });
  new ResizeObserver(() => drawn.resize()).observe(box);
}

function prepare(root) {
  root.querySelectorAll("[data-chart]").forEach(drawChart);
  root.querySelectorAll("select[data-search]").forEach((select) => {
    if (!select.tomselect) new TomSelect(select, { maxOptions: null, allowEmptyOption: true });
  });
}

document.addEventListener("DOMContentLoaded", () => prepare(document));
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target !== document.body) prepare(event.target);
});

document.addEventListener("xz:theme", () => {
  if (document.readyState === "complete") prepare(document);
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
