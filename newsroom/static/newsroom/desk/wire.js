// How the desk speaks with the server, and where it keeps what is not saved yet, should the page be left.

export const cookie = (name) =>
  document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";

/** An id that no other action has; crypto.randomUUID is there on secure pages alone. */
export const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

const PATIENCE = 20_000; // milliseconds after which an answer is no longer waited for

/** Post JSON; {status, data}, data being null where the answer is not JSON. Throws without a connection. */
export const post = async (url, body) => {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken"), Accept: "application/json" },
    body: JSON.stringify(body),
    credentials: "same-origin",
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE),
  });
  return { status: response.status, data: await json(response) };
};

export const get = async (url) => {
  const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
  return { status: response.status, data: await json(response) };
};

const json = async (response) => {
  if (!response.headers.get("Content-Type")?.includes("application/json")) return null;
  return response.json();
};

/** What is still to be sent, kept for this tab by a name of its own. */
export const drawer = (name) => ({
  keep(items) {
    try {
      if (items.length) sessionStorage.setItem(name, JSON.stringify(items));
      else sessionStorage.removeItem(name);
    } catch {
      // A browser that keeps nothing still sends what is in the page.
    }
  },
  kept() {
    try {
      return JSON.parse(sessionStorage.getItem(name) ?? "[]");
    } catch {
      return [];
    }
  },
});
