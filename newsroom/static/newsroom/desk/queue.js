// Send actions to the server one after the other, each until it is answered. A lost connection or an ended session
// keeps them. So does an error of the server; the user can discard an action that fails again and again. The server
// applies an action once, however often it arrives. No DOM here.

const RETRY_DELAYS_MS = [500, 1000, 2000, 4000, 8000, 15000];

export class Queue {
  /**
   * `send(item)` returns {status, data}, or throws without a connection. `keep(items)` gets the items that are not
   * sent yet, whenever they change. `onChange({state, waitingCount, status})` gets the state: "idle", "saving",
   * "offline", "signed-out" or "failed", with the HTTP status of a failure.
   */
  constructor({ send, keep = () => {}, onChange = () => {} }) {
    this.send = send;
    this.keep = keep;
    this.onChange = onChange;
    this.items = [];
    this.state = "idle";
    this.status = null; // HTTP status of the last failure
    this.failures = 0;
    this.timer = 0;
    this.isRunning = false;
    this.discardAnswer = null; // replaces the server's answer to the first action
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

  /** Give up the first action: its promise resolves to `answer`. Then send the next one. */
  discardFirst(answer) {
    this.discardAnswer = answer;
    this.retry();
  }

  async #run() {
    if (this.isRunning || this.timer || this.items.length === 0) return;
    this.isRunning = true;
    while (this.items.length > 0) {
      const { item, resolve } = this.items[0];
      const answer = this.discardAnswer ?? (await this.#trySend(item));
      const failure = failureOf(answer);
      if (failure && this.discardAnswer) continue; // it was discarded while it was sent
      if (failure) {
        this.isRunning = false;
        this.#setState(failure, answer?.status);
        this.#retryLater();
        return;
      }
      this.discardAnswer = null;
      this.failures = 0;
      this.items.shift();
      this.#keepItems();
      resolve(answer);
      await null; // the caller handles this answer before the next action is sent
      this.#setState(this.items.length > 0 ? "saving" : "idle");
    }
    this.isRunning = false;
  }

  async #trySend(item) {
    try {
      return await this.send(item);
    } catch {
      return null;
    }
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

  #setState(state, status = this.status) {
    this.state = state;
    this.status = status;
    this.onChange({ state, waitingCount: this.items.length, status });
  }
}

/** Statuses that mean: the server, or a proxy in front of it, cannot answer now. 0 is a redirect. */
const BUSY_STATUSES = [0, 408, 429, 502, 503, 504];

/** Return why an action was not answered: "offline", "signed-out" or "failed". Empty if it was answered. */
const failureOf = (answer) => {
  if (!answer || BUSY_STATUSES.includes(answer.status)) return "offline";
  if (answer.status === 401) return "signed-out";
  // An HTML page with 403: Django refused the CSRF token of an ended session.
  if (answer.status === 403 && !answer.data) return "signed-out";
  return answer.data && answer.status < 500 ? "" : "failed";
};
