/**
 * How the image is run: user, environment, entrypoint. The Dockerfile says the same (a test compares), and `waystone` in the
 * image does what packages/cli/bin/waystone does on a machine (a test compares those too).
 */
import type { RunConfig } from "./oci-archive.ts";

/** Numbers, so that Kubernetes can see that it is not root. */
export const user = "1337:1337";
export const passwd = "root:x:0:0:root:/:/sbin/nologin\nwaystone:x:1337:1337:waystone:/:/sbin/nologin\n";
export const group = "root:x:0:\nwaystone:x:1337:\n";

export const nodePath = "/usr/local/bin/node";
export const launcherPath = "/usr/local/bin/waystone";
/** The repository's place in the image. */
export const appFolder = "/app";

export const environment: Readonly<Record<string, string>> = {
  PATH: "/usr/local/bin",
  // Threads that each had a memory arena of their own would keep 2 MB more for nothing.
  MALLOC_ARENA_MAX: "2",
};

export function runConfig(labels: Readonly<Record<string, string>>): RunConfig {
  return {
    User: user,
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    Entrypoint: [launcherPath],
    WorkingDir: "/",
    Labels: labels,
  };
}
