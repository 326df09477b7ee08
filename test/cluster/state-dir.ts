/**
 * All that a cluster keeps: one folder per cluster name, gone after `down`. Not under the checkout, because unix sockets
 * need short paths and because the next checkout on this machine must find, and clean, what a crash of this one left.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Written when `up` has succeeded, and only then. */
export interface ClusterSummary {
  readonly nodes: number;
}

const names = /^[a-z][a-z0-9]{0,15}$/;

export class StateDir {
  readonly name: string;
  readonly root: string;

  constructor(name: string) {
    if (!names.test(name)) throw new Error(`cluster name ${name}: up to 16 of a-z and 0-9, a letter first`);
    this.name = name;
    // On disk, unlike /tmp and /run of many machines: images and containers are unpacked here.
    this.root = path.join("/var/tmp", `waystone-cluster-${name}`);
  }

  /** Outside the folder: it is held while the folder is made and removed. */
  get lockFile(): string {
    return `${this.root}.lock`;
  }

  path(...parts: readonly string[]): string {
    return path.join(this.root, ...parts);
  }

  recordFile(process: string): string {
    return this.path("processes", process);
  }

  logFile(process: string): string {
    return this.path("log", `${process}.log`);
  }

  certificate(user: string): string {
    return this.path("pki", `${user}.crt`);
  }

  key(user: string): string {
    return this.path("pki", `${user}.key`);
  }

  kubeconfig(user: string): string {
    return this.path("pki", `${user}.kubeconfig`);
  }

  nodeFolder(node: string): string {
    return this.path("nodes", node);
  }

  containerdSocket(node: string): string {
    return path.join(this.nodeFolder(node), "containerd.sock");
  }

  create(): void {
    for (const folder of ["processes", "log", "pki", "etcd", "nodes"]) {
      mkdirSync(this.path(folder), { recursive: true, mode: 0o700 });
    }
  }

  processNames(): readonly string[] {
    return readNames(this.path("processes"));
  }

  logNames(): readonly string[] {
    return readNames(this.path("log")).map((file) => file.replace(/\.log$/, ""));
  }

  writeSummary(summary: ClusterSummary): void {
    writeFileSync(this.path("cluster.json"), `${JSON.stringify(summary)}\n`);
  }

  readSummary(): ClusterSummary | undefined {
    try {
      return JSON.parse(readFileSync(this.path("cluster.json"), "utf8")) as ClusterSummary;
    } catch {
      return undefined;
    }
  }
}

function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
