/** Markets: potential, share and gap of regions, reps and segments; categories; odd prices. */

import { h } from "../../dom.js";
import { segmentWords } from "../../logic/account_words.js";
import { count, decimal, money, percentExactly, plural, roughMoney } from "../../logic/format.js";
import {
  accountName,
  accountsLink,
  choice,
  controls,
  figures,
  heading,
  note,
  repChoice,
  table,
} from "./parts.js";
import { reasonForm, versionsTable } from "./policy.js";
import { numberField, regionField, segmentChoice } from "./scope.js";

const KINDS = { region: "Region", rep: "Rep", segment: "Segment" };
const MEASURES = { margin: "Margin", order_value: "Amount of an order" };

/** @type {import("./tabs.js").Tab} */
export const market = {
  name: "market",
  title: "Market",

  load: (service, query) => service.read("/market", query),

  view: (answer, tools) => [
    asked(tools),
    summary(answer),
    markets(answer, tools),
    heading("Categories"),
    note("Accounts by potential, and how often each should be seen."),
    categories(answer),
    heading("Prices and margins that stand out"),
    ...odd(answer),
    settings(answer, tools),
    versionsTable(answer.versions, tools.dataset.timezone),
  ],
};

function asked({ query, reps, ask }) {
  const wanted = (patch) => ask({ ...query, ...patch });
  const by = query.by ?? "region";
  return controls(
    choice({
      id: "market-by",
      label: "Markets are",
      options: [
        ["", "Regions"],
        ["rep", "Reps"],
        ["segment", "Segments"],
      ],
      value: by === "region" ? "" : by,
      onChange: (value) => wanted({ by: value }),
    }),
    by === "region"
      ? choice({
          id: "market-digits",
          label: "A region is",
          options: [
            ["1", "1 digit of the postcode"],
            ["", "2 digits of the postcode"],
            ["3", "3 digits of the postcode"],
            ["10", "A whole postcode"],
          ],
          value: query.digits,
          onChange: (digits) => wanted({ digits }),
        })
      : null,
    repChoice({ id: "market-rep", reps, value: query.rep_id, onChange: (rep_id) => wanted({ rep_id }) }),
    segmentChoice("market-segment", query.segment, (segment) => wanted({ segment })),
    regionField("market-region", query.postcode_prefix, (postcode_prefix) => wanted({ postcode_prefix })),
  );
}

function summary({ total, target_basis: basis, target_share: share }) {
  return h(
    "div",
    {},
    figures([
      ["Potential a year", roughMoney(total.potential)],
      ["Revenue, 12 months", roughMoney(total.revenue)],
      ["Share of the market", percentExactly(total.share)],
      ["Potential of the base", roughMoney(total.base_potential), "What customers could buy"],
      ["Share of wallet", percentExactly(total.share_of_wallet), "Revenue over the potential of the base"],
      ["Customers buy from others", roughMoney(total.base_gap)],
      ["Target", `${roughMoney(total.target)} (${percentExactly(total.target_share)})`],
      ["Gap to the target", roughMoney(total.gap)],
      ["Growth, account by account", roughMoney(total.growth), "What the models' targets of the accounts are above their sales"],
    ]),
    note(
      basis === "peers"
        ? `Target: ${percentExactly(share)}, the share that the best quarter of such markets reach. Set another one below.`
        : `Target: ${percentExactly(share)} of the potential, as decided; less where it is crowded.`,
    ),
  );
}

function markets({ markets: rows }, { query }) {
  const by = query.by ?? "region";
  const filterOf = (one) =>
    ({
      region: { region: one.market ?? "", owner: query.rep_id ?? "" },
      rep: { owner: one.market ?? "none", region: query.postcode_prefix ?? "" },
      segment: { segment: [one.market], owner: query.rep_id ?? "", region: query.postcode_prefix ?? "" },
    })[by];
  const nameOf = (one) => {
    if (one.market === undefined) return by === "rep" ? "Nobody" : "Without a postcode";
    return { region: one.market, rep: one.name ?? one.market, segment: segmentWords(one.market) }[by];
  };
  return table({
    caption: "Markets, the largest gap first",
    columns: [
      {
        title: KINDS[by],
        value: (one) =>
          by === "region" && one.market === undefined
            ? nameOf(one)
            : accountsLink(nameOf(one), { segment: query.segment ? [query.segment] : [], ...filterOf(one) }),
      },
      { title: "Accounts", value: (one) => count(one.account_count), isNumber: true },
      { title: "Customers", value: (one) => count(one.customer_count), isNumber: true },
      { title: "Potential", value: (one) => roughMoney(one.potential), isNumber: true },
      { title: "Revenue", hint: "Of the last 12 months", value: (one) => roughMoney(one.revenue), isNumber: true },
      { title: "Share", value: (one) => percentExactly(one.share), isNumber: true },
      { title: "Of wallet", hint: "Revenue over the potential of the customers", value: (one) => percentExactly(one.share_of_wallet), isNumber: true },
      { title: "Target", value: (one) => percentExactly(one.target_share), isNumber: true },
      { title: "Gap", value: (one) => roughMoney(one.gap), isNumber: true },
      { title: "Growth", hint: "Targets of its accounts above their sales", value: (one) => roughMoney(one.growth), isNumber: true },
      { title: "Visits", hint: "In person, in the last 12 months", value: (one) => count(one.visits), isNumber: true },
    ],
    rows,
    empty: "No account is meant.",
  });
}

function categories({ categories: rows, settings: { categories: limits } }) {
  const from = Object.fromEntries(limits.map((one) => [one.name, one.potential_from]));
  return table({
    caption: "Categories by potential",
    columns: [
      { title: "Category", value: (one) => one.name },
      { title: "Potential from", value: (one) => money(from[one.name]), isNumber: true },
      { title: "Accounts", value: (one) => count(one.account_count), isNumber: true },
      { title: "Customers", value: (one) => count(one.customer_count), isNumber: true },
      { title: "Potential", value: (one) => roughMoney(one.potential), isNumber: true },
      { title: "Revenue", value: (one) => roughMoney(one.revenue), isNumber: true },
      { title: "Of wallet", value: (one) => percentExactly(one.share_of_wallet), isNumber: true },
      { title: "Visits a year: wanted", value: (one) => decimal(one.visits_per_year), isNumber: true },
      { title: "made", value: (one) => decimal(one.visits_per_account), isNumber: true },
      { title: "Seen often enough", value: (one) => percentExactly(one.served_share), isNumber: true },
    ],
    rows,
  });
}

function odd({ odd: rows, odd_count: all, compared_count: compared }) {
  const value = (one, number) => (one.measure === "margin" ? percentExactly(number) : money(number));
  return [
    note(
      `${plural(all, "account")} of ${count(compared)} that could be compared with their like, the accounts of the same segment and category. `,
      "It is a reason to look, not a finding.",
    ),
    table({
      caption: rows.length < all ? `The ${count(rows.length)} furthest off` : "Furthest off first",
      columns: [
        { title: "Account", value: accountName },
        { title: "Segment", value: (one) => segmentWords(one.segment) },
        { title: "Category", value: (one) => one.category },
        { title: "What", value: (one) => MEASURES[one.measure] },
        { title: "Is", value: (one) => value(one, one.value), isNumber: true },
        { title: "Usual", value: (one) => value(one, one.usual), isNumber: true },
        { title: "Off by", hint: "Robust standard deviations", value: (one) => decimal(one.robust_z), isNumber: true },
        { title: "Among", value: (one) => count(one.like_count), isNumber: true },
        { title: "Revenue", value: (one) => money(one.revenue), isNumber: true },
        {
          title: "At stake a year",
          hint: "What the usual margin would bring more; negative: it brings more than usual",
          value: (one) => (one.at_stake === undefined ? null : money(one.at_stake)),
          isNumber: true,
        },
      ],
      rows,
      empty: "Nobody stands out.",
    }),
  ];
}

function settings({ settings: now, version }, { run }) {
  const field = (id) => document.getElementById(id);
  const inputs = controls(
    numberField({ id: "market-target", label: "Target share, %", value: inPercent(now.target_share), placeholder: "best quarter", most: 100, onChange: () => {} }),
    numberField({ id: "market-crowded", label: "Where crowded, % (5 to 10)", value: inPercent(now.crowded_share), placeholder: "7.5", least: 5, most: 10, onChange: () => {} }),
    h(
      "div",
      { class: "field" },
      h("label", { for: "market-prefixes" }, "Crowded postcodes"),
      h("input", { id: "market-prefixes", type: "text", value: now.crowded_prefixes.join(", "), placeholder: "80, 10, 2" }),
    ),
    numberField({ id: "market-matrix-potential", label: "Matrix: high potential from", value: now.matrix_potential, placeholder: "median", onChange: () => {} }),
    numberField({ id: "market-matrix-value", label: "Matrix: high visit value from", value: now.matrix_visit_value, placeholder: "median", onChange: () => {} }),
  );
  const limits = now.categories.map((one, at) =>
    controls(
      h("p", { class: "policy-name" }, `Category ${one.name}`),
      numberField({ id: `market-from-${at}`, label: "Potential from", value: one.potential_from, placeholder: "0", onChange: () => {} }),
      numberField({ id: `market-visits-${at}`, label: "Visits a year", value: one.visits_per_year, placeholder: "0", most: 366, onChange: () => {} }),
    ),
  );
  const number = (id, factor = 1) => (field(id).value === "" ? undefined : Number((Number(field(id).value) * factor).toPrecision(12)));
  return reasonForm({
    title: "Decide on targets, categories and thresholds",
    id: "market",
    parts: [inputs, ...limits],
    words: "Set targets and categories",
    onSubmit: (reason) =>
      run(
        (service) =>
          service.write(
            "PUT",
            "/market",
            {
              reason,
              target_share: number("market-target", 0.01),
              crowded_share: number("market-crowded", 0.01),
              crowded_prefixes: field("market-prefixes").value.split(/[,\s]+/).filter(Boolean),
              matrix_potential: number("market-matrix-potential"),
              matrix_visit_value: number("market-matrix-value"),
              categories: now.categories.map(({ name }, at) => ({
                name,
                potential_from: number(`market-from-${at}`) ?? 0,
                visits_per_year: number(`market-visits-${at}`) ?? 0,
              })),
            },
            { "If-Match": `"${version}"` },
          ),
        "Targets and categories set.",
      ),
  });
}

const inPercent = (share) => (share === undefined ? undefined : Number((100 * share).toPrecision(6)));
