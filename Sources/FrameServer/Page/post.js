// Asks the server to change something.

import { authorization } from "./token.js";

/**
 * Null where it went well, otherwise a sentence on why it did not.
 * @param {string} what what is to be changed, such as "scene"
 */
export async function post(path, body, what) {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...authorization },
      body: JSON.stringify(body),
    });
    if (response.ok) return null;
    const answer = await response.json().catch(() => ({}));
    return answer.detail ?? `The server refused to change the ${what} (${response.status}).`;
  } catch {
    return `The ${what} could not be changed: the server cannot be reached.`;
  }
}
