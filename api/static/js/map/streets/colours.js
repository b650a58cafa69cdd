/** Colours of a street map: pale, so that visits, routes and due states stand out from it. */
export const LAND = "#f6f4ef";

/** By `class` of the layer `landuse`, in the order in which they are drawn. */
export const SURFACES = {
  farmland: "#f7f4e6",
  residential: "#eeebe5",
  commercial: "#f3ebe6",
  industrial: "#eae8ea",
  institution: "#f2eddd",
  airport: "#e9e9ee",
  rock: "#eae7e1",
  sand: "#f4ecd2",
  glacier: "#eaf3f7",
  wetland: "#dfeae2",
  grass: "#e6eeda",
  wood: "#d6e6cb",
  park: "#d9ebcd",
  pitch: "#cde4c8",
  parking: "#efece7",
  pedestrian: "#f1eeea",
};

export const WATER = "#bdd7e3";
export const WATER_NAME = "#3f7086";
export const BUILDING = "#e0dbd1";
export const BUILDING_EDGE = "#d0c9bc";
export const RAIL = "#a9a6a3";
export const TIE = "#f6f4ef";
export const BOUNDARY = "#9c8fa8";
export const PATH = "#b9ad9b";
export const TRACK = "#c9bda6";
export const FERRY = "#84aebf";

/** By `class` of a road: its surface and its edge. */
export const ROADS = {
  motorway: { fill: "#f0c287", edge: "#cf9a57" },
  trunk: { fill: "#f4d5a4", edge: "#d6ac6c" },
  primary: { fill: "#f8e4bc", edge: "#dcbf8a" },
  secondary: { fill: "#fcf2d6", edge: "#d9c9a3" },
  tertiary: { fill: "#ffffff", edge: "#d3ccbf" },
  minor: { fill: "#ffffff", edge: "#d8d2c7" },
  service: { fill: "#ffffff", edge: "#ded9d0" },
  pedestrian: { fill: "#f7f2ec", edge: "#dcd5ca" },
};

export const ROAD_NAME = "#5b5348";
export const REF = "#6b4d1d";
export const PLACE = "#2d3742";
export const DISTRICT = "#5f6872";
export const HALO = "#ffffff";
