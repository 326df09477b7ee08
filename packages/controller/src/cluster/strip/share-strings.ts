/**
 * One copy of strings that come again and again: namespaces, labels, node names, owners. Parsed JSON has a new one for each
 * object, and ten thousand pods have some twenty each.
 */

export type ShareString = (text: string) => string;

const knownLimit = 20_000;

/** What is known is forgotten as a whole when it is too much: strings are then shared anew. */
export function shareStrings(limit: number = knownLimit): ShareString {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= limit) known.clear();
    known.set(text, text);
    return text;
  };
}
