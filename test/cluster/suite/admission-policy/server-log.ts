/** What the API server has logged since: it survives a panic in a request, and says so nowhere else. */
import { readFileSync } from "node:fs";
import type { RunningCluster } from "../../running-cluster.ts";

const panic = /panic|^goroutine \d+ \[|runtime error|observed a panic/i;

export class ServerLog {
  readonly #file: string;
  readonly #from: number;

  /** From now on. */
  constructor(cluster: RunningCluster) {
    this.#file = cluster.state.logFile("kube-apiserver");
    this.#from = this.#read().length;
  }

  panics(): readonly string[] {
    return this.#read()
      .slice(this.#from)
      .split("\n")
      .filter((line) => panic.test(line));
  }

  #read(): string {
    return readFileSync(this.#file, "utf8");
  }
}
