/**
 * The subjectAltName of a certificate, which Node gives as text: "DNS:a, URI:b", where a value that could be read in two ways
 * is quoted as JSON (CVE-2021-44532). What is not exactly of that form is not a name.
 */

export interface CertificateName {
  /** "DNS", "URI", "IP Address" and others. */
  readonly type: string;
  readonly value: string;
}

export function parseSubjectAltNames(text: string): readonly CertificateName[] {
  const names: CertificateName[] = [];
  let at = 0;
  while (at < text.length) {
    const colon = text.indexOf(":", at);
    if (colon < 0) return [];
    const type = text.slice(at, colon);
    const isQuoted = text.charCodeAt(colon + 1) === 0x22;
    const end = isQuoted ? endOfQuoted(text, colon + 1) : endOfPlain(text, colon + 1);
    const value = isQuoted ? parseQuoted(text.slice(colon + 1, end)) : text.slice(colon + 1, end);
    const isLast = end === text.length;
    if (value === undefined || (!isLast && !text.startsWith(", ", end))) return [];
    names.push({ type, value });
    at = end + 2;
  }
  return names;
}

function endOfPlain(text: string, start: number): number {
  const comma = text.indexOf(", ", start);
  return comma < 0 ? text.length : comma;
}

/** After the closing quote. */
function endOfQuoted(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at + 1;
  }
  return text.length;
}

function parseQuoted(quoted: string): string | undefined {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
