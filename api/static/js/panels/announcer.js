/** The live region: what a screen reader is told while things change elsewhere. */

import { onChange } from "../dom.js";

export function mountAnnouncer(el) {
  return {
    update: onChange(
      (state) => [state.announcement],
      (announcement) => {
        el.textContent = announcement;
      },
    ),
  };
}
