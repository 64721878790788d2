// The token in the page's own address, `?token=`, which all that the page asks for needs as well.

const token = new URLSearchParams(location.search).get("token");

/** The headers of a request. */
export const authorization = token ? { Authorization: `Bearer ${token}` } : {};

/** The address of what takes no headers: a socket, a link. */
export function withToken(path) {
  const url = new URL(path, document.baseURI);
  if (token) url.searchParams.set("token", token);
  return url;
}
