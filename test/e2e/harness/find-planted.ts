/** Looks for secrets in what somebody gets to read. */
import { createHash } from "node:crypto";

/** A secret may be told in other words: by its hash, or as it stands in a Secret's data. */
function tellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const digest = createHash("sha256").update(bytes).digest();
  return [
    secret,
    bytes.toString("base64").replace(/=+$/, ""),
    digest.toString("hex"),
    digest.toString("base64"),
  ];
}

/** The names of the planted secrets that the text tells. */
export function findPlanted(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.keys(secrets).filter((name) => tellings(secrets[name]!).some((each) => text.includes(each)));
}

/** Of a PEM key: the first line is much the same for all, and a JSON text has the ends of lines in other words. */
export function linesOfKey(name: string, pem: string): Record<string, string> {
  const lines = pem.split("\n").slice(2, 4);
  return Object.fromEntries(lines.map((line, index) => [`line ${index} of key ${name}`, line.slice(8, 40)]));
}
