"use strict";

/* Charts: a page hands over labels, values and their texts as JSON; what a reader sees is written by the server. */

const COLOURS = ["#c8553d", "#4f8a6b", "#d09a3a", "#6b7a8f", "#8a6591"];
const FEW = 6;

function look(box) {
  const style = getComputedStyle(box);
  return {
    colour: style.color,
    font: style.fontFamily,
    rule: style.getPropertyValue("--xz-rule"),
    ink: style.getPropertyValue("--xz-ink"),
  };
}

function common(chart, style) {
  return {
    animationDuration: 300,
    color: [style.ink, ...COLOURS],
    textStyle: { fontFamily: style.font },
    /* Drawn on the canvas, since HTML tooltips carry inline styles, which our policy forbids. */
    tooltip: {
      renderMode: "richText",
      confine: true,
      formatter: (point) => `${chart.labels[point.dataIndex]}  ${chart.texts[point.dataIndex]}`,
    },
  };
}

/* One row of bars, or that of an older period beside it in a quieter colour. */
function barSeries(chart, lying, label) {
  const bars = (told) => ({
    type: "bar",
    name: told.name,
    data: told.values,
    barMaxWidth: lying ? 18 : 44,
    cursor: "pointer",
    label: { ...label, formatter: (point) => told.texts[point.dataIndex] },
    tooltip: {
      formatter: (point) =>
        [told.name, chart.labels[point.dataIndex], told.texts[point.dataIndex]].filter(Boolean).join("  "),
    },
  });
  if (!chart.before) return { series: [bars(chart)] };
  return {
    legend: { top: 0, textStyle: { color: label.color } },
    series: [{ ...bars(chart.before), itemStyle: { color: "#8a94a3" } }, bars(chart)],
  };
}

function barOption(chart, narrow, style, box) {
  const lying = chart.labels.length > FEW || narrow;
  const names = { type: "category", data: chart.labels, inverse: lying, axisTick: { show: false } };
  const room = narrow ? 96 : lying ? 150 : Math.floor((box.clientWidth - 30) / chart.labels.length) - 8;
  names.axisLabel = { interval: 0, width: room, overflow: lying ? "truncate" : "break", color: style.colour };
  const lines = { show: !lying, lineStyle: { color: style.rule } };
  const values = { type: "value", splitNumber: 4, axisLabel: { show: false }, splitLine: lines };
  const label = { show: true, position: lying ? "right" : "top", color: style.colour };
  const above = (lying ? 4 : 28) + (chart.before ? 26 : 0);
  return {
    ...common(chart, style),
    grid: { left: 8, right: lying ? 84 : 12, top: above, bottom: 4, containLabel: true },
    xAxis: lying ? values : names,
    yAxis: lying ? names : values,
    ...barSeries(chart, lying, label),
  };
}

/* A forecast's interval, an unseen line at its lower end with the height up to its upper end filled, and what it must not exceed. */
function forecastSeries(chart, style) {
  if (!chart.limit) return [];
  const height = chart.high.map((high, place) => (high === null ? null : high - chart.low[place]));
  const end = { type: "line", symbol: "none", silent: true, stack: "interval", lineStyle: { opacity: 0 } };
  const limit = {
    type: "line", symbol: "none", silent: true, step: "middle", data: chart.limit.values,
    lineStyle: { color: COLOURS[0], type: "dashed", width: 1.5 },
    endLabel: { show: true, formatter: chart.limit.name, color: COLOURS[0], offset: [-34, -10] },
  };
  return [
    { ...end, data: chart.low },
    { ...end, data: height, areaStyle: { color: style.ink, opacity: 0.14 } },
    limit,
  ];
}

function lineOption(chart, narrow, style) {
  const label = { show: true, position: "top", color: style.colour };
  label.formatter = (point) => (chart.marks || chart.texts)[point.dataIndex];
  const names = { type: "category", data: chart.labels, axisTick: { show: false } };
  const many = Boolean(chart.limit);
  names.axisLabel = { color: style.colour, interval: many ? "auto" : 0, width: narrow ? 44 : 84, overflow: "break" };
  const lines = { lineStyle: { color: style.rule } };
  const line = { type: "line", data: chart.values, connectNulls: false, symbolSize: 9, lineStyle: { width: 2.5 }, label };
  if (many) line.symbolSize = 6;
  return {
    ...common(chart, style),
    grid: { left: 8, right: 24, top: 28, bottom: 4, containLabel: true },
    xAxis: names,
    yAxis: { type: "value", splitNumber: 3, axisLabel: { show: false }, splitLine: lines },
    /* A period without a value is a gap, never a nought. */
    series: [line, ...forecastSeries(chart, style)],
  };
}

/* Of names that would lie on each other, that of the larger value is written; the others are told by pointing at the dot. */
function namedDots(chart, scale, shrink) {
  const order = chart.values.map((_, place) => place).sort((a, b) => chart.values[b] - chart.values[a]);
  const taken = [];
  const apart = (a, b) => Math.abs(a.y - b.y) > 16 || a.x + a.width < b.x || b.x + b.width < a.x;
  for (const place of order) {
    const [east, north] = chart.places[place];
    const box = { x: east * scale * shrink, y: north * scale, width: chart.labels[place].length * 11 + 24, place };
    if (taken.every((other) => apart(box, other))) taken.push(box);
  }
  return new Set(taken.map((box) => box.place));
}

/* North is up: a degree of longitude is as much shorter than one of latitude as the parallel is shorter than the meridian. */
function mapOption(chart, narrow, style, box) {
  const east = chart.places.map((place) => place[0]);
  const north = chart.places.map((place) => place[1]);
  const middle = (list) => (Math.min(...list) + Math.max(...list)) / 2;
  const spread = (list) => Math.max(Math.max(...list) - Math.min(...list), 0.02);
  const shrink = Math.cos((middle(north) * Math.PI) / 180);
  const [width, height] = [box.clientWidth - 80, box.clientHeight - 60];
  const scale = Math.min(width / (spread(east) * shrink), height / spread(north));
  const reach = [width / scale / shrink / 2, height / scale / 2];
  const axis = (list, half, more) => ({
    type: "value", show: false, min: middle(list) - half * 1.04, max: middle(list) + half * 1.04, ...more,
  });
  const named = namedDots(chart, scale, shrink);
  const largest = Math.max(...chart.values.map(Math.abs), 1);
  return {
    ...common(chart, style),
    grid: { left: 40, right: 40, top: 30, bottom: 30, borderColor: style.rule, show: true },
    xAxis: axis(east, reach[0]),
    yAxis: axis(north, reach[1]),
    series: [{
      type: "scatter",
      data: chart.places,
      cursor: "pointer",
      symbolSize: (_, point) => 7 + 33 * Math.sqrt(Math.abs(chart.values[point.dataIndex]) / largest),
      itemStyle: { opacity: 0.55, borderColor: style.ink, borderWidth: 1 },
      label: {
        show: true, position: "right", color: style.colour, opacity: 1, fontSize: 11,
        formatter: (point) => (named.has(point.dataIndex) ? chart.labels[point.dataIndex] : ""),
      },
      emphasis: { label: { formatter: (point) => chart.labels[point.dataIndex] } },
    }],
  };
}

const OPTIONS = { bar: barOption, line: lineOption, map: mapOption };

function drawChart(box, still) {
  const chart = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const narrow = box.clientWidth < 380;
  const tall = chart.kind === "bar" && (chart.labels.length > FEW || narrow);
  const rows = chart.labels.length * (chart.before ? 2 : 1);
  if (tall) box.style.height = `${Math.max(6, rows * 1.9)}rem`;
  const known = echarts.getInstanceByDom(box);
  const drawn = known || echarts.init(box, null, { renderer: "canvas" });
  const option = OPTIONS[chart.kind](chart, narrow, look(box), box);
  drawn.setOption(still ? { ...option, animation: false } : option, true);
  if (known) return;
  drawn.on("click", (point) => {
    const address = chart.links && chart.links[point.dataIndex];
    if (address) window.location.assign(address);
  });
  new ResizeObserver(() => drawn.resize()).observe(box);
}

function drawCharts(root, still = false) {
  root.querySelectorAll("[data-chart]").forEach((box) => drawChart(box, still));
}

document.addEventListener("DOMContentLoaded", () => drawCharts(document));
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target !== document.body) drawCharts(event.target);
});
/* Paper is light, whatever the screen is: theme.js has made the page so by now. */
window.addEventListener("beforeprint", () => drawCharts(document, true));
document.addEventListener("xz:theme", () => {
  if (document.readyState === "complete") drawCharts(document);
});
