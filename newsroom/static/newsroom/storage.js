// JSON in localStorage or sessionStorage. A browser may refuse storage: then nothing is kept, and pages still work.

/** Return a store with one value. `open` returns the Storage: it is called late, because reading it can throw. */
const createStore = (open, name) => ({
  read() {
    try {
      return JSON.parse(open().getItem(name));
    } catch {
      return null;
    }
  },
  write(value) {
    try {
      open().setItem(name, JSON.stringify(value));
    } catch {
      // Storage is off or full.
    }
  },
  remove() {
    try {
      open().removeItem(name);
    } catch {
      // Storage is off.
    }
  },
});

/** A value that stays in this browser. */
export const localStore = (name) => createStore(() => localStorage, name);

/** A value that stays in this tab. */
export const tabStore = (name) => createStore(() => sessionStorage, name);
