/**
 * The state of an editable combobox with a list of suggestions
 * (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/), without its DOM.
 *
 * @typedef {{open: boolean, options: any[], active: number}} ComboboxState
 *   `active` is the index of the marked option, -1 for none: free text stays possible.
 * @typedef {{type: string, handled: boolean, option?: any}} Effect
 *   `type` is none, choose or clear
 */

export const CLOSED = Object.freeze({ open: false, options: [], active: -1 });

/** Suggestions have arrived. */
export function offer(options) {
  return { open: options.length > 0, options, active: -1 };
}

/**
 * The text has changed and its suggestions are still to come: those that fit it no longer go, so
 * that nobody chooses what was suggested for another text.
 *
 * @param {ComboboxState} state
 * @param {string} text
 * @param {(option: any) => string} textOf what is shown of an option
 */
export function narrow(state, text, textOf) {
  const typed = wordsOf(text);
  const options = state.options.filter((option) => {
    const shown = wordsOf(textOf(option));
    return typed.every((word) => shown.some((one) => one.startsWith(word)));
  });
  return options.length ? { ...state, options, active: -1 } : CLOSED;
}

/** Words without case and accents. */
function wordsOf(text) {
  return (
    text
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

export function close(state) {
  return { ...state, open: false, active: -1 };
}

/**
 * @param {ComboboxState} state
 * @param {string} key as in KeyboardEvent.key
 * @returns {[ComboboxState, Effect]} `handled`: the browser's own action must not follow
 */
export function press(state, key) {
  const nothing = { type: "none", handled: false };
  const handled = { type: "none", handled: true };
  const count = state.options.length;
  switch (key) {
    case "ArrowDown":
      if (!count) return [state, nothing];
      return [
        { ...state, open: true, active: state.open ? cycle(state.active, 1, count) : 0 },
        handled,
      ];
    case "ArrowUp":
      if (!count) return [state, nothing];
      return [
        { ...state, open: true, active: state.open ? cycle(state.active, -1, count) : count - 1 },
        handled,
      ];
    case "Enter":
      if (!state.open || state.active < 0) return [close(state), nothing];
      return [close(state), { type: "choose", handled: true, option: state.options[state.active] }];
    case "Escape":
      if (state.open) return [close(state), handled];
      return [CLOSED, { type: "clear", handled: true }];
    case "Tab":
      if (!state.open || state.active < 0) return [close(state), nothing];
      return [
        close(state),
        { type: "choose", handled: false, option: state.options[state.active] },
      ];
    default:
      return [state, nothing];
  }
}

/** Steps through 0 .. count-1 and, between the ends, through -1: back to what was typed. */
function cycle(active, step, count) {
  return ((active + 1 + step + (count + 1)) % (count + 1)) - 1;
}
