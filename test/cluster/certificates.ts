/**
 * The cluster's own certificate authority and a certificate for each part of it. openssl makes them: Node can read X.509
 * but not write it. They live as long as the cluster's folder.
 */
import { writeFileSync } from "node:fs";
import { apiService, controlPlane, nodeAddress } from "./addresses.ts";
import { runProgram } from "./run-program.ts";
import type { StateDir } from "./state-dir.ts";

interface Certificate {
  readonly file: string;
  /** As openssl writes it: /O=group/CN=user. */
  readonly subject: string;
  readonly alternativeNames?: readonly string[];
}

const apiServerNames = [
  ...["kubernetes", "kubernetes.default", "kubernetes.default.svc"].map((name) => `DNS:${name}`),
  "DNS:kubernetes.default.svc.cluster.local",
  "DNS:localhost",
  "IP:127.0.0.1",
  `IP:${controlPlane.v4}`,
  `IP:${controlPlane.v6}`,
  `IP:${apiService}`,
];

const clusterCertificates: readonly Certificate[] = [
  { file: "apiserver", subject: "/CN=kube-apiserver", alternativeNames: apiServerNames },
  { file: "admin", subject: "/O=system:masters/CN=admin" },
  { file: "controller-manager", subject: "/CN=system:kube-controller-manager" },
  { file: "scheduler", subject: "/CN=system:kube-scheduler" },
  { file: "proxy", subject: "/CN=system:kube-proxy" },
  { file: "front-proxy", subject: "/CN=front-proxy" },
];

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
const signed = ["openssl", "req", "-x509", ...newKey, "-days", "30"];

/** `nodes`: their names, in order. */
export async function createCertificates(state: StateDir, nodes: readonly string[]): Promise<void> {
  const authority = [...signed, "-subj", "/CN=test-cluster"];
  await Promise.all([
    runProgram([...authority, "-keyout", state.key("ca"), "-out", state.certificate("ca")]),
    runProgram(["openssl", "genrsa", "-out", state.key("service-account"), "2048"]),
  ]);
  const all = [...clusterCertificates, ...nodes.map(nodeCertificate)];
  await Promise.all(all.map(async (certificate) => await createCertificate(state, certificate)));
}

function nodeCertificate(node: string, at: number): Certificate {
  const { v4, v6 } = nodeAddress(at + 1);
  return {
    file: node,
    subject: `/O=system:nodes/CN=system:node:${node}`,
    alternativeNames: [`DNS:${node}`, `IP:${v4}`, `IP:${v6}`],
  };
}

async function createCertificate(state: StateDir, certificate: Certificate): Promise<void> {
  const { file, subject, alternativeNames = [] } = certificate;
  const extensions = [
    "basicConstraints=critical,CA:FALSE",
    "extendedKeyUsage=serverAuth,clientAuth",
    ...(alternativeNames.length === 0 ? [] : [`subjectAltName=${alternativeNames.join(",")}`]),
  ];
  await runProgram([
    ...signed,
    "-subj",
    subject,
    "-CA",
    state.certificate("ca"),
    "-CAkey",
    state.key("ca"),
    ...extensions.flatMap((extension) => ["-addext", extension]),
    "-keyout",
    state.key(file),
    "-out",
    state.certificate(file),
  ]);
}

/** What a client needs to be `user` at the API server. */
export function writeKubeconfig(state: StateDir, user: string, apiUrl: string): void {
  const cluster = { server: apiUrl, "certificate-authority": state.certificate("ca") };
  const credentials = { "client-certificate": state.certificate(user), "client-key": state.key(user) };
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: state.name, cluster }],
    users: [{ name: user, user: credentials }],
    contexts: [{ name: state.name, context: { cluster: state.name, user } }],
    "current-context": state.name,
  };
  // JSON is YAML.
  writeFileSync(state.kubeconfig(user), `${JSON.stringify(kubeconfig, undefined, 2)}\n`, { mode: 0o600 });
}
