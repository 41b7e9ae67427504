// How a story's form speaks with the server.

export { cookie, newId } from "../desk/wire.js";
import { cookie } from "../desk/wire.js";

const PATIENCE = 15_000; // milliseconds after which an answer is no longer waited for

/** Post JSON; {status, data}. Throws without a connection. */
export const post = async (url, body, more = {}) => {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken"), Accept: "application/json" },
    body: JSON.stringify(body),
    credentials: "same-origin",
    redirect: "manual",
    ...(more.keepalive ? {} : { signal: AbortSignal.timeout(PATIENCE) }),
    ...more,
  });
  const json = response.headers.get("Content-Type")?.includes("application/json") ? await response.json() : null;
  return { status: response.status, data: json };
};
