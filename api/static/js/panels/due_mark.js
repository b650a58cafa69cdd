/** Due state as the map draws it: by fill, ring and size as well as colour. */

import { h } from "../dom.js";
import { DUE_WORDS } from "../logic/account_words.js";

export function dueMark(due) {
  return h(
    "span",
    { class: "due-mark" },
    h("span", { class: `due-dot due-${due}`, "aria-hidden": "true" }),
    h("span", {}, DUE_WORDS[due] ?? "due state unknown"),
  );
}
