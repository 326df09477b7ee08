/** RFC 9110 6.4.1: answers to HEAD, 1xx, 204 and 304 have no body, whatever their headers say. */
export function hasNoBody(status: number, requestMethod: string): boolean {
  return requestMethod === "HEAD" || status === 204 || status === 304 || status < 200;
}
