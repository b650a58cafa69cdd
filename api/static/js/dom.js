/** The few lines of DOM that every panel needs. */

/**
 * Make an element. Children given as strings become text, never markup.
 * `on…` properties are listeners; `style` is an object of properties, since the page's content
 * policy forbids style attributes; all others are attributes, left out for null, undefined, false.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") {
      for (const [key, one] of Object.entries(value)) element.style.setProperty(key, one);
    } else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon of `img/icons.svg`; decoration, so hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

/** Send an action up to the controller. */
export function act(element, verb, detail = undefined) {
  element.dispatchEvent(new CustomEvent(verb, { bubbles: true, detail }));
}

/**
 * Call `render` only when one of the values that `select` picks from the state has changed.
 * It makes a panel's update() cheap and idempotent.
 */
export function onChange(select, render) {
  let previous = null;
  return (state) => {
    const picked = select(state);
    if (previous?.every((value, index) => Object.is(value, picked[index]))) return;
    previous = picked;
    render(...picked);
  };
}
