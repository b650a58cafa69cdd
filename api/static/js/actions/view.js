/** List and map in step. */

/** @param {import("../controller.js").Controller} controller */
export function viewActions(controller) {
  return {
    /** @param {{key: string} | {account_id: string} | null} target */
    highlight(target) {
      controller.change({ highlighted: target });
    },

    /**
     * A stop chosen in the list is shown on the map, and the other way round; a phone, which has
     * room for one of them, turns to the other.
     * (Not `select`: browsers send an event of that name when text is marked.)
     * @param {{key: string, fromMap?: boolean}} target
     */
    selectStop(target) {
      const view = target.fromMap ? "list" : "map";
      controller.change({ selected: { ...target }, tab: "plan", view });
    },

    toggleLayer(name) {
      const { layers } = controller.state;
      controller.change({ layers: { ...layers, [name]: !layers[name] } });
    },

    showView(view) {
      controller.change({ view });
    },

    fitTrip() {
      controller.change({ fits: controller.state.fits + 1 });
    },
  };
}
