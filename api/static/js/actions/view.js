/** List and map in step. */

/** @param {import("../controller.js").Controller} controller */
export function viewActions(controller) {
  return {
    /** @param {{key: string} | {account_id: string} | null} target */
    highlight(target) {
      controller.change({ highlighted: target });
    },

    /** @param {{key: string, fromMap?: boolean}} target a stop of the plan */
    select(target) {
      controller.change({ selected: { ...target }, tab: "plan" });
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
