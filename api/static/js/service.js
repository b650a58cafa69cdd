/** All requests of the page. Every failure is a ServiceError or, when cancelled, an AbortError. */

import { EventStreamParser } from "./logic/event_stream.js";

const BASE = "/api/v1";

/** The service refused (`problem` says why) or could not be reached (`problem` is null). */
export class ServiceError extends Error {
  /** @param {import("./types.js").Problem | null} problem */
  constructor(problem) {
    super(problem?.detail ?? "The service cannot be reached.");
    this.name = "ServiceError";
    this.problem = problem;
  }

  get isConnectionLost() {
    return this.problem === null;
  }
}

const LOADING_MS = 2000;
const PLANNING_MS = 1000;

const NO_PLAN = "This trip was stopped before it had a plan.";

/** A route names its accounts only for those who ask. */
const NAMED = "accounts=named";

export class Service {
  /** Asks again while the service is still loading its roads. */
  async whenReady(ask) {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (error.problem?.status !== 503) throw error;
        await new Promise((resolve) => setTimeout(resolve, LOADING_MS));
      }
    }
  }

  /** What the tabs of the insights show; values that are undefined are not sent. */
  read = (path, query) => this.#getJson(path, query);

  /** What they change; `headers` such as If-Match. */
  write = (method, path, body, headers) => this.#sendJson(method, path, body, headers);

  getDataset = () => this.#getJson("/dataset");

  /** GeoJSON of all accounts, or those of a filter: id, class and position only. */
  getAccountPoints = (query) => this.#getJson("/accounts.geojson", query);

  async listReps() {
    const { items } = await this.#getJson("/reps");
    return items;
  }

  getAccount = (id) => this.#getJson(`/accounts/${encodeURIComponent(id)}`);

  getAccountTouches = (id) => this.#getJson(`/accounts/${encodeURIComponent(id)}/touches`);

  getAccountValue = (id) => this.#getJson(`/accounts/${encodeURIComponent(id)}/value`);

  /** One page of accounts; filters that are undefined are not sent. */
  listAccounts = (query) => this.#getJson("/accounts", query);

  /** Count, sums and ids of the accounts of a filter or an area. */
  selectAccounts = (body) => this.#postJson("/accounts/selections", body);

  /** Changes what is given, if the account is still at that version. */
  changeAccount = (id, version, facts) =>
    this.#sendJson("PATCH", `/accounts/${encodeURIComponent(id)}`, facts, {
      "If-Match": `"${version}"`,
    });

  /** Accounts whose position is doubtful, and how many there are of each kind. */
  listDoubtful = (query) => this.#getJson("/accounts/worklist", query);

  /** @param {{position: [number, number]} | {alternative: number}} place */
  setLocation = (id, place) =>
    this.#sendJson("PUT", `/accounts/${encodeURIComponent(id)}/location`, place);

  /** Forgets the pin that was set by hand, and looks for the address again. */
  forgetLocation = (id) =>
    this.#sendJson("DELETE", `/accounts/${encodeURIComponent(id)}/location`);

  listDuplicates = (query) => this.#getJson("/accounts/duplicates", query);

  decideDuplicate = (body) => this.#postJson("/accounts/duplicates", body);

  /** What a file holds, and how its columns would be read; nothing is stored yet. */
  uploadImport(file, options = {}) {
    const body = new FormData();
    body.append("file", file);
    if (Object.keys(options).length) body.append("options", JSON.stringify(options));
    return this.#ask("POST", "/imports", body);
  }

  getImport = (id) => this.#getJson(`/imports/${encodeURIComponent(id)}`);

  async listImports() {
    const { items } = await this.#getJson("/imports");
    return items;
  }

  mapImport = (id, mapping) =>
    this.#sendJson("PUT", `/imports/${encodeURIComponent(id)}/mapping`, mapping);

  runImport = (id, body) => this.#postJson(`/imports/${encodeURIComponent(id)}/runs`, body);

  cancelImport = (id) => this.#sendJson("DELETE", `/imports/${encodeURIComponent(id)}`);

  /** A route, or an older revision of it; asks again while it is being planned. */
  async getRoute(id, revision = undefined) {
    for (;;) {
      const route = await this.#getJson(`/routes/${encodeURIComponent(id)}`, { revision });
      if (route.days) return route;
      if (route.status !== "queued" && route.status !== "running") {
        throw new ServiceError(route.problem ?? { title: "", status: 404, detail: NO_PLAN });
      }
      await new Promise((resolve) => setTimeout(resolve, PLANNING_MS));
    }
  }

  getRouteGeojson(id, revision = undefined) {
    return this.#getJson(`/routes/${encodeURIComponent(id)}.geojson`, { revision });
  }

  /** What there is of a route, oldest first. */
  async listRevisions(id) {
    const { items } = await this.#getJson(`/routes/${encodeURIComponent(id)}/revisions`);
    return items;
  }

  /** Routes, newest first; filters that are undefined are not sent. */
  async listRoutes(filter) {
    const { items } = await this.#getJson("/routes", filter);
    return items;
  }

  /** The visits of a revision become commitments, if it is the newest. */
  acceptRoute = (id, revision) =>
    this.#postJson(`/routes/${encodeURIComponent(id)}/accept?revision=${revision}`);

  /** The next revision of a route, with its lines. */
  async replanRoute(id, body) {
    const route = await this.#postJson(`/routes/${encodeURIComponent(id)}/replans`, body);
    return { ...route, geojson: await this.getRouteGeojson(id, route.revision) };
  }

  /** Slots for another visit. */
  tryVisit = (id, body) => this.#postJson(`/routes/${encodeURIComponent(id)}/insertions`, body);

  async findPlaces(text, signal) {
    const { items } = await this.#getJson("/places", { q: text, limit: 8 }, signal);
    return items;
  }

  /** Accounts for the beginnings of words of their name, town and postcode. */
  async findAccounts(text, signal) {
    const { items } = await this.#getJson("/accounts", { q: text, limit: 8 }, signal);
    return items;
  }

  /** One page of those left out; filters that are undefined are not sent. */
  listLeftOut(routeId, filter) {
    return this.#getJson(`/routes/${encodeURIComponent(routeId)}/unassigned`, filter);
  }

  listOnTheWay = (query) => this.#getJson("/on-the-way", query);

  /**
   * Plan a trip.
   * @param {object} request body of POST /routes
   * @param {(event: string, data: any) => void} onProgress hears `stage` and `improvement`
   * @param {AbortSignal} signal
   */
  async planRoute(request, onProgress, signal) {
    const response = await send(`${BASE}/routes`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "text/event-stream",
        Prefer: NAMED,
      },
      body: JSON.stringify(request),
      signal,
    });
    if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
      return readJson(response);
    }
    for await (const { event, data } of eventsOf(response)) {
      const value = JSON.parse(data);
      if (event === "route") return value;
      if (event === "problem") throw new ServiceError(value);
      onProgress(event, value);
    }
    throw new ServiceError(null); // The stream ended without an answer.
  }

  async #getJson(path, query = {}, signal = undefined) {
    const given = Object.entries(query).filter(
      ([, value]) => value !== undefined && value !== null,
    );
    const search = given.length ? `?${new URLSearchParams(given)}` : "";
    const headers = { Accept: "application/json, application/geo+json", Prefer: NAMED };
    return readJson(await send(`${BASE}${path}${search}`, { headers, signal }));
  }

  #postJson(path, body = undefined) {
    return this.#sendJson("POST", path, body);
  }

  #sendJson(method, path, body = undefined, more = {}) {
    const headers = body === undefined ? more : { "Content-Type": "application/json", ...more };
    return this.#ask(method, path, body && JSON.stringify(body), headers);
  }

  async #ask(method, path, body, more = {}) {
    const headers = { Accept: "application/json", Prefer: NAMED, ...more };
    return readJson(await send(`${BASE}${path}`, { method, headers, body }));
  }
}

async function send(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServiceError(null);
  }
}

async function readJson(response) {
  if (response.status === 204) return null;
  let body = null;
  try {
    body = await response.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    // A proxy's error page, or an answer that broke off.
  }
  if (response.ok && body !== null) return body;
  const title = `The service answered ${response.status}.`;
  throw new ServiceError(body?.title ? body : { title, status: response.status, detail: title });
}

async function* eventsOf(response) {
  const parser = new EventStreamParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield* parser.push(value);
    }
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServiceError(null);
  } finally {
    reader.cancel().catch(() => {});
  }
}
