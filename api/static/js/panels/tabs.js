/** Tabs by pointer and arrow keys (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/). */

/**
 * @param {HTMLElement} el holds the tabs
 * @param {(name: string) => void} onOpen
 * @returns {(name: string) => void} shows which is open
 */
export function mountTabs(el, onOpen) {
  const tabs = [...el.querySelectorAll("[role=tab]")];
  for (const tab of tabs) {
    tab.addEventListener("click", () => onOpen(tab.dataset.tab));
    tab.addEventListener("keydown", (event) => {
      const here = tabs.indexOf(tab);
      const to = {
        ArrowRight: (here + 1) % tabs.length,
        ArrowLeft: (here - 1 + tabs.length) % tabs.length,
        Home: 0,
        End: tabs.length - 1,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      tabs[to].focus();
      onOpen(tabs[to].dataset.tab);
    });
  }

  return (name) => {
    for (const tab of tabs) {
      const isOpen = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !isOpen;
    }
  };
}
