/** What the cluster needs of the machine and cannot build for itself: each with a check that tries it, not one that guesses. */
import { existsSync, readFileSync, statfsSync } from "node:fs";
import path from "node:path";
import { findProgram } from "../process/find-program.ts";
import { sourceFolder } from "./build/built-files.ts";
import { goEnvironment } from "./build/go-command.ts";
import { tryProgram } from "./run-program.ts";

export interface Requirement {
  readonly name: string;
  /** What it is needed for: for `build` alone, or to run the cluster. */
  readonly neededTo: "build" | "run";
  /** Undefined when it is there, else what is wrong. */
  check(): Promise<string | undefined>;
  /** Debian's package that brings it. */
  readonly debianPackage?: string;
  /** What to do where a package does not help. */
  readonly remedy?: string;
}

const pluginFolders = ["/usr/lib/cni", "/opt/cni/bin"];
const plugins = ["ptp", "host-local", "portmap", "loopback"];

/** Where the CNI plugins are: Debian's folder or upstream's. */
export function pluginFolder(): string {
  const complete = (folder: string): boolean =>
    plugins.every((plugin) => existsSync(path.join(folder, plugin)));
  return pluginFolders.find(complete) ?? "/usr/lib/cni";
}

export const requirements: readonly Requirement[] = [
  {
    name: "Linux",
    neededTo: "run",
    remedy: "use a Linux machine: the cluster's nodes are namespaces of its kernel",
    check: async () => (process.platform === "linux" ? undefined : `this is ${process.platform}`),
  },
  {
    name: "root",
    neededTo: "run",
    remedy: "run as root (sudo): network namespaces and mounts need it",
    check: async () => (process.getuid?.() === 0 ? undefined : "not root"),
  },
  {
    name: "Go",
    neededTo: "build",
    remedy:
      "install the Go that test/cluster/go/containerd/go.mod asks for, or a newer one, from https://go.dev/dl",
    check: checkGo,
  },
  program("runc", "runc"),
  {
    name: "CNI plugins",
    neededTo: "run",
    debianPackage: "containernetworking-plugins",
    check: async () =>
      plugins.every((plugin) => existsSync(path.join(pluginFolder(), plugin)))
        ? undefined
        : `${plugins.join(", ")} are neither in ${pluginFolders.join(" nor in ")}`,
  },
  program("ip", "iproute2"),
  program("nft", "nftables"),
  program("iptables", "iptables"),
  program("openssl", "openssl"),
  program("nsenter", "util-linux"),
  program("unshare", "util-linux"),
  {
    name: "namespaces with a bridge, veth links and nftables",
    neededTo: "run",
    remedy: "load the kernel modules: modprobe -a bridge veth nf_tables",
    check: checkNetwork,
  },
  {
    name: "cgroups",
    neededTo: "run",
    remedy: "mount the cgroup hierarchies (package cgroupfs-mount), or boot with systemd",
    check: checkCgroups,
  },
  {
    name: "overlayfs",
    neededTo: "run",
    remedy: "load the kernel module (modprobe overlay); inside a container, mount a volume at /var/tmp",
    check: checkOverlay,
  },
];

function program(name: string, debianPackage: string): Requirement {
  const check = async (): Promise<string | undefined> =>
    findProgram(name) === undefined ? "not found" : undefined;
  return { name, neededTo: "run", debianPackage, check };
}

/** Asked in the module that wants the newest Go: `go` itself compares, and fetches a newer one where it is allowed to. */
async function checkGo(): Promise<string | undefined> {
  const { exitCode, stderr } = await tryProgram(["go", "list", "-m"], {
    cwd: sourceFolder("containerd"),
    environment: goEnvironment({}),
  });
  if (exitCode === 0) return undefined;
  return findProgram("go") === undefined ? "not found" : stderr.trim();
}

/** Makes what a node needs in a namespace that ends with this command. */
async function checkNetwork(): Promise<string | undefined> {
  // Only root can try; and that root is missing has been said then.
  if (process.getuid?.() !== 0) return undefined;
  const script =
    "ip link add probe0 type bridge && ip link add probe1 type veth peer name probe2 && nft add table ip t && nft add chain ip t c '{ type nat hook prerouting priority -100; }'";
  const { exitCode, stderr } = await tryProgram(["unshare", "--net", "--mount", "/bin/sh", "-c", script], {
    environment: { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` },
  });
  return exitCode === 0 ? undefined : stderr.trim();
}

async function checkCgroups(): Promise<string | undefined> {
  const wanted = ["cpu", "cpuset", "memory", "pids"];
  const known = readQuietly("/sys/fs/cgroup/cgroup.controllers").split(/\s+/);
  const missing = wanted.filter((each) => !known.includes(each) && !existsSync(`/sys/fs/cgroup/${each}`));
  return missing.length === 0 ? undefined : `no controller ${missing.join(", ")}`;
}

const overlayMagic = 0x794c7630;

/** An overlay cannot lie on an overlay: the folder of the images must be on a file system of its own. */
async function checkOverlay(): Promise<string | undefined> {
  if (!/\boverlay\b/.test(readQuietly("/proc/filesystems"))) return "the kernel does not know it";
  return statfsSync("/var/tmp").type === overlayMagic ? "/var/tmp is itself on an overlay" : undefined;
}

function readQuietly(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
