/**
 * Reads server-sent events (WHATWG HTML, section 9.2.6) from text that arrives in pieces.
 *
 * EventSource cannot send a POST, so the page reads the stream of fetch itself.
 */
export class EventStreamParser {
  #rest = "";
  #event = "message";
  #data = [];

  /** @returns {{event: string, data: string}[]} the events that this piece completes */
  push(text) {
    const events = [];
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (this.#data.length) events.push({ event: this.#event, data: this.#data.join("\n") });
        this.#event = "message";
        this.#data = [];
        continue;
      }
      if (line.startsWith(":")) continue; // a comment keeps the connection open
      const colon = line.indexOf(":");
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") this.#event = value;
      else if (field === "data") this.#data.push(value);
    }
    return events;
  }
}
