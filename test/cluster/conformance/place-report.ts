/**
 * Where the report of a run goes. Under docs/conformance stands what is claimed: a run of both mesh profiles in which every test
 * passed. Any other report stays in the run's own folder, and what was published before stands.
 */
import type { ConformanceLine } from "./conformance-line.ts";
import { meshProfiles, suiteVersion } from "./conformance-line.ts";

export interface ReportPlace {
  /** The file's name under docs/conformance; undefined: it is not published. */
  readonly publishAs: string | undefined;
  /** Why not, for people; "" where it is published, or where there is nothing to publish. */
  readonly why: string;
}

export function placeReport(
  { profiles, test, channel }: Pick<ConformanceLine, "profiles" | "test" | "channel">,
  { failed, skipped }: { readonly failed: number; readonly skipped: number },
): ReportPlace {
  // One test alone has no report, and a part of the profiles is not what is claimed.
  if (test !== undefined) return { publishAs: undefined, why: "" };
  const missing = meshProfiles.filter((profile) => !profiles.includes(profile));
  if (missing.length > 0) return notPublished(`it is without ${missing.join(" and ")}`);
  if (failed > 0) return notPublished(`${failed} failed`);
  if (skipped > 0) return notPublished(`${skipped} were skipped`);
  return { publishAs: `mesh-${suiteVersion}-${channel}.yaml`, why: "" };
}

function notPublished(reason: string): ReportPlace {
  return { publishAs: undefined, why: `the report is not published: ${reason}` };
}
