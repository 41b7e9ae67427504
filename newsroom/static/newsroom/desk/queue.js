// Actions on their way to the server: one after the other, each until it is answered. A lost connection or an
// ended session keeps them; the server does an action once however often it arrives. No DOM here.

/** How long to wait before trying again, in milliseconds: longer each time. */
export const PAUSES = [500, 1000, 2000, 4000, 8000, 15000];

export class Queue {
  /**
   * `send(item)` answers {status, data}, or throws where there is no connection. `keep(items)` is given what is
   * still to be sent whenever that changes. `changed({state, waiting})` says how things stand: "idle", "saving",
   * "offline" or "signed-out".
   */
  constructor({ send, keep = () => {}, changed = () => {}, pauses = PAUSES }) {
    this.send = send;
    this.keep = keep;
    this.changed = changed;
    this.pauses = pauses;
    this.items = [];
    this.state = "idle";
    this.tries = 0;
    this.timer = 0;
    this.running = false;
  }

  get waiting() {
    return this.items.length;
  }

  /** Add an action; the promise has the server's answer, {status, data}, good or refused. */
  add(item) {
    return new Promise((resolve) => {
      this.items.push({ item, resolve });
      this.keep(this.items.map((one) => one.item));
      this.#tell(this.state === "idle" ? "saving" : this.state);
      this.#run();
    });
  }

  /** Is an action on this claim still on its way? */
  touches(claim) {
    return this.items.some(({ item }) => item.claims.includes(claim));
  }

  /** Try again now: the connection is back, or somebody has signed in. */
  retry() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.tries = 0;
    this.#run();
  }

  async #run() {
    if (this.running || this.timer || this.items.length === 0) return;
    this.running = true;
    while (this.items.length > 0) {
      const { item, resolve } = this.items[0];
      let answer = null;
      try {
        answer = await this.send(item);
      } catch {
        answer = null;
      }
      const trouble = troubleOf(answer);
      if (trouble) {
        this.running = false;
        this.#tell(trouble);
        const pause = this.pauses[Math.min(this.tries, this.pauses.length - 1)];
        this.tries += 1;
        this.timer = setTimeout(() => {
          this.timer = 0;
          this.#run();
        }, pause);
        return;
      }
      this.tries = 0;
      this.items.shift();
      this.keep(this.items.map((one) => one.item));
      resolve(answer);
      await null; // whoever waits for the answer takes it in before the next action is sent
      this.#tell(this.items.length > 0 ? "saving" : "idle");
    }
    this.running = false;
  }

  #tell(state) {
    this.state = state;
    this.changed({ state, waiting: this.items.length });
  }
}

/** Why an answer is none: there was no connection, the server failed for now, or the session has ended. */
const troubleOf = (answer) => {
  if (!answer || answer.status >= 500 || answer.status === 429 || answer.status === 408) return "offline";
  if (answer.status === 401) return "signed-out";
  // A page instead of JSON: the token of a former session was refused.
  if (answer.status === 403 && !answer.data) return "signed-out";
  return answer.data ? "" : "offline";
};
