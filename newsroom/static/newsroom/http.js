// JSON requests to the server, with Django's CSRF token.

const REQUEST_TIMEOUT_MS = 20_000;

export const readCookie = (name) =>
  document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";

/** A random UUID. crypto.randomUUID exists only on secure pages; this also works over plain HTTP. */
export const createId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

const request = async (url, options) => {
  const response = await fetch(url, { credentials: "same-origin", ...options });
  const isJson = response.headers.get("Content-Type")?.includes("application/json");
  return { status: response.status, data: isJson ? await response.json() : null };
};

/** Get JSON. Return {status, data}; data is null if the answer is not JSON. Throw without a connection. */
export const get = (url) =>
  request(url, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });

/** Post JSON. Return and throw as `get` does. With `keepalive` the request outlives the page, and has no timeout. */
export const post = (url, body, { keepalive = false } = {}) =>
  request(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": readCookie("csrftoken"), Accept: "application/json" },
    body: JSON.stringify(body),
    redirect: "manual", // a redirect to the login page must not look like an answer
    ...(keepalive ? { keepalive } : { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) }),
  });
