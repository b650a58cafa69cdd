/** All accounts as one clustered source; due state by colour, ring and size. */
import { NOTHING } from "../../logic/features.js";
import { MAP, byDue } from "../colours.js";
import { BOLD } from "../fonts.js";

const LAYERS = ["account-clusters", "account-counts", "account-points"];

export const accounts = {
  sources: {
    accounts: {
      type: "geojson",
      data: NOTHING,
      cluster: true,
      clusterRadius: 46,
      clusterMaxZoom: 10,
    },
  },
  layers: [
    {
      id: "account-clusters",
      type: "circle",
      source: "accounts",
      filter: ["has", "point_count"],
      paint: {
        "circle-color": MAP.cluster,
        "circle-opacity": 0.82,
        "circle-radius": [
          "interpolate",
          ["linear"],
          ["sqrt", ["get", "point_count"]],
          1,
          8,
          10,
          12,
          40,
          21,
        ],
        "circle-stroke-color": MAP.white,
        "circle-stroke-width": 1.5,
        "circle-stroke-opacity": 0.9,
      },
    },
    {
      id: "account-counts",
      type: "symbol",
      source: "accounts",
      filter: ["has", "point_count"],
      layout: {
        "text-field": ["get", "point_count_abbreviated"],
        "text-font": BOLD,
        "text-size": 11,
        "text-allow-overlap": true,
        // About the circle around it: names of towns step aside.
        "text-padding": 9,
      },
      paint: { "text-color": MAP.white },
    },
    {
      id: "account-points",
      type: "circle",
      source: "accounts",
      filter: ["!", ["has", "point_count"]],
      layout: {
        // The overdue lie on top.
        "circle-sort-key": ["match", ["get", "due"], "red", 2, "yellow", 1, 0],
      },
      paint: {
        "circle-color": byDue("fill"),
        "circle-radius": byDue("radius"),
        "circle-stroke-color": byDue("ring"),
        "circle-stroke-width": byDue("width"),
      },
    },
  ],
  update(map, state, before) {
    // Beside a plan they step back.
    if (Boolean(state.route) !== Boolean(before?.route) || !before) {
      map.setPaintProperty("account-clusters", "circle-opacity", state.route ? 0.45 : 0.82);
    }
    if (state.accountPoints && state.accountPoints !== before?.accountPoints) {
      map.getSource("accounts").setData(state.accountPoints);
    }
    if (state.layers.accounts !== before?.layers.accounts) {
      const visibility = state.layers.accounts ? "visible" : "none";
      for (const id of LAYERS) map.setLayoutProperty(id, "visibility", visibility);
    }
  },
};
