/** The models behind all values: what was found, and how well it forecasts. */

import { h } from "../../dom.js";
import { segmentWords } from "../../logic/account_words.js";
import { plainDate } from "../../logic/calendar.js";
import { count, money, percent, plural, roughMoney, twoDecimals } from "../../logic/format.js";
import { lineChart } from "./chart.js";
import { figures, heading, note, table } from "./parts.js";

const LOOK_MS = 500;

const WAYS = {
  model: "The model",
  past_sales: "Past sales go on",
  last_year: "The last year goes on",
  mean: "Everybody buys the same",
};

/** @type {import("./tabs.js").Tab} */
export const models = {
  name: "models",
  title: "Models",

  async load(service, query) {
    const list = await service.read("/models");
    if (!list.items.length) return { list, report: null };
    const version = encodeURIComponent(query.version ?? "current");
    return { list, report: await service.read(`/models/${version}`) };
  },

  view({ list, report }, tools) {
    if (!report) {
      return [
        note(
          "Nothing has been fitted to the past of these accounts yet: values are as the literature has them.",
        ),
        fitButton(tools),
        jobNote(list.job),
      ];
    }
    return [
      summary(report),
      h("div", { class: "insight-controls" }, fitButton(tools)),
      jobNote(list.job),
      ...forecast(
        `Forecasts of ${plural(Math.round(report.holdout?.months ?? 0), "month")} that the model did not see`,
        report.holdout,
        "The past is too short to hold months out.",
      ),
      ...lastForecast(report.last_forecast),
      responses(report),
      report.notes.length ? heading("What was done to the data") : null,
      report.notes.length
        ? h("ul", { class: "insight-list" }, report.notes.map((words) => h("li", {}, words)))
        : null,
      versions(list, report, tools),
    ];
  },
};

function summary(report) {
  const { mean_absolute_error: own, naive_error: naive } = report;
  return figures([
    ["Version", `${report.version}${report.is_current ? ", in use" : ""}`],
    ["Past up to", plainDate(report.fitted_for)],
    ["Customers", count(report.customer_count), `Of ${count(report.account_count)} accounts`],
    own === undefined
      ? null
      : ["Error per account", money(own), "Mean absolute error of forecast sales, held-out months"],
    naive === undefined ? null : ["Best naive error", money(naive), "Of the best of the naive forecasts"],
    ["How customers come and go", report.purchase_model ?? "as assumed"],
  ]);
}

function fitButton(tools) {
  const button = h(
    "button",
    {
      type: "button",
      class: "button button-small",
      id: "fit-models",
      onclick: async () => {
        button.disabled = true;
        button.textContent = "Fitting …";
        await tools.run(fitAnew, "The models were fitted anew.");
      },
    },
    "Fit anew",
  );
  return button;
}

/** Asks for a fit and waits until it has ended, one way or the other. */
async function fitAnew(service) {
  const { job_id: id } = await service.write("POST", "/models");
  for (;;) {
    const { status } = await service.read(`/models/jobs/${encodeURIComponent(id)}`);
    if (status !== "queued" && status !== "running") return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function jobNote(job) {
  if (job?.status === "failed") {
    return h("p", { class: "refusal" }, `The last fit failed. ${job.problem?.detail ?? ""}`);
  }
  const isAtWork = job?.status === "queued" || job?.status === "running";
  return isAtWork ? note("A fit is at work. Its model will be in use as soon as it is done.") : null;
}

/** How well sales were foretold, in a chart and in tables. */
function forecast(title, told, otherwise) {
  if (!told) return [heading(title), note(otherwise)];
  return [
    heading(title),
    note(
      `Of ${count(told.account_count)} accounts with orders before. Each point is a tenth of them, by what they `,
      "were forecast to buy; on the line, they bought just that.",
    ),
    calibrationChart(title, told.calibration),
    table({
      caption: "Tenths of the accounts, sales per account",
      columns: [
        { title: "Tenth", value: ({ tenth }) => tenth },
        { title: "Accounts", value: (row) => count(row.account_count), isNumber: true },
        { title: "Forecast", value: (row) => money(row.forecast), isNumber: true },
        { title: "Came", value: (row) => money(row.actual), isNumber: true },
        {
          title: "Came, of forecast",
          value: (row) => (row.forecast > 0 ? percent(row.actual / row.forecast) : null),
          isNumber: true,
        },
      ],
      rows: told.calibration.map((row, at) => ({ ...row, tenth: at + 1 })),
    }),
    table({
      caption: "Beside naive forecasts",
      columns: [
        { title: "Forecast", value: ({ way }) => WAYS[way] ?? way },
        {
          title: "Error",
          hint: "Mean absolute error per account",
          value: (row) => money(row.mean_absolute),
          isNumber: true,
        },
        {
          title: "Root mean square",
          hint: "Weighs large errors more",
          value: (row) => money(row.root_mean_square),
          isNumber: true,
        },
        {
          title: "Total",
          hint: "Forecast total of the actual total",
          value: (row) => percent(row.total_ratio),
          isNumber: true,
        },
        {
          title: "Best tenth brought",
          hint: "Of the actual sales, by the tenth of the accounts with the highest forecasts",
          value: (row) => percent(row.top_tenth_share),
          isNumber: true,
        },
      ],
      rows: Object.keys(WAYS)
        .filter((way) => told.errors[way])
        .map((way) => ({ way, ...told.errors[way] })),
    }),
    note(`Ranked by the last order alone, the best tenth brought ${percent(told.recency_top_tenth_share)}.`),
  ];
}

function lastForecast(told) {
  if (!told) {
    return forecast(
      "How well the last forecast did",
      null,
      "No version is four weeks old yet. The next fit after that sets its forecast against what has come.",
    );
  }
  const span = `${plainDate(told.from)} to ${plainDate(told.until)}`;
  return forecast(`How well version ${told.version} foretold ${span}`, told, "");
}

/** Both axes by powers of ten: the best tenth buys a hundred times as much as the least. */
function calibrationChart(title, calibration) {
  const points = calibration
    .filter(({ forecast: said, actual }) => said > 0 && actual > 0)
    .map(({ forecast: said, actual }) => [Math.log10(said), Math.log10(actual)]);
  if (points.length < 2) return null;
  const all = points.flat();
  const [from, to] = [Math.floor(Math.min(...all) * 2) / 2, Math.ceil(Math.max(...all) * 2) / 2];
  const format = (value) => (Number.isInteger(value) ? roughMoney(10 ** value) : "");
  return lineChart({
    title: `${title}: forecast and actual sales by tenths`,
    x: { label: "Forecast sales per account", format, from, to },
    y: { label: "Sales that came", format, from, to },
    lines: [
      { points: [[from, from], [to, to]], kind: "ideal", label: "just as forecast" },
      { points, isDotted: true, label: "a tenth of the accounts" },
    ],
  });
}

const responses = ({ segments }) =>
  table({
    caption: "How sales respond to visits",
    columns: [
      {
        title: "Segment",
        value: ({ segment }) => (segment === undefined ? "All together" : segmentWords(segment)),
      },
      {
        title: "Informative accounts",
        hint: "They order, and their visits change",
        value: (row) => count(row.informative),
        isNumber: true,
      },
      {
        title: "Data alone",
        value: ({ estimate, error }) =>
          estimate === undefined ? null : `${twoDecimals(estimate)} ± ${twoDecimals(error ?? 0)}`,
        isNumber: true,
      },
      { title: "Reckoned with", value: (row) => twoDecimals(row.elasticity), isNumber: true },
      {
        title: "Interval of 80 %",
        value: (row) => `${twoDecimals(row.elasticity_low)} to ${twoDecimals(row.elasticity_high)}`,
        isNumber: true,
      },
      { title: "Basis", value: ({ basis }) => (basis === "data" ? "data" : "literature") },
    ],
    rows: segments,
    empty: "Nothing was fitted: the response is as the literature has it.",
  });

const versions = ({ items }, report, tools) =>
  table({
    caption: "Versions",
    columns: [
      {
        title: "Version",
        value: ({ version, is_current: isCurrent }) =>
          h(
            "button",
            {
              type: "button",
              class: "item-name",
              id: `model-${version}`,
              onclick: () => tools.ask({ version: isCurrent ? "" : version }),
            },
            isCurrent ? `${version}, in use` : String(version),
          ),
      },
      { title: "Past up to", value: (row) => plainDate(row.fitted_for) },
      { title: "Customers", value: (row) => count(row.customer_count), isNumber: true },
      {
        title: "Error",
        value: (row) => (row.mean_absolute_error === undefined ? null : money(row.mean_absolute_error)),
        isNumber: true,
      },
      {
        title: "Best naive",
        value: (row) => (row.naive_error === undefined ? null : money(row.naive_error)),
        isNumber: true,
      },
    ],
    rows: items,
    rowClass: ({ version }) => (version === report.version ? "is-selected" : ""),
  });
