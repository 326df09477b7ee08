/**
 * Who a report is of, as the workspace's package.json has it and no better: a home page and a place for questions that do not exist
 * are not made up for a report. The suite insists on words there; these say where they are to come from: who makes a report gives
 * them with --url and --contact.
 */
import type { ConformanceLine } from "./conformance-line.ts";

export interface PackageFile {
  readonly version: string;
  readonly homepage?: string;
  readonly bugs?: { readonly url: string };
}

export interface ProjectIdentity {
  readonly version: string;
  readonly url: string;
  readonly contact: string;
}

export function projectIdentity(
  { version, homepage, bugs }: PackageFile,
  given: ConformanceLine["identity"] = { url: undefined, contact: undefined },
): ProjectIdentity {
  return {
    version: `v${version}`,
    url: given.url ?? homepage ?? "none: package.json has no homepage",
    contact: given.contact ?? bugs?.url ?? "none: package.json has no bugs.url",
  };
}
