// Send actions to the server one after the other, each until it is answered. A lost connection or an ended session
// keeps them. The server applies an action once, however often it arrives. No DOM here.

const RETRY_DELAYS_MS = [500, 1000, 2000, 4000, 8000, 15000];

export class Queue {
  /**
   * `send(item)` returns {status, data}, or throws without a connection. `keep(items)` gets the items that are not
   * sent yet, whenever they change. `onChange({state, waitingCount})` gets the state: "idle", "saving", "offline" or
   * "signed-out".
   */
  constructor({ send, keep = () => {}, onChange = () => {} }) {
    this.send = send;
    this.keep = keep;
    this.onChange = onChange;
    this.items = [];
    this.state = "idle";
    this.failures = 0;
    this.timer = 0;
    this.isRunning = false;
  }

  get waitingCount() {
    return this.items.length;
  }

  /** Add an action. The promise resolves to the server's answer, {status, data}, accepted or refused. */
  add(item) {
    return new Promise((resolve) => {
      this.items.push({ item, resolve });
      this.#keepItems();
      this.#setState(this.state === "idle" ? "saving" : this.state);
      this.#run();
    });
  }

  /** Return whether an action on this claim is not answered yet. */
  hasActionOn(claimId) {
    return this.items.some(({ item }) => item.claims.includes(claimId));
  }

  /** Try again now: the connection is back, or the user has signed in. */
  retry() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.failures = 0;
    this.#run();
  }

  async #run() {
    if (this.isRunning || this.timer || this.items.length === 0) return;
    this.isRunning = true;
    while (this.items.length > 0) {
      const { item, resolve } = this.items[0];
      let answer = null;
      try {
        answer = await this.send(item);
      } catch {
        answer = null;
      }
      const failure = failureOf(answer);
      if (failure) {
        this.isRunning = false;
        this.#setState(failure);
        this.#retryLater();
        return;
      }
      this.failures = 0;
      this.items.shift();
      this.#keepItems();
      resolve(answer);
      await null; // the caller handles this answer before the next action is sent
      this.#setState(this.items.length > 0 ? "saving" : "idle");
    }
    this.isRunning = false;
  }

  #retryLater() {
    const delay = RETRY_DELAYS_MS[Math.min(this.failures, RETRY_DELAYS_MS.length - 1)];
    this.failures += 1;
    this.timer = setTimeout(() => {
      this.timer = 0;
      this.#run();
    }, delay);
  }

  #keepItems() {
    this.keep(this.items.map(({ item }) => item));
  }

  #setState(state) {
    this.state = state;
    this.onChange({ state, waitingCount: this.items.length });
  }
}

/** Return why an action has to be sent again: "offline" (also for a server error) or "signed-out". Empty if it has not. */
const failureOf = (answer) => {
  if (!answer || answer.status >= 500 || answer.status === 429 || answer.status === 408) return "offline";
  if (answer.status === 401) return "signed-out";
  // An HTML page with 403: Django refused the CSRF token of an ended session.
  if (answer.status === 403 && !answer.data) return "signed-out";
  return answer.data ? "" : "offline";
};
