import { allocation } from "./allocation.js";
import { market } from "./market.js";
import { matrix } from "./matrix.js";
import { models } from "./models.js";
import { programme } from "./programme.js";
import { rounds } from "./rounds.js";
import { touches } from "./touches.js";
import { week } from "./week.js";

/**
 * The tabs of the section of insights, in their order.
 *
 * @typedef {object} Tools
 * @property {Record<string, string>} query what the tab was asked for
 * @property {(query: Record<string, any>) => void} ask ask for something else; empty values are left out
 * @property {(work: (service: import("../../service.js").Service) => Promise<any>, message: string) => Promise<boolean>} run
 *   change something, say so, and load the tab anew; false where it was refused
 * @property {(verb: string, detail?: any) => void} act any action of the page, such as openAccount
 * @property {object} dataset
 * @property {{rep_id: string, name: string}[]} reps
 *
 * @typedef {object} Tab
 * @property {string} name in the address
 * @property {string} title
 * @property {(service: import("../../service.js").Service, query: Record<string, string>) => Promise<any>} load
 * @property {(answer: any, tools: Tools) => (Node | null)[]} view
 */

/** @type {Tab[]} */
export const TABS = [
  week,
  matrix,
  programme,
  touches,
  allocation,
  market,
  rounds,
  models,
];
