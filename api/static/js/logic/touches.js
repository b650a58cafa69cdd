/** Channels, roles, and what an account takes, in words. */

import { decimal, money, plural } from "./format.js";

export const CHANNEL_WORDS = {
  mail: "Mail",
  phone: "Phone",
  video: "Video call",
  field: "Visit",
  demo: "Demo",
};

/** "inside_sales" as "Inside sales". */
export function roleWords(role) {
  const words = role.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * What the card says of the touches of an account.
 *
 * @param {object} touches answer of GET /accounts/{id}/touches
 * @returns {[string, string, string][]} label, figure, and how it comes about
 */
export function touchesRows({ channels, best_channel: best, total, pursuit }) {
  const made = channels.filter(({ touches }) => touches > 0);
  const next = channels.find(({ channel }) => channel === best)?.next;
  return [
    [
      "Touches, 12 months",
      made.map(({ channel, touches }) => countOf(channel, touches)).join(", ") || "none",
      "",
    ],
    [
      "Cost to serve, 12 months",
      money(total.cost),
      `${decimal(total.hours)} h; leaves ${money(total.contribution_after_cost)} of the contribution`,
    ],
    next
      ? [
          "Best next touch",
          CHANNEL_WORDS[best],
          `brings ${money(next.value)}, costs ${money(next.cost)}`,
        ]
      : ["Best next touch", "none", "each costs more than it brings"],
    pursuit
      ? [
          "To win it",
          plural(Math.round(pursuit.touches_expected), "touch", "touches"),
          `on average of such prospects${pursuit.basis === "prior" ? ", as assumed" : ""}`,
        ]
      : null,
  ].filter(Boolean);
}

const ONE = { mail: "mail", phone: "call", video: "video call", field: "visit", demo: "demo" };

const countOf = (channel, number) => plural(number, ONE[channel]);
