/** The cluster that the suite runs in: the one that test.ts brought up, named by the environment. */
import { RunningCluster } from "../running-cluster.ts";
import { StateDir } from "../state-dir.ts";

export function suiteCluster(): RunningCluster {
  const name = process.env["WAYSTONE_CLUSTER"];
  if (name === undefined) throw new Error("run this suite by `npm run test:cluster`");
  return RunningCluster.find(new StateDir(name));
}
