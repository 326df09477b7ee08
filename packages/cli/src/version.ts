/** The version of the package, as it was released. */
import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");

export const version: string = (JSON.parse(text) as { version: string }).version;
