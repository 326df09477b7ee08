/**
 * Names of headers that some readers take for one: CGI, and what came after it (WSGI, Rack, PHP), read X_User as X-User. Who sets the one
 * for endpoints to believe lets no client say the other.
 */

/** In lower case: those of `present` that differ from one of `names` in hyphens and underscores alone. */
export function findTwins(names: Iterable<string>, present: Iterable<string>): readonly string[] {
  const own = new Set(names);
  const folded = new Set([...own].map(fold));
  return [...present].filter((name) => !own.has(name) && folded.has(fold(name)));
}

function fold(name: string): string {
  return name.replaceAll("_", "-");
}
