/**
 * The one owner of the page's state.
 *
 * State goes down: after a change every panel's `update(state)` is called once, soon. Actions come
 * up: panels dispatch events named by verbs, and the action of that name answers. Each file in
 * `actions/` makes the actions of one concern from the controller and the service.
 */
export class Controller {
  #root;
  #panels = [];
  #actions = {};
  #isScheduled = false;

  constructor(root, state) {
    this.#root = root;
    this.state = state;
  }

  /** @param {{update(state: object): void}} panel */
  addPanel(panel) {
    this.#panels.push(panel);
  }

  /** @param {Record<string, (detail: any) => void>} actions by verb */
  addActions(actions) {
    Object.assign(this.#actions, actions);
    for (const verb of Object.keys(actions)) {
      this.#root.addEventListener(verb, (event) => this.act(verb, event.detail));
    }
  }

  /** Carry out an action, also for others that need it. */
  act(verb, detail = undefined) {
    return this.#actions[verb](detail);
  }

  change(patch) {
    this.state = { ...this.state, ...patch };
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      for (const panel of this.#panels) panel.update(this.state);
    });
  }

  /**
   * Wait for what the page can live without: a lost connection is shown, a refusal is null.
   * @template T
   * @param {Promise<T>} promise
   * @returns {Promise<T | null>}
   */
  async orNothing(promise) {
    try {
      const answer = await promise;
      if (this.state.connectionLost) this.change({ connectionLost: false });
      return answer;
    } catch (error) {
      if (error.name !== "ServiceError") throw error;
      if (error.isConnectionLost) this.change({ connectionLost: true });
      return null;
    }
  }
}
